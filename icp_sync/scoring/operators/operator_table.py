"""The operators: one flat table from name to the expression that answers it (design: "Match").

Every verdict is a Boolean column: true = hit, false = missed, null = unknown. What an operator is called, how it is
explained and what lint knows of it stand beside its field in `profile.model.match`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.parse.parsed_columns import ValueKind
from icp_sync.profile.model.match import Match
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.operators import dates, geography, name_sets, numbers, raw_values
from icp_sync.scoring.operators.geography import CITY_NAME, COUNTRY

Properties = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperatorEvaluation:
    """How an operator is evaluated.

    `verdict` builds the expression of its Boolean column. `readings`: what it reads its properties as; none where they
    name a country, of which `place_part` is what it decides by, a column of the place.
    """

    verdict: Callable[[Properties, Match, EvaluationContext], pl.Expr]
    readings: tuple[ValueKind, ...] = ()
    place_part: str | None = None


OPERATORS: Final[dict[str, OperatorEvaluation]] = {
    "at_least": OperatorEvaluation(numbers.at_least, (ValueKind.NUMBER,)),
    "at_most": OperatorEvaluation(numbers.at_most, (ValueKind.NUMBER,)),
    "between": OperatorEvaluation(numbers.between, (ValueKind.NUMBER,)),
    "is": OperatorEvaluation(name_sets.is_, (ValueKind.INDUSTRIES,)),
    "in": OperatorEvaluation(name_sets.in_, (ValueKind.INDUSTRIES,)),
    "not_in": OperatorEvaluation(name_sets.not_in, (ValueKind.INDUSTRIES,)),
    "contains_any": OperatorEvaluation(raw_values.contains_any, (ValueKind.RAW,)),
    "starts_with": OperatorEvaluation(raw_values.starts_with, (ValueKind.RAW,)),
    "matches": OperatorEvaluation(raw_values.matches, (ValueKind.TEXT,)),
    "has_any": OperatorEvaluation(name_sets.has_any, (ValueKind.TECHNOLOGIES,)),
    "has_all": OperatorEvaluation(name_sets.has_all, (ValueKind.TECHNOLOGIES,)),
    "has_none": OperatorEvaluation(name_sets.has_none, (ValueKind.TECHNOLOGIES,)),
    "region": OperatorEvaluation(geography.region, place_part=COUNTRY),
    "city": OperatorEvaluation(geography.city, place_part=CITY_NAME),
    "within_km": OperatorEvaluation(geography.within_km, place_part=CITY_NAME),
    "within_days": OperatorEvaluation(dates.within_days, (ValueKind.DATE,)),
    "older_than_days": OperatorEvaluation(dates.older_than_days, (ValueKind.DATE,)),
    "age_years": OperatorEvaluation(dates.age_years, (ValueKind.DATE, ValueKind.YEAR)),
    "known": OperatorEvaluation(raw_values.known, (ValueKind.PRESENT,)),
    "is_true": OperatorEvaluation(raw_values.is_true, (ValueKind.BOOLEAN,)),
    "is_false": OperatorEvaluation(raw_values.is_false, (ValueKind.BOOLEAN,)),
}
