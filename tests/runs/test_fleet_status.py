"""What a fleet remembers of a portal whose run has no end: at work, or dead, and since when, by the ledger alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from icp_sync.fleet.model import Portal
from icp_sync.fleet.outcome import PortalOutcome, highest_exit_code
from icp_sync.runs.fleet_status import portal_status
from icp_sync.state.home import StateHome
from icp_sync.state.store import StateStore
from tests.postgres import Server
from tests.state.ledger.conftest import NIGHT, PORTAL, PROFILE, record

ACME = Portal(name="acme", token="env:A", portal_id=PORTAL)


def status(home: StateHome, after: dt.timedelta) -> PortalOutcome:
    return portal_status(ACME, [PROFILE], home, NIGHT + after)


def store_of(folder: Path, url: str | None = None) -> tuple[StateHome, StateStore]:
    home = StateHome(named=folder, url=url)
    return home, home.open(PORTAL, PROFILE)


def sentence_of(outcome: PortalOutcome) -> str:
    assert outcome.error is not None
    return str(outcome.error["message"])


def test_a_run_that_has_just_begun_is_at_work(tmp_path: Path) -> None:
    home, store = store_of(tmp_path)
    store.runs.save(record("a", started_at=NIGHT))
    outcome = status(home, dt.timedelta(minutes=5))
    assert (outcome.exit_code, highest_exit_code([outcome])) == (None, 0)
    assert sentence_of(outcome).startswith("unfinished since 2026-11-03 02:00 UTC on ")
    assert sentence_of(outcome).endswith(": at work (run a)")


def test_a_run_that_has_not_been_heard_of_for_an_hour_died_and_counts_as_its_process_would(tmp_path: Path) -> None:
    home, store = store_of(tmp_path)
    journal = store.journal(store.runs.save(record("a", started_at=NIGHT)), None, lambda: NIGHT + dt.timedelta(hours=3))
    journal.announce_list("ICP", "7", [1], [])
    assert status(home, dt.timedelta(hours=3, minutes=59)).exit_code is None
    outcome = status(home, dt.timedelta(hours=4))
    assert (outcome.exit_code, outcome.error and outcome.error["code"]) == (5, "unfinished")
    assert "it died after 05:00:00, and the next run does what is left" in sentence_of(outcome)


def test_a_run_that_another_one_closed_died_too(tmp_path: Path) -> None:
    home, store = store_of(tmp_path)
    store.runs.close_interrupted(store.runs.save(record("a")), NIGHT)
    assert status(home, dt.timedelta()).exit_code == 5


def test_a_state_directory_that_cannot_be_looked_into_is_the_portals_error(tmp_path: Path) -> None:
    """No folder has so long a name, which is as good as one that this user may not open."""
    outcome = status(StateHome(named=tmp_path / ("x" * 300)), dt.timedelta())
    assert (outcome.exit_code, outcome.error and outcome.error["code"]) == (1, "state")


@pytest.mark.slow
def test_in_a_shared_ledger_the_lease_says_whether_a_run_is_at_work(tmp_path: Path, server: Server) -> None:
    with server.database() as url:
        home, store = store_of(tmp_path, url)
        store.runs.save(record("a", started_at=NIGHT))
        assert store.lease is not None
        store.lease.acquire("a")
        assert status(home, dt.timedelta(days=3)).exit_code is None
        store.lease.release()
        assert status(home, dt.timedelta()).exit_code == 5
        # Another run may have the lease, and has not begun to write yet.
        store.lease.acquire("b")
        assert status(home, dt.timedelta()).exit_code == 5
