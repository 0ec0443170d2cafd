"""Looks keys up in the long tables of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def lookup_table(mapping: Mapping[str, str]) -> pl.DataFrame:
    """A mapping as a frame of `key` and `value`, made once: Polars copies a dict at each use."""
    return pl.DataFrame({"key": list(mapping), "value": list(mapping.values())}, {"key": pl.String, "value": pl.String})


def look_up(keys: pl.Series, table: pl.DataFrame) -> pl.Series:
    """The value of each key in a `lookup_table`; null for a null and for a key it has not.

    Only the rows with one of these keys are hashed: the tables have ten thousand, and a company three keys.
    """
    rows = table.filter(pl.col("key").is_in(keys.unique().implode()))
    return keys.replace_strict(rows["key"], rows["value"], default=None, return_dtype=pl.String)
