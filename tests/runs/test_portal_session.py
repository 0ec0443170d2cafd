"""A session of several profiles, and what a plan leaves on disk."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from icp_sync.errors import WrongPortal
from icp_sync.plan.builder import PlanPreview
from icp_sync.runs.plan import plan
from icp_sync.runs.portal_session import PortalSession, RunOptions
from icp_sync.runs.profile_run import ProfileRun, open_profile_runs
from icp_sync.runs.run import run
from icp_sync.sandbox import SandboxPortal
from icp_sync.state.snapshot import NoSnapshot, Snapshot


def names(profile_run: ProfileRun) -> list[str | None]:
    """The companies' names in the snapshot on disk."""
    snapshot = profile_run.store.snapshot.load()
    return snapshot.companies["name"].to_list() if isinstance(snapshot, Snapshot) else []


def test_a_session_lives_by_the_portals_clock_and_knows_its_account(
    session: PortalSession, portal: SandboxPortal
) -> None:
    assert session.account.portal_id == portal.portal_id
    assert session.now == session.connection.portal_time
    assert session.day == session.now.date()


def test_the_scoring_date_may_be_another(session: PortalSession) -> None:
    session.options = RunOptions("plan", as_of=dt.date(2030, 1, 2))
    assert session.day == dt.date(2030, 1, 2)


def test_a_token_of_another_portal_than_expected_is_refused(session: PortalSession) -> None:
    session.expected_portal = 1
    with pytest.raises(WrongPortal, match="ICP_SYNC_PORTAL_ID asks for 1"):
        session.connect()


def test_the_state_of_another_portal_is_refused_unless_allowed(session: PortalSession, profile_run: ProfileRun) -> None:
    profile_run.store.directory.replace("snapshot.7.small.json", b"{}")
    with pytest.raises(WrongPortal, match="belongs to portal 7"):
        open_profile_runs(session)
    session.options = RunOptions("run", allow=frozenset({"other-portal"}))
    assert len(open_profile_runs(session)) == 1


def test_each_profile_has_a_run_of_its_own_and_the_first_one_leads(session: PortalSession) -> None:
    session.profiles = (*session.profiles, replace(session.profiles[0]))
    first, second = open_profile_runs(session)
    assert (first.is_first_in_session, second.is_first_in_session) == (True, False)
    assert first.run_id != second.run_id


def test_until_a_plan_is_drawn_the_snapshot_is_that_of_the_run_before(
    session: PortalSession, profile_run: ProfileRun, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(session)
    portal.edit_company(2, {"name": "Edited"})

    def dying(*_: object) -> PlanPreview:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("icp_sync.runs.plan_inputs.build_plan", dying)
        with pytest.raises(ZeroDivisionError):
            plan(session, [profile_run])
    assert names(profile_run) == [None, None, None]
    plan(session, [profile_run])
    assert names(profile_run) == [None, "Edited", None]


def test_a_plan_alone_keeps_what_it_read(session: PortalSession, profile_run: ProfileRun) -> None:
    assert isinstance(profile_run.store.snapshot.load(), NoSnapshot)
    plan(session, [profile_run])
    assert names(profile_run) == [None, None, None]
