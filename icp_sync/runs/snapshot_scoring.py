"""The snapshot scored now, with the profile as it is on disk: what `plan` would show, with no call and no token."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from icp_sync.companies import snapshot as snapshot_frames
from icp_sync.errors import NothingToScore
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.list_diff import active_list_filters
from icp_sync.plan.list_pins import members_after_last_change, members_possibly_added_by_runs
from icp_sync.plan.managed_properties import is_managed
from icp_sync.plan.plan_inputs import LiveList
from icp_sync.portal.account import Account
from icp_sync.portal.client.offline_connection import offline_connection
from icp_sync.portal.client.quota_day import local_date
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.extract.list_resolution import ResolvedLists
from icp_sync.runs.extract.portal_state import PortalState
from icp_sync.runs.extract.portal_sync import Extract
from icp_sync.runs.extract.preflight import preflight, required_properties
from icp_sync.runs.plan_inputs import build_profile_plan
from icp_sync.runs.plan_prerequisites import PlanSource
from icp_sync.runs.portal_session import PortalSession, RunOptions
from icp_sync.runs.profile_run import ProfileRun, new_run_id
from icp_sync.runs.remembered_members import CLOCK_TOLERANCE, with_remembered_members
from icp_sync.runs.saved_portal_description import known_definitions
from icp_sync.runs.scored_companies import ScoredCompanies, score_companies
from icp_sync.scoring.program import compile_profile
from icp_sync.state.home import StateHome
from icp_sync.state.portal_description import PortalDescription
from icp_sync.state.snapshot import NoSnapshot, Snapshot
from icp_sync.state.store import StateStore

FIRST: Final = "run icp-sync plan first"
ONCE: Final = "run icp-sync plan once"
_RULE: Final = ("tier", "target_account", "profile")
"""Outputs that say whose a record is; a plan cannot do without what stands there."""


@dataclass(frozen=True, slots=True)
class OfflineSource:
    """One profile, and the last complete reading of its portal.

    `read_at`: the moment up to which the reading is true. `edited`: the profile's text is another one than at the last
    complete run; None where there was none.
    """

    source: PlanSource
    snapshot: Snapshot
    portal: PortalDescription
    edited: bool | None

    @property
    def read_at(self) -> dt.datetime:
        return self.snapshot.read_from

    @property
    def read_on(self) -> dt.date:
        """The day of the reading, by the portal's clock."""
        return local_date(self.read_at, self.portal.time_zone)


def open_offline(
    store: StateStore,
    loaded: LoadedProfile,
    *,
    as_of: dt.date | None = None,
    command: str = "report",
    names_profile: bool = False,
    state: Path | None = None,
) -> OfflineSource:
    """The profile as given, on the snapshot of its last reading. Reads the state alone.

    `as_of`: the day dates are judged by, None = today in the portal's time zone. `names_profile`, `state`: see
    `RunOptions`. Raises NothingRead where no complete
    snapshot is there, or it lacks what the profile reads; PreflightFailed where it does not fit the portal.
    """
    snapshot, portal = store.snapshot.load(), store.portal_description.load()
    if isinstance(snapshot, NoSnapshot):
        raise NothingToScore(f"{snapshot.why}; {FIRST}")
    # Of a part of the portal neither ranks nor the shares of tiers mean anything.
    if snapshot.after is not None:
        raise NothingToScore(f"the last reading of portal {store.portal_id} was cut short; {ONCE}")
    if portal is None:
        raise NothingToScore(f"what portal {store.portal_id} said of itself is not remembered; {ONCE}")
    _require_properties(loaded.profile, snapshot, portal)
    session = _offline_session(
        store, loaded, portal, RunOptions(command, as_of=as_of, names_profile=names_profile, state=state)
    )
    profile_run = ProfileRun(session, loaded, store, new_run_id(session.now))
    checked = preflight(loaded.profile, session.account, known_definitions(portal, loaded.profile, snapshot))
    lists = with_remembered_members(profile_run, snapshot, _last_known_lists(profile_run, snapshot))
    program = compile_profile(loaded.profile, session.day, checked.conventions)
    source = PlanSource(
        profile_run, snapshot, PortalState(checked, lists), program, frozenset(), store.lists.last_changing_runs()
    )
    last = store.runs.last_complete()
    return OfflineSource(source, snapshot, portal, None if last is None else last.whole != loaded.file_digest)


def score_snapshot(offline: OfflineSource) -> ScoredCompanies:
    """The companies of the snapshot as `plan` would score them now, were nothing changed in HubSpot since.

    Lost inputs are held, tiers and flags of others stand, locked and foreign ones take their places. What only
    HubSpot's history could tell is left alone, as `plan` does where history does not tell.
    """
    return score_companies(offline.source, offline_extract(offline))


def offline_extract(offline: OfflineSource) -> Extract:
    """The snapshot as a reading in which nothing had changed."""
    snapshot, now = offline.snapshot, offline.source.profile_run.session.now
    return Extract(snapshot.companies, now, snapshot.full_at, 0, is_full=False)


def plan_offline(offline: OfflineSource) -> tuple[ScoredCompanies, PlanPreview]:
    """The scored companies and the plan that `plan` would show now, were nothing changed in HubSpot since."""
    scored = score_snapshot(offline)
    return scored, build_profile_plan(scored)


def _offline_session(
    store: StateStore, loaded: LoadedProfile, portal: PortalDescription, options: RunOptions
) -> PortalSession:
    session = PortalSession(offline_connection(), StateHome(store.path), (loaded,), options, offline=True)
    session.account = Account(store.portal_id, portal.time_zone, portal.ui_domain, portal.account_type, portal.currency)
    return session


def _require_properties(profile: Profile, snapshot: Snapshot, portal: PortalDescription) -> None:
    """Raise NothingRead where the snapshot lacks a property of the profile that its portal may have."""
    known = {*snapshot.companies.columns, *portal.absent}
    lacking = [
        name
        for name in required_properties(profile)
        if name not in known and name not in _output_properties_to_make(profile)
    ]
    if lacking:
        some = ", ".join(lacking[:5]) + (f" and {len(lacking) - 5} more" if len(lacking) > 5 else "")
        raise NothingToScore(f"the last reading lacks {some}, which the profile reads now; {ONCE}")


def _output_properties_to_make(profile: Profile) -> frozenset[str]:
    """The properties of our own that a profile only writes; one that was never read counts as not made yet."""
    outputs = profile.write.properties().items()
    return frozenset(name for output, name in outputs if is_managed(name) and output not in _RULE)


def _last_known_lists(profile_run: ProfileRun, snapshot: Snapshot) -> ResolvedLists:
    """The profile's lists as our last changes left them; those that are not made yet have no id."""
    store, known = profile_run.store, profile_run.store.lists.records()
    remembered = snapshot_frames.members_by_list(snapshot.companies)
    recent, ever = store.load_list_moves_by_runs(snapshot.as_of - CLOCK_TOLERANCE), store.load_list_moves_by_runs(None)
    live = {}
    for target in profile_run.profile.lists:
        record = known.get(target.name)
        list_id = record.id if record else None
        before = remembered.get(list_id or "")
        if list_id is None:
            live[target.name] = LiveList()
        elif target.kind == "active":
            # HubSpot alone knows its filter; ours was written there when the profile last ran.
            live[target.name] = LiveList(list_id, filters=active_list_filters(target.where, profile_run.profile.write))
        elif before is None:
            live[target.name] = LiveList(list_id, members_possibly_added_by_runs(ever.get(list_id, ())))
        else:
            live[target.name] = LiveList(list_id, members_after_last_change(before, before, recent.get(list_id, ())))
    return ResolvedLists(None, live)
