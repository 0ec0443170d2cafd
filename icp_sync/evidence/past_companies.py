"""Companies as they were when their deals opened, and the tiers we had written by then, from HubSpot's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring.evaluation_context import DAY

_MOMENT: Final = "moment"


@dataclass(frozen=True, slots=True)
class PastCompanies:
    """A row a decided deal: `id` is the deal's, the texts are its company's as it opened, `DAY` that day.

    `known`: how many of the texts have any version. `began_later`: how many of those are null, since all versions are
    later ones.
    """

    frame: pl.DataFrame
    known: int
    began_later: int


def companies_when_opened(
    decided: pl.DataFrame, history: pl.DataFrame, properties: Sequence[str], zone: str
) -> PastCompanies:
    """The companies of decided deals (`deal`, `company`, `opened`, never null) by the versions of their properties.

    Unknown is what has no version that far back: nothing stood there yet, or HubSpot, which keeps a limited number of
    versions, has dropped them; its history does not say which. `zone`: where a moment becomes a day.
    """
    moments = _opening_moments(decided)
    asked = history.filter(pl.col("property").is_in(list(properties)))
    standing = _versions_at_moments(moments, asked)
    texts = standing.pivot(on="property", index="deal", values="value") if standing.height else standing.select("deal")
    local = pl.col("opened").dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
    days = decided.select(pl.col("deal").alias(ID), local.alias(DAY))
    frame = days.join(texts, left_on=ID, right_on="deal", how="left", maintain_order="left")
    known = moments.join(asked.select("id", "property").unique(), left_on="company", right_on="id").height
    filled = pl.when(pl.col(pl.String) != "").then(pl.col(pl.String))
    return PastCompanies(with_missing_columns(frame, properties).with_columns(filled), known, known - standing.height)


def written_outputs_when_opened(decided: pl.DataFrame, ours: pl.DataFrame, outputs: Mapping[str, str]) -> pl.DataFrame:
    """What we had written by the time deals opened: `id` (the deal's), `score`, `tier`, `outcome`, `disqualified_by`.

    `ours`: the history frame of our own writes alone, so that edits by others do not count. `outputs`: output →
    property. No row has a deal that opened before we wrote anything, or
    after we had cleared all of it. A company without a tier has its outcome, where
    that is written, else `not_icp`.
    """
    names = {name: output for output, name in outputs.items()}
    written = ours.filter(pl.col("property").is_in(list(names)))
    standing = _versions_at_moments(_opening_moments(decided), written).with_columns(pl.col("property").replace(names))
    # What we took back is no verdict, such as of a company that had left the scope.
    standing = standing.filter((pl.col("value") != "").any().over("deal"))
    texts = standing.pivot(on="property", index="deal", values="value") if standing.height else standing.select("deal")
    texts = with_missing_columns(texts, ["tier", "score", "outcome"])
    return texts.select(
        pl.col("deal").alias(ID),
        pl.col("score").cast(pl.Float64, strict=False),
        pl.when(pl.col("tier").is_in(TIERS)).then("tier").alias("tier"),
        pl.coalesce(pl.when(pl.col("outcome") != "").then("outcome"), pl.lit("not_icp")).alias("outcome"),
        pl.lit(None, pl.String).alias("disqualified_by"),
    )


def _opening_moments(decided: pl.DataFrame) -> pl.DataFrame:
    return decided.select("deal", "company", pl.col("opened").dt.epoch("ms").alias(_MOMENT))


def _versions_at_moments(moments: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """The version of each property that stood at each deal's moment: `deal`, `property`, `value`."""
    versions = moments.join(history, left_on="company", right_on="id", maintain_order="left_right")
    earlier = versions.filter(pl.col("at") <= pl.col(_MOMENT))
    # A history frame goes from the newest version to the oldest, whatever HubSpot's order was.
    return earlier.unique(["deal", "property"], keep="first", maintain_order=True).select("deal", "property", "value")
