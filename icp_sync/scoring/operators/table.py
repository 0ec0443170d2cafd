"""The operators: one flat table from name to the expression that puts the question (design: "Match").

Every verdict is a Boolean column: true = hit, false = missed, null = unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.parse.parse import ValueKind, column, high, low
from icp_sync.profile.model.match import Match
from icp_sync.scoring.context import EvaluationContext
from icp_sync.scoring.operators import dates, geography, names
from icp_sync.vocabulary.keys import key_has_any

Properties = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operator:
    """The verdict an operator builds, and what it reads its properties as; nothing of them, where it is a place's."""

    verdict: Callable[[Properties, Match, EvaluationContext], pl.Expr]
    readings: tuple[ValueKind, ...]


def _first(properties: Properties, reading: ValueKind) -> pl.Expr:
    """The first of the properties that can be read, company by company."""
    first, *others = (pl.col(column(name, reading)) for name in properties)
    return pl.coalesce(first, *others) if others else first


def _within(properties: Properties, floor: float | None, ceiling: float | None) -> pl.Expr:
    """Hit when the interval lies wholly inside the bounds, missed when wholly outside, else unknown."""
    least, most = (pl.coalesce(end(name) for name in properties) for end in (low, high))
    inside, outside = least.is_not_null(), pl.lit(False)
    if floor is not None:
        inside, outside = inside & (least >= floor), outside | (most < floor)
    if ceiling is not None:
        inside, outside = inside & (most <= ceiling), outside | (least > ceiling)
    return pl.when(inside).then(True).when(outside).then(False)


def _at_least(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    return _within(properties, leaf.at_least, None)


def _at_most(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    return _within(properties, None, leaf.at_most)


def _between(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    return _within(properties, *(leaf.between or (None, None)))


def _contains_any(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    return key_has_any(_first(properties, ValueKind.RAW), leaf.contains_any or ())


def _matches(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    return _first(properties, ValueKind.TEXT).str.contains(f"(?i){leaf.matches}")


def _known(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    known = pl.any_horizontal(column(name, ValueKind.PRESENT) for name in properties)
    return known if leaf.known else ~known


def _is_true(properties: Properties, _: Match, __: EvaluationContext) -> pl.Expr:
    return _first(properties, ValueKind.BOOLEAN)


def _is_false(properties: Properties, _: Match, __: EvaluationContext) -> pl.Expr:
    return ~_first(properties, ValueKind.BOOLEAN)


OPERATORS: Final[dict[str, Operator]] = {
    "at_least": Operator(_at_least, (ValueKind.NUMBER,)),
    "at_most": Operator(_at_most, (ValueKind.NUMBER,)),
    "between": Operator(_between, (ValueKind.NUMBER,)),
    "is": Operator(names.is_, (ValueKind.INDUSTRIES,)),
    "in": Operator(names.in_, (ValueKind.INDUSTRIES,)),
    "not_in": Operator(names.not_in, (ValueKind.INDUSTRIES,)),
    "contains_any": Operator(_contains_any, (ValueKind.RAW,)),
    "matches": Operator(_matches, (ValueKind.TEXT,)),
    "has_any": Operator(names.has_any, (ValueKind.TECHNOLOGIES,)),
    "has_all": Operator(names.has_all, (ValueKind.TECHNOLOGIES,)),
    "has_none": Operator(names.has_none, (ValueKind.TECHNOLOGIES,)),
    "region": Operator(geography.region, ()),
    "city": Operator(geography.city, ()),
    "within_km": Operator(geography.within_km, ()),
    "within_days": Operator(dates.within_days, (ValueKind.DATE,)),
    "older_than_days": Operator(dates.older_than_days, (ValueKind.DATE,)),
    "age_years": Operator(dates.age_years, (ValueKind.DATE, ValueKind.YEAR)),
    "known": Operator(_known, (ValueKind.PRESENT,)),
    "is_true": Operator(_is_true, (ValueKind.BOOLEAN,)),
    "is_false": Operator(_is_false, (ValueKind.BOOLEAN,)),
}
