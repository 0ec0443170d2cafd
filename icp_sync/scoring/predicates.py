"""The predicates of a profile: one operator bound to its properties, yielding one Boolean column, null = unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.profile.model.criteria import Condition, Criterion
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Location, Profile
from icp_sync.profile.property_reads import iter_list_matches, iter_matches, question_leaf_properties
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.operators.operator_table import OPERATORS

QuestionMatch = tuple[Condition | None, Match]
"""A whole match, and the criterion or disqualifier it belongs to; None for the scope."""

_TRUE: Final = 1
_UNKNOWN: Final = 2
VERDICTS: Final = 3
"""How many different verdicts there are."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """One operator, and the properties it is put to."""

    properties: tuple[str, ...]
    match: Match

    @property
    def column(self) -> str:
        """The Boolean column of its verdict: true = hit, false = missed, null = unknown."""
        # The argument is part of the name, so the same question in two criteria is one column, evaluated once.
        asks = self.match.model_dump_json(exclude={"property_name", "properties"}, exclude_none=True)
        return f"{','.join(self.properties)} {asks}"


def profile_matches(profile: Profile) -> list[QuestionMatch]:
    """Every match a profile puts to companies."""
    return [(question, match) for _, question, match in iter_matches(profile)]


def target_list_matches(profile: Profile) -> list[QuestionMatch]:
    """Every match by which a profile's lists choose among companies."""
    return [(question, match) for _, question, match in iter_list_matches(profile)]


def question_matches(question: Condition) -> Iterator[Match]:
    """The match of a question and those of its partials."""
    yield question.match
    if isinstance(question, Criterion):
        yield from (partial.match for partial in question.partial)


def bind_leaf(question: Condition | None, match: Match, location: Location) -> Predicate:
    """A leaf match with the properties it reads, wherever these are named."""
    return Predicate(question_leaf_properties(question, match, location), match)


def distinct_predicates(questions: Iterable[QuestionMatch], location: Location) -> list[Predicate]:
    """The predicates of these matches, each once, in the order they are first met."""
    predicates = (bind_leaf(question, part, location) for question, match in questions for part in match.leaves())
    return list({predicate.column: predicate for predicate in predicates}.values())


def predicate_exprs(predicates: Iterable[Predicate], context: EvaluationContext) -> list[pl.Expr]:
    """The Boolean columns of these predicates, over a frame of parsed inputs."""
    return [
        OPERATORS[predicate.match.operator]
        .verdict(predicate.properties, predicate.match, context)
        .alias(predicate.column)
        for predicate in predicates
    ]


def encode_kleene(verdicts: Iterable[pl.Expr]) -> list[pl.Expr]:
    """Verdicts as UInt8, to be packed; arithmetic would turn a null into a null of the whole signature."""
    return [verdict.cast(pl.UInt8).fill_null(_UNKNOWN) for verdict in verdicts]


def decode_kleene(columns: Iterable[str]) -> list[pl.Expr]:
    """The Boolean verdicts of such integers, null = unknown again."""
    return [pl.when(pl.col(column) != _UNKNOWN).then(pl.col(column) == _TRUE).alias(column) for column in columns]
