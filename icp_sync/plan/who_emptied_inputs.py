"""When and by whom lost inputs were emptied, as HubSpot's history tells: asked once for the best companies newly holds.

Pure: `ids_to_ask_history` names the companies, `with_emptied_by` puts what their history says beside their holds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.history_frame import latest_versions
from icp_sync.companies.input_differences import KEY, PROPERTY
from icp_sync.plan.history_sources import describe_source

EMPTIED_AT: Final = "emptied_at"
"""Datetime (UTC): when HubSpot's history says the value was emptied; null where it was not asked, or does not say."""
EMPTIED_BY: Final = "emptied_by"
"""Text: who emptied it, in words; null with `emptied_at`."""
MAX_ASKED: Final = 50
"""Companies of one history call."""


@dataclass(frozen=True, slots=True)
class EmptiedInput:
    """How `property_name` was lost: `companies` are held for it; of some of them it is known that `by` emptied it.

    `at`: when it did so first (UTC). `by`: who emptied most of those known.
    """

    property_name: str
    companies: int
    at: dt.datetime
    by: str

    @property
    def sentence(self) -> str:
        """Such as `industry of 412 companies was emptied, first on 3 Dec 14:02 UTC, by the integration 3000033`."""
        at = format_moment(self.at)
        if self.companies == 1:
            return f"{self.property_name} of 1 company was emptied on {at} by {self.by}"
        return f"{self.property_name} of {self.companies:,} companies was emptied, first on {at}, by {self.by}"


def ids_to_ask_history(holds: pl.DataFrame, earlier: pl.DataFrame, scores: pl.DataFrame) -> list[int]:
    """The companies that were not held before, the best by fit score first, as many as one call tells of.

    `holds`: those that stand; `earlier`: the holds of the last reading. `scores`: `id` and `score`.
    """
    new = holds.join(earlier, on=KEY, how="anti").select(ID).unique()
    best = new.join(scores.select(ID, "score"), on=ID, how="left")
    ranked = best.sort("score", ID, descending=[True, False], nulls_last=True)
    return ranked[ID].head(MAX_ASKED).to_list()


def with_emptied_by(holds: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """The holds with when and by whom their inputs were emptied, where the newest version of the history says so."""
    emptied = latest_versions(history).filter(pl.col("value") == "")
    words = [describe_source(*row) for row in emptied.select(_SOURCE).iter_rows()]
    at = pl.from_epoch("at", time_unit="ms").dt.replace_time_zone("UTC").cast(holds.schema[EMPTIED_AT])
    known = emptied.select(*KEY, found_at=at, found_by=pl.Series(words, dtype=pl.String))
    rows = holds.join(known, on=KEY, how="left", maintain_order="left")
    return rows.with_columns(
        pl.coalesce("found_at", EMPTIED_AT).alias(EMPTIED_AT), pl.coalesce("found_by", EMPTIED_BY).alias(EMPTIED_BY)
    ).select(holds.columns)


def summarise_emptied(holds: pl.DataFrame) -> tuple[EmptiedInput, ...]:
    """One value for each property of which it is known who emptied it, by name; `holds`: those that stand."""
    known = holds.filter(pl.col(EMPTIED_BY).is_not_null()).group_by(PROPERTY, EMPTIED_BY)
    by_source = known.agg(pl.len().alias("known"), pl.col(EMPTIED_AT).min().alias(EMPTIED_AT))
    most = by_source.sort(PROPERTY, "known", EMPTIED_AT, descending=[False, True, False])
    counts = dict(holds.group_by(PROPERTY).len().iter_rows())
    rows = most.unique(PROPERTY, keep="first", maintain_order=True).iter_rows(named=True)
    return tuple(EmptiedInput(row[PROPERTY], counts[row[PROPERTY]], row[EMPTIED_AT], row[EMPTIED_BY]) for row in rows)


def format_moment(moment: dt.datetime) -> str:
    """Such as `3 Dec 14:02 UTC`."""
    return f"{moment.day} {moment:%b %H:%M} UTC"


_SOURCE: Final = ("source_type", "source_id", "user_id", "source_label")
