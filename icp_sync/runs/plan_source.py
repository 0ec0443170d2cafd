"""What one profile's plan is made from besides the companies: state, snapshot, properties and lists of the portal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from icp_sync.companies.properties import PropertyDefinition
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.extract.lists import FORGET_LIST, profiles_keeping_lists, resolve_lists
from icp_sync.runs.extract.portal_state import PortalState
from icp_sync.runs.extract.preflight import Preflight, preflight
from icp_sync.runs.extract.snapshot_merge import members_unless_run_changed, recreated_properties
from icp_sync.runs.list_memory import with_remembered_members
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.state.list_ids import ListRecord
from icp_sync.state.snapshot import NoSnapshot, Snapshot


@dataclass(frozen=True, slots=True)
class ProfileSource:
    """One profile's side of a plan; the companies are read once for all profiles.

    `snapshot`: the one of the run before, on disk until the plan is drawn. `recreated`: properties made anew since it.
    `changed_by`: list id → the run that had last changed its members.
    """

    profile_run: ProfileRun
    snapshot: Snapshot | NoSnapshot
    portal_state: PortalState
    program: Program
    recreated: frozenset[str]
    changed_by: Mapping[str, str | None]

    @property
    def preflight(self) -> Preflight:
        return self.portal_state.preflight

    @property
    def profile(self) -> Profile:
        return self.profile_run.profile


def resolve_source(profile_run: ProfileRun, definitions: Mapping[str, PropertyDefinition]) -> ProfileSource:
    """Check the profile against the portal's `definitions` and find its lists. Raises PreflightFailed."""
    session, store = profile_run.session, profile_run.store
    checked = preflight(profile_run.profile, session.account, definitions)
    snapshot, changed_by = store.snapshot.load(), store.lists.versions()
    # HubSpot tells when members of a list last came and went, not who; --full trusts no memory and reads them all.
    members = {} if session.options.full else members_unless_run_changed(snapshot, changed_by)
    known = _known_lists(profile_run)
    # Profiles of a portal share one folder of lists: a list in it that this profile does not name may be another's.
    keepers = {*(loaded.profile.name for loaded in session.profiles), *profiles_keeping_lists(store, known)}
    lists = resolve_lists(session.connection, profile_run.profile, known, profile_run.allow, members, keepers)
    lists = with_remembered_members(profile_run, snapshot, lists)
    program = compile_profile(profile_run.profile, session.day, checked.conventions)
    recreated = recreated_properties(snapshot, definitions)
    return ProfileSource(profile_run, snapshot, PortalState(checked, lists), program, recreated, changed_by)


def _known_lists(profile_run: ProfileRun) -> Mapping[str, ListRecord]:
    """The lists recorded in the state, after removing those named by `--allow forget-list:NAME`."""
    lists = profile_run.store.lists
    for name in profile_run.allow:
        # Forgotten before the lists are resolved, so that the notice about it ends with the run that asks for it.
        if name.startswith(FORGET_LIST):
            lists.forget(name.removeprefix(FORGET_LIST))
    return lists.known()
