"""Digits with separators → the number they write; None where the separators could mean two things."""

from __future__ import annotations

import re
from typing import Final

from icp_sync.companies.parse.numbers.words_around_numbers import COMMA_UNITS, ENGLISH_UNITS, UNITS

NUMERAL: Final = r"\d+(?:[.,']\d+| \d{3}(?!\d))*"

_SPACERS: Final = {"'", " "}
_GROUPED: Final = re.compile(r"(\d{1,3}(?:([,.' ])\d{3})(?:\2\d{3})*)(?:([.,])(\d+))?")
_INDIAN: Final = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
# A comma before three digits groups them; before more it is a slip (`814,0000`).
_DECIMAL: Final = re.compile(r"(\d+)(?:\.(\d+)|,(\d\d?))")
_DOTTED: Final = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}")
_LONG_MILLIONS: Final = 6


def is_ambiguous(text: str) -> bool:
    """Whether a text is digits with one point before three of them: `12.500` is 12,500 in half of the world."""
    return _DOTTED.fullmatch(text) is not None


def numeral_value(numeral: str, unit: str | None = None) -> float | None:
    """The numeral times its unit's power of ten."""
    digits = _normalise_numeral(numeral, unit)
    return None if digits is None else float(f"{digits}e{UNITS[unit] if unit else 0}")


def drop_grouping_points(numerals: list[str]) -> list[str]:
    """The ends of a range, points left out where they can only group: `1.001-5.000`, and not `1.5-2.125`."""
    dotted = [is_ambiguous(numeral) for numeral in numerals]
    clear = any(dotted) and all(dot or numeral.isdecimal() for dot, numeral in zip(dotted, numerals, strict=True))
    return [numeral.replace(".", "") for numeral in numerals] if clear else numerals


def _normalise_numeral(numeral: str, unit: str | None) -> str | None:
    """The digits as Python writes them."""
    if numeral.isdecimal():
        return numeral
    if grouped := _GROUPED.fullmatch(numeral):
        return _drop_grouping(grouped, unit)
    if _INDIAN.fullmatch(numeral):
        return numeral.replace(",", "")
    decimal = _DECIMAL.fullmatch(numeral)
    return f"{decimal[1]}.{decimal[2] or decimal[3]}" if decimal else None


def _drop_grouping(grouped: re.Match[str], unit: str | None) -> str | None:
    whole, group, point, fraction = grouped.groups()
    digits = whole.replace(group, "")
    if point:
        return f"{digits}.{fraction}" if point != group else None
    if group in _SPACERS or whole.count(group) > 1:
        return digits
    if group == ",":
        return None if unit in COMMA_UNITS or whole.startswith("0") else digits
    return _resolve_point(whole, digits, unit)


def _resolve_point(whole: str, digits: str, unit: str | None) -> str | None:
    """`1.500 Mio.` groups; thousands of billions are nobody's; English units have a decimal point; `M` is anybody's."""
    if whole.startswith("0"):
        return whole
    if unit in COMMA_UNITS:
        return digits if COMMA_UNITS[unit] <= _LONG_MILLIONS else None
    return whole if unit and unit not in ENGLISH_UNITS else None
