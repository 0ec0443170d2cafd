"""The plain ways to write one number, "$1,234,567" and "2.5 bn EUR", as one expression over a million texts.

Whatever it leaves null is for `numbers.interval` to judge, which reads these texts alike and all others besides.
"""

from __future__ import annotations

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
_AMOUNT: Final = rf"(?i)^ ?{_BEFORE}?(?P<digits>{_DIGITS})(?: ?(?P<unit>{_UNIT}))?{_AFTER}? ?$"


def amount(text: pl.Expr) -> pl.Expr:
    """The number a text says (Float64), null where that takes more than a glance."""
    parts = text.str.extract_groups(_AMOUNT)
    digits = parts.struct["digits"].str.replace_all(",", "", literal=True)
    power = (
        parts.struct["unit"]
        .str.to_lowercase()
        .replace_strict(list(_POWERS), [f"e{power}" for power in _POWERS.values()], default="", return_dtype=pl.String)
    )
    return (digits + power).cast(pl.Float64, strict=False)
