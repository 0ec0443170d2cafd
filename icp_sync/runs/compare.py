"""Holds a challenger against the champion: both judge the companies of the champion's last reading; makes no call."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.parse.portal_conventions import Conventions
from icp_sync.companies.snapshot import with_columns_from
from icp_sync.errors import NothingRead, UsageError
from icp_sync.evidence.backtest import Backtest, Judged, backtest
from icp_sync.evidence.deals import DealHistory, deal_history, deal_properties, first_counted_day
from icp_sync.evidence.document_types import Leak
from icp_sync.evidence.leaks import find_leaks, without_leaks
from icp_sync.evidence.profile_comparison import (
    CHALLENGER,
    CHAMPION,
    count_moved,
    count_tier_1_only,
    matrix_cells,
    pair_groups,
    paired_auc,
    pick_examples,
    tally_decisive,
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
    Extent,
    Names,
    comparison_verdict,
    verdict_without_deals,
)
from icp_sync.plan.ownership import with_ownership
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.outcomes import DealOutcomes
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.extract.portal_settings_check import zone_or_utc
from icp_sync.runs.offline import OfflineSource, score_offline
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import score
from icp_sync.state.deals import KnownDeals
from icp_sync.state.snapshot import Snapshot
from icp_sync.state.store import StateStore


@dataclass(frozen=True, slots=True)
class JudgedSide:
    """One of the two profiles, the companies with all it reads, and its score frame; `program`: how it reads them."""

    loaded: LoadedProfile
    program: Program
    companies: pl.DataFrame
    scores: pl.DataFrame

    @property
    def profile(self) -> Profile:
        return self.loaded.profile


@dataclass(frozen=True, slots=True)
class Sides:
    """Champion and challenger on the same companies; `groups`: of `pair_groups`, as the profiles stand."""

    champion: JudgedSide
    challenger: JudgedSide
    groups: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Deals:
    """A side's deals without what its leaky criteria know, and what they show."""

    leaks: tuple[Leak, ...]
    judged: Judged
    result: Backtest


@dataclass(frozen=True, slots=True)
class _DealComparison:
    """Both sides held against the same deals."""

    champion: _Deals
    challenger: _Deals
    decisive: Decisive
    ranking: PairedAuc
    verdict: ComparisonVerdict


def score_both(offline: OfflineSource, challenger: LoadedProfile, other: StateStore | None) -> Sides:
    """Score the champion as `plan` would now, and the challenger on the same companies.

    `other`: the challenger's own state on this portal, None where it has none. What only the challenger reads is taken
    from its own last reading. Raises UsageError where both score alike, NothingRead where a property was never read.
    """
    loaded = offline.source.profile_run.loaded
    if challenger.digest == loaded.digest:
        raise UsageError(
            f"{challenger.file} and {loaded.file} score every company alike (digest {loaded.digest}); name a profile "
            "whose criteria, weights or thresholds differ"
        )
    scored = score_offline(offline)
    champion = JudgedSide(loaded, offline.source.program, scored.companies, scored.scores.frame)
    companies, program = _challenger_companies(offline, scored.companies, challenger, other)
    judged = JudgedSide(challenger, program, companies, score(companies, program).frame)
    return Sides(champion, judged, pair_groups(champion.scores, judged.scores))


def compare(
    offline: OfflineSource, sides: Sides, outcomes: DealOutcomes, deals: KnownDeals | None
) -> ComparisonDocument:
    """The document of a comparison; `deals` None: none are known, and what moves is all there is to say.

    Raises NothingRead where the deals were read without a property that `outcomes` asks for.
    """
    champion, challenger, groups = sides.champion, sides.challenger, sides.groups
    as_of = champion.program.context.as_of
    names = Names(champion.profile.name, _name(challenger, champion))
    compared = _hold_against(sides, outcomes, deals, names) if deals else None
    return ComparisonDocument(
        portal_id=offline.source.profile_run.store.portal_id,
        as_of=as_of,
        read_at=offline.read_at,
        deals_read_at=deals.read_at if deals else None,
        unit=outcomes.unit,
        since=first_counted_day(outcomes, as_of) if deals else None,
        champion=_document(champion, names.champion, compared.champion if compared else None),
        challenger=_document(challenger, names.challenger, compared.challenger if compared else None),
        companies=groups.height,
        moved=count_moved(groups),
        matrix=matrix_cells(groups),
        shares=tier_shares(groups),
        decisive=compared.decisive if compared else None,
        ranking=compared.ranking if compared else None,
        examples=pick_examples(groups, _named(champion), champion.scores, challenger.scores),
        verdict=compared.verdict
        if compared
        else verdict_without_deals(count_tier_1_only(groups), names, _extent(groups)),
    )


def _hold_against(sides: Sides, outcomes: DealOutcomes, deals: KnownDeals, names: Names) -> _DealComparison:
    """The same deals against both."""
    history = _history(sides, outcomes, deals)
    champion, challenger = (_backtest(side, history, outcomes) for side in (sides.champion, sides.challenger))
    groups, effect = pair_groups(champion.judged.companies, challenger.judged.companies), champion.result.design_effect
    decisive = tally_decisive(groups, history.decided, effect)
    ranking = paired_auc(champion.judged, challenger.judged, outcomes.unit)
    verdict = comparison_verdict(decisive, names, _extent(groups), effect)
    return _DealComparison(champion, challenger, decisive, ranking, verdict)


def _extent(groups: pl.DataFrame) -> Extent:
    return Extent(groups.height, count_moved(groups))


def _named(side: JudgedSide) -> pl.DataFrame:
    return with_missing_columns(side.companies, ["name", "domain"]).select(ID, "name", "domain")


def moved_companies(sides: Sides) -> pl.DataFrame:
    """A row a company that lands in another tier or outcome: id, name, domain, and what each profile says of it."""
    moved = sides.groups.filter(pl.col(CHAMPION) != pl.col(CHALLENGER))
    frame = moved.select(ID).join(_named(sides.champion), on=ID, how="left", maintain_order="left")
    for side, judged in ((CHAMPION, sides.champion), (CHALLENGER, sides.challenger)):
        own = judged.scores.select(ID, **{f"{side}_score": "score", f"{side}_reasons": "reasons"})
        frame = frame.join(moved.select(ID, side), on=ID, how="left", maintain_order="left")
        frame = frame.join(own, on=ID, how="left", maintain_order="left")
    return frame


def _challenger_companies(
    offline: OfflineSource, companies: pl.DataFrame, challenger: LoadedProfile, other: StateStore | None
) -> tuple[pl.DataFrame, Program]:
    """The champion's companies with all that the challenger reads, and the challenger compiled for this portal."""
    profile, snapshot, as_of = challenger.profile, offline.snapshot, offline.source.program.context.as_of
    own = other.snapshot.load() if other else None
    own_portal = other.portal.load() if other else None
    # The champion's reading counts where both have one, so that both are judged on the same portal.
    definitions = {**(own_portal.definitions if own_portal else {}), **offline.portal.definitions}
    zone = zone_or_utc(offline.source.profile_run.session.account)
    program = compile_profile(profile, as_of, Conventions.of(list(definitions.values()), zone))
    needed = _read_properties(program)
    absent = {*offline.portal.absent, *(own_portal.absent if own_portal else ())}
    lacking = [name for name in needed if name not in snapshot.companies.columns and name not in absent]
    if lacking:
        if not isinstance(own, Snapshot) or not set(lacking) <= set(own.companies.columns):
            raise NothingRead(_not_read(lacking, challenger, own))
        companies = with_columns_from(companies, own.companies.select(ID, *lacking))
    written = [*needed, *profile.write.properties().values(), *([profile.lock.property_name] if profile.lock else ())]
    return with_ownership(with_missing_columns(companies, written), profile, adopt=False), program


def _read_properties(program: Program) -> list[str]:
    """What decides a verdict: what is asked of companies, and what places are shared by."""
    shared = [tier.capacity.per for tier in program.profile.tiers if tier.capacity and tier.capacity.per]
    return sorted({*program.requirements.source_properties(program.profile), *shared})


def _not_read(lacking: list[str], challenger: LoadedProfile, own: object) -> str:
    still = [name for name in lacking if not isinstance(own, Snapshot) or name not in own.companies.columns]
    named = ", ".join(still[:5]) + (f" and {len(still) - 5} more" if len(still) > 5 else "")
    command = f"icp-sync plan --profile {shlex.quote(challenger.file)}"
    return f"the last reading lacks {named}, which {challenger.file} reads; run {command} once, which writes nothing"


def _history(sides: Sides, outcomes: DealOutcomes, deals: KnownDeals) -> DealHistory:
    """The deals of every company that either profile judges, so that both are held against the same ones."""
    lacking = [name for name in deal_properties(outcomes) if name not in deals.frame.columns]
    if lacking:
        raise NothingRead(f"the deals were read without {', '.join(lacking)}; run icp-sync backtest once")
    companies = sides.champion.companies
    inside = companies.join(sides.groups.select(ID), on=ID, how="semi")
    return deal_history(deals.frame, inside, outcomes, sides.champion.program)


def _backtest(side: JudgedSide, history: DealHistory, outcomes: DealOutcomes) -> _Deals:
    """The profile's own backtest, without criteria that know how deals ended."""
    profile, context = side.profile, side.program.context
    # Each without its own leaks: a criterion that knows how deals ended would win every comparison.
    leaks = find_leaks(profile, side.scores, history.decided)
    fair = without_leaks(profile, leaks) if leaks else None
    scores = side.scores
    if fair:
        scores = score(side.companies, compile_profile(fair, context.as_of, context.conventions)).frame
    judged = Judged.of(scores, history)
    return _Deals(leaks, judged, backtest(judged, outcomes.unit, context.as_of))


def _document(side: JudgedSide, name: str, deals: _Deals | None) -> ComparedProfile:
    if deals is None:
        return ComparedProfile(profile=name, digest=side.loaded.digest, deals=None)
    result = deals.result
    shown = ComparedDeals(
        leaks=deals.leaks,
        design_effect=result.design_effect,
        tiers=result.tiers,
        tests=result.tests,
        auc=result.auc,
        verdict=result.verdict,
    )
    return ComparedProfile(profile=name, digest=side.loaded.digest, deals=shown)


def _name(challenger: JudgedSide, champion: JudgedSide) -> str:
    """The challenger's name; an edited copy that kept the champion's is told apart by its file."""
    own = challenger.profile.name
    return own if own != champion.profile.name else challenger.loaded.file
