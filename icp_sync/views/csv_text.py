"""Text for a CSV that a spreadsheet will open."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from icp_sync.companies.formulas import FORMULA

_FORMULA: Final = re.compile(FORMULA)


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A CSV with these columns; None is empty, and text that a spreadsheet would run is led by an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_escape(row[name]) for name in columns] for row in rows)
    return text.getvalue()


def _escape(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.search(text) else text
