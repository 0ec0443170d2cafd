"""Parses a day or a year as people and HubSpot write it; None where a text is ambiguous."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from icp_sync.companies.parse.month_names import MONTH, MONTHS
from icp_sync.companies.parse.numbers.words_around_numbers import (
    AFTER,
    AT_LEAST,
    BEFORE,
    BETWEEN,
    LESS,
    MONEY_SIGN,
    MORE,
    OR_LESS,
    OR_MORE,
    OVER,
    UNDER,
    UP_TO,
)
from icp_sync.vocabulary.text_keys import fold

_MAX_LENGTH: Final = 200
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECONDS: Final = re.compile(r"-?\d{11,13}")
_ISO: Final = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_YEAR_FIRST: Final = re.compile(r"(?<![\d/.])(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?![\d/])")
# Dots part day, month and year in this order wherever they are used; slashes and dashes in two orders.
_DOTTED: Final = re.compile(r"(?<![\d/.-])(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d\d)(?!\d|\.\d)")
_YEAR_LAST: Final = re.compile(r"(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)")
_CHARACTERS: Final = re.compile(r"(\d{4})[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日일]")
# A year alone, and not the year of a day: `2026-13-45` says no day, and no year either.
_FOUR_DIGITS: Final = re.compile(
    r"(?<![\d.,/])(?<!\d-\d\d-)((?:1[0-9]|20|21)\d\d)(?:[.,]0+)?(?![\d%]|[.,/]\d|-\d\d?(?!\d))"
)
_A_YEAR: Final = r"((?:1[0-9]|20|21)\d\d)"
_A_MONTH: Final = "(?:0?[1-9]|1[0-2])"
_MONTH_AND_YEAR: Final = re.compile(rf"(?<![\d/.-])(?:{_A_MONTH}[/.-]{_A_YEAR}|{_A_YEAR}[/.-]{_A_MONTH})(?![\d/.-])")
# `1990s` are ten years and none of them.
_DECADE: Final = re.compile(
    r"(?<!\d)\d\d\d0(?:'?s\b|-?(?:er|ern|ies|х|talet|tallet)\b|年代|년대)"
    r"|\b(?:annees|anos|anni|decade) (?:\w+ )?\d{2,4}\b"
)


def _phrases(roles: dict[str, str], wanted: set[str], more: str) -> str:
    """The phrases of these roles that are words, and `more`, as one pattern."""
    words = [phrase for phrase, role in roles.items() if role in wanted and phrase[0].isalpha()]
    return "|".join(re.escape(word) for word in sorted({*words, *more.split("|")}, key=lambda word: (-len(word), word)))


_BOUND: Final = (
    "before|pre|prior to|earlier than|until|till|after|post|later than|vor|nach|spatestens|fruhestens|avant|apres"
    "|antes de|despues de|depois de|antes|despues|depois|prima del|dopo il|dopo|voor|efter|przed|после"
)
_OR_LATER: Final = (
    "or later|or earlier|or before|or after|or newer|or older|and later|and earlier|and before|and after"
    "|oder spater|oder fruher|oder danach|oder davor|ou apres|ou avant"
)
_COUNTED: Final = (
    "employees?|people|staff|customers?|users?|clients?|mitarbeiter(?:innen)?|kunden|salaries|employes|empleados"
)
# `before 2015`, `2015+` and `2010 or 2015` are many years and none of them; `2015 employees` and `€2015` are no year.
_NO_ONE_YEAR: Final = re.compile(
    r"(?<![\w\"'/])[<>≤≥]=?\s*\d{4}(?!\d)"
    rf"|(?<![\w])(?<!\d )(?:{_phrases(BEFORE, {UNDER, UP_TO, OVER, AT_LEAST, BETWEEN}, _BOUND)})[\s-]+{_A_YEAR}(?!\d)"
    rf"|(?<!\d){_A_YEAR}(?:\s*\+|\s*(?:{_phrases(AFTER, {OR_MORE, OR_LESS, LESS, MORE}, _OR_LATER)})(?!\w))"
    rf"|(?<!\d){_A_YEAR}\s+(?:or|oder|ou|eller|of|lub|nebo|или)\s+{_A_YEAR}(?!\d)"
    rf"|(?<!\d){_A_YEAR}\s+(?:{_COUNTED})(?!\w)|(?:{MONEY_SIGN})\s*{_A_YEAR}(?!\d)|(?<![\w\d])\+\d[\d\s/-]*\d{{4}}"
)

_OF: Final = r"(?:\s+(?:of|de|del|di|d'))?"
_DAY_MONTH: Final = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|o|a|\.)?{_OF}[\s-]*(?<![^\W\d_])({MONTH})\.?,?{_OF}[\s-]+(\d{{4}}|\d\d)(?!\d)"
)
_MONTH_DAY: Final = re.compile(rf"(?<![^\W\d_])({MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_FIRST_YEAR: Final = 1000
"""Before it there is no year of anybody's, but there are empty dates: `0001-01-01` is .NET's."""
_CENTURY: Final = 69
"""Of two digits, the last year of this century, as in POSIX: `69` is 1969 there, and `68` 2068."""


def parse_written_day(text: str) -> dt.date | None:
    """The day in a text: an ISO date or datetime (its date in UTC), milliseconds since 1970, or words.

    Of several days the latest. None for a bare year, and for a text with an ambiguous date such as `3/4/2021`.
    """
    if len(text) > _MAX_LENGTH:
        return None
    text = fold(text.replace("’", "'")).strip()
    if _MILLISECONDS.fullmatch(text):
        return _from_milliseconds(int(text))
    if moment := _parse_iso(text):
        return moment
    days = [*_numeric_days(text), *_worded_days(text)]
    return None if None in days else max((date for date in days if date), default=None)


def parse_written_year(text: str) -> int | None:
    """The year in a text, the latest of several (`2013 (1888)`); `2024.0` is 2024. None for a decade or a bound."""
    folded = fold(text.replace("’", "'"))
    if len(text) > _MAX_LENGTH or _DECADE.search(folded) or _NO_ONE_YEAR.search(folded):
        return None
    day = parse_written_day(text)
    months = (int("".join(match)) for match in _MONTH_AND_YEAR.findall(folded))
    years = (int(match) for match in _FOUR_DIGITS.findall(folded))
    return max([*months, *years, *([day.year] if day else [])], default=None)


def _from_milliseconds(milliseconds: int) -> dt.date | None:
    try:
        return (_EPOCH + dt.timedelta(milliseconds=milliseconds)).date()
    except OverflowError:
        return None


def _parse_iso(text: str) -> dt.date | None:
    """An ISO date or datetime and nothing else."""
    try:
        moment = dt.datetime.fromisoformat(text)
        day = moment.astimezone(dt.UTC).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):  # in UTC the first and the last day may lie beyond the calendar
        return None
    return day if _ISO.match(text) and day.year >= _FIRST_YEAR else None


def _numeric_days(text: str) -> list[dt.date | None]:
    year_first = (*_ISO.findall(text), *_YEAR_FIRST.findall(text), *_CHARACTERS.findall(text))
    first = [_date_or_none(year, month, day) for year, month, day in year_first]
    dotted = [_date_or_none(year, month, day) for day, month, year in _DOTTED.findall(text)]
    return [
        *first,
        *dotted,
        *(_unambiguous_date(int(a), int(b), year) for a, _, b, year in _YEAR_LAST.findall(text)),
    ]


def _worded_days(text: str) -> list[dt.date | None]:
    day_month = [_date_or_none(year, MONTHS[month], day) for day, month, year in _DAY_MONTH.findall(text)]
    return [
        *day_month,
        *(_date_or_none(year, MONTHS[month], day) for month, day, year in _MONTH_DAY.findall(text)),
    ]


def _unambiguous_date(first: int, second: int, year: str) -> dt.date | None:
    if first != second and max(first, second) <= 12:
        return None
    return _date_or_none(year, second, first) if first > 12 else _date_or_none(year, first, second)


def _date_or_none(year: str, month: int | str, day: int | str) -> dt.date | None:
    try:
        date = dt.date(_four_digit_year(year), int(month), int(day))
    except ValueError:
        return None
    return date if date.year >= _FIRST_YEAR else None


def _four_digit_year(year: str) -> int:
    return int(year) if len(year) > 2 else int(year) + (1900 if int(year) >= _CENTURY else 2000)
