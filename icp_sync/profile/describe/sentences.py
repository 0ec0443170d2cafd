"""A match as an English sentence, from one template for each operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import pycountry

from icp_sync.profile.model.match import Match

_GEOGRAPHY: Final = frozenset({"region", "city", "within_km"})


def sentence(match: Match, properties: Sequence[str] = ()) -> str:
    """The match in words, without a full stop; `properties` are its condition's, which its leaves may replace."""
    if not match.operands:
        return _leaf(match, properties)
    if match.operator == "not":
        return f"not ({sentence(match.operands[0], properties)})"
    parts = [sentence(part, properties) for part in match.operands]
    joined = (" and " if match.operator == "all" else " or ").join(parts)
    return f"({joined})" if len(parts) > 1 else joined


def _leaf(match: Match, properties: Sequence[str]) -> str:
    names = match.own_properties or properties
    subject = " or ".join(f"`{name}`" for name in names)
    predicate = SENTENCES[match.operator](match)
    if match.operator in _GEOGRAPHY and not names:
        return f"the company {predicate}"
    return f"{subject} {predicate}"


def _number(value: float) -> str:
    return f"{value:,.15g}"


def _range(bounds: tuple[float | None, float | None] | None, unit: str = "") -> str:
    low, high = bounds or (None, None)
    if low is None or high is None:
        return f"at most {_number(high or 0)}{unit}" if low is None else f"at least {_number(low)}{unit}"
    return f"from {_number(low)} to {_number(high)}{unit}" if low != high else f"{_number(low)}{unit}"


def _join(names: Sequence[str] | None, conjunction: str = "or") -> str:
    *most, last = [_name(name) for name in names or ("",)]
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def _name(written: str) -> str:
    """`Austin, US` → `Austin (US)`, since it would read as two names."""
    city, comma, country = _without_backticks(written).partition(", ")
    return f"{city} ({country})" if comma else city


def _without_backticks(written: str) -> str:
    """The text without backticks, which end code in Markdown."""
    return written.replace("`", "'")


def _place(written: str) -> str:
    """The name of a country or subdivision code (`DE`, `US-NJ`); any other text as it is."""
    code = written.strip().upper()
    if len(code) == 2 and (country := pycountry.countries.get(alpha_2=code)):
        return str(getattr(country, "common_name", country.name))
    part = pycountry.subdivisions.get(code=code) if "-" in code else None  # type: ignore[no-untyped-call]
    return str(part.name) if part else written


def _has_any(match: Match) -> str:
    least = int(match.at_least or 1)
    return f"has {'' if least == 1 else f'at least {least} of '}{_join(match.has_any)}"


def _circle(match: Match) -> str:
    circle = match.within_km
    return f"lies within {_number(circle.km)} km of {_name(circle.of)}" if circle else ""


SENTENCES: Final[Mapping[str, Callable[[Match], str]]] = MappingProxyType(
    {
        "at_least": lambda match: f"is at least {_number(match.at_least or 0)}",
        "at_most": lambda match: f"is at most {_number(match.at_most or 0)}",
        "between": lambda match: f"is {_range(match.between)}",
        "is": lambda match: f"is {_join(match.is_)}",
        "in": lambda match: f"is {_join(match.in_)}",
        "not_in": lambda match: f"is not {_join(match.not_in)}",
        "contains_any": lambda match: f"mentions {_join(match.contains_any)}",
        "matches": lambda match: f"matches `{_without_backticks(match.matches or '')}`",
        "has_any": _has_any,
        "has_all": lambda match: f"has {_join(match.has_all, 'and')}",
        "has_none": lambda match: f"has none of {_join(match.has_none)}",
        "region": lambda match: f"lies in {_join([_place(name) for name in match.region or ()])}",
        "city": lambda match: f"lies in {_join(match.city)}",
        "within_km": _circle,
        "within_days": lambda match: f"was at most {match.within_days} days ago",
        "older_than_days": lambda match: f"was more than {match.older_than_days} days ago",
        "age_years": lambda match: f"was {_range(match.age_years, ' years')} ago",
        "known": lambda match: "is known" if match.known else "is not known",
        "is_true": lambda _: "says yes",
        "is_false": lambda _: "says no",
    }
)
