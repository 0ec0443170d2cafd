"""A profile compiled: all that follows from it, the day and the portal's conventions, worked out once and handed on.

Predicates are batched by the properties they read, directly or through each other, so that every property is parsed in
one batch, and each batch evaluates equal rows once. Weights and thresholds are no part of a batch: they enter after the
signatures, so another profile with the same predicates may be judged on the same frame.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final, Self

import polars as pl

from icp_sync.companies.parse.parsed_columns import ValueKind, parsed_column
from icp_sync.companies.parse.portal_conventions import NO_CONVENTIONS, Conventions
from icp_sync.companies.parse.unrecognised import parse_failed_flags
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import answers, tier_capacity
from icp_sync.scoring import live_tier as live
from icp_sync.scoring import understood_values as canonical
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.inputs_to_parse import Requirements, country_properties
from icp_sync.scoring.operators.geography import COUNTRY, place_column
from icp_sync.scoring.outcome import Steps, outcome_steps
from icp_sync.scoring.predicates import (
    VERDICTS,
    Predicate,
    decode_kleene,
    distinct_predicates,
    encode_kleene,
    predicate_exprs,
    profile_matches,
    target_list_matches,
)
from icp_sync.scoring.reasons import reasons_steps
from icp_sync.scoring.verdict_signatures import pack_signature, unpack_signature

_OF_DAYS: Final = frozenset({ValueKind.DATE, ValueKind.YEAR})


@dataclass(frozen=True, slots=True)
class PredicateBatch:
    """Predicates over the same properties.

    `verdicts`: their columns as UInt8; `signature`: those packed; `kept`: columns made of the same properties that
    are kept for each company.
    """

    requirements: Requirements
    verdict_names: tuple[str, ...]
    verdicts: tuple[pl.Expr, ...]
    signature: tuple[pl.Expr, ...]
    kept: tuple[pl.Expr, ...]

    @property
    def reads_dates(self) -> bool:
        """Whether it reads a day or year: what it makes of the same texts may be another tomorrow."""
        return any(kind in _OF_DAYS for _, kind in self.requirements.values)


@dataclass(frozen=True, slots=True)
class _BatchPart:
    """What becomes a batch, alone or with others that read the same properties."""

    requirements: Requirements
    predicates: tuple[Predicate, ...] = ()
    kept: tuple[pl.Expr, ...] = ()

    @property
    def verdict_names(self) -> tuple[str, ...]:
        return tuple(predicate.column for predicate in self.predicates)

    def __or__(self, other: Self) -> Self:
        """Both as one."""
        return type(self)(
            self.requirements | other.requirements, self.predicates + other.predicates, self.kept + other.kept
        )


@dataclass(frozen=True, slots=True)
class Program:
    """What scoring needs to know of a profile on a day.

    `whole`: all batches as one. `verdicts`: the columns of all predicates, those of a batch side by side. `signature`:
    the columns that decide all else, and how many different values each has; see `verdict_signatures.pack_signature`.
    `unpacked`: the verdicts again, of a signature. `scope`, `answers`, `outcome` and `reasons`: expressions over these
    verdicts, each over the columns of those before it.
    """

    profile: Profile
    context: EvaluationContext
    requirements: Requirements
    batches: tuple[PredicateBatch, ...]
    whole: PredicateBatch
    verdicts: tuple[str, ...]
    signature: Mapping[str, int]
    unpacked: Steps
    scope: pl.Expr
    answers: Sequence[pl.Expr]
    outcome: Steps
    reasons: Steps


def compile_profile(
    profile: Profile, as_of: dt.date, conventions: Conventions = NO_CONVENTIONS, *, own_days: bool = False
) -> Program:
    """Compile a profile for a day; `conventions`: how the portal's values are read.

    `own_days`: companies are judged by the days in their column `DAY`, as each was in the past.

    Raises ValueError for an own name of the vocabulary that cannot be.
    """
    context = replace(EvaluationContext.for_profile(profile, as_of, conventions), own_days=own_days)
    parts = _parts_by_inputs(profile)
    verdicts = tuple(name for part in parts for name in part.verdict_names)
    ranked = {live.RANK: live.RANKS} if live.has_hysteresis(profile) else {}
    signature = dict.fromkeys(verdicts, VERDICTS) | ranked
    # Polars takes 10 ms to build these expressions, and as long to judge a few companies by them.
    return Program(
        profile=profile,
        context=context,
        requirements=Requirements.for_profile(profile),
        batches=tuple(_compile_batch(part, context, signature) for part in parts),
        whole=_compile_batch(reduce(_BatchPart.__or__, parts, _BatchPart(Requirements())), context, signature),
        verdicts=verdicts,
        signature=signature,
        unpacked=(unpack_signature(signature), decode_kleene(verdicts)),
        scope=answers.scope_expr(profile, context),
        answers=answers.answer_columns(profile, context),
        outcome=outcome_steps(profile),
        reasons=reasons_steps(profile),
    )


def restrict_program(program: Program, verdicts: Collection[str]) -> Program:
    """The program with these verdicts alone, for questions about a part of a profile; it keeps no other columns."""
    signature = {digit: kinds for digit, kinds in program.signature.items() if digit in verdicts}
    kept = tuple(name for name in program.verdicts if name in verdicts)
    batches = (_restrict_batch_to_signature(batch, signature) for batch in program.batches)
    return replace(
        program,
        batches=tuple(batch for batch in batches if batch.verdict_names),
        whole=_restrict_batch_to_signature(program.whole, signature),
        verdicts=kept,
        signature=signature,
        unpacked=(unpack_signature(signature), decode_kleene(kept)),
    )


def _restrict_batch_to_signature(batch: PredicateBatch, signature: Mapping[str, int]) -> PredicateBatch:
    named = zip(batch.verdict_names, batch.verdicts, strict=True)
    chosen = [(name, verdict) for name, verdict in named if name in signature]
    names = tuple(name for name, _ in chosen)
    verdicts = tuple(verdict for _, verdict in chosen)
    return replace(
        batch, verdict_names=names, verdicts=verdicts, signature=tuple(pack_signature(signature, names)), kept=()
    )


def _compile_batch(part: _BatchPart, context: EvaluationContext, signature: Mapping[str, int]) -> PredicateBatch:
    return PredicateBatch(
        part.requirements,
        part.verdict_names,
        verdicts=tuple(encode_kleene(predicate_exprs(part.predicates, context))),
        signature=tuple(pack_signature(signature, part.verdict_names)),
        kept=part.kept,
    )


def _parts_by_inputs(profile: Profile) -> list[_BatchPart]:
    """The parts that become a batch each; no property is a source of two."""
    # A batch parses its own properties: one in two batches would be parsed twice.
    batches: dict[frozenset[str], _BatchPart] = {}
    for part in _batch_parts(profile):
        sources = part.requirements.source_properties(profile)
        linked = [others for others in batches if not others.isdisjoint(sources)]
        whole = reduce(_BatchPart.__or__, [*(batches.pop(others) for others in linked), part])
        batches[sources.union(*linked)] = whole
    return [batch for batch in batches.values() if _has_effect(batch, profile)]


def _has_effect(batch: _BatchPart, profile: Profile) -> bool:
    """Whether the batch decides, keeps or may fail to parse anything."""
    return bool(batch.predicates or batch.kept or parse_failed_flags(batch.requirements.source_inputs(profile)))


def _batch_parts(profile: Profile) -> Iterator[_BatchPart]:
    for predicate in distinct_predicates(profile_matches(profile), profile.location):
        yield _BatchPart(Requirements.for_leaf(predicate), predicates=(predicate,))
    # `list_filter` evaluates these; here they are for the values nobody can read.
    for predicate in distinct_predicates(target_list_matches(profile), profile.location):
        yield _BatchPart(Requirements.for_leaf(predicate))
    for need in dict.fromkeys(tier_capacity.grouping_inputs(profile)):
        yield _BatchPart(Requirements(frozenset([need])), kept=(pl.col(parsed_column(*need)),))
    for requirements, text in canonical.understood_columns(profile):
        yield _BatchPart(requirements, kept=(text,))
    # Kept for reports: where companies are is worked out here anyway, and nowhere else.
    if countries := country_properties(Requirements.for_profile(profile), profile):
        kept = pl.col(place_column(countries, COUNTRY))
        yield _BatchPart(Requirements(places=frozenset([countries])), kept=(kept,))
