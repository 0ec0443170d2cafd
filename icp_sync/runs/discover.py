"""Looks for what won companies have in common, by the last reading and known deals, and drafts a profile from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.parse.portal_conventions import Conventions
from icp_sync.evidence.candidate_traits import profile_trait_sources
from icp_sync.evidence.comparison_sides import ComparedSides, sides_of_deals, sides_of_listed_companies
from icp_sync.evidence.deal_history import first_counted_day
from icp_sync.evidence.discover import SEED, Discovery, discover
from icp_sync.evidence.discover_document import DiscoverDocument, Draft, ModelFigures
from icp_sync.evidence.discover_sentence import discover_sentence
from icp_sync.evidence.document_types import BoundedDifference, Moment, PastReading
from icp_sync.evidence.draft import DraftInputs, build_draft
from icp_sync.evidence.draft_criteria import DraftedCriterion, EvidenceBasis, draft_criteria
from icp_sync.evidence.past_companies import companies_when_opened
from icp_sync.evidence.permutation_test import PERMUTATIONS
from icp_sync.evidence.trait_model import FOLDS
from icp_sync.evidence.trait_sources import all_trait_sources
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.runs.deals_with_tiers import (
    DealJudgement,
    judge_deals_as_written,
    judge_deals_now,
    judge_deals_when_opened,
    scores_without_leaks,
)
from icp_sync.runs.discover_reading import ComparisonReading, deals_in_scope_today, require_enough_companies
from icp_sync.runs.past_companies import deals_of_snapshot, deals_with_backtest_columns
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.runs.snapshot_scoring import OfflineSource, score_snapshot
from icp_sync.scoring.evaluation_context import DAY, EvaluationContext
from icp_sync.state.deals import KnownDeals


@dataclass(frozen=True, slots=True)
class DiscoverSides:
    """Companies of two sides, as they are judged, and where the sides come from.

    `scores`: id and the present profile's fit score, without criteria that know how deals ended. `basis`: what evidence
    is of; `since`, `left_out`: of deals. `past`: what of the past could be read, None where companies are as they are.
    """

    sides: ComparedSides
    companies: pl.DataFrame
    scores: pl.DataFrame
    basis: EvidenceBasis
    judged: Moment = "now"
    since: dt.date | None = None
    left_out: Mapping[str, int] | None = None
    past: PastReading | None = None


NO_READING: Final = ComparisonReading()


def discover_by_deals(
    offline: OfflineSource, deals: KnownDeals, outcomes: DealOutcomes, reading: ComparisonReading = NO_READING
) -> DiscoverDocument:
    """Won against lost, each company by its first decided deal. Raises TooFewDeals under 20 of either.

    `reading`: what was read of them beside the snapshot; with a past they are compared as they were.
    """
    scored = score_snapshot(offline)
    # A company counts once: by its later deals it is a customer already, and its traits would count as often.
    first = outcomes.model_copy(update={"unit": "first"})
    judgement = _judge_deals(offline, scored, deals, first, reading)
    decided = judgement.fair.decided
    sides = sides_of_deals(decided)
    months = decided.select(pl.col("closed").dt.strftime("%Y-%m").unique().sort()).to_series()
    period = f"first deals {' to '.join(dict.fromkeys([*months.head(1), *months.tail(1)]))}"
    scores = decided.select(pl.col("company").alias(ID), "score")
    companies = _companies_as_judged(offline, scored, decided, reading)
    past = reading.past
    compared = DiscoverSides(
        sides,
        companies,
        scores,
        EvidenceBasis("won", period),
        past.request.moment if past else "now",
        first_counted_day(first, offline.source.program.context.as_of),
        judgement.history.left_out,
        judgement.past,
    )
    return _discover_document(offline, scored, compared, reading)


def discover_by_list(
    offline: OfflineSource, listed: pl.Series, reading: ComparisonReading = NO_READING
) -> DiscoverDocument:
    """Listed companies (ids) against all others in scope. Raises TooFewDeals under 10 of the list."""
    scored = score_snapshot(offline)
    sides = sides_of_listed_companies(listed, scored.scores.frame[ID], SEED)
    period = f"{sides.tally.won:,.0f} listed companies against {sides.tally.lost:,.0f} others"
    # Who is on the list has most likely bought, so a criterion filled in by selling would find the list by itself.
    scores, _ = scores_without_leaks(scored, pl.DataFrame({"company": sides.companies, "won": sides.won}))
    compared = DiscoverSides(
        sides, _with_extra_texts(scored.companies, reading), scores, EvidenceBasis("listed", period)
    )
    return _discover_document(offline, scored, compared, reading)


def _judge_deals(
    offline: OfflineSource,
    scored: ScoredCompanies,
    deals: KnownDeals,
    first: DealOutcomes,
    reading: ComparisonReading,
) -> DealJudgement:
    if reading.past is None:
        return judge_deals_now(scored, deals_in_scope_today(scored, deals, first))
    judge = judge_deals_when_opened if reading.past.request.moment == "opened" else judge_deals_as_written
    return judge(
        scored, deals_of_snapshot(offline, deals_with_backtest_columns(offline, deals, first), first), reading.past
    )


def _companies_as_judged(
    offline: OfflineSource, scored: ScoredCompanies, decided: pl.DataFrame, reading: ComparisonReading
) -> pl.DataFrame:
    """The companies of decided deals (one each) by the ids of companies: as they are, or as each deal opened."""
    if reading.past is None:
        return _with_extra_texts(scored.companies, reading)
    zone = offline.source.program.context.conventions.zone
    names, history = reading.past.request.properties, reading.past.history
    past = companies_when_opened(decided, history, names, zone).frame
    companies = decided.select(pl.col("deal").alias(ID), "company").join(past, on=ID, maintain_order="left")
    return companies.drop(ID).rename({"company": ID})


def _with_extra_texts(companies: pl.DataFrame, reading: ComparisonReading) -> pl.DataFrame:
    """The companies with what was read beside the snapshot; its own values stay, vendors' among them."""
    if reading.companies is None:
        return companies
    more = [name for name in reading.companies.columns if name == ID or name not in companies.columns]
    return companies.join(reading.companies.select(more), on=ID, how="left", maintain_order="left")


def _discover_document(
    offline: OfflineSource, scored: ScoredCompanies, compared: DiscoverSides, reading: ComparisonReading
) -> DiscoverDocument:
    sides, source = compared.sides, offline.source
    require_enough_companies(sides, compared.left_out)
    loaded, profile = source.profile_run.loaded, source.profile
    wide = reading.definitions
    sources = profile_trait_sources(profile) if wide is None else all_trait_sources(wide, profile)
    needed = [name for one in sources for name in one.inputs(profile)]
    companies = with_missing_columns(compared.companies, needed)
    context = _evaluation_context(offline, compared, reading)
    discovery = discover(sides, companies, compared.scores, profile, context, sources)
    drafted = _drafted_criteria(discovery, compared, loaded)
    draft = _profile_draft(discovery, drafted, compared, offline, scored.companies)
    ids = {one.place: str(one.data["id"]) for one in drafted}
    return DiscoverDocument(
        profile=loaded.profile.name,
        digest=loaded.digest,
        portal_id=source.profile_run.store.portal_id,
        contrast=sides.contrast,
        judged=compared.judged,
        properties_read=None if wide is None else len(wide),
        past=compared.past,
        since=compared.since,
        as_of=context.as_of,
        won=int(sides.tally.won),
        lost=int(sides.tally.lost),
        others_sampled=sides.sampled,
        left_out=dict(compared.left_out or {}),
        leaks=discovery.leaks,
        seed=SEED,
        permutations=PERMUTATIONS,
        candidates=len(discovery.matrix.traits),
        found=tuple(
            trait.model_copy(update={"criterion": ids.get(place)}) for place, trait in discovery.traits.items()
        ),
        detectable_lift=discovery.detectable_lift,
        model=_model_figures(discovery),
        draft=draft,
        sentence=discover_sentence(discovery, sides, draft),
    )


def _model_figures(discovery: Discovery) -> ModelFigures | None:
    model = discovery.model
    if model is None:
        return None
    gain = BoundedDifference(difference=model.gain.value, low=model.gain.low, high=model.gain.high)
    return ModelFigures(auc=model.auc, profile_auc=model.profile_auc, gain=gain, folds=FOLDS)


def _evaluation_context(
    offline: OfflineSource, compared: DiscoverSides, reading: ComparisonReading
) -> EvaluationContext:
    """How companies are judged: each by its own day in the past, and by the options of all that was read."""
    context, checked = offline.source.program.context, offline.source.preflight
    known = [checked.definitions[name] for name in checked.pulled]
    conventions = Conventions.from_definitions([*known, *(reading.definitions or ())], context.conventions.zone)
    return replace(context, conventions=conventions, own_days=DAY in compared.companies.columns)


def _drafted_criteria(
    discovery: Discovery, compared: DiscoverSides, loaded: LoadedProfile
) -> tuple[DraftedCriterion, ...]:
    if discovery.model is None:
        return ()
    won, coefficients = compared.sides.won, discovery.model.coefficients
    return draft_criteria(discovery.matrix, coefficients, discovery.traits, won, loaded.profile, compared.basis)


def _profile_draft(
    discovery: Discovery,
    drafted: tuple[DraftedCriterion, ...],
    compared: DiscoverSides,
    offline: OfflineSource,
    companies: pl.DataFrame,
) -> Draft | None:
    """The draft; `companies`: all of the last reading, by whom its tiers are set."""
    if not drafted:
        return None
    losing = [
        (discovery.matrix.traits[place], trait)
        for place, trait in discovery.traits.items()
        if trait.distinct and trait.difference < 0
    ]
    context, loaded = offline.source.program.context, offline.source.profile_run.loaded
    wins = int(compared.sides.tally.won)
    read = {name for one in drafted for name in discovery.matrix.traits[one.place].source.inputs(loaded.profile)}
    unread = tuple(sorted(read.difference(companies.columns)))
    inputs = DraftInputs(loaded, drafted, losing, wins, compared.basis, context.as_of, unread)
    if unread:
        # Of a property that no run reads yet nothing is known of companies that are not compared.
        companies = compared.companies.join(compared.sides.companies.to_frame(), on=ID, how="semi")
    return build_draft(inputs, with_missing_columns(companies, read), context)
