"""Common amounts, "$1,234,567" and "2.5 bn EUR", parsed by one Polars expression.

It leaves all others null; `grammar.parse_interval` parses those, and gives the same for these.
"""

from __future__ import annotations

from string import ascii_letters
from typing import Final

import polars as pl

_POWERS: Final = {
    "k": 3, "thousand": 3,
    "m": 6, "mm": 6, "mn": 6, "mln": 6, "million": 6,
    "b": 9, "bn": 9, "bln": 9, "billion": 9,
}  # fmt: skip
_BEFORE: Final = r"(?:(?:us|ca|au|nz|hk)?[$€£¥] ?|(?:usd|eur|gbp|chf) ?)"
_AFTER: Final = r"(?: ?[$€£¥]| (?:usd|eur|gbp|chf))"
# A point before three digits alone may group them, and a leading zero is no plain number: both are left out.
_DIGITS: Final = r"[1-9]\d{0,2}(?:,\d{3}){1,5}(?:\.\d{1,9})?|[1-9]\d{0,17}(?:\.\d{1,2})?"
_UNIT: Final = "|".join(sorted(_POWERS, key=len, reverse=True))
_AMOUNT: Final = rf"(?i)^ ?{_BEFORE}?({_DIGITS})(?: ?({_UNIT}))?{_AFTER}? ?$"
_AROUND: Final = f" $€£¥{ascii_letters}"
"""What may stand around the digits of an amount."""


def common_amount(text: pl.Expr) -> pl.Expr:
    """The amount in a text (Float64); null where the fast path does not cover it."""
    digits = text.str.strip_chars(_AROUND).str.replace_all(",", "", literal=True)
    # Extracting a group costs more than all the rest, and few texts have a unit.
    unit = pl.when(text.str.contains("[a-zA-Z]")).then(text).str.extract(_AMOUNT, 2).str.to_lowercase()
    powers = [f"e{power}" for power in _POWERS.values()]
    power = unit.replace_strict(list(_POWERS), powers, default="", return_dtype=pl.String)
    return pl.when(text.str.contains(_AMOUNT)).then((digits + power).cast(pl.Float64, strict=False))
