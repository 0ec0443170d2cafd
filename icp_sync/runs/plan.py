"""From portal to plans: preflight, one extract for all profiles, scores, plans. Writes nothing to the portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from icp_sync.companies import snapshot as snapshot_frames
from icp_sync.companies.input_differences import KEY, with_unknown_texts
from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.errors import PreflightFailed
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.champion_challenger_experiment import experiment_arms
from icp_sync.plan.document.input_counts import find_lost_texts
from icp_sync.plan.document.plan_figures import PlanFigures, count_plan_or_reason
from icp_sync.plan.held_inputs import HoldResult, attach_holds
from icp_sync.plan.multi_profile import best_profiles
from icp_sync.plan.ownership import has_unseen_of_ours
from icp_sync.plan.run_report import ApplyResult, HeldInputs, OverrideCounts, PinCounts
from icp_sync.portal.companies.property_history import calls_for_history
from icp_sync.runs.committees import refresh_committees
from icp_sync.runs.extract.portal_state import PortalState
from icp_sync.runs.extract.portal_sync import Extract, PortalSync
from icp_sync.runs.extract.preflight import preflight
from icp_sync.runs.extract.property_definitions import fetch_definitions
from icp_sync.runs.extract.snapshot_merge import SnapshotWriter, merge_profile_snapshots, recreated_properties
from icp_sync.runs.last_written_values import with_changes_since_sent
from icp_sync.runs.override_detection import OverrideDecisions
from icp_sync.runs.plan_inputs import build_profile_plan, count_pins
from icp_sync.runs.plan_prerequisites import PlanSource, prepare_plan_source
from icp_sync.runs.portal_session import PortalSession
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.runs.saved_portal_description import save_portal_description
from icp_sync.runs.scored_companies import ScoredCompanies, score_companies
from icp_sync.scoring.foreign_currencies import count_other_currencies, describe_foreign_currencies
from icp_sync.state.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A plan with the portal it was made for; `writer` saves the snapshot once the plan is applied.

    `figures`: its companies counted for the report, or why they could not be; the scored frame itself is not kept, as
    it takes much memory.
    """

    profile_run: ProfileRun
    preview: PlanPreview
    figures: PlanFigures | str
    portal_state: PortalState
    writer: SnapshotWriter
    holding: HoldResult
    overrides: OverrideDecisions

    @property
    def pin_counts(self) -> PinCounts:
        """Companies pinned on and off the profile's static lists, once the plan is applied."""
        return count_pins(self.preview, self.portal_state.lists.live)

    @property
    def exemption_counts(self) -> tuple[HeldInputs, OverrideCounts, PinCounts]:
        """What others set and what was lost, and stands all the same, once the plan is applied."""
        return self.holding.figures, self.overrides.counts, self.pin_counts

    @property
    def history_calls(self) -> int:
        """The calls that told who set tiers and flags; until a run has decided by them, the next one asks again."""
        return calls_for_history(self.overrides.asked)

    @property
    def lists_were_edited(self) -> bool:
        """Whether anybody else changed members since our last change, or that is unknown."""
        lists = (self.portal_state.lists.live[name] for name in self.preview.members)
        return any(live.id and (live.last is None or not live.last.equals(live.members)) for live in lists)

    def with_remaining_differences(self, applied: ApplyResult) -> PlannedRun:
        """The same with the differences that stay once the plan is applied: of companies left out or not written."""
        undecided = self.overrides.undecided
        kept = pl.concat([self.holding.open_holds.select(KEY), self.overrides.kept_keys, undecided])
        alone = self.overrides.standing.alone
        # Whose a value is was decided of every company, of those not written too, but not of those left alone.
        is_decided = self.writer.is_decided or not alone
        # Once the lock goes, what stands there would else be taken for ours.
        unknown = with_unknown_texts(self.writer.differences, undecided, self.writer.extract.watermark)
        writer = replace(self.writer, differences=unknown).without_settled_differences(
            {*self.preview.left_out, *applied.unwritten, *alone}, kept, is_decided=is_decided
        )
        return replace(self, writer=writer)


def plan(session: PortalSession, profile_runs: Sequence[ProfileRun]) -> tuple[PlannedRun, ...]:
    """Read the portal once and draw each run's plan, then save the snapshots. A canary leaves lists alone.

    Raises PreflightFailed where portal and profile do not fit.
    """
    session.progress.stage("preflight", None)
    definitions = fetch_definitions(session.connection, [loaded.profile for loaded in session.profiles])
    sources = [prepare_plan_source(profile_run, definitions) for profile_run in profile_runs]
    extract = _read_portal(session, sources, definitions)
    sources = [source.after_extract(extract) for source in sources]
    _refuse_changed_properties(session, sources)
    session.progress.stage("score", None)
    scored = [refresh_committees(score_companies(source, extract)) for source in sources]
    # HubSpot keeps one value a property, so what profiles have in common is written by one of them, from all scores.
    best = best_profiles([(one.source.profile.name, one.scores) for one in scored]) if len(scored) > 1 else None
    planned = tuple(_draw_plan(one, extract, best, _experiment_arms(one, scored)) for one in scored)
    # Only now: until here the snapshot on disk is what the last run left, which the plan may be compared with. A run
    # that dies earlier has changed nothing and costs the next one the calls of reading again. `plan` alone saves it
    # too, since what was read is true whether or not it is acted on.
    return tuple(_save_planned(*pair) for pair in zip(planned, scored, strict=True))


def _save_planned(planned: PlannedRun, scored: ScoredCompanies) -> PlannedRun:
    writer = planned.writer.save(scored.scores.cached, scored.source.program)
    save_portal_description(planned.profile_run, planned.portal_state.preflight)
    return replace(planned, writer=writer)


def _read_portal(
    session: PortalSession, sources: Sequence[PlanSource], definitions: Mapping[str, PropertyDefinition]
) -> Extract:
    """Read the portal once with the properties of all profiles; an interrupted first read is saved per profile."""
    snapshot = merge_profile_snapshots([source.snapshot for source in sources])
    pulled = dict.fromkeys(name for source in sources for name in source.preflight.pulled)

    def save_checkpoint(checkpoint: Snapshot) -> None:
        # In place of a complete snapshot it would cost holds, and whose tiers are; reading anew costs calls.
        for source in (one for one in sources if one.last_verdict_snapshot is None):
            # Its own properties, so that a later run of this profile alone can go on from here.
            names = snapshot_frames.snapshot_property_names(source.preflight.pulled)
            own = replace(
                checkpoint, companies=snapshot_frames.select_available_properties(checkpoint.companies, names)
            )
            source.profile_run.store.snapshot.save(own)

    portal_sync = PortalSync(session.connection, session.progress, list(pulled), session.now, save_checkpoint)
    return portal_sync.read(snapshot, recreated_properties(snapshot, definitions), full=session.options.full)


def _experiment_arms(scored: ScoredCompanies, together: Sequence[ScoredCompanies]) -> pl.DataFrame | None:
    """The arms of the profile's experiment; None without one, or where its champion is not in this run."""
    profile = scored.source.profile
    against = profile.write.experiment.against if profile.write.experiment else None
    champion = next((one.scores.frame for one in together if one.source.profile.name == against), None)
    return None if champion is None else experiment_arms(profile, scored.companies, scored.scores.frame, champion)


def _draw_plan(
    scored: ScoredCompanies, extract: Extract, best: pl.DataFrame | None, arms: pl.DataFrame | None
) -> PlannedRun:
    source, holding, preview = scored.source, scored.compared.holding, build_profile_plan(scored, best, arms)
    lost = find_lost_texts(holding.open_holds, extract.companies)
    return PlannedRun(
        source.profile_run,
        preview,
        count_plan_or_reason(preview, scored.scores, source.program, lost, scored.overrides.tiers_set),
        source.portal_state,
        _snapshot_writer(scored, extract),
        holding,
        scored.overrides,
    )


def _refuse_changed_properties(session: PortalSession, sources: Sequence[PlanSource]) -> None:
    """Raise PreflightFailed where a property was archived, restored or edited while companies were read.

    HubSpot leaves a property it no longer has out of every response, so its values would count as empty. Where it is
    back by the end, only its `updated_at` shows it.
    """
    definitions = fetch_definitions(session.connection, [loaded.profile for loaded in session.profiles])
    for source in sources:
        preflight(source.profile, session.account, definitions)
        before = source.preflight.definitions
        changed = [
            name
            for name in source.preflight.pulled
            if _definition_key(definitions.get(name)) != _definition_key(before[name])
        ]
        if changed:
            raise PreflightFailed(
                f"{', '.join(changed)} disappeared from the portal, or was edited there, while companies were read, so "
                "what was read of it may be wrong; nothing was written. Run again once HubSpot and the profile agree"
            )


def _definition_key(definition: PropertyDefinition | None) -> tuple[object, ...] | None:
    """What the meaning of a property's values depends on (type and options), and when it was last changed."""
    if definition is None:
        return None
    options = frozenset(option.value for option in definition.options)
    return definition.type, definition.field_type, options, definition.created_at, definition.updated_at


def _snapshot_writer(scored: ScoredCompanies, extract: Extract) -> SnapshotWriter:
    source = scored.source
    profile, lists = source.profile, source.portal_state.lists
    others = count_other_currencies(extract.companies, profile)
    amounts = (describe_foreign_currencies(name, counts, profile) for name, counts in others.items())
    session = source.profile_run.session
    former = session.state.describe_former_state(source.profile_run.store, session.profile_names)
    notes = (*extract.notes, *source.preflight.notes, *amounts, *lists.notes, *scored.notes, *filter(None, [former]))
    static = [lists.live[target.name] for target in profile.lists if target.kind == "static"]
    # Not who is on it now: what people changed is told apart by it until a run has saved their pins.
    members = {live.id: live.last for live in static if live.id is not None and live.last is not None}
    differences = with_changes_since_sent(source, scored.companies, scored.compared.differences, extract.watermark)
    differences = attach_holds(differences, scored.compared.holding.holds)
    extract = replace(extract, notes=notes)
    names = source.preflight.pulled
    last = source.snapshot if isinstance(source.snapshot, Snapshot) else None
    # A plan, or a run that is held, decides nothing: what it was the first to see must not be ours the next time.
    is_decided = last is not None and last.decided and not has_unseen_of_ours(scored.companies, last.companies)
    return SnapshotWriter(
        source.profile_run,
        extract,
        names,
        members,
        source.changed_by,
        differences,
        is_decided=is_decided,
        stored=source.stored,
        former=last.stored if last else None,
    )
