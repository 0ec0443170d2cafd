"""What one profile's plan is made from besides the companies: state, snapshot, properties and lists of the portal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.companies.snapshot import survivors_of_merged
from icp_sync.plan.plan import Plan
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.extract.list_resolution import (
    FORGET_LIST,
    ResolvedLists,
    profiles_keeping_lists,
    reread_lists_of_merged_members,
    resolve_lists,
)
from icp_sync.runs.extract.portal_state import PortalState
from icp_sync.runs.extract.portal_sync import Extract
from icp_sync.runs.extract.preflight import Preflight, preflight, properties_left_on_disk
from icp_sync.runs.extract.property_definitions import fetch_definitions
from icp_sync.runs.extract.snapshot_merge import members_unchanged_by_runs, recreated_properties
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.runs.remembered_members import with_remembered_members
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.state.list_ids import ListRecord
from icp_sync.state.snapshot import NoSnapshot, Snapshot
from icp_sync.state.stored_companies import StoredCompanies


@dataclass(frozen=True, slots=True)
class PlanSource:
    """One profile's side of a plan; the companies are read once for all profiles.

    `snapshot`: the one of the run before, on disk until the plan is drawn. `recreated`: properties made anew since it.
    `changed_by`: list id → the run that had last changed its members. `stored`: the companies after tonight's reading
    with all columns, as they lie on disk but for the rows that changed; None before it, and where anybody may have
    changed, so that all columns are at hand.
    """

    profile_run: ProfileRun
    snapshot: Snapshot | NoSnapshot
    portal_state: PortalState
    program: Program
    recreated: frozenset[str]
    changed_by: Mapping[str, str | None]
    stored: StoredCompanies | None = None

    def after_extract(self, extract: Extract) -> PlanSource:
        """The same once the companies are read. Where only some changed, the texts there were are let go.

        A list of which a member was merged away is read again: whether HubSpot gives a list another size or date by a
        merge is not documented, and the survivor seen on it one run later would look like a person's doing.
        """
        lists = reread_lists_of_merged_members(
            self.profile_run.connection, self.portal_state.lists, survivors_of_merged(extract.companies)[ID]
        )
        source = replace(self, portal_state=replace(self.portal_state, lists=lists))
        snapshot = source.snapshot
        if isinstance(snapshot, NoSnapshot) or extract.delta is None or _has_lost_columns(snapshot, self.preflight):
            return source
        stored = extract.delta.apply(snapshot, extract.companies[ID])
        without_texts = replace(snapshot, companies=snapshot.companies.select(ID), stored=None)
        return source if stored is None else replace(source, stored=stored, snapshot=without_texts)

    @property
    def last_verdict_snapshot(self) -> Snapshot | None:
        """The snapshot that the last verdicts stood on; none ever stood on a first reading that was cut short."""
        return self.snapshot if isinstance(self.snapshot, Snapshot) and self.snapshot.after is None else None

    @property
    def known_columns(self) -> Collection[str]:
        """The columns of the snapshot."""
        if self.stored is not None:
            return self.stored.schema.names()
        return () if isinstance(self.snapshot, NoSnapshot) else self.snapshot.columns

    def with_stored_columns(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of the company frame with the columns that were left on disk."""
        return rows if self.stored is None else self.stored.with_stored_columns(rows)

    @property
    def preflight(self) -> Preflight:
        return self.portal_state.preflight

    @property
    def profile(self) -> Profile:
        return self.profile_run.profile


def prepare_plan_source(profile_run: ProfileRun, definitions: Mapping[str, PropertyDefinition]) -> PlanSource:
    """Check the profile against the portal's `definitions` and find its lists. Raises PreflightFailed."""
    session, store = profile_run.session, profile_run.store
    checked = preflight(profile_run.profile, session.account, definitions)
    snapshot, changed_by = _last_snapshot(profile_run, checked), store.lists.last_changing_runs()
    # HubSpot tells when members of a list last came and went, not who; --full trusts no memory and reads them all.
    members = {} if session.options.full else members_unchanged_by_runs(snapshot, changed_by)
    known = _forget_and_read_known_lists(profile_run)
    # Profiles of a portal share one folder of lists: a list in it that this profile does not name may be another's.
    keepers = {*session.profile_names, *profiles_keeping_lists(store, known)}
    lists = resolve_lists(session.connection, profile_run.profile, known, profile_run.allowed_names, members, keepers)
    lists = with_remembered_members(profile_run, snapshot, lists)
    program = compile_profile(profile_run.profile, session.day, checked.conventions)
    recreated = recreated_properties(snapshot, definitions)
    return PlanSource(profile_run, snapshot, PortalState(checked, lists), program, recreated, changed_by)


def portal_state_for_saved_plan(profile_run: ProfileRun, saved: Plan) -> PortalState:
    """The portal as it is now, for a plan drawn before. Raises PreflightFailed."""
    session, profile = profile_run.session, profile_run.profile
    # A plan may be days old: properties may have been archived or renamed since, and their writes would be refused.
    checked = preflight(profile, session.account, fetch_definitions(session.connection, [profile]))
    return PortalState(checked, _read_live_lists(profile_run, saved))


def _read_live_lists(profile_run: ProfileRun, saved: Plan) -> ResolvedLists:
    """The live lists, read only when a saved plan changes any; their members are taken from the plan."""
    if not saved.lists:
        return ResolvedLists(None, {})
    # A list is found by its id, as people rename them; None: members are those of the plan, read again as they move.
    known, allow = profile_run.store.lists.records(), profile_run.allowed_names | set(saved.allowed)
    return resolve_lists(profile_run.connection, profile_run.profile, known, allow, None)


def _last_snapshot(profile_run: ProfileRun, checked: Preflight) -> Snapshot | NoSnapshot:
    """The snapshot of the run before, with what is not looked at of everybody left on disk."""
    session, store = profile_run.session, profile_run.store.snapshot
    # Of several profiles one reading has the columns of all at hand, as one may judge by what another only shows.
    apart = properties_left_on_disk(profile_run.profile) if len(session.profiles) == 1 else frozenset[str]()
    snapshot = store.load(apart)
    return store.load() if isinstance(snapshot, Snapshot) and _has_lost_columns(snapshot, checked) else snapshot


def _has_lost_columns(snapshot: Snapshot, checked: Preflight) -> bool:
    """Whether the portal lost a property: it counts as empty from tonight on, so that anybody may have changed."""
    return not set(checked.absent).isdisjoint(snapshot.columns)


def _forget_and_read_known_lists(profile_run: ProfileRun) -> Mapping[str, ListRecord]:
    """The lists recorded in the state, after removing those named by `--allow forget-list:NAME`."""
    lists = profile_run.store.lists
    for name in profile_run.allowed_names:
        # Forgotten before the lists are resolved, so that the notice about it ends with the run that asks for it.
        if name.startswith(FORGET_LIST):
            record = lists.get(name.removeprefix(FORGET_LIST))
            if record is not None and record.id is not None:
                profile_run.store.membership_pins.end_of_list(record.id, profile_run.session.now)
            lists.forget(name.removeprefix(FORGET_LIST))
    return lists.records()
