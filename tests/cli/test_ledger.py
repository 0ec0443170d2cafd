"""A ledger elsewhere, from the command line: shared by hosts, said when it is gone, its password never shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from icp_sync.errors import StateUnusable
from icp_sync.runs.extract.snapshot_merge import SnapshotWriter
from icp_sync.sandbox import SandboxPortal
from icp_sync.state.home import StateHome
from icp_sync.state.ledger.journal import Journal
from icp_sync.state.ledger.lease import Lease
from icp_sync.state.ledger.runs import RunStore
from tests.cli.conftest import Command
from tests.postgres import PASSWORD, Server

UPDATE = "POST /crm/objects/companies/batch/update"


@pytest.fixture
def url(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a fresh database, as the setting has it."""
    with server.database() as address:
        monkeypatch.setenv("ICP_SYNC_STATE_URL", address)
        yield address


@pytest.mark.slow
def test_two_hosts_share_lists_history_and_quota(
    icp_sync: Command, portal: SandboxPortal, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert icp_sync("run").code == 0
    monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / "another host"))
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["applied"]["companies"]) == (0, 0)
    store = StateHome(tmp_path / "another host", url=url).open(portal.portal_id, "small")
    assert [(run.written, run.epoch) for run in store.runs.newest()] == [(0, 2), (5, 1)]
    assert not (tmp_path / "another host" / "ledger.db").exists()


@pytest.mark.slow
def test_a_run_is_refused_while_another_host_is_at_work(
    icp_sync: Command, portal: SandboxPortal, url: str, tmp_path: Path
) -> None:
    lease = Lease(StateHome(tmp_path, url=url).open(portal.portal_id, "small").ledger, portal.portal_id, "small")
    lease.acquire("20261103T020000Z-abc123")
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "lock_held")
    assert "run 20261103T020000Z-abc123 on " in ended.document["error"]["message"]
    lease.release()
    assert icp_sync("run").code == 0


@pytest.mark.slow
def test_a_run_that_lost_its_lease_sends_nothing_more(
    icp_sync: Command, portal: SandboxPortal, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another host takes over between the announcement of a batch and its call, and decides whose the values are."""
    whole = Journal.announce_batch

    def overtaken(self: Journal, number: int, changes: object) -> None:
        whole(self, number, changes)  # type: ignore[arg-type]
        monkeypatch.setattr(Lease, "require_valid", lost)

    def lost(_: Lease) -> None:
        raise StateUnusable("this run no longer holds the lease")

    monkeypatch.setattr(Journal, "announce_batch", overtaken)
    decided: list[object] = []
    monkeypatch.setattr("icp_sync.runs.run.save_override_decisions", lambda _, decisions: decided.append(decisions))
    ended = icp_sync("run", "--json")
    assert portal.calls.by_route.get(UPDATE, 0) == 0
    assert (ended.code, "no longer holds the lease" in ended.document["error"]["message"]) == (5, True)
    store = StateHome(tmp_path / "state", url=url).open(portal.portal_id, "small")
    run = store.runs.last()
    assert run is not None
    assert (run.written, run.exit_code, decided) == (0, 5, [])


@pytest.mark.parametrize("command", [["plan"], ["run"], ["doctor"]])
def test_a_database_that_is_not_there_is_said_without_the_password(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"postgresql://icp:{PASSWORD}@127.0.0.1:1/ledger")
    ended = icp_sync(*command, "--json")
    assert ended.code == 1
    assert "the ledger in PostgreSQL at 127.0.0.1:1/ledger cannot be reached" in ended.out
    assert PASSWORD not in ended.out + ended.err
    assert portal.calls.by_route.get(UPDATE, 0) == 0


@pytest.mark.usefixtures("url")
def test_a_database_that_goes_away_in_the_middle_ends_the_run_in_5(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        monkeypatch.setattr(RunStore, "save", gone)
        raise StateUnusable("the ledger in PostgreSQL cannot be reached")

    monkeypatch.setattr(Journal, "answer_batch", gone)
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (5, "partly_applied")
    assert portal.calls.by_route[UPDATE] == 1


def test_a_run_whose_end_is_not_remembered_is_told_as_it_ended(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger says how it went before the snapshot is saved, which takes more room."""

    def full(*_: object) -> None:
        raise StateUnusable("the disk is full")

    monkeypatch.setattr(SnapshotWriter, "save_with_writes", full)
    assert icp_sync("run").code == 5
    (run,) = icp_sync("history", "--json").document["runs"]
    assert run["exit_code"] == 5
    assert "5 written, exit 5 (partly_applied)" in icp_sync("show", "last").out


def test_an_address_that_is_none_is_refused_without_repeating_it(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", "mysql://icp:hunter2@host/ledger")
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"], "hunter2" in ended.out + ended.err) == (2, "usage", False)
