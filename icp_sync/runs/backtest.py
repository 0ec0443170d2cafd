"""Holds the deals of a portal against a profile, by its companies now or in the past; leaky criteria left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.evidence.backtest import BacktestFigures, backtest, compare_within_strata
from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.backtest_verdict import downgrade_if_too_few, verdict_without_deals
from icp_sync.evidence.deal_history import deal_history, first_counted_day
from icp_sync.evidence.disqualified_company_deals import tally_bought_anyway
from icp_sync.evidence.document_types import Verdict
from icp_sync.evidence.kpis import churn_by_company, kpi_rows
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.runs.deals_with_tiers import (
    DealJudgement,
    judge_deals_as_written,
    judge_deals_now,
    judge_deals_when_opened,
)
from icp_sync.runs.past_companies import PastHistory, deals_of_snapshot, deals_with_backtest_columns
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.runs.snapshot_scoring import OfflineSource
from icp_sync.state.deals import KnownDeals


def run_backtest(
    offline: OfflineSource,
    scored: ScoredCompanies,
    deals: KnownDeals,
    outcomes: DealOutcomes,
    by: str | None = None,
    past: PastHistory | None = None,
) -> BacktestDocument:
    """The document of a backtest: companies `scored` as the last reading has them, or as they were in the `past`.

    Where criteria know how deals ended, everything is worked out without them, and the verdict with them stands beside
    it. `by`: a deal property whose values are strata.
    """
    source, deal_frame = offline.source, deals_with_backtest_columns(offline, deals, outcomes, by)
    profile, program = source.profile_run.profile, source.program
    judgement = _judge_deals(offline, scored, deal_frame, outcomes, by, past)
    judged, history = judgement.fair, judgement.history
    result = backtest(judged, outcomes.unit, program.context.as_of)
    kpis = profile.outcomes.kpis, scored.companies, judged, deal_frame
    return BacktestDocument(
        profile=profile.name,
        digest=source.profile_run.loaded.digest,
        portal_id=source.profile_run.store.portal_id,
        judged=past.request.moment if past else "now",
        unit=outcomes.unit,
        since=first_counted_day(outcomes, program.context.as_of),
        as_of=program.context.as_of,
        read_at=deals.read_at,
        deals=deals.frame.height,
        past=judgement.past,
        left_out=dict(history.left_out),
        currencies=history.currencies,
        design_effect=result.design_effect,
        leaks=judgement.leaks,
        tiers=result.tiers,
        tests=result.tests,
        auc=result.auc,
        gain=result.gain,
        concentrated=result.concentrated,
        market=result.market,
        use=result.use,
        bought_anyway=tally_bought_anyway(judged.decided, churn_by_company(*kpis), result.design_effect),
        kpis=kpi_rows(*kpis),
        strata=compare_within_strata(judged, by, result.design_effect) if by else None,
        verdict=_verdict(result, past, deals.frame.height, history.left_out),
        with_leaks=_verdict_counting_leaks(judgement, outcomes, program.context.as_of),
    )


def _judge_deals(
    offline: OfflineSource,
    scored: ScoredCompanies,
    deals: pl.DataFrame,
    outcomes: DealOutcomes,
    by: str | None,
    past: PastHistory | None,
) -> DealJudgement:
    if past is None:
        # A company outside the scope has no verdict that its deals could speak for or against.
        inside = scored.companies.join(scored.scores.frame.select(ID), on=ID, how="semi")
        return judge_deals_now(scored, deal_history(deals, inside, outcomes, offline.source.program, by))
    judge = judge_deals_when_opened if past.request.moment == "opened" else judge_deals_as_written
    return judge(scored, deals_of_snapshot(offline, deals, outcomes, by), past)


def _verdict(result: BacktestFigures, past: PastHistory | None, deals: int, left_out: Mapping[str, int]) -> Verdict:
    """The verdict; where few or no deals count it says why that is so."""
    decided = result.tiers[-1].decided
    if past is not None and past.request.moment == "written":
        return downgrade_if_too_few(result.verdict, decided)
    return result.verdict if decided else verdict_without_deals(result.verdict, deals, left_out)


def _verdict_counting_leaks(judgement: DealJudgement, outcomes: DealOutcomes, as_of: dt.date) -> Verdict | None:
    """The verdict as it would be with the leaky criteria; None without any."""
    return backtest(judgement.whole, outcomes.unit, as_of).verdict if judgement.leaks else None
