"""Cells and rows of a table with nothing in them; such rows, as spreadsheets leave them, are no companies."""

from __future__ import annotations

import polars as pl


def find_blank_rows(batch: pl.DataFrame) -> pl.Series:
    """Whether each row of a batch has nothing in any column, as `is_blank` says it."""
    # Each column is asked only about the rows that were blank so far: after the first, hardly any.
    blank = pl.int_range(batch.height, dtype=pl.UInt32, eager=True)
    for column in batch.get_columns():
        if blank.is_empty():
            break
        cells = column.gather(blank).to_frame()
        blank = blank.filter(cells.select(is_blank(column.name, column.dtype)).to_series())
    return pl.repeat(False, batch.height, dtype=pl.Boolean, eager=True).scatter(blank, values=True)


def is_blank(name: str, kind: pl.DataType) -> pl.Expr:
    """Whether each cell of a column has nothing: no value or NaN, no text but blanks, no member of a list."""
    column = pl.col(name)
    if kind == pl.String:
        return column.str.strip_chars().fill_null("") == ""
    if isinstance(kind, pl.List):
        return column.list.len().fill_null(0) == 0
    return column.is_null() | column.is_nan() if kind.is_float() else column.is_null()
