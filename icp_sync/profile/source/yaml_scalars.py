"""Plain YAML scalars → values, by the YAML 1.2 core schema: `NO`, `on`, `12:30` and `2027-02-01` stay text."""

from __future__ import annotations

import re
from typing import Final

_WHOLE: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+")
_REAL: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER: Final = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9]")
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_MAX_NUMERAL_LENGTH: Final = 40


class SourceInt(int):
    """An integer that keeps its source text: `is: 5` compares with the text "5"."""

    source: str

    def __str__(self) -> str:
        return self.source


class SourceFloat(float):
    """A float that keeps its source text: `is: 1.10` compares with the text "1.10"."""

    source: str

    def __str__(self) -> str:
        return self.source


Scalar = str | bool | None | SourceInt | SourceFloat


def resolve_scalar(text: str) -> Scalar:
    """The value of a plain scalar; overlong numerals and those with leading zeros (postal code `01067`) stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _MAX_NUMERAL_LENGTH or _LEADING_ZERO.match(text):
        return text
    if _WHOLE.fullmatch(text):
        return _parse_int(text)
    if _REAL.fullmatch(text) or _NO_NUMBER.fullmatch(text):
        return _parse_float(text)
    return text


def _parse_int(text: str) -> SourceInt:
    number = SourceInt(text, 0) if text.startswith(("0o", "0x")) else SourceInt(text)
    number.source = text
    return number


def _parse_float(text: str) -> SourceFloat:
    number = SourceFloat(text.replace(".", "", 1) if _NO_NUMBER.fullmatch(text) else text)
    number.source = text
    return number
