"""Text that a spreadsheet would run as a formula, made safe. Company data is foreign: anybody may have written it."""

from __future__ import annotations

from typing import Final

import polars as pl

FORMULA: Final = r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]"
"""Texts that a spreadsheet would run; OWASP advises to lead them with an apostrophe."""


def escape_formula(text: pl.Expr) -> pl.Expr:
    """The text, led by an apostrophe where a spreadsheet would run it."""
    return pl.when(text.str.contains(FORMULA)).then(pl.format("'{}", text)).otherwise(text)
