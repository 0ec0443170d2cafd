"""A match as an English sentence, and all operators as a table, by what stands beside each operator's field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import pycountry

from icp_sync.profile.model.match import OPERATORS, Match
from icp_sync.profile.model.types import Distance
from icp_sync.profile.property_reads import GEOGRAPHY


def match_sentence(match: Match, properties: Sequence[str] = ()) -> str:
    """The match in words, without a full stop; `properties` are its condition's, which its leaves may replace."""
    if not match.operands:
        return _leaf_sentence(match, properties)
    if match.operator == "not":
        return f"not ({match_sentence(match.operands[0], properties)})"
    parts = [match_sentence(part, properties) for part in match.operands]
    joined = (" and " if match.operator == "all" else " or ").join(parts)
    return f"({joined})" if len(parts) > 1 else joined


def _leaf_sentence(match: Match, properties: Sequence[str]) -> str:
    names = match.own_properties or properties
    subject = " or ".join(f"`{name}`" for name in names)
    predicate = OPERATORS[match.operator].sentence.format(_FormattedArgument(match))
    if match.operator in GEOGRAPHY and not names:
        return f"the company {predicate}"
    return f"{subject} {predicate}"


def _number_text(value: float) -> str:
    return f"{value:,.15g}"


def _range_text(bounds: tuple[float | None, float | None], unit: str = "") -> str:
    low, high = bounds
    if low is None or high is None:
        return f"at most {_number_text(high or 0)}{unit}" if low is None else f"at least {_number_text(low)}{unit}"
    return f"from {_number_text(low)} to {_number_text(high)}{unit}" if low != high else f"{_number_text(low)}{unit}"


def _join_names(names: Sequence[str], conjunction: str = "or") -> str:
    *most, last = map(_name_text, names)
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def _name_text(written: str) -> str:
    """`Austin, US` → `Austin (US)`, since it would read as two names."""
    city, comma, country = _without_backticks(written).partition(", ")
    return f"{city} ({country})" if comma else city


def _without_backticks(written: str) -> str:
    """The text without backticks, which end code in Markdown."""
    return written.replace("`", "'")


def _place_name(written: str) -> str:
    """The name of a country or subdivision code (`DE`, `US-NJ`); any other text as it is."""
    code = written.strip().upper()
    if len(code) == 2 and (country := pycountry.countries.get(alpha_2=code)):
        return str(getattr(country, "common_name", country.name))
    part = pycountry.subdivisions.get(code=code) if "-" in code else None  # type: ignore[no-untyped-call]
    return str(part.name) if part else written


def _at_least_names_text(match: Match) -> str:
    least = int(match.at_least or 1)
    return f"{'' if least == 1 else f'at least {least} of '}{_join_names(match.has_any or ())}"


def _distance_text(circle: Distance) -> str:
    return f"{_number_text(circle.km)} km of {_name_text(circle.of)}"


_FORMS: Final[Mapping[str, Callable[[Any], str]]] = MappingProxyType(
    {
        "plain": lambda argument: _without_backticks(str(argument)),
        "number": _number_text,
        "range": _range_text,
        "years": lambda bounds: _range_text(bounds, " years"),
        "names": _join_names,
        "all_names": lambda names: _join_names(names, "and"),
        "places": lambda names: _join_names([_place_name(name) for name in names]),
        "distance": _distance_text,
        "not_if_false": lambda argument: "" if argument else "not ",
    }
)
"""The forms in which an operator's sentence may have its argument."""


class _FormattedArgument:
    """The argument of a leaf, for `str.format`: `{:names}` puts it into the form `names`."""

    def __init__(self, match: Match) -> None:
        self._match = match

    def __format__(self, form: str) -> str:
        # The one form that reads two keys: has_any counts by the at_least beside it.
        return _at_least_names_text(self._match) if form == "at_least_names" else _FORMS[form](self._match.argument)


def operators_table() -> str:
    """The operators as the Markdown table of `docs/reference/operators.md`."""
    head = ("operator", "reads", "hit when", "unknown when")
    rows = [
        (f"`{name}: {operator.example}`", operator.group.reads, operator.hit, operator.group.unknown)
        for name, operator in OPERATORS.items()
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
