"""Looks keys up in the long tables of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def look_up(keys: pl.Series, table: Mapping[str, str]) -> pl.Series:
    """The value of each key in the table; null for a null and for a key it has not.

    The distinct keys are looked up by Python: Polars would copy the whole table, of ten thousand rows, at each use.
    """
    known = {key: table[key] for key in keys.unique().to_list() if key in table}
    if not known:
        return keys.clear(keys.len())
    return keys.replace_strict(known, default=None, return_dtype=pl.String)
