"""HubSpot's record ids as files write them."""

from __future__ import annotations

import polars as pl


def record_ids(text: pl.Expr) -> pl.Expr:
    """The id (Int64) of each text, null where it is none.

    `1200.0` is what programs make of a column of numbers with a gap; `1.200`, `1,200` and `1.2E+10` are what
    spreadsheets show a person, and which id they were nobody can be sure of.
    """
    return text.str.strip_chars().str.strip_suffix(".0").str.extract(r"^(\d{1,18})$").cast(pl.Int64)
