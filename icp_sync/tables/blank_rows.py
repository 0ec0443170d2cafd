"""Rows of a table with nothing in them, as spreadsheets leave them between and below others: they are no companies."""

from __future__ import annotations

import polars as pl


def find_blank_rows(batch: pl.DataFrame) -> pl.Series:
    """Whether each row of a batch has nothing in any column: no value, no text but blanks, no member of a list."""
    # Each column is asked only about the rows that were blank so far: after the first, hardly any.
    blank = pl.int_range(batch.height, dtype=pl.UInt32, eager=True)
    for column in batch.get_columns():
        if blank.is_empty():
            break
        blank = blank.filter(_is_blank(column.gather(blank)))
    return pl.repeat(False, batch.height, dtype=pl.Boolean, eager=True).scatter(blank, values=True)


def _is_blank(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String:
        return column.str.strip_chars().fill_null("") == ""
    if isinstance(column.dtype, pl.List):
        return column.list.len().fill_null(0) == 0
    return column.is_null()
