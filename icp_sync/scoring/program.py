"""A profile compiled: all that follows from it, the day and the portal's conventions, worked out once and handed on.

Predicates are batched by the properties they read, directly or through each other, so that every property is parsed in
one batch, and each batch evaluates equal rows once. Weights and thresholds are no part of a batch: they are read from
`Program.profile` after the signatures, so another profile with the same predicates may be judged on the same frame.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Self

import polars as pl

from icp_sync.companies.parse.conventions import NO_CONVENTIONS, Conventions
from icp_sync.companies.parse.parse import column
from icp_sync.companies.parse.unrecognised import parse_failed
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import capacity
from icp_sync.scoring import live_tier as live
from icp_sync.scoring import understood as canonical
from icp_sync.scoring.context import EvaluationContext
from icp_sync.scoring.predicates import (
    VERDICTS,
    Predicate,
    distinct_predicates,
    list_predicates,
    profile_predicates,
)
from icp_sync.scoring.requirements import Requirements


@dataclass(frozen=True, slots=True)
class PredicateBatch:
    """Predicates over the same properties, and the columns made of these that are kept for each company."""

    requirements: Requirements
    predicates: tuple[Predicate, ...] = ()
    kept: tuple[pl.Expr, ...] = ()

    def __or__(self, other: Self) -> Self:
        """Both as one."""
        return type(self)(
            self.requirements | other.requirements, self.predicates + other.predicates, self.kept + other.kept
        )


@dataclass(frozen=True, slots=True)
class Program:
    """What scoring needs to know of a profile on a day.

    `verdicts`: the columns of all predicates, those of a batch side by side. `signature`: the columns that decide all
    else, and how many different values each has; see `dedupe.pack_signature`.
    """

    profile: Profile
    context: EvaluationContext
    requirements: Requirements
    batches: tuple[PredicateBatch, ...]
    verdicts: tuple[str, ...]
    signature: Mapping[str, int]


def compile_profile(profile: Profile, as_of: dt.date, conventions: Conventions = NO_CONVENTIONS) -> Program:
    """Compile a profile for a day; `conventions`: how the portal's values are read.

    Raises ValueError for an own name of the vocabulary that cannot be.
    """
    batches = tuple(_batch_by_inputs(profile))
    verdicts = tuple(predicate.column for batch in batches for predicate in batch.predicates)
    ranked = {live.RANK: live.RANKS} if live.has_hysteresis(profile) else {}
    return Program(
        profile=profile,
        context=EvaluationContext.for_profile(profile, as_of, conventions),
        requirements=Requirements.of(profile),
        batches=batches,
        verdicts=verdicts,
        signature=dict.fromkeys(verdicts, VERDICTS) | ranked,
    )


def _batch_by_inputs(profile: Profile) -> list[PredicateBatch]:
    """The batches of a profile; no property is a source of two."""
    # A batch parses its own properties: one in two batches would be parsed twice.
    batches: dict[frozenset[str], PredicateBatch] = {}
    for part in _parts(profile):
        sources = part.requirements.source_properties(profile)
        linked = [others for others in batches if not others.isdisjoint(sources)]
        whole = reduce(PredicateBatch.__or__, [*(batches.pop(others) for others in linked), part])
        batches[sources.union(*linked)] = whole
    return [batch for batch in batches.values() if _matters(batch, profile)]


def _matters(batch: PredicateBatch, profile: Profile) -> bool:
    """Whether the batch decides, keeps or may fail to parse anything."""
    return bool(batch.predicates or batch.kept or parse_failed(batch.requirements.source_reads(profile)))


def _parts(profile: Profile) -> Iterator[PredicateBatch]:
    for predicate in distinct_predicates(profile_predicates(profile), profile.location):
        yield PredicateBatch(Requirements.of_leaf(predicate), predicates=(predicate,))
    # `list_filter` evaluates these; here they are for the values nobody can read.
    for predicate in distinct_predicates(list_predicates(profile), profile.location):
        yield PredicateBatch(Requirements.of_leaf(predicate))
    for need in dict.fromkeys(capacity.needs(profile)):
        yield PredicateBatch(Requirements(frozenset([need])), kept=(pl.col(column(*need)),))
    for requirements, text in canonical.canonical_columns(profile):
        yield PredicateBatch(requirements, kept=(text,))
