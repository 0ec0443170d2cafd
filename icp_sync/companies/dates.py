"""A day or a year as people and HubSpot write it; None where the text leaves open which is meant."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

_LONGEST: Final = 200
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECONDS: Final = re.compile(r"-?\d{11,13}")
_ISO: Final = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_YEAR_FIRST: Final = re.compile(r"(?<![\d/.])(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?![\d/])")
_YEAR_LAST: Final = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
# A year alone, and not the year of a day: `2026-13-45` says no day, and no year either.
_FOUR_DIGITS: Final = re.compile(
    r"(?<![\d.,/])(?<!\d-\d\d-)((?:1[0-9]|20|21)\d\d)(?:\.0+)?(?![\d%]|[.,/]\d|-\d\d?(?!\d))"
)

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero", "feb february februar février febrero", "mar march märz mars marzo",
            "apr april avril abril", "may mai mayo", "jun june juni juin junio", "jul july juli juillet julio",
            "aug august août agosto", "sep sept september septembre septiembre", "oct okt october oktober octobre",
            "nov november novembre noviembre", "dec dez december dezember décembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_MONTH: Final = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|\.)?(?:\s+of)?[\s-]+({_MONTH})\.?,?[\s-]+(\d{{4}})(?!\d)"
)
_MONTH_DAY: Final = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")


def day(text: str) -> dt.date | None:
    """The day a text says: an ISO date or datetime (its date in UTC), milliseconds since 1970, or words.

    A bare year is no day. Of several days the latest is meant; `3/4/2021` could be two days and is none, and neither
    is a text that says one such date beside others.
    """
    if len(text) > _LONGEST:
        return None
    text = text.strip().lower()
    if _MILLISECONDS.fullmatch(text):
        return _since_1970(int(text))
    if moment := _moment(text):
        return moment
    said = [*_numeric(text), *_worded(text)]
    return None if None in said else max((date for date in said if date), default=None)


def year(text: str) -> int | None:
    """The year a text says, its latest where it says several (`2013 (1888)`); `2024.0` is 2024."""
    if len(text) > _LONGEST:
        return None
    said = day(text)
    years = [int(found) for found in _FOUR_DIGITS.findall(text)]
    return max([*years, *([said.year] if said else [])], default=None)


def _since_1970(milliseconds: int) -> dt.date | None:
    try:
        return (_EPOCH + dt.timedelta(milliseconds=milliseconds)).date()
    except OverflowError:
        return None


def _moment(text: str) -> dt.date | None:
    """An ISO date or datetime and nothing else."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if not _ISO.match(text):
        return None
    return moment.astimezone(dt.UTC).date() if moment.tzinfo else moment.date()


def _numeric(text: str) -> list[dt.date | None]:
    first = [_date(year, month, day) for year, month, day in (*_ISO.findall(text), *_YEAR_FIRST.findall(text))]
    return [*first, *(_day_or_month_first(int(a), int(b), year) for a, _, b, year in _YEAR_LAST.findall(text))]


def _worded(text: str) -> list[dt.date | None]:
    found = [_date(year, _MONTHS[month], day) for day, month, year in _DAY_MONTH.findall(text)]
    return [*found, *(_date(year, _MONTHS[month], day) for month, day, year in _MONTH_DAY.findall(text))]


def _day_or_month_first(first: int, second: int, year: str) -> dt.date | None:
    if first != second and max(first, second) <= 12:
        return None
    return _date(year, second, first) if first > 12 else _date(year, first, second)


def _date(year: str, month: int | str, day: int | str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
