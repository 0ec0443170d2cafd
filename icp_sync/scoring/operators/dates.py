"""Questions about dates: how many days or completed years ago, as of one calendar day (design: "Dates")."""

from __future__ import annotations

import polars as pl

from icp_sync.companies.parse.parsed_columns import ValueKind, parsed_column
from icp_sync.profile.model.match import Match
from icp_sync.scoring.evaluation_context import EvaluationContext

Properties = tuple[str, ...]


def within_days(properties: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit when the date is today or at most so many days back; a future date misses."""
    return days_ago(properties, context).is_between(0, leaf.within_days)


def older_than_days(properties: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit when the date is more than so many days back."""
    return days_ago(properties, context) > leaf.older_than_days


def age_years(properties: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit when the age lies in [low, high], both included."""
    low, high = leaf.age_years or (None, None)
    age = completed_years(properties, context)
    inside = age >= (0 if low is None else low)  # what is to come is no years old
    met = inside if high is None else inside & (age <= high)
    return pl.when(age.is_not_null()).then(met)


def completed_years(properties: Properties, context: EvaluationContext) -> pl.Expr:
    """Completed years since the first of the properties that can be read; null is unknown."""
    return pl.coalesce(_age_in_years(name, context) for name in properties)


def days_ago(properties: Properties, context: EvaluationContext) -> pl.Expr:
    """Days since the first of the properties that can be read, negative for a day to come; null is unknown."""
    # A bare year is no DATE: "2026" says nothing of days, and is unknown here, while `age_years` takes it.
    date = pl.coalesce(parsed_column(name, ValueKind.DATE) for name in properties)
    return (context.today - date).dt.total_days()


def _age_in_years(name: str, context: EvaluationContext) -> pl.Expr:
    """Completed years since a full date, else the difference of the years."""
    # founded_year is a text and mostly a bare year (hubspot-api.md, section 3); other properties hold whole dates.
    born, today = pl.col(parsed_column(name, ValueKind.DATE)), context.today
    year, month, day = today.dt.year(), today.dt.month(), today.dt.day()
    birthday_to_come = (born.dt.month() > month) | ((born.dt.month() == month) & (born.dt.day() > day))
    completed = year - born.dt.year() - birthday_to_come.cast(pl.Int32)
    return pl.coalesce(completed, year - pl.col(parsed_column(name, ValueKind.YEAR)))
