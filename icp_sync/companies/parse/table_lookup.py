"""Looks texts up in the long tables of the vocabulary, or has a function read them."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl


def look_up_distinct(texts: pl.Series, value_of: Callable[[str], str | None]) -> pl.Series:
    """The value of each text (String), such as by a table's `get`; null for a null and for a text without one.

    Each distinct text is asked for once, by Python: Polars would copy the whole table, of ten thousand rows, at each
    use.
    """
    known = {text: value for text in texts.unique().drop_nulls().to_list() if (value := value_of(text))}
    if not known:
        return texts.clear(texts.len())
    return texts.replace_strict(known, default=None, return_dtype=pl.String)
