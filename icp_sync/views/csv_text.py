"""Text for a CSV that a spreadsheet will open."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from icp_sync.companies.spreadsheet_escaping import FORMULA, INVISIBLE

_FORMULA, _INVISIBLE = re.compile(FORMULA), re.compile(INVISIBLE)


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A CSV with these columns; None is empty, what nobody sees is left out, and what a spreadsheet runs is escaped."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_escape_formula(row[name]) for name in columns] for row in rows)
    return text.getvalue()


def first_nonempty_text_expr(names: Iterable[str], columns: Collection[str]) -> pl.Expr:
    """The first of these properties that has a text, of those the frame has; null where none has."""
    texts = [pl.col(name).replace("", None) for name in names if name in columns]
    return pl.coalesce(*texts, pl.lit(None, pl.String))


def _escape_formula(value: Any) -> str:
    text = "" if value is None else _INVISIBLE.sub("", str(value))
    return f"'{text}" if _FORMULA.search(text) else text
