"""What a company answers to each question of the profile: one small integer a criterion or disqualifier."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.profile.model.criteria import Condition, Criterion, Disqualifier
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.predicates import bind_leaf

MISS: Final = 0
HIT: Final = 1
UNKNOWN: Final = 2
PARTIAL: Final = 3
"""The first partial's answer; the second's is one more, and so on."""


def answer_column(question: Condition) -> str:
    """The column that holds the answers to a question."""
    return f"answer.{question.id}"


def questions_of_profile(profile: Profile) -> tuple[Criterion | Disqualifier, ...]:
    """The questions whose answers make a company's pattern."""
    return *profile.criteria, *profile.disqualifiers


def match_expr(match: Match, question: Condition | None, context: EvaluationContext) -> pl.Expr:
    """True = hit, false = missed, null = unknown, composed of the verdicts of the leaves by Kleene's logic."""
    if not match.operands:
        return pl.col(bind_leaf(question, match, context.location).column)
    parts = [match_expr(part, question, context) for part in match.operands]
    # Polars' horizontal and, or and not follow Kleene: a miss decides `all` and a hit decides `any` beside unknowns.
    if match.operator == "not":
        return ~parts[0]
    return pl.all_horizontal(parts) if match.operator == "all" else pl.any_horizontal(parts)


def scope_expr(profile: Profile, context: EvaluationContext) -> pl.Expr:
    """Only a company that certainly misses the scope is outside; an unknown scope is for people to fill in."""
    return match_expr(profile.scope, None, context).fill_null(True) if profile.scope else pl.lit(True)


def answer_columns(profile: Profile, context: EvaluationContext) -> list[pl.Expr]:
    """The answers to every question of a profile, one UInt8 column each."""
    return [answer_expr(question, context) for question in questions_of_profile(profile)]


def answer_expr(question: Condition, context: EvaluationContext) -> pl.Expr:
    """The answer as UInt8. Partials are tried in order, and only after a match that certainly missed."""
    partials = question.partial if isinstance(question, Criterion) else ()
    # An unknown match must not fall through to a partial: the company may be a full hit, and a lower credit would be
    # stated as proven.
    answered = pl.lit(MISS, dtype=pl.UInt8)
    for n, partial in reversed(list(enumerate(partials))):
        answered = _when_hit_else(match_expr(partial.match, question, context), PARTIAL + n, answered)
    return _when_hit_else(match_expr(question.match, question, context), HIT, answered).alias(answer_column(question))


def _when_hit_else(hit: pl.Expr, met: int, otherwise: pl.Expr) -> pl.Expr:
    """A null condition counts as false in when/then, so what is unknown is asked for by name."""
    yes, unknown = pl.lit(met, dtype=pl.UInt8), pl.lit(UNKNOWN, dtype=pl.UInt8)
    return pl.when(hit).then(yes).when(hit.is_null()).then(unknown).otherwise(otherwise)
