"""What the reasons of a held company say first: since when it is held, and for which lost values."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import PROPERTY, SINCE, WAS

MAX_PROPERTIES: Final = 3
MAX_TEXT_LENGTH: Final = 60


def hold_notes(holds: pl.DataFrame, zone: str) -> pl.DataFrame:
    """`id` and `note`, one sentence for each held company.

    Such as "Held since 28 Nov: industry was lost (MACHINERY)." `holds`: those that stand; at most three
    properties are named. The day is the earliest on which an input was lost, in the portal's `zone`, and does not move:
    who stays held is not written again.
    """
    day = pl.col(SINCE).dt.convert_time_zone(zone).dt.strftime("%-d %b")
    text = pl.col(WAS).str.replace_all(r"\s+", " ").str.strip_chars()
    short = (
        pl.when(text.str.len_chars() > MAX_TEXT_LENGTH).then(text.str.head(MAX_TEXT_LENGTH - 1) + "…").otherwise(text)
    )
    lost = pl.format("{} was lost ({})", PROPERTY, short)
    by_company = (
        holds.sort(ID, SINCE, PROPERTY)
        .group_by(ID, maintain_order=True)
        .agg(day.first().alias("day"), lost.head(MAX_PROPERTIES).alias("lost"), pl.len().alias("properties"))
    )
    more = pl.col("properties") - MAX_PROPERTIES
    rest = pl.when(pl.col("properties") > MAX_PROPERTIES).then(pl.format(" and {} more", more)).otherwise(pl.lit(""))
    return by_company.select(
        ID, pl.format("Held since {}: {}{}.", "day", pl.col("lost").list.join(", "), rest).alias("note")
    )
