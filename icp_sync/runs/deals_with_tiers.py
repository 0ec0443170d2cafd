"""Decided deals with the tiers of their companies: as of today, of when a deal opened, or as written by then.

Criteria that know how deals ended are found here, and left out of the judgement that a backtest shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.evidence.backtest import ScoredDeals
from icp_sync.evidence.deal_history import NOT_WRITTEN_THEN, OUTSIDE_THEN, DealHistory
from icp_sync.evidence.document_types import Leak, PastReading
from icp_sync.evidence.leaks import drop_leaky_criteria, find_leaks
from icp_sync.evidence.past_companies import PastCompanies, companies_when_opened, written_outputs_when_opened
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.past_companies import PastHistory, find_own_writes, outputs_compared_with_deals
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import score


@dataclass(frozen=True, slots=True)
class DealJudgement:
    """`fair` is without the criteria in `leaks`, `whole` with them; the same where there are none.

    `history`: the deals that count, and what is left out by reason.
    """

    fair: ScoredDeals
    whole: ScoredDeals
    history: DealHistory
    leaks: tuple[Leak, ...] = ()
    past: PastReading | None = None


def judge_deals_now(scored: ScoredCompanies, history: DealHistory) -> DealJudgement:
    """By the companies as they are."""
    fair, leaks = scores_without_leaks(scored, history.decided)
    whole = ScoredDeals.from_scores(scored.scores.frame, history)
    return DealJudgement(ScoredDeals.from_scores(fair, history) if leaks else whole, whole, history, leaks)


def scores_without_leaks(scored: ScoredCompanies, decided: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Leak, ...]]:
    """Today's scores without the criteria that know how deals ended, and those criteria; `decided`: company, won.

    Where nothing would be left to ask, they are with them.
    """
    profile, scores = scored.source.profile, scored.scores.frame
    leaks = find_leaks(profile, scores, decided)
    fair = drop_leaky_criteria(profile, leaks) if leaks else None
    return (_score_companies(scored.companies, fair, scored.source.program) if fair else scores), leaks


def judge_deals_when_opened(scored: ScoredCompanies, history: DealHistory, past: PastHistory) -> DealJudgement:
    """By each company as it was when its deal was created, by HubSpot's history of what the profile reads.

    Tiers are those the thresholds give: who else stood in line for a limited place, and which tier a company held
    then, no history tells.
    """
    profile, program = scored.source.profile, scored.source.program
    names, zone = past.request.properties, program.context.conventions.zone
    companies = companies_when_opened(history.decided, past.history, names, zone)
    scores = _score_past(companies, profile, program)
    # Who was outside the scope when the deal began was nobody the profile spoke of.
    inside = history.restrict_to(OUTSIDE_THEN, history.decided.filter(pl.col("deal").is_in(scores[ID].implode())))
    leaks = find_leaks(profile, scores, inside.decided, "deal")
    whole = ScoredDeals.from_scores(scored.scores.frame, history, scores)
    fair = drop_leaky_criteria(profile, leaks) if leaks else None
    judged = (
        ScoredDeals.from_scores(
            _score_companies(scored.companies, fair, program), history, _score_past(companies, fair, program)
        )
        if fair
        else whole
    )
    return DealJudgement(
        judged, whole, inside, leaks, _past_reading_figures(past, companies.known, companies.began_later)
    )


def judge_deals_as_written(scored: ScoredCompanies, history: DealHistory, past: PastHistory) -> DealJudgement:
    """By the tier and score that we had written by the time the deal was created; no criterion could know its end."""
    profile_run = scored.source.profile_run
    outputs = outputs_compared_with_deals(profile_run.profile)
    ours = find_own_writes(past, profile_run.profile, profile_run.store)
    written = written_outputs_when_opened(history.decided, ours, outputs)
    after = history.restrict_to(NOT_WRITTEN_THEN, history.decided.filter(pl.col("deal").is_in(written[ID].implode())))
    judged = ScoredDeals.from_scores(scored.scores.frame, history, written)
    return DealJudgement(
        judged,
        judged,
        after,
        past=_past_reading_figures(past, history.decided.height, history.decided.height - written.height),
    )


def _past_reading_figures(past: PastHistory, values: int, not_that_far_back: int) -> PastReading:
    request = past.request
    return PastReading(
        companies=len(request.companies),
        calls=request.calls,
        values=values,
        not_that_far_back=not_that_far_back,
    )


def _score_companies(companies: pl.DataFrame, profile: Profile, program: Program) -> pl.DataFrame:
    other = compile_profile(profile, program.context.as_of, program.context.conventions)
    return score(with_missing_columns(companies, _source_properties(other)), other).frame


def _score_past(companies: PastCompanies, profile: Profile, program: Program) -> pl.DataFrame:
    context = program.context
    # By the day each deal was created: how old or how recent something is differs from today.
    other = compile_profile(profile, context.as_of, context.conventions, own_days=True)
    return score(with_missing_columns(companies.frame, _source_properties(other)), other).frame.with_columns(
        tier="reached"
    )


def _source_properties(program: Program) -> Sequence[str]:
    return sorted(program.requirements.source_properties(program.profile))
