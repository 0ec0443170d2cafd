"""One profile's companies as read tonight: what differs, lost inputs held, their scores, and whose values stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.input_differences import KEY, NO_DIFFERENCES, mark_texts_unknown, update_differences
from icp_sync.plan.held_input_notes import hold_notes
from icp_sync.plan.held_inputs import NO_HOLDS, HoldResult, attached_holds, hold_lost_inputs, with_ends_on_hosts
from icp_sync.plan.overridden_companies import OverriddenIds, mark_overridden_companies
from icp_sync.plan.override_candidates import overridable_properties
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.reason_notes import override_notes, prepend_notes
from icp_sync.plan.vendor_attribution import append_vendors_to_reasons
from icp_sync.runs.evaluation_cache import load_evaluations
from icp_sync.runs.extract.portal_sync import Extract
from icp_sync.runs.lost_inputs_from_property_history import read_lost_texts, read_who_emptied
from icp_sync.runs.override_detection import (
    OverrideDecisions,
    decide_overrides,
    remembered_standing,
    with_places_taken,
)
from icp_sync.runs.plan_prerequisites import PlanSource
from icp_sync.runs.vendor_files import load_vendor_frames, vendor_notes
from icp_sync.scoring.evaluation_cache import CachedEvaluations
from icp_sync.scoring.score import ScoreResult, score_changed
from icp_sync.scoring.vendor_values import EnrichedCompanies, fill_from_vendors
from icp_sync.state.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ComparedCompanies:
    """The companies of one profile beside what was remembered of them.

    `companies`: the company frame to score by, with vendors' values, the old texts of held inputs and the ownership
    columns. `differences`: texts that changed since the last verdict. `enriched`: what of vendors' files counts.
    """

    source: PlanSource
    companies: pl.DataFrame
    differences: pl.DataFrame
    holding: HoldResult
    enriched: EnrichedCompanies


@dataclass(frozen=True, slots=True)
class ScoredCompanies:
    """The companies of one profile with their scores, and the values of others that stand; `notes` for the report."""

    compared: ComparedCompanies
    companies: pl.DataFrame
    scores: ScoreResult
    overrides: OverrideDecisions
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> PlanSource:
        return self.compared.source


def score_companies(source: PlanSource, extract: Extract) -> ScoredCompanies:
    """Score the companies of `extract` by one profile.

    A company that lost an input keeps its verdict for a while, and a tier that somebody else set takes its place in
    capacity. Asks HubSpot for the history of values of which it is not known who set them.
    """
    compared = prepare_companies_for_scoring(source, extract)
    remembered = source.profile_run.store.overrides.list_open()
    standing = remembered_standing(compared.companies, remembered, source.profile.write.tier)
    cached = load_evaluations(source.profile_run.store.snapshot, source.snapshot, source.program)
    if cached is not None and extract.delta is not None and source.stored is not None:
        # The texts of the snapshot were let go.
        cached = cached.with_newer_texts(extract.delta.before, extract.delta.after, extract.companies, source.program)
    companies, scores = _score_with_overrides(compared, standing, cached)
    notes = vendor_notes(source, compared.enriched)
    # A disk that is gone must demote nobody: what was lost before it was is in HubSpot's history alone.
    last = source.last_verdict_snapshot
    if last is None:
        lost = read_lost_texts(source, compared.companies, scores)
        notes += lost.left_out_notes
        if not lost.differences.is_empty():
            compared = _with_held_inputs(source, compared.enriched, NO_DIFFERENCES, lost.differences, extract.watermark)
            companies, scores = _score_with_overrides(compared, standing, scores.cached)
    earlier = NO_HOLDS if last is None else attached_holds(last.differences)
    holding = read_who_emptied(source.profile_run.session, compared.holding, earlier, scores.frame)
    compared = replace(compared, holding=holding)
    decided = decide_overrides(source, compared.companies, scores, compared.differences, remembered)
    if decided.standing != standing:
        # A tier found to stand tonight takes a place, and one given back frees its own.
        companies, scores = _score_with_overrides(compared, decided.standing, scores.cached)
        decided = with_places_taken(decided, source, compared.companies, scores)
    return ScoredCompanies(compared, companies, with_noted_reasons(compared, scores, decided), decided, notes)


def _score_with_overrides(
    compared: ComparedCompanies, standing: OverriddenIds, cached: CachedEvaluations | None
) -> tuple[pl.DataFrame, ScoreResult]:
    companies = mark_overridden_companies(compared.companies, standing)
    return companies, score_changed(companies, compared.source.program, cached)


def with_noted_reasons(compared: ComparedCompanies, scores: ScoreResult, decided: OverrideDecisions) -> ScoreResult:
    """The scores with reasons that begin by what stands against the profile: held inputs, and tiers of others."""
    zone, tier = compared.source.program.context.conventions.zone, compared.source.profile.write.tier
    noted = prepend_notes(scores, hold_notes(compared.holding.open_holds, zone))
    ended = append_vendors_to_reasons(noted.frame, compared.enriched.consulted)
    noted = replace(noted, frame=ended)
    return noted if tier is None else prepend_notes(noted, override_notes(decided.decisions, scores.frame, tier, zone))


def prepare_companies_for_scoring(source: PlanSource, extract: Extract) -> ComparedCompanies:
    """The companies of `extract` beside what was remembered of them, with lost inputs held and ownership columns."""
    companies = companies_with_ownership(source, extract)
    kept, differences = _input_differences(source, extract)
    enriched = fill_from_vendors(
        companies, load_vendor_frames(source.profile_run.store, source.profile), source.program
    )
    return _with_held_inputs(source, enriched, kept, differences, extract.watermark)


def companies_with_ownership(source: PlanSource, extract: Extract) -> pl.DataFrame:
    """The company frame of `extract` with HubSpot's own texts, and the ownership columns."""
    companies = _profile_properties(source, extract.companies)
    return with_ownership(companies, source.profile, adopt="adopt" in source.profile_run.allowed_names)


def _with_held_inputs(
    source: PlanSource, enriched: EnrichedCompanies, kept: pl.DataFrame, differences: pl.DataFrame, now: dt.datetime
) -> ComparedCompanies:
    """The companies with lost inputs held; `kept`: the differences and holds of the last reading."""
    # Days count by the portal's clock: this machine's may be minutes off, and a hold that ends twice writes twice.
    # What a vendor fills is not lost, and what a vendor's file forgets HubSpot has not lost: neither is held.
    lost = differences.join(enriched.counted, on=KEY, how="anti")
    last, ends = source.last_verdict_snapshot, source.profile_run.store.ended_holds.load()
    holds = with_ends_on_hosts(attached_holds(kept), lost, ends, last.read_from if last else None)
    holding = hold_lost_inputs(enriched.companies, lost, holds, source.program, now)
    return ComparedCompanies(source, holding.companies, differences, holding, enriched)


def _profile_properties(source: PlanSource, companies: pl.DataFrame) -> pl.DataFrame:
    """The properties the profile reads and writes; an optional one that HubSpot no longer has counts as empty."""
    # HubSpot leaves a property it no longer has out of every answer; the profile's `optional` says that this may be.
    names = ["id", *(name for name in source.preflight.pulled if name in companies.columns)]
    return with_missing_columns(companies.select(names), source.preflight.absent)


def _input_differences(source: PlanSource, extract: Extract) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The differences of the snapshot, and those after this reading."""
    snapshot = source.last_verdict_snapshot
    if snapshot is None:
        return NO_DIFFERENCES, NO_DIFFERENCES
    kept = snapshot.differences
    before, after = _companies_before_and_after(source, extract, snapshot)
    after = _profile_properties(source, after)
    differences = update_differences(kept, before, after, extract.watermark, source.recreated)
    if snapshot.decided:
        return kept, differences
    # No run has decided yet whose tiers and flags that reading saw, so what stood there was not ours for all we know.
    overridable = dict(overridable_properties(source.profile.write)).values()
    return kept, mark_texts_unknown(differences, overridable, extract.watermark)


def _companies_before_and_after(
    source: PlanSource, extract: Extract, snapshot: Snapshot
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The company frames before and after this reading, of those who may differ: on most nights few."""
    if extract.delta is None or source.stored is None:
        return snapshot.whole(), extract.companies
    before = extract.delta.before
    own = before.select(name for name in before.columns if name in source.known_columns)
    return own, source.stored.rows_by_id(pl.concat([extract.delta.after[ID], snapshot.differences[ID]]))
