"""Predicates about numbers, each read as an interval: hit inside the bounds, missed outside, else unknown."""

from __future__ import annotations

import polars as pl

from icp_sync.companies.parse.parsed_columns import high_column, low_column
from icp_sync.profile.model.match import Match
from icp_sync.scoring.evaluation_context import EvaluationContext

Properties = tuple[str, ...]


def at_least(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    """Hit when the whole interval is the bound or more."""
    return _interval_verdict(properties, leaf.at_least, None)


def at_most(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    """Hit when the whole interval is the bound or less."""
    return _interval_verdict(properties, None, leaf.at_most)


def between(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    """Hit when the whole interval lies between the bounds, both included; null is no bound."""
    return _interval_verdict(properties, *(leaf.between or (None, None)))


def _interval_verdict(properties: Properties, floor: float | None, ceiling: float | None) -> pl.Expr:
    # Enrichment writes sizes as ranges ("51 - 200" in hs_employee_range, hubspot-api.md). Of a range that spans a bound
    # nobody knows on which side the company is, so it is unknown rather than missed.
    least, most = (pl.coalesce(end(name) for name in properties) for end in (low_column, high_column))
    inside, outside = least.is_not_null(), pl.lit(False)
    if floor is not None:
        inside, outside = inside & (least >= floor), outside | (most < floor)
    if ceiling is not None:
        inside, outside = inside & (most <= ceiling), outside | (least > ceiling)
    return pl.when(inside).then(True).when(outside).then(False)
