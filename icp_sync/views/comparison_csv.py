"""The companies that land in another tier or outcome by a challenger, as a table for a spreadsheet."""

from __future__ import annotations

import polars as pl
import polars.selectors as cs

from icp_sync.companies.spreadsheet_escaping import escape_formula


def moved_table(moved: pl.DataFrame) -> pl.DataFrame:
    """The rows with texts that a spreadsheet would run led by an apostrophe; an empty text for nothing."""
    return moved.with_columns(escape_formula(cs.string().fill_null("")))
