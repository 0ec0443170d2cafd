"""Holds the deals of a portal against a profile: the last reading scored now, leaky criteria left out."""

from __future__ import annotations

import polars as pl

from icp_sync.companies.frame import ID, with_absent
from icp_sync.companies.snapshot import MERGED
from icp_sync.evidence.backtest import Judged, backtest, strata_of
from icp_sync.evidence.deals import DealHistory, deal_history, deal_properties, first_day
from icp_sync.evidence.document import BacktestDocument, Leak, Verdict
from icp_sync.evidence.kpis import kpi_rows
from icp_sync.evidence.leaks import filled_by_selling, reads_deals, without_leaks
from icp_sync.evidence.tier_tables import bought_anyway
from icp_sync.profile.model.outcomes import DealOutcomes
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.offline import OfflineSource, score_offline
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import score
from icp_sync.state.deals import KnownDeals


def needed_properties(profile: Profile, outcomes: DealOutcomes, by: str | None) -> list[str]:
    """The deal properties that a backtest of the profile reads."""
    kpis = [kpi.property_name for kpi in profile.outcomes.kpis if kpi.deal]
    return deal_properties(outcomes, [*kpis, *([by] if by else [])])


def run_backtest(
    offline: OfflineSource, deals: KnownDeals, outcomes: DealOutcomes, by: str | None = None
) -> BacktestDocument:
    """The document of a backtest: companies as the last reading has them, scored now.

    Where criteria know how deals ended, everything is worked out without them, and the verdict with them stands beside
    it. `by`: a deal property whose values are strata.
    """
    source = offline.source
    profile, program = source.profile_run.profile, source.program
    scored = score_offline(offline)
    companies, scores = scored.companies, scored.scores.frame
    deal_frame = with_absent(deals.frame, needed_properties(profile, outcomes, by))
    inside = companies.join(scores.select(ID), on=ID, how="semi").select(ID, *_merged(companies))
    history = deal_history(deal_frame, inside, outcomes, program, by)
    leaks = (*reads_deals(profile), *filled_by_selling(profile, scores, history.decided))
    fair = without_leaks(profile, leaks) if leaks else None
    fair_scores = _score(companies, fair, program) if fair else scores
    judged = Judged.of(fair_scores, history)
    result = backtest(judged, outcomes.unit, program.context.as_of)
    return BacktestDocument(
        profile=profile.name,
        digest=source.profile_run.loaded.digest,
        portal_id=source.profile_run.store.portal_id,
        judged="now",
        unit=outcomes.unit,
        since=first_day(outcomes, program.context.as_of),
        as_of=program.context.as_of,
        read_at=deals.read_at,
        deals=deals.frame.height,
        left_out=dict(history.left_out),
        currencies=history.currencies,
        design_effect=result.design_effect,
        leaks=leaks,
        tiers=result.tiers,
        tests=result.tests,
        auc=result.auc,
        gain=result.gain,
        concentrated=result.concentrated,
        market=result.market,
        use=result.use,
        bought_anyway=bought_anyway(judged.companies, judged.decided),
        kpis=kpi_rows(profile.outcomes.kpis, companies, judged, deal_frame),
        strata=strata_of(judged, by) if by else None,
        verdict=result.verdict,
        with_leaks=_verdict_with(leaks, scores, history, outcomes, program),
    )


def _verdict_with(
    leaks: tuple[Leak, ...], scores: pl.DataFrame, history: DealHistory, outcomes: DealOutcomes, program: Program
) -> Verdict | None:
    """The verdict as it would be with the leaky criteria; None without any."""
    return backtest(Judged.of(scores, history), outcomes.unit, program.context.as_of).verdict if leaks else None


def _score(companies: pl.DataFrame, profile: Profile, program: Program) -> pl.DataFrame:
    other = compile_profile(profile, program.context.as_of, program.context.conventions)
    return score(with_absent(companies, other.requirements.source_properties(profile)), other).frame


def _merged(companies: pl.DataFrame) -> list[str]:
    return [MERGED] if MERGED in companies.columns else []
