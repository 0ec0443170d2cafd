"""The operators of the profile language over meanings, each from its line in the design, one company at a time."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.reference.meanings import Interval, Words, Year

Kleene = bool | None


def everyone(parts: list[Kleene]) -> Kleene:
    """`all`: false when one is, true when every one is."""
    if False in parts:
        return False
    return None if None in parts else True


def anyone(parts: list[Kleene]) -> Kleene:
    """`any`: true when one is, false when every one is."""
    if True in parts:
        return True
    return None if None in parts else False


def negated(part: Kleene) -> Kleene:
    """`not`: unknown stays unknown."""
    return None if part is None else not part


def between(value: Interval, bounds: tuple[float | None, float | None]) -> Kleene:
    """Hit when wholly inside, missed when wholly outside, else unknown."""
    low = -math.inf if bounds[0] is None else bounds[0]
    high = math.inf if bounds[1] is None else bounds[1]
    if low <= value.low and value.high <= high:
        return True
    return False if value.high < low or high < value.low else None


def contains_any(value: Words, phrases: list[tuple[str, ...]]) -> Kleene:
    """A phrase is a run of whole words."""
    return any(
        value.words[start : start + len(phrase)] == phrase
        for phrase in phrases
        for start in range(len(value.words) - len(phrase) + 1)
    )


def starts_with(value: Words, prefixes: list[str]) -> Kleene:
    """A prefix is a run of letters, which may end within a word; only single blanks stand between words."""
    return " ".join(value.words).startswith(tuple(prefixes))


def groups_met(value: Words, groups: list[frozenset[str]]) -> int:
    """A group is met when one member is present, and counts once."""
    return sum(1 for group in groups if group & value.members)


def completed_years(born: dt.date | Year, as_of: dt.date) -> int:
    """Birthdays had by `as_of`; for a bare year the difference of the years."""
    if isinstance(born, Year):
        return as_of.year - born.year
    return as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))


def within_years(born: dt.date | Year, bounds: tuple[float | None, float | None], as_of: dt.date) -> Kleene:
    """Inclusive; either end may be null, and what is to come is no years old."""
    years = completed_years(born, as_of)
    return between(Interval(years, years), (0 if bounds[0] is None else bounds[0], bounds[1]))


VALUE_OPERATORS: Final[Mapping[str, Callable[[Any, Any, dt.date], Kleene]]] = {
    "at_least": lambda value, least, _: between(value, (least, None)),
    "at_most": lambda value, most, _: between(value, (None, most)),
    "between": lambda value, bounds, _: between(value, bounds),
    "is": lambda value, names, _: bool(value.members & names),
    "in": lambda value, names, _: bool(value.members & names),
    "not_in": lambda value, names, _: not value.members & names,
    "contains_any": lambda value, phrases, _: contains_any(value, phrases),
    "starts_with": lambda value, prefixes, _: starts_with(value, prefixes),
    "matches": lambda value, pattern, _: re.search(pattern, value.text, re.IGNORECASE) is not None,
    "has_any": lambda value, asked, _: groups_met(value, asked[0]) >= asked[1],
    "has_all": lambda value, groups, _: groups_met(value, groups) == len(groups),
    "has_none": lambda value, groups, _: groups_met(value, groups) == 0,
    "within_days": lambda value, days, as_of: 0 <= (as_of - value).days <= days,
    "older_than_days": lambda value, days, as_of: (as_of - value).days > days,
    "age_years": within_years,
    "is_true": lambda value, _, __: value,
    "is_false": lambda value, _, __: not value,
}
