"""Why a company came out as it did, criterion by criterion, and which single change would lift it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.profile.model.criteria import Criterion, Disqualifier
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring import answers
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.answers import HIT, MISS, UNKNOWN
from icp_sync.scoring.explain_values import interpreted_value, raw_value
from icp_sync.scoring.inputs_to_parse import parse_company_inputs
from icp_sync.scoring.operators.geography import with_city_names
from icp_sync.scoring.outcome import apply_steps, credit_column, max_criterion_points
from icp_sync.scoring.predicates import distinct_predicates, predicate_exprs, profile_matches
from icp_sync.scoring.program import Program
from icp_sync.scoring.reasons import NOTE, locked_note, with_reasons

Row = Mapping[str, Any]  # one row of a frame

_WORST_FIRST: Final = ("disqualified", "not_icp", "insufficient_data", "tiered")
_MET: Final = {MISS: False, HIT: True, UNKNOWN: None}


@dataclass(frozen=True, slots=True)
class CriterionAnswer:
    """One criterion's part in the score. `points` are out of the fit score's 100; a null credit is unknown."""

    id: str
    value: str | None
    understood: str | None
    credit: float | None
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class DisqualifierAnswer:
    """Whether a disqualifier is met; null is unknown, which does not rule a company out."""

    id: str
    value: str | None
    understood: str | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class CriterionLift:
    """What the company would come out as if this one criterion were a full hit."""

    id: str
    outcome: str
    tier: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A company explained. Outside the scope it has no score, outcome or tier, no reasons and no criteria."""

    id: int
    name: str | None
    domain: str | None
    score: float | None
    potential: float | None
    coverage: float | None
    outcome: str | None
    tier: str | None
    live_tier: str | None
    criteria: tuple[CriterionAnswer, ...] = ()
    disqualifiers: tuple[DisqualifierAnswer, ...] = ()
    lifts: tuple[CriterionLift, ...] = ()
    reasons: str | None = None


def explain(companies: pl.DataFrame, program: Program, live_tiers: Mapping[int, str | None]) -> tuple[Explanation, ...]:
    """Explain each company of a frame, in its order. `live_tiers`: the tier on the record, by company id."""
    profile, context = program.profile, program.context
    inputs = parse_company_inputs(companies, profile, program.requirements, context.conventions)
    normalised = live.with_live_columns(with_city_names(inputs, program.requirements.places))
    # One company is asked for, or a few: signatures would save nothing, and its parsed values are needed beside.
    predicates = distinct_predicates(profile_matches(profile), profile.location)
    evaluated = normalised.with_columns(predicate_exprs(predicates, context))
    answered = evaluated.filter(program.scope).select(ID, live.RANK, live.LOCKED, live.STANDS, *program.answers)
    judgements: dict[int, list[Row]] = {}
    judgement = apply_steps(_with_each_hit_assumed(answered, profile).lazy(), program.outcome)
    noted = judgement.with_columns(_lock_note(), tier=pl.col("reached"))
    for row in with_reasons(noted, program.reasons).collect().to_dicts():
        judgements.setdefault(row[ID], []).append(row)  # the company as it is first, then each what-if
    return tuple(
        _explanation(company, judgements.get(company[ID], []), profile, live_tiers.get(company[ID]))
        for company in normalised.to_dicts()
    )


def _lock_note() -> pl.Expr:
    return pl.when(pl.col(live.LOCKED)).then(locked_note()).otherwise(None).alias(NOTE)


def _with_each_hit_assumed(answered: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The answers as given (`lifted` null), then once for each criterion with that one answer a hit."""
    given = answered.with_columns(pl.lit(None, dtype=pl.String).alias("lifted"))
    hit = pl.lit(HIT, dtype=pl.UInt8)
    lifted = (
        answered.with_columns(hit.alias(answers.answer_column(criterion)), pl.lit(criterion.id).alias("lifted"))
        for criterion in profile.criteria
    )
    return pl.concat([given, *lifted])


def _explanation(company: Row, judgements: list[Row], profile: Profile, live_tier: str | None) -> Explanation:
    judgement = judgements[0] if judgements else {}
    head = Explanation(
        id=company[ID],
        name=company.get("name"),
        domain=company.get("domain"),
        score=judgement.get("score"),
        potential=judgement.get("potential"),
        coverage=judgement.get("coverage"),
        outcome=judgement.get("outcome"),
        tier=judgement.get("reached"),
        live_tier=live_tier,
    )
    if not judgements:
        return head
    return replace(
        head,
        criteria=tuple(_criterion_answer(item, company, judgement, profile) for item in profile.criteria),
        disqualifiers=tuple(_disqualifier_answer(item, company, judgement, profile) for item in profile.disqualifiers),
        lifts=tuple(_criteria_that_lift(judgement, judgements[1:])),
        reasons=judgement["reasons"],
    )


def _criterion_answer(criterion: Criterion, company: Row, judgement: Row, profile: Profile) -> CriterionAnswer:
    credit = judgement[credit_column(criterion.id)]
    return CriterionAnswer(
        id=criterion.id,
        value=raw_value(criterion, company, profile),
        understood=interpreted_value(criterion, company, profile),
        credit=credit,
        weight=criterion.weight,
        points=round(round((credit or 0.0) * float(max_criterion_points(profile)[criterion.id]), 9), 1),
    )


def _disqualifier_answer(
    disqualifier: Disqualifier, company: Row, judgement: Row, profile: Profile
) -> DisqualifierAnswer:
    return DisqualifierAnswer(
        id=disqualifier.id,
        value=raw_value(disqualifier, company, profile),
        understood=interpreted_value(disqualifier, company, profile),
        met=_MET[judgement[answers.answer_column(disqualifier)]],
    )


def _criteria_that_lift(judgement: Row, tried: list[Row]) -> Iterator[CriterionLift]:
    for row in tried:
        if _outcome_and_tier_rank(row) > _outcome_and_tier_rank(judgement):
            yield CriterionLift(row["lifted"], row["outcome"], row["reached"])


def _outcome_and_tier_rank(row: Row) -> tuple[int, int]:
    """Higher is better: the outcome first, then the tier."""
    return _WORST_FIRST.index(row["outcome"]), -TIERS.index(row["reached"]) if row["reached"] else -len(TIERS)
