"""The values of `derive`: a formula over what other properties say, company by company (design: "Match").

Only point values enter; an interval, a division by zero and whatever is no finite number make the result unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection
from typing import Final

import polars as pl

from icp_sync.companies.parse.parsed_columns import Input, ValueKind, high_column, low_column, parse_properties
from icp_sync.profile.model.derive_formula import (
    Call,
    Formula,
    Function,
    Negate,
    Number,
    Operation,
    Operator,
    Property,
    parse_formula,
)
from icp_sync.profile.model.profile import Profile

_OPERATIONS: Final[dict[Operator, Callable[[pl.Series, pl.Series], pl.Series]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_CALLS: Final[dict[Function, Callable[[pl.DataFrame], pl.Series]]] = {
    "abs": lambda values: values.to_series().abs(),
    "least": pl.DataFrame.min_horizontal,
    "greatest": pl.DataFrame.max_horizontal,
}


def with_derived_values(normalised: pl.DataFrame, needs: Collection[Input], profile: Profile) -> pl.DataFrame:
    """A frame that has read what formulas name as numbers, with the readings of these derived names.

    Their numbers are readings as they stand; for all others they are written as texts.
    """
    numbers = {name: derived_value(parse_formula(profile.derive[name]), normalised) for name, _ in needs}
    texts = [need for need in needs if need[1] is not ValueKind.NUMBER]
    ends = (number.alias(end) for name, number in numbers.items() for end in (low_column(name), high_column(name)))
    written = (numbers[name].cast(pl.String).alias(name) for name in {name for name, _ in texts})
    return parse_properties(normalised.with_columns(*ends, *written), texts)


def derived_value(formula: Formula, normalised: pl.DataFrame) -> pl.Series:
    """What the formula comes to for each company (Float64), null = unknown.

    Worked out a step at a time, since one expression would have to name each step twice to tell whether it is finite.
    """
    match formula:
        case Number():
            result = pl.repeat(formula.value, normalised.height, dtype=pl.Float64, eager=True)
        case Property():
            result = _non_interval_values(formula.name, normalised)
        case Negate():
            result = -derived_value(formula.value, normalised)
        case Operation():
            result = _OPERATIONS[formula.operator](
                derived_value(formula.left, normalised), derived_value(formula.right, normalised)
            )
        case Call():
            result = _function_values(formula, normalised)
    # At each step, not at the end: least(1 / 0, 5) would be 5 of a value nobody knows.
    return result.set(~result.is_finite(), None)


def _non_interval_values(name: str, normalised: pl.DataFrame) -> pl.Series:
    # Arithmetic on an interval gives one; a ratio of two would span nearly everything, so only exact values enter.
    point = pl.when(pl.col(low_column(name)) == pl.col(high_column(name))).then(low_column(name))
    return normalised.select(point.alias(name)).to_series()


def _function_values(call: Call, normalised: pl.DataFrame) -> pl.Series:
    """One unknown argument is enough: Polars alone would take the least of the others."""
    values = pl.DataFrame([derived_value(part, normalised).alias(f"{n}") for n, part in enumerate(call.arguments)])
    known = values.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
    return _CALLS[call.function](values).set(~known, None)
