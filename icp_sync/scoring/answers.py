"""What a company answers to each question of the profile: one small integer a criterion or disqualifier."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.companies.readings import Need
from icp_sync.profile.match import Match
from icp_sync.profile.model import Criterion, Disqualifier, Profile, Question
from icp_sync.profile.reads import leaves, matches, properties_of
from icp_sync.scoring.operators import OPERATORS

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


def kinds(question: Question) -> int:
    """How many different answers a question has."""
    return PARTIAL + (len(question.partial) if isinstance(question, Criterion) else 0)


def needs(profile: Profile) -> tuple[Need, ...]:
    """Each property the profile reads, with every kind of value its questions need it as."""
    found = [
        (name, OPERATORS[leaf.operator].reading)
        for path, question, match in matches(profile)
        for _, leaf in leaves(match, path)
        for name in properties_of(question, leaf)
    ]
    return tuple(dict.fromkeys(found))


def verdict(match: Match, question: Question | None) -> pl.Expr:
    """True = hit, false = missed, null = unknown, composed by Kleene's logic."""
    if not match.parts:
        return OPERATORS[match.operator].verdict(properties_of(question, match), match)
    parts = [verdict(part, question) for part in match.parts]
    if match.operator == "not":
        return ~parts[0]
    return pl.all_horizontal(parts) if match.operator == "all" else pl.any_horizontal(parts)


def answer(question: Question) -> pl.Expr:
    """The answer as UInt8. Partials are tried in order, and only after a match that certainly missed."""
    partials = question.partial if isinstance(question, Criterion) else ()
    answered = pl.lit(MISS, dtype=pl.UInt8)
    for n, partial in reversed(list(enumerate(partials))):
        answered = _or_else(verdict(partial.match, question), PARTIAL + n, answered)
    return _or_else(verdict(question.match, question), HIT, answered).alias(column(question))


def _or_else(hit: pl.Expr, met: int, otherwise: pl.Expr) -> pl.Expr:
    """A null condition counts as false in when/then, so what is unknown is asked for by name."""
    yes, unknown = pl.lit(met, dtype=pl.UInt8), pl.lit(UNKNOWN, dtype=pl.UInt8)
    return pl.when(hit).then(yes).when(hit.is_null()).then(unknown).otherwise(otherwise)
