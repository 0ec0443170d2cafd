"""What a company answers to each question of the profile: one small integer a criterion or disqualifier."""

from __future__ import annotations

import datetime as dt
from typing import Final

import polars as pl

from icp_sync.profile.model.criteria import Criterion, Disqualifier, Question
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.context import Basis
from icp_sync.scoring.predicates import leaf

MISS: Final = 0
HIT: Final = 1
UNKNOWN: Final = 2
PARTIAL: Final = 3
"""The first partial's answer; the second's is one more, and so on."""


def column(question: Question) -> str:
    """The column that holds the answers to a question."""
    return f"answer.{question.id}"


def questions(profile: Profile) -> tuple[Criterion | Disqualifier, ...]:
    """The questions whose answers make a company's pattern."""
    return *profile.criteria, *profile.disqualifiers


def verdict(match: Match, question: Question | None, basis: Basis) -> pl.Expr:
    """True = hit, false = missed, null = unknown, composed of the verdicts of the leaves by Kleene's logic."""
    if not match.parts:
        return pl.col(leaf(question, match, basis.location).column)
    parts = [verdict(part, question, basis) for part in match.parts]
    if match.operator == "not":
        return ~parts[0]
    return pl.all_horizontal(parts) if match.operator == "all" else pl.any_horizontal(parts)


def answered(profile: Profile, as_of: dt.date) -> list[pl.Expr]:
    """The answers to every question of a profile."""
    basis = Basis.of(profile, as_of)
    return [answer(question, basis) for question in questions(profile)]


def answer(question: Question, basis: Basis) -> pl.Expr:
    """The answer as UInt8. Partials are tried in order, and only after a match that certainly missed."""
    partials = question.partial if isinstance(question, Criterion) else ()
    answered = pl.lit(MISS, dtype=pl.UInt8)
    for n, partial in reversed(list(enumerate(partials))):
        answered = _or_else(verdict(partial.match, question, basis), PARTIAL + n, answered)
    return _or_else(verdict(question.match, question, basis), HIT, answered).alias(column(question))


def _or_else(hit: pl.Expr, met: int, otherwise: pl.Expr) -> pl.Expr:
    """A null condition counts as false in when/then, so what is unknown is asked for by name."""
    yes, unknown = pl.lit(met, dtype=pl.UInt8), pl.lit(UNKNOWN, dtype=pl.UInt8)
    return pl.when(hit).then(yes).when(hit.is_null()).then(unknown).otherwise(otherwise)
