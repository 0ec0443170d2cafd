"""From portal to plans: preflight, one extract for all profiles, scores, plans. Writes nothing to the portal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from icp_sync.companies import snapshot as snapshot_frames
from icp_sync.companies.frame import with_absent
from icp_sync.companies.properties import PropertyDefinition
from icp_sync.errors import PreflightFailed
from icp_sync.plan.builder import PlanInputs, PlanPreview, build_plan
from icp_sync.plan.multi_profile import best_profiles
from icp_sync.plan.ownership import with_ownership
from icp_sync.portal.account import Account
from icp_sync.runs.apply.quarantine import quarantine_of
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.extract.definitions import definitions_for
from icp_sync.runs.extract.lists import FORGET_LIST, ResolvedLists, list_keepers, resolve_lists
from icp_sync.runs.extract.preflight import Preflight, preflight
from icp_sync.runs.extract.snapshots import (
    SnapshotWriter,
    cached_members,
    merge_snapshots,
    recreated_properties,
)
from icp_sync.runs.extract.sync import Extract, PortalSync
from icp_sync.scoring.list_filter import matching_companies
from icp_sync.scoring.money import other_currencies, sentence
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import score
from icp_sync.state.lists import ListRecord
from icp_sync.state.snapshot import NoSnapshot, Snapshot
from icp_sync.state.store import StateStore


@dataclass(frozen=True, slots=True)
class PortalState:
    """The portal as one profile sees it: its properties and its lists."""

    preflight: Preflight
    lists: ResolvedLists


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A plan with the portal it was made for; `writer` saves the snapshot once the plan is applied."""

    preview: PlanPreview
    portal_state: PortalState
    writer: SnapshotWriter


@dataclass(frozen=True, slots=True)
class _ProfileExtract:
    """One profile's run with everything read from the portal and the state directory before its companies."""

    job: ProfileRun
    store: StateStore
    snapshot: Snapshot | NoSnapshot
    preflight: Preflight
    lists: ResolvedLists
    changed_by: Mapping[str, str | None]


def plan(jobs: Sequence[ProfileRun], account: Account, stores: Sequence[StateStore]) -> tuple[PlannedRun, ...]:
    """Read the portal once and build each job's plan; saves the snapshots. A canary (`job.limit`) leaves lists alone.

    `jobs` and `stores` are parallel. Raises PreflightFailed where portal and profile do not fit.
    """
    first = jobs[0]
    first.watch.stage("preflight", None)
    sources = _resolve_all(jobs, account, stores)
    extract = _extract(sources)
    _require_same_properties(sources)
    writers = [_snapshot_writer(source, extract) for source in sources]
    for writer in writers:
        writer.save()
    first.watch.stage("score", None)
    frames = [_profile_frame(source, extract.companies) for source in sources]
    scored = [score(frame, _program(source)) for source, frame in zip(sources, frames, strict=True)]
    results = [(source.job.profile.name, verdicts) for source, verdicts in zip(sources, scored, strict=True)]
    best = best_profiles(results) if len(jobs) > 1 else None
    return tuple(
        PlannedRun(
            build_plan(frame, verdicts, source.job.profile, _plan_inputs(source, frame, best)),
            PortalState(source.preflight, source.lists),
            writer,
        )
        for source, frame, verdicts, writer in zip(sources, frames, scored, writers, strict=True)
    )


def _resolve_all(jobs: Sequence[ProfileRun], account: Account, stores: Sequence[StateStore]) -> list[_ProfileExtract]:
    definitions = definitions_for(jobs[0].connection, [job.profile for job in jobs])
    together = {job.profile.name for job in jobs}
    return [_resolve(job, store, account, definitions, together) for job, store in zip(jobs, stores, strict=True)]


def _resolve(
    job: ProfileRun,
    store: StateStore,
    account: Account,
    definitions: Mapping[str, PropertyDefinition],
    together: Collection[str],
) -> _ProfileExtract:
    checked = preflight(job.profile, account, definitions)
    snapshot = store.snapshot.load()
    changed_by = store.lists.versions()
    members = {} if job.full else cached_members(snapshot, changed_by)
    known = _known_lists(job, store)
    keepers = {*together, *list_keepers(store, known)}
    lists = resolve_lists(job.connection, job.profile, known, job.allow, members, keepers)
    return _ProfileExtract(job, store, snapshot, checked, lists, changed_by)


def _known_lists(job: ProfileRun, store: StateStore) -> Mapping[str, ListRecord]:
    """The lists recorded in the state directory, after removing those named by `--allow forget-list:NAME`."""
    for name in job.allow:
        if name.startswith(FORGET_LIST):
            store.lists.forget(name.removeprefix(FORGET_LIST))
    return store.lists.known()


def _extract(sources: Sequence[_ProfileExtract]) -> Extract:
    """Read the portal once with the properties of all profiles; an interrupted full read is saved per profile."""
    first = sources[0]
    snapshot = merge_snapshots([source.snapshot for source in sources])
    pulled = dict.fromkeys(name for source in sources for name in source.preflight.pulled)

    def save_checkpoint(checkpoint: Snapshot) -> None:
        for source in sources:
            names = snapshot_frames.required_properties(source.preflight.pulled)
            own = replace(checkpoint, companies=snapshot_frames.select_present(checkpoint.companies, names))
            source.store.snapshot.save(own)

    portal_sync = PortalSync(first.job.connection, first.job.watch, list(pulled), first.job.now, save_checkpoint)
    return portal_sync.read(snapshot, recreated_properties(snapshot, first.preflight.definitions), full=first.job.full)


def _require_same_properties(sources: Sequence[_ProfileExtract]) -> None:
    """Raise PreflightFailed where a property was archived, restored or edited while companies were read.

    HubSpot leaves a property it no longer has out of every response, so its values would count as empty. Where it is
    back by the end, only its `updated_at` shows it.
    """
    definitions = definitions_for(sources[0].job.connection, [source.job.profile for source in sources])
    for source in sources:
        preflight(source.job.profile, source.preflight.account, definitions)
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


def _snapshot_writer(source: _ProfileExtract, extract: Extract) -> SnapshotWriter:
    others = other_currencies(extract.companies, source.job.profile)
    amounts = (sentence(name, counts, source.job.profile) for name, counts in others.items())
    notes = (*extract.notes, *source.preflight.notes, *amounts, *source.lists.notes)
    extract = replace(extract, notes=notes)
    static = [source.lists.live[target.name] for target in source.job.profile.lists if target.kind == "static"]
    members = {live.id: live.members for live in static if live.id is not None}
    return SnapshotWriter(source.job, source.store, extract, source.preflight.pulled, members, source.changed_by)


def _profile_frame(source: _ProfileExtract, pulled: pl.DataFrame) -> pl.DataFrame:
    """The company frame of one profile: the properties it reads and writes, with ownership columns."""
    names = ["id", *(name for name in source.preflight.pulled if name in pulled.columns)]
    companies = with_absent(pulled.select(names), source.preflight.absent)
    return with_ownership(companies, source.job.profile, adopt="adopt" in source.job.allow)


def _plan_inputs(source: _ProfileExtract, frame: pl.DataFrame, best: pl.DataFrame | None) -> PlanInputs:
    job, canary = source.job, source.job.limit is not None
    new = any(live.id is None for live in source.lists.live.values())
    folder = bool(job.profile.lists) and new and source.lists.folder_id is None and not canary
    return PlanInputs(
        origin=job.origin(source.preflight.account),
        to_make=replace(source.preflight.to_make, folder=folder),
        lists=None if canary else source.lists.live,
        last_read=source.store.runs.last_complete_read_count(),
        allow=job.allow,
        limit=job.limit,
        meeting={} if canary else _list_matches(source, frame),
        best=best if job.first else None,
        quarantine=quarantine_of(job, source.preflight, source.store.quarantine),
    )


def _list_matches(source: _ProfileExtract, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """List name → one Boolean column per clause about companies' own values, for lists that have such clauses."""
    asking = [target for target in source.job.profile.lists if any(target.where.company_clauses())]
    program = _program(source)
    return {target.name: matching_companies(frame, target.where, program) for target in asking}


def _program(source: _ProfileExtract) -> Program:
    day = source.job.day(source.preflight.account)
    return compile_profile(source.job.profile, day, source.preflight.conventions)
