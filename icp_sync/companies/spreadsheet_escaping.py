"""Text that a spreadsheet would run as a formula, made safe. Company data is foreign: anybody may have written it."""

from __future__ import annotations

from typing import Final

import polars as pl

FORMULA: Final = r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]"
"""Texts that a spreadsheet would run; OWASP advises to lead them with an apostrophe."""
INVISIBLE: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u200E\u200F\u202A-\u202E\u2066-\u2069]"
"""What nobody sees and a terminal obeys: control characters but for tab and line ends, and marks of direction."""


def escape_formula(text: pl.Expr) -> pl.Expr:
    """The text without what nobody sees, led by an apostrophe where a spreadsheet would run it."""
    text = text.str.replace_all(INVISIBLE, "")
    return pl.when(text.str.contains(FORMULA)).then(pl.format("'{}", text)).otherwise(text)
