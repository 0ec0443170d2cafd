"""Which companies meet what a list asks of their own values (design: "Lists", `where.property`, `where.match`)."""

from __future__ import annotations

import datetime as dt

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.parse.conventions import NO_CONVENTIONS, Conventions
from icp_sync.profile.model.criteria import Condition
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.outputs import Where
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import answers
from icp_sync.scoring.context import EvaluationContext
from icp_sync.scoring.dedupe import map_distinct
from icp_sync.scoring.predicates import QuestionMatch, distinct_predicates, predicate_columns
from icp_sync.scoring.requirements import Requirements, parse_inputs


def matching_companies(
    companies: pl.DataFrame, where: Where, profile: Profile, as_of: dt.date, conventions: Conventions = NO_CONVENTIONS
) -> pl.DataFrame:
    """`id`, and for each clause of `where.company_clauses` a Boolean column: true = certainly met."""
    basis = EvaluationContext.for_profile(profile, as_of, conventions)
    met = [
        _verdict(companies, (_question(name, match), match), profile, basis).fill_null(value=False).alias(clause)
        for clause, name, match in where.company_clauses()
    ]
    return companies.select(ID).with_columns(met)


def _question(name: str | None, match: Match) -> Condition | None:
    return Condition(id="listed", property_name=name, match=match) if name else None


def _verdict(companies: pl.DataFrame, asked: QuestionMatch, profile: Profile, basis: EvaluationContext) -> pl.Series:
    question, match = asked
    needs = Requirements.of_questions([asked], profile)

    def ask(texts: pl.DataFrame) -> pl.DataFrame:
        normalised = parse_inputs(texts, profile, needs, basis.conventions)
        told = normalised.with_columns(predicate_columns(distinct_predicates([asked], profile.location), basis))
        return told.select(answers.match_expr(match, question, basis).alias(f"{ID}:listed"))

    return map_distinct(needs.select_inputs(companies, profile), ask).to_series()
