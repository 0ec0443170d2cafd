"""Which companies meet what a list asks of their own values (design: "Lists", `where.property`, `where.match`)."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from icp_sync.companies.enumeration_options import NO_OPTIONS
from icp_sync.companies.frame import ID
from icp_sync.profile.model.criteria import Condition
from icp_sync.profile.model.lists import Where
from icp_sync.profile.model.match import Match
from icp_sync.scoring import answers
from icp_sync.scoring.inputs_to_parse import Requirements, parse_company_inputs
from icp_sync.scoring.predicates import QuestionMatch, distinct_predicates, predicate_exprs
from icp_sync.scoring.program import Program
from icp_sync.scoring.verdict_signatures import map_distinct


def match_list_clauses(companies: pl.DataFrame, where: Where, program: Program) -> pl.DataFrame:
    """`id`, and for each clause of `where.company_clauses` a Boolean column: true = certainly met."""
    # A company joins a list in HubSpot only on what is certain: unknown counts as not met.
    met = [
        match_verdict(companies, name, match, program).fill_null(value=False).alias(clause)
        for clause, name, match in where.company_clauses()
    ]
    return companies.select(ID).with_columns(met)


def program_for_other_records(program: Program) -> Program:
    """The program for records that are no companies: what it knows of company properties does not hold for them."""
    context = program.context
    conventions = replace(context.conventions, options=NO_OPTIONS, numbers=frozenset())
    profile = program.profile.model_copy(update={"derive": {}})
    return replace(program, profile=profile, context=replace(context, conventions=conventions))


def match_verdict(records: pl.DataFrame, name: str | None, match: Match, program: Program) -> pl.Series:
    """Whether each record (a frame of texts, companies or deals) meets a match: true, false, null = unknown.

    `name`: the property it is about; None where its leaves name theirs.
    """
    profile, context = program.profile, program.context
    condition = Condition(id="listed", property_name=name, match=match) if name else None
    clause: QuestionMatch = (condition, match)
    requirements = Requirements.for_questions([clause], profile)

    def evaluate(texts: pl.DataFrame) -> pl.DataFrame:
        inputs = parse_company_inputs(texts, profile, requirements, context.conventions)
        evaluated = inputs.with_columns(predicate_exprs(distinct_predicates([clause], profile.location), context))
        return evaluated.select(answers.match_expr(match, condition, context).alias(f"{ID}:listed"))

    return map_distinct(requirements.select_inputs(records, profile), evaluate).to_series()
