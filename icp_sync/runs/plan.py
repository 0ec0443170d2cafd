"""From portal to plans: preflight, one pull for all profiles, score, draw. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from icp_sync.companies import snapshot as replica
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
from icp_sync.runs.extract.lists import FORGET_LIST, ResolvedLists, keepers, resolve_lists
from icp_sync.runs.extract.preflight import Preflight, preflight
from icp_sync.runs.extract.snapshots import (
    SnapshotWriter,
    cached_members,
    list_versions,
    merge_snapshots,
    recreated_properties,
)
from icp_sync.runs.extract.sync import Extract, PortalSync
from icp_sync.scoring.list_filter import matching_companies
from icp_sync.scoring.money import other_currencies, sentence
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from icp_sync.state import snapshot
from icp_sync.state.directory import StateDirectory
from icp_sync.state.lists import ListRecord, forget_list, known_lists
from icp_sync.state.runs import last_complete_read_count
from icp_sync.state.snapshot import NoSnapshot, Snapshot


@dataclass(frozen=True, slots=True)
class PortalState:
    """The portal's side of a profile: its properties and its lists."""

    preflight: Preflight
    lists: ResolvedLists


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A drawn plan and what was found on the way to it; `memory` keeps the snapshot up to date."""

    drawing: PlanPreview
    found: PortalState
    memory: SnapshotWriter


@dataclass(frozen=True, slots=True)
class _ProfileExtract:
    """One profile's job and the portal's side of it."""

    job: ProfileRun
    state: StateDirectory
    held: Snapshot | NoSnapshot
    preflight: Preflight
    lists: ResolvedLists
    changed_by: Mapping[str, str | None]


def plan(jobs: Sequence[ProfileRun], account: Account, states: Sequence[StateDirectory]) -> tuple[PlannedRun, ...]:
    """Read the portal once and draw each job's plan; a canary (`job.limit`) leaves lists alone."""
    first = jobs[0]
    first.watch.stage("preflight", None)
    looked = _resolve_all(jobs, account, states)
    reading = _extract(looked)
    _require_same_properties(looked)
    memories = [_snapshot_writer(one, reading) for one in looked]
    for memory in memories:
        memory.keep()
    first.watch.stage("score", None)
    frames = [_profile_frame(one, reading.companies) for one in looked]
    programs = [compile_profile(one.job.profile, one.job.day(account), one.preflight.conventions) for one in looked]
    scored = [score(frame, program) for frame, program in zip(frames, programs, strict=True)]
    named = [(one.job.profile.name, verdicts) for one, verdicts in zip(looked, scored, strict=True)]
    best = best_profiles(named) if len(jobs) > 1 else None
    return tuple(
        PlannedRun(
            build_plan(frame, verdicts, one.job.profile, _plan_inputs(one, frame, best)),
            PortalState(one.preflight, one.lists),
            memory,
        )
        for one, frame, verdicts, memory in zip(looked, frames, scored, memories, strict=True)
    )


def _resolve_all(
    jobs: Sequence[ProfileRun], account: Account, states: Sequence[StateDirectory]
) -> list[_ProfileExtract]:
    definitions = definitions_for(jobs[0].connection, [job.profile for job in jobs])
    together = {job.profile.name for job in jobs}
    return [_resolve(job, state, account, definitions, together) for job, state in zip(jobs, states, strict=True)]


def _resolve(
    job: ProfileRun,
    state: StateDirectory,
    account: Account,
    definitions: Mapping[str, PropertyDefinition],
    together: Collection[str],
) -> _ProfileExtract:
    checked = preflight(job.profile, account, definitions)
    held = snapshot.load(state, account.portal_id, job.profile.name)
    changed_by = list_versions(state, account.portal_id)
    members = {} if job.full else cached_members(held, changed_by)
    known = _still_known(job, state, account.portal_id)
    at_work = {*together, *keepers(state, account.portal_id, job.profile.name, known)}
    lists = resolve_lists(job.connection, job.profile, known, job.allow, members, at_work)
    return _ProfileExtract(job, state, held, checked, lists, changed_by)


def _still_known(job: ProfileRun, state: StateDirectory, portal_id: int) -> Mapping[str, ListRecord]:
    """The lists we know of, without those that `--allow forget-list:NAME` names: these are forgotten."""
    for name in job.allow:
        if name.startswith(FORGET_LIST):
            forget_list(state, portal_id, name.removeprefix(FORGET_LIST))
    return known_lists(state, portal_id)


def _extract(looked: Sequence[_ProfileExtract]) -> Extract:
    """The portal read once, with what all the profiles need."""
    first = looked[0]
    held = merge_snapshots([one.held for one in looked])
    names = dict.fromkeys(name for one in looked for name in one.preflight.pulled)

    def keep_begun(begun: Snapshot) -> None:
        for one in looked:
            account, own = (
                one.preflight.account,
                replica.select_present(begun.companies, replica.required_properties(one.preflight.pulled)),
            )
            snapshot.save(one.state, account.portal_id, one.job.profile.name, replace(begun, companies=own))

    reader = PortalSync(first.job.connection, first.job.watch, list(names), first.job.now, keep_begun)
    return reader.read(held, recreated_properties(held, first.preflight.definitions), full=first.job.full)


def _require_same_properties(looked: Sequence[_ProfileExtract]) -> None:
    """Raise PreflightFailed where a property was archived, restored or edited while companies were read.

    HubSpot leaves a property it no longer has out of every answer, so its values would pass for empty ones, also
    where it is back by the end; then only the moment of its last change tells.
    """
    definitions = definitions_for(looked[0].job.connection, [one.job.profile for one in looked])
    for one in looked:
        preflight(one.job.profile, one.preflight.account, definitions)
        before = one.preflight.definitions
        changed = [name for name in one.preflight.pulled if _meaning(definitions.get(name)) != _meaning(before[name])]
        if changed:
            raise PreflightFailed(
                f"{', '.join(changed)} disappeared from the portal, or was edited there, while companies were read, so "
                "what was read of it may be wrong; nothing was written. Run again once HubSpot and the profile agree"
            )


def _meaning(definition: PropertyDefinition | None) -> tuple[object, ...] | None:
    """What a property's values mean by (another type, or other options, make others of them), and its last change."""
    if definition is None:
        return None
    options = frozenset(option.value for option in definition.options)
    return definition.type, definition.field_type, options, definition.created_at, definition.updated_at


def _snapshot_writer(one: _ProfileExtract, reading: Extract) -> SnapshotWriter:
    others = other_currencies(reading.companies, one.job.profile)
    amounts = (sentence(name, counts, one.job.profile) for name, counts in others.items())
    notes = (*reading.notes, *one.preflight.notes, *amounts, *one.lists.notes)
    reading = replace(reading, notes=notes)
    static = [one.lists.live[target.name] for target in one.job.profile.lists if target.kind == "static"]
    members = {live.id: live.members for live in static if live.id is not None}
    portal_id, names = one.preflight.account.portal_id, one.preflight.pulled
    return SnapshotWriter(one.job, one.state, portal_id, reading, names, members, one.changed_by)


def _profile_frame(one: _ProfileExtract, pulled: pl.DataFrame) -> pl.DataFrame:
    """The company frame of one profile: what it reads and writes, and whose each record is."""
    names = ["id", *(name for name in one.preflight.pulled if name in pulled.columns)]
    whole = with_absent(pulled.select(names), one.preflight.absent)
    return with_ownership(whole, one.job.profile, adopt="adopt" in one.job.allow)


def _plan_inputs(one: _ProfileExtract, frame: pl.DataFrame, best: pl.DataFrame | None) -> PlanInputs:
    job, canary = one.job, one.job.limit is not None
    new = any(live.id is None for live in one.lists.live.values())
    folder = bool(job.profile.lists) and new and one.lists.folder_id is None and not canary
    return PlanInputs(
        origin=job.origin(one.preflight.account),
        to_make=replace(one.preflight.to_make, folder=folder),
        lists=None if canary else one.lists.live,
        last_read=last_complete_read_count(one.state, one.preflight.account.portal_id, job.profile.name),
        allow=job.allow,
        limit=job.limit,
        meeting={} if canary else _list_matches(one, frame),
        best=best if job.first else None,
        quarantine=quarantine_of(job, one.preflight, one.state),
    )


def _list_matches(one: _ProfileExtract, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """List name → which companies meet what it asks of their own values, clause by clause."""
    job = one.job
    asking = [target for target in job.profile.lists if any(target.where.company_clauses())]
    program = compile_profile(job.profile, job.day(one.preflight.account), one.preflight.conventions)
    return {target.name: matching_companies(frame, target.where, program) for target in asking}
