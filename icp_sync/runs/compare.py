"""Holds a challenger against the champion: both judge the companies of the champion's last reading; makes no call."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.errors import NothingToScore
from icp_sync.evidence.backtest import BacktestFigures, ScoredDeals, backtest
from icp_sync.evidence.deal_history import DealHistory, deal_history, deal_properties, first_counted_day
from icp_sync.evidence.document_types import Leak
from icp_sync.evidence.leaks import drop_leaky_criteria, find_leaks
from icp_sync.evidence.profile_comparison import (
    compare_tier_1_deals,
    count_kept,
    count_moved,
    count_tier_1_only,
    matrix_cells,
    pair_groups,
    paired_auc,
    pick_examples,
    tier_shares,
)
from icp_sync.evidence.profile_comparison_document import (
    ComparedDeals,
    ComparedProfile,
    ComparisonDocument,
    ComparisonVerdict,
    Decisive,
    PairedAuc,
)
from icp_sync.evidence.profile_comparison_verdict import (
    ComparisonExtent,
    ProfileNames,
    comparison_verdict,
    verdict_without_deals,
)
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.runs.compared_profiles import JudgedSide, ProfileSides, company_names
from icp_sync.runs.snapshot_scoring import OfflineSource
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from icp_sync.state.deals import KnownDeals


@dataclass(frozen=True, slots=True)
class _SideBacktest:
    """A side's deals without what its leaky criteria know, and what they show."""

    leaks: tuple[Leak, ...]
    judged: ScoredDeals
    result: BacktestFigures


@dataclass(frozen=True, slots=True)
class _DealComparison:
    """Both sides held against the same deals."""

    champion: _SideBacktest
    challenger: _SideBacktest
    decisive: Decisive
    ranking: PairedAuc
    verdict: ComparisonVerdict


def compare_profiles(
    offline: OfflineSource, sides: ProfileSides, outcomes: DealOutcomes, deals: KnownDeals | None
) -> ComparisonDocument:
    """The document of a comparison; `deals` None: none are known, and what moves is all there is to say.

    Raises NothingRead where the deals were read without a property that `outcomes` asks for.
    """
    champion, challenger, groups = sides.champion, sides.challenger, sides.groups
    as_of = champion.program.context.as_of
    names = ProfileNames(champion.profile.name, _challenger_name(challenger, champion))
    compared = _compare_on_deals(sides, outcomes, deals, names) if deals else None
    return ComparisonDocument(
        portal_id=offline.source.profile_run.store.portal_id,
        as_of=as_of,
        read_at=offline.read_at,
        deals_read_at=deals.read_at if deals else None,
        unit=outcomes.unit,
        since=first_counted_day(outcomes, as_of) if deals else None,
        champion=_profile_document(champion, names.champion, compared.champion if compared else None),
        challenger=_profile_document(challenger, names.challenger, compared.challenger if compared else None),
        companies=groups.height,
        moved=count_moved(groups),
        matrix=matrix_cells(groups),
        shares=tier_shares(groups),
        decisive=compared.decisive if compared else None,
        ranking=compared.ranking if compared else None,
        examples=pick_examples(groups, company_names(champion), champion.scores, challenger.scores),
        verdict=compared.verdict
        if compared
        else verdict_without_deals(count_tier_1_only(groups), names, _comparison_extent(groups)),
    )


def _compare_on_deals(
    sides: ProfileSides, outcomes: DealOutcomes, deals: KnownDeals, names: ProfileNames
) -> _DealComparison:
    """The same deals against both."""
    history = _common_deal_history(sides, outcomes, deals)
    champion, challenger = (_backtest_side(side, history, outcomes) for side in (sides.champion, sides.challenger))
    # Paired anew: without its leaky criteria a profile puts companies into other tiers than as it stands.
    groups, effect = pair_groups(champion.judged.companies, challenger.judged.companies), champion.result.design_effect
    decisive = compare_tier_1_deals(groups, history.decided, effect)
    ranking = paired_auc(champion.judged, challenger.judged, outcomes.unit)
    verdict = comparison_verdict(decisive, names, _comparison_extent(groups), effect)
    return _DealComparison(champion, challenger, decisive, ranking, verdict)


def _comparison_extent(groups: pl.DataFrame) -> ComparisonExtent:
    return ComparisonExtent(groups.height, count_moved(groups))


def _common_deal_history(sides: ProfileSides, outcomes: DealOutcomes, deals: KnownDeals) -> DealHistory:
    """The deals of every company that either profile judges, so that both are held against the same ones."""
    lacking = [name for name in deal_properties(outcomes) if name not in deals.frame.columns]
    if lacking:
        raise NothingToScore(f"the deals were read without {', '.join(lacking)}; run icp-sync backtest once")
    companies = sides.champion.companies
    inside = companies.join(sides.groups.select(ID), on=ID, how="semi")
    return deal_history(deals.frame, inside, outcomes, sides.champion.program)


def _backtest_side(side: JudgedSide, history: DealHistory, outcomes: DealOutcomes) -> _SideBacktest:
    """The profile's own backtest, without criteria that know how deals ended."""
    profile, context = side.profile, side.program.context
    # Each without its own leaks: a criterion that knows how deals ended would win every comparison.
    leaks = find_leaks(profile, side.scores, history.decided)
    fair = drop_leaky_criteria(profile, leaks) if leaks else None
    scores = side.scores
    if fair:
        scores = score(side.companies, compile_profile(fair, context.as_of, context.conventions)).frame
    judged = ScoredDeals.from_scores(scores, history)
    return _SideBacktest(leaks, judged, backtest(judged, outcomes.unit, context.as_of))


def _profile_document(side: JudgedSide, name: str, deals: _SideBacktest | None) -> ComparedProfile:
    kept = count_kept(side.scores, {tier.tier: tier.enter for tier in side.profile.tiers})
    if deals is None:
        return ComparedProfile(profile=name, digest=side.loaded.digest, kept=kept, deals=None)
    result = deals.result
    shown = ComparedDeals(
        leaks=deals.leaks,
        design_effect=result.design_effect,
        tiers=result.tiers,
        tests=result.tests,
        auc=result.auc,
        verdict=result.verdict,
    )
    return ComparedProfile(profile=name, digest=side.loaded.digest, kept=kept, deals=shown)


def _challenger_name(challenger: JudgedSide, champion: JudgedSide) -> str:
    """The challenger's name; an edited copy that kept the champion's is told apart by its file."""
    own = challenger.profile.name
    return own if own != champion.profile.name else challenger.loaded.file
