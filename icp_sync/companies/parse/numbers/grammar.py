"""Parses a number as people type it to an interval: "10,001+" is [10001, ∞); None where it is uncertain.

The text is tokenised into numerals, units and phrases (`words`), and the roles of the tokens must match the small
grammar below: a text parses as a whole or not at all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from icp_sync.companies.parse.numbers.number_text_cleanup import number_part_of_text
from icp_sync.companies.parse.numbers.numerals import NUMERAL, drop_grouping_points, is_ambiguous, numeral_value
from icp_sync.companies.parse.numbers.words_around_numbers import (
    AFTER,
    AT_LEAST,
    BEFORE,
    ENGLISH_UNITS,
    FROM,
    GLUED,
    LESS,
    MONEY,
    MONEY_SIGN,
    MORE,
    MYRIADS,
    NOT,
    NOTHING,
    OR_LESS,
    OR_MORE,
    OVER,
    UNDER,
    UNITS,
    UP_TO,
)

Interval = tuple[float, float]

_MAX_LENGTH: Final = 200  # a longer text is prose
_NUMERAL, _UNIT, _MYRIAD, _GLUED, _MINUS = "N", "u", "w", "p", "-"
_SPACELESS: Final = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"


class _Token(NamedTuple):
    """A token: a numeral, a unit or a phrase, and its role, a letter of the grammar."""

    role: str
    text: str


def _with_word_boundary(phrase: str) -> str:
    """A word ends where its letters do, but for scripts that write no spaces."""
    spaced = phrase[-1].isalpha() and not re.search(f"[{_SPACELESS}]", phrase)
    return re.escape(phrase) + (r"(?![^\W\d_])" if spaced else "")


def _alternation(phrases: Iterable[str]) -> str:
    return "|".join(
        _with_word_boundary(phrase) for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    )


_PART: Final = re.compile(
    rf"(?P<numeral>{NUMERAL})|(?P<sign>{MONEY_SIGN})|(?P<phrase>{_alternation({*BEFORE, *AFTER, *UNITS, *GLUED})})"
    r"|(?P<blank>[ :;!*\"()\[\]]|[.,](?!\d)|(?<=[^\W\d_])\.)"
)
# `T` is a thousand in German books (`T€`) and a trillion beside dollars.
_ENGLISH_CURRENCY: Final = re.compile(r"[$£]|(?<![^\W\d_])(?:usd|gbp|aud|cad|nzd)(?![^\W\d_])")
_TRILLIONS: Final = re.compile(r"(?<=\d)t(?![^\W\d_])")

_AMOUNT: Final = f"{_GLUED}?{_NUMERAL}(?:{_MYRIAD}{_NUMERAL})*[{_UNIT}{_MYRIAD}]?"
_SINGLE: Final = re.compile(rf"({NOT}?)([<>lgf]?)(-?)({_AMOUNT})([mMUO]?)")
_RANGE: Final = re.compile(rf"(?:[vf]?(-?)({_AMOUNT})j({_AMOUNT})|b(-?)({_AMOUNT})[jd]({_AMOUNT}))")
_LABEL: Final = re.compile(rf"^(?!{MONEY_SIGN}$)(?:.*[^\W\d_]|:)")
_NEGATED: Final = {UNDER: AT_LEAST, OVER: UP_TO}
_BEHIND: Final = {OR_LESS: UP_TO, OR_MORE: AT_LEAST, LESS: UNDER, MORE: OVER}


def parse_interval(text: str) -> Interval | None:
    """The interval [low, high] in a text, ends included, ±∞ where open; None where it is uncertain.

    Of several years ("2.9 trillion (2024) 2.8 trillion (2023)") the latest counts.
    """
    if len(text) > _MAX_LENGTH or is_ambiguous(text.strip()):
        return None
    plain = _parse_plain_number(text)
    if plain is not None:
        return plain, plain
    stated = number_part_of_text(text)
    parts = _tokens(stated) if stated else None
    return _parse_tokens([part for part in parts if part.role != NOTHING]) if parts else None


def _parse_plain_number(text: str) -> float | None:
    try:
        number = float(text) if "_" not in text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _tokens(text: str) -> list[_Token] | None:
    """The text's tokens in order; None where it holds an unknown word, or a dash that may be no minus."""
    text = _TRILLIONS.sub("tn", text) if "$" in text else text
    english = ENGLISH_UNITS if _ENGLISH_CURRENCY.search(text) else {}
    parts: list[_Token] = []
    start, roles = 0, BEFORE
    while start < len(text):
        match = _PART.match(text, start)
        role = _token_role(match, roles) if match else None
        if match is None or role is None or (role == _MINUS and not _is_minus(parts, text[match.end() :])):
            return None
        parts.append(_Token(role, english.get(match[0], match[0])))
        start, roles = match.end(), AFTER if role == _NUMERAL else roles
    return parts


def _is_minus(before: list[_Token], behind: str) -> bool:
    """A minus is glued to its amount; behind a label (`Employees -200`) it is perhaps a dash."""
    labels = (part.text for part in before if part.role == NOTHING and part.text not in MONEY)
    return not behind[:1].isspace() and not any(_LABEL.search(label) for label in labels)


def _token_role(part: re.Match[str], roles: dict[str, str]) -> str | None:
    """What a part is to the number; None for a phrase that means nothing where it stands."""
    if part["numeral"]:
        return _NUMERAL
    phrase = part["phrase"]
    if not phrase:
        return NOTHING
    if roles is BEFORE:
        return _GLUED if phrase in GLUED else roles.get(phrase)
    if phrase in MYRIADS:
        return _MYRIAD
    return _UNIT if phrase in UNITS else roles.get(phrase)


def _parse_tokens(parts: list[_Token]) -> Interval | None:
    roles = "".join(part.role for part in parts)
    if single := _SINGLE.fullmatch(roles):
        return _parse_single(parts, single)
    if ends := _RANGE.fullmatch(roles):
        minus, first, second = (1, 2, 3) if ends[2] else (4, 5, 6)
        between = _range_between(parts[slice(*ends.span(first))], parts[slice(*ends.span(second))])
        return between if between is None or not ends[minus] else (-between[0], between[1])
    return None


def _parse_single(parts: list[_Token], roles: re.Match[str]) -> Interval | None:
    value = _amount(parts[slice(*roles.span(4))])
    before = _NEGATED.get(roles[2], "") if roles[1] else roles[2].replace(FROM, AT_LEAST)
    bounds = {before, _BEHIND.get(roles[5], "")} - {""}
    if value is None or (roles[1] and roles[2] not in _NEGATED):
        return None
    return _apply_bounds(-value if roles[3] else value, bounds)


def _apply_bounds(value: float, bounds: set[str]) -> Interval | None:
    """The values on the bounds' side; of two bounds to one side the wider, to both sides it is no sentence."""
    step = 1.0 if value.is_integer() else 0.0
    if bounds <= {UP_TO, UNDER} and bounds:
        return _interval_up_to(value if UP_TO in bounds else value - step)
    if bounds <= {AT_LEAST, OVER} and bounds:
        return (value if AT_LEAST in bounds else value + step), math.inf
    return None if bounds else (value, value)


def _interval_up_to(value: float) -> Interval:
    """Counts and money start at 0 unless the bound itself is negative."""
    return (0.0 if value >= 0 else -math.inf), value


def _range_between(first: list[_Token], second: list[_Token]) -> Interval | None:
    """`10-50m` and `MEUR 10-50` are in millions on both sides; `500-1m` cannot be."""
    shared = first if _has_unit(first) or not _has_unit(second) else [*first, second[-1]]
    if not _has_unit(second):
        texts = drop_grouping_points([first[-1].text, second[-1].text])
        in_front = [part for part in first[:1] if part.role == _GLUED]
        ends = zip((first[:-1], in_front), (first[-1], second[-1]), texts, strict=True)
        first, second = ([*before, numeral._replace(text=text)] for before, numeral, text in ends)
        shared = first
    high = _amount(second)
    lows = [low for low in (_amount(shared), _amount(first)) if low is not None and high is not None and low <= high]
    return (lows[0], high) if lows and high is not None else None


def _has_unit(parts: list[_Token]) -> bool:
    return any(part.role != _NUMERAL for part in parts)


def _amount(parts: list[_Token]) -> float | None:
    """The amount of a numeral and its unit, before it or behind; of several myriads their sum."""
    if parts[0].role == _GLUED:
        return numeral_value(parts[1].text, parts[0].text) if len(parts) == 2 else None
    pairs = [(part.text, unit.text) for part, unit in zip(parts[::2], parts[1::2], strict=False)]
    values = [numeral_value(numeral, unit) for numeral, unit in pairs]
    if len(parts) % 2:
        values.append(numeral_value(parts[-1].text))
    known = [value for value in values if value is not None]
    descending = all(later < earlier for earlier, later in pairwise(known))
    return sum(known) if known and len(known) == len(values) and descending else None
