"""The leaves of a profile's matches: each asks the same few texts one thing, and its verdict is a column of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.profile.model.criteria import Criterion, Question
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Location, Profile
from icp_sync.profile.reads import list_matches, matches, properties_of
from icp_sync.scoring.context import Basis
from icp_sync.scoring.operators.table import OPERATORS

Asked = tuple[Question | None, Match]
"""A whole match, and the question it belongs to."""

_TRUE: Final = 1
_UNKNOWN: Final = 2
VERDICTS: Final = 3
"""How many different verdicts there are."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One operator, and the properties it is put to."""

    properties: tuple[str, ...]
    match: Match

    @property
    def column(self) -> str:
        """The Boolean column of its verdict: true = hit, false = missed, null = unknown."""
        asks = self.match.model_dump_json(exclude={"property_name", "properties"}, exclude_none=True)
        return f"{','.join(self.properties)} {asks}"


def asked(profile: Profile) -> list[Asked]:
    """Every match a profile puts to companies."""
    return [(question, match) for _, question, match in matches(profile)]


def asked_of_lists(profile: Profile) -> list[Asked]:
    """Every match by which a profile's lists choose among companies."""
    return [(question, match) for _, question, match in list_matches(profile)]


def matches_of(question: Question) -> Iterator[Match]:
    """The match of a question and those of its partials."""
    yield question.match
    if isinstance(question, Criterion):
        yield from (partial.match for partial in question.partial)


def leaf(question: Question | None, match: Match, location: Location) -> Leaf:
    """A leaf with the properties it reads, wherever these are named."""
    return Leaf(properties_of(question, match, location), match)


def leaves(questions: Iterable[Asked], location: Location) -> list[Leaf]:
    """The leaves of these questions, each once."""
    found = (leaf(question, part, location) for question, match in questions for part in match.leaves())
    return list({one.column: one for one in found}.values())


def verdicts(leaves: Iterable[Leaf], basis: Basis) -> list[pl.Expr]:
    """The columns of these leaves, for a normalised frame."""
    return [OPERATORS[one.match.operator].verdict(one.properties, one.match, basis).alias(one.column) for one in leaves]


def encoded(verdicts: Iterable[pl.Expr]) -> list[pl.Expr]:
    """Verdicts as small integers, to be packed."""
    return [verdict.cast(pl.UInt8).fill_null(_UNKNOWN) for verdict in verdicts]


def decoded(columns: Iterable[str]) -> list[pl.Expr]:
    """Such integers as the verdicts they were."""
    return [pl.when(pl.col(column) != _UNKNOWN).then(pl.col(column) == _TRUE).alias(column) for column in columns]
