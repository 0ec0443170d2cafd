"""What the ledger tells of a run, and of one that died at any instant."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import PortalAddress, SandboxPortal
from tests.cli.conftest import PROFILES, Command
from tests.read_ledger import RecordedRun, recorded_runs
from tests.unread import hide_records

# A run that is killed just before or just after it first commits something of a kind.
DIES = """
import os, sys
from icp_sync.cli import main
from icp_sync.state.ledger.journal import Journal
from icp_sync.state.ledger.runs import RunStore

kind, when = sys.argv[1], sys.argv[2]
owner = RunStore if kind == "save" else Journal
whole = getattr(owner, kind)

def dying(self, *about):
    if when == "after":
        whole(self, *about)
    os._exit(9)

setattr(owner, kind, dying)
main(["run", "--quiet"])
"""
UPDATE = "POST /crm/objects/companies/batch/update"
BEGINS, ANNOUNCES, ANSWERS, MOVES_A_LIST = "save", "announce_batch", "answer_batch", "announce_list"


@pytest.mark.slow
def test_a_run_tells_its_batches_its_lists_and_its_end(icp_sync: Command, tmp_path: Path) -> None:
    run_id = icp_sync("run", "--json").document["run_id"]
    (recorded,) = recorded_runs(tmp_path / "state")
    assert (recorded.run.run_id, recorded.run.exit_code, recorded.open_batches) == (run_id, 0, [])
    assert (len(recorded.batches), [change.failed for change in recorded.lists]) == (1, [None, None, None])
    assert all(change.answered_at for change in recorded.lists)


def test_a_batch_tells_every_value_before_and_after_and_what_came_of_it(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    gamma = int(portal.companies_frame("name").filter(pl.col("name") == "Gamma")["id"].item())
    portal.faults.reject_company(gamma, "INVALID_OPTION", "no such option")
    icp_sync("run")
    (recorded,) = recorded_runs(tmp_path / "state")
    alpha = recorded.batches[0].changes[0]
    assert (alpha.before["icp_fit_score"], alpha.after["icp_fit_score"]) == ("", "100.0")
    assert (recorded.by_result("rejected"), {*recorded.by_result("written")}) == (
        [gamma],
        {*recorded.announced} - {gamma},
    )
    (reason,) = (each.reason or "" for each in recorded.results if each.id == gamma)
    assert reason.endswith("no such option")


def test_a_list_tells_whom_it_is_given(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    icp_sync("run")
    (recorded,) = recorded_runs(tmp_path / "state")
    made, filled = (change for change in recorded.lists if change.name == "Small Tier 1")
    assert (made.added, filled.list_id) == ((), made.list_id)
    assert list(filled.added) == portal.list_members("Small Tier 1")


@pytest.mark.slow
def test_a_run_that_writes_nothing_tells_only_that_it_ran(icp_sync: Command, tmp_path: Path) -> None:
    icp_sync("run")
    document = icp_sync("run", "--json").document
    recorded = recorded_runs(tmp_path / "state")[-1]
    assert (recorded.batches, recorded.results, recorded.lists) == ((), (), ())
    assert (recorded.run.written, sum(recorded.run.calls.values())) == (0, document["calls"]["total"])


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", [BEGINS, ANNOUNCES, ANSWERS, MOVES_A_LIST])
def test_wherever_a_run_dies_the_next_one_finishes_and_the_ledger_tells_the_truth(
    icp_sync: Command, portal: SandboxPortal, address: PortalAddress, tmp_path: Path, kind: str, when: str
) -> None:
    assert _die(address, tmp_path, kind, when) == 9
    dead = recorded_runs(tmp_path / "state")
    _tells_the_truth(dead, portal)
    ended = icp_sync("run", "--json")
    assert ended.code == 0
    assert ("goes_on_with" in ended.document) is bool(dead)
    assert icp_sync("plan", "--exit-code").code == 0
    assert [told.open_batches for told in recorded_runs(tmp_path / "state")] == [[]] * (len(dead) + 1)


@pytest.mark.slow
def test_what_was_sent_and_not_answered_for_is_looked_up_once(
    icp_sync: Command, portal: SandboxPortal, address: PortalAddress, tmp_path: Path
) -> None:
    """It dies after the answer, before the ledger holds it; then somebody edits one company and archives another."""
    _die(address, tmp_path, ANSWERS, "before")
    sent = recorded_runs(tmp_path / "state")[0].announced
    portal.edit_company(sent[0], {"icp_fit_score": "1"})
    portal.archive(sent[1])
    ended = icp_sync("run", "--json", "--allow", "read_at_least")
    dead = recorded_runs(tmp_path / "state")[0]
    assert dead.settled == {
        sent[0]: "the record holds other values",
        sent[1]: "the record is no longer in the portal",
        **dict.fromkeys(sent[2:], "the record holds what was sent"),
    }
    assert (dead.by_result("written"), dead.run.error) == (sent[2:], "interrupted")
    assert ended.document["goes_on_with"] == {"run_id": dead.run.run_id, "batches": 1}
    assert "goes_on_with" not in icp_sync("run", "--json").document


@pytest.mark.slow
def test_of_what_was_sent_nothing_is_known_where_hubspot_cannot_show_it(
    icp_sync: Command, address: PortalAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _die(address, tmp_path, ANSWERS, "before")
    first = recorded_runs(tmp_path / "state")[0].announced[0]
    hide_records(monkeypatch, {first})
    assert icp_sync("run").code == 0
    dead = recorded_runs(tmp_path / "state")[0]
    assert (dead.settled[first], dead.by_result("unknown")) == ("HubSpot could not show the record", [first])


@pytest.mark.slow
def test_people_are_told_of_the_run_that_died(icp_sync: Command, address: PortalAddress, tmp_path: Path) -> None:
    _die(address, tmp_path, ANNOUNCES, "after")
    dead = recorded_runs(tmp_path / "state")[0].run.run_id
    assert f"the run {dead} died after 1 batches; this run went on with its work" in icp_sync("run").out


@pytest.mark.slow
def test_what_was_announced_but_never_sent_stands_as_before(
    icp_sync: Command, portal: SandboxPortal, address: PortalAddress, tmp_path: Path
) -> None:
    _die(address, tmp_path, ANNOUNCES, "after")
    assert portal.calls.by_route.get(UPDATE, 0) == 0
    icp_sync("run")
    dead = recorded_runs(tmp_path / "state")[0]
    assert dead.settled == dict.fromkeys(dead.announced, "the record holds what it held before")
    assert dead.by_result("unknown") == dead.announced


def _die(address: PortalAddress, folder: Path, kind: str, when: str) -> int:
    settings = {
        "HUBSPOT_BASE_URL": address.url,
        "HUBSPOT_ACCESS_TOKEN": address.token,
        "ICP_SYNC_PROFILE": str(PROFILES / "small.yaml"),
        "ICP_SYNC_STATE": str(folder / "state"),
    }
    command = [sys.executable, "-c", DIES, kind, when]
    return subprocess.run(command, cwd=folder, env={**os.environ, **settings}, check=False).returncode


def _tells_the_truth(runs: list[RecordedRun], portal: SandboxPortal) -> None:
    """Nothing was written that was not announced, and what is told as written stands."""
    announced = {company for recorded in runs for company in recorded.announced}
    written = {company for recorded in runs for company in recorded.by_result("written")}
    if "icp_fit_outcome" not in portal.schema.definitions:
        assert not announced
        return
    standing = set(portal.companies_frame("icp_fit_outcome").drop_nulls("icp_fit_outcome")["id"])
    assert written <= standing <= announced
