"""The operators: one flat table from name to the expression that puts the question (design: "Match").

Every verdict is a Boolean column: true = hit, false = missed, null = unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.readings import Reading, column, high, low
from icp_sync.profile.match import Match
from icp_sync.scoring.basis import Basis
from icp_sync.vocabulary import regions
from icp_sync.vocabulary.keys import keys_of

Properties = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operator:
    """How an operator reads its properties, and the verdict it builds from that reading."""

    reading: Reading
    verdict: Callable[[Properties, Match, Basis], pl.Expr]


def _first(properties: Properties, reading: Reading) -> pl.Expr:
    """The first of the properties that can be read, company by company."""
    return pl.coalesce(column(name, reading) for name in properties)


def _within(properties: Properties, floor: float | None, ceiling: float | None) -> pl.Expr:
    """Hit when the interval lies wholly inside the bounds, missed when wholly outside, else unknown."""
    least, most = (pl.coalesce(end(name) for name in properties) for end in (low, high))
    inside, outside = least.is_not_null(), pl.lit(False)
    if floor is not None:
        inside, outside = inside & (least >= floor), outside | (most < floor)
    if ceiling is not None:
        inside, outside = inside & (most <= ceiling), outside | (least > ceiling)
    return pl.when(inside).then(True).when(outside).then(False)


def _at_least(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    return _within(properties, leaf.at_least, None)


def _at_most(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    return _within(properties, None, leaf.at_most)


def _between(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    return _within(properties, *(leaf.between or (None, None)))


def _members_among(properties: Properties, names: tuple[str, ...]) -> pl.Expr:
    """How many of the names are members; null when the value is unknown."""
    return _first(properties, Reading.MEMBERS).list.agg(pl.element().is_in(list(set(keys_of(names)))).sum())


def _is(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    return _members_among(properties, leaf.is_ or ()) > 0


def _in(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    return _members_among(properties, leaf.in_ or ()) > 0


def _not_in(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    return _members_among(properties, leaf.not_in or ()) == 0


def _has_any(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    return _members_among(properties, leaf.has_any or ()) >= (leaf.at_least or 1)


def _has_all(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    names = leaf.has_all or ()
    return _members_among(properties, names) == len(set(keys_of(names)))


def _has_none(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    return _members_among(properties, leaf.has_none or ()) == 0


def _contains_any(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    words = pl.concat_str(pl.lit(" "), _first(properties, Reading.WORDS), pl.lit(" "))
    return words.str.contains_any([f" {phrase} " for phrase in keys_of(leaf.contains_any or ())])


def _matches(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    return _first(properties, Reading.TEXT).str.contains(f"(?i){leaf.matches}")


def _region(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    return _first(properties, Reading.COUNTRY).is_in(sorted(_countries(leaf.region or ())))


def _countries(names: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for name in names:
        countries = regions.resolve(name)
        if countries is None:
            raise ValueError(f"no vocabulary knows the place {name!r}")
        found |= countries
    return found


def _known(properties: Properties, leaf: Match, _: Basis) -> pl.Expr:
    known = pl.any_horizontal(column(name, Reading.KNOWN) for name in properties)
    return known if leaf.known else ~known


def _is_true(properties: Properties, _: Match, __: Basis) -> pl.Expr:
    return _first(properties, Reading.TRUTH)


def _is_false(properties: Properties, _: Match, __: Basis) -> pl.Expr:
    return ~_first(properties, Reading.TRUTH)


OPERATORS: Final[dict[str, Operator]] = {
    "at_least": Operator(Reading.NUMBER, _at_least),
    "at_most": Operator(Reading.NUMBER, _at_most),
    "between": Operator(Reading.NUMBER, _between),
    "is": Operator(Reading.MEMBERS, _is),
    "in": Operator(Reading.MEMBERS, _in),
    "not_in": Operator(Reading.MEMBERS, _not_in),
    "contains_any": Operator(Reading.WORDS, _contains_any),
    "matches": Operator(Reading.TEXT, _matches),
    "has_any": Operator(Reading.MEMBERS, _has_any),
    "has_all": Operator(Reading.MEMBERS, _has_all),
    "has_none": Operator(Reading.MEMBERS, _has_none),
    "region": Operator(Reading.COUNTRY, _region),
    "known": Operator(Reading.KNOWN, _known),
    "is_true": Operator(Reading.TRUTH, _is_true),
    "is_false": Operator(Reading.TRUTH, _is_false),
}
