"""What the journal tells of a run, and of one that died at any instant."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from icp_sync.sandbox import Address, SandboxPortal
from tests.cli.conftest import PROFILES, Command

# A run that is killed just before or just after its n-th line of the journal is on disk.
DIES = """
import os, sys
from icp_sync.cli import main
from icp_sync.state.directory import StateDirectory

left, when = int(sys.argv[1]), sys.argv[2]
whole = StateDirectory.append

def append(self, name, line):
    global left
    left -= 1
    if left == 0 and when == "before":
        os._exit(9)
    whole(self, name, line)
    if left == 0:
        os._exit(9)

StateDirectory.append = append
main(["run", "--quiet"])
"""
UPDATE = "POST /crm/objects/companies/batch/update"


def journal(folder: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (folder / "state" / "runs.jsonl").read_bytes().splitlines()]


def kinds(folder: Path) -> list[str]:
    return [line["kind"] for line in journal(folder)]


def test_a_run_tells_its_beginning_its_batches_its_lists_and_its_end(icp_sync: Command, tmp_path: Path) -> None:
    run_id = icp_sync("run", "--json").document["run_id"]
    assert kinds(tmp_path) == [
        "begins", "sending", "batch", "list", "listed", "list", "listed", "list", "listed", "run",
    ]  # fmt: skip
    assert {line["run_id"] for line in journal(tmp_path)} == {run_id}


def test_a_batch_tells_every_value_before_and_after_and_what_came_of_it(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    gamma = int(portal.companies("name").filter(pl.col("name") == "Gamma")["id"].item())
    portal.faults.reject_company(gamma, "INVALID_OPTION", "no such option")
    icp_sync("run")
    _, sending, batch, *_ = journal(tmp_path)
    alpha = sending["companies"][0]
    assert (alpha["before"]["icp_fit_score"], alpha["after"]["icp_fit_score"]) == ("", "100.0")
    results = {one["id"]: one["result"] for one in batch["results"]}
    assert results == {one["id"]: "rejected" if one["id"] == gamma else "written" for one in sending["companies"]}
    assert next(one["reason"] for one in batch["results"] if one["id"] == gamma).endswith("no such option")


def test_a_list_tells_whom_it_is_given_and_how_many_it_took(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    icp_sync("run")
    told = [line for line in journal(tmp_path) if line.get("list") == "Small Tier 1"]
    members = portal.list_members("Small Tier 1")
    assert [(line["kind"], line.get("add"), line.get("added")) for line in told] == [
        ("list", [], None), ("listed", None, 0), ("list", members, None), ("listed", None, 1),
    ]  # fmt: skip


def test_a_run_that_writes_nothing_tells_only_that_it_ran(icp_sync: Command, tmp_path: Path) -> None:
    icp_sync("run")
    before = len(journal(tmp_path))
    document = icp_sync("run", "--json").document
    (line,) = journal(tmp_path)[before:]
    assert (line["kind"], line["written"], line["calls"]) == ("run", 0, document["calls"]["total"])


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("line", [1, 2, 3, 5])
def test_whatever_line_a_run_dies_at_the_next_one_finishes_and_the_journal_tells_the_truth(
    icp_sync: Command, portal: SandboxPortal, address: Address, tmp_path: Path, line: int, when: str
) -> None:
    assert _die(address, tmp_path, line, when) == 9
    dead = journal(tmp_path) if (tmp_path / "state" / "runs.jsonl").exists() else []
    _tells_the_truth(dead, portal)
    ended = icp_sync("run", "--json")
    begun = any(one["kind"] == "begins" for one in dead)
    assert ended.code == 0
    assert ("goes_on_with" in ended.document) is begun
    assert icp_sync("plan", "--exit-code").code == 0
    _every_open_batch_is_settled(journal(tmp_path), dead)


def test_what_was_sent_and_not_answered_for_is_looked_up_once(
    icp_sync: Command, portal: SandboxPortal, address: Address, tmp_path: Path
) -> None:
    """It dies after the answer, before the journal holds it; then somebody edits one company and archives another."""
    _die(address, tmp_path, 3, "before")
    sent = [one["id"] for one in journal(tmp_path)[1]["companies"]]
    portal.edit_company(sent[0], {"icp_fit_score": "1"})
    portal.archive(sent[1])
    ended = icp_sync("run", "--json", "--allow", "read_at_least")
    dead = journal(tmp_path)[0]["run_id"]
    (settled,) = [line for line in journal(tmp_path) if line["kind"] == "settled"]
    assert (settled["run_id"], settled["by"], settled["batches"]) == (dead, ended.document["run_id"], [1])
    assert (settled["otherwise"], settled["gone"], settled["after"]) == ([sent[0]], [sent[1]], sent[2:])
    assert ended.document["goes_on_with"] == {"run_id": dead, "batches": 1}
    assert "goes_on_with" not in icp_sync("run", "--json").document


def test_people_are_told_of_the_run_that_died(icp_sync: Command, address: Address, tmp_path: Path) -> None:
    _die(address, tmp_path, 2, "after")
    dead = journal(tmp_path)[0]["run_id"]
    assert f"the run {dead} died after 1 batches; this run went on with its work" in icp_sync("run").out


def test_what_was_announced_but_never_sent_stands_as_before(
    icp_sync: Command, portal: SandboxPortal, address: Address, tmp_path: Path
) -> None:
    _die(address, tmp_path, 2, "after")
    assert portal.calls.by_route.get(UPDATE, 0) == 0
    icp_sync("run")
    (settled,) = [line for line in journal(tmp_path) if line["kind"] == "settled"]
    assert settled["before"] == [one["id"] for one in journal(tmp_path)[1]["companies"]]


def test_a_torn_last_line_is_harmless(icp_sync: Command, tmp_path: Path) -> None:
    icp_sync("run")
    file = tmp_path / "state" / "runs.jsonl"
    file.write_bytes(file.read_bytes() + b'{"kind":"sending","run_id":"torn","batch":1,"comp')
    ended = icp_sync("run", "--json")
    assert ended.code == 0
    assert "goes_on_with" not in ended.document
    assert orjson.loads(file.read_bytes().splitlines()[-1])["run_id"] == ended.document["run_id"]


def _die(address: Address, folder: Path, line: int, when: str) -> int:
    settings = {
        "HUBSPOT_BASE_URL": address.url,
        "HUBSPOT_ACCESS_TOKEN": address.token,
        "ICP_SYNC_PROFILE": str(PROFILES / "small.yaml"),
        "ICP_SYNC_STATE": str(folder / "state"),
    }
    command = [sys.executable, "-c", DIES, str(line), when]
    return subprocess.run(command, cwd=folder, env={**os.environ, **settings}, check=False).returncode


def _tells_the_truth(told: list[dict[str, Any]], portal: SandboxPortal) -> None:
    """Nothing was written that was not announced, and what is told as written stands."""
    if "icp_fit_outcome" not in portal.schema.definitions:
        assert not any(line["kind"] == "sending" for line in told)
        return
    announced = {one["id"] for line in told if line["kind"] == "sending" for one in line["companies"]}
    written = {one["id"] for line in told if line["kind"] == "batch" for one in line["results"]}
    standing = set(portal.companies("icp_fit_outcome").drop_nulls("icp_fit_outcome")["id"])
    assert written <= standing <= announced


def _every_open_batch_is_settled(told: list[dict[str, Any]], dead: list[dict[str, Any]]) -> None:
    answered = {line["batch"] for line in dead if line["kind"] == "batch"}
    left = [line["batch"] for line in dead if line["kind"] == "sending" and line["batch"] not in answered]
    assert [line["batches"] for line in told if line["kind"] == "settled"] == ([left] if left else [])
