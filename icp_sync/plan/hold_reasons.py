"""What the reasons of a held company say first: since when it is held, and for which lost values."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from icp_sync.companies.differences import PROPERTY, SINCE, WAS
from icp_sync.companies.frame import ID
from icp_sync.scoring.reasons import LONGEST
from icp_sync.scoring.score import ScoreResult

MAX_PROPERTIES: Final = 3
MAX_TEXT_LENGTH: Final = 60
_CUT: Final = " …"
_REASONS: Final = "reasons"


def with_hold_reasons(scored: ScoreResult, held: pl.DataFrame, zone: str) -> ScoreResult:
    """The scores, with the reasons of held companies begun by what they are held for.

    Such as "Held since 28 Nov: industry was lost (MACHINERY)." `held`: the rows of holds that stand. The day is the
    one the input was lost, in the portal's `zone`, and does not move: who stays held is not written again. Reasons
    that grow longer than `LONGEST` are cut at a word.
    """
    if held.is_empty():
        return scored
    noted = scored.frame.join(hold_notes(held, zone), on=ID, how="left", maintain_order="left")
    whole = pl.concat_str("note", pl.lit(" "), _REASONS)
    cut = whole.str.head(LONGEST - len(_CUT)).str.replace(r"\s+\S*$", "") + _CUT
    begun = pl.when(whole.str.len_chars() <= LONGEST).then(whole).otherwise(cut)
    return replace(scored, frame=noted.with_columns(pl.coalesce(begun, _REASONS).alias(_REASONS)).drop("note"))


def hold_notes(held: pl.DataFrame, zone: str) -> pl.DataFrame:
    """`id` and `note`, one sentence for each held company; the earliest day, and at most three properties."""
    day = pl.col(SINCE).dt.convert_time_zone(zone).dt.strftime("%-d %b")
    text = pl.col(WAS).str.replace_all(r"\s+", " ").str.strip_chars()
    short = (
        pl.when(text.str.len_chars() > MAX_TEXT_LENGTH).then(text.str.head(MAX_TEXT_LENGTH - 1) + "…").otherwise(text)
    )
    lost = pl.format("{} was lost ({})", PROPERTY, short)
    by_company = (
        held.sort(ID, SINCE, PROPERTY)
        .group_by(ID, maintain_order=True)
        .agg(day.first().alias("day"), lost.head(MAX_PROPERTIES).alias("lost"), pl.len().alias("properties"))
    )
    more = pl.col("properties") - MAX_PROPERTIES
    rest = pl.when(pl.col("properties") > MAX_PROPERTIES).then(pl.format(" and {} more", more)).otherwise(pl.lit(""))
    return by_company.select(
        ID, pl.format("Held since {}: {}{}.", "day", pl.col("lost").list.join(", "), rest).alias("note")
    )
