"""The record of runs, and how many companies the last complete one read."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import orjson
import pytest

from icp_sync.plan.changes import Change
from icp_sync.state.journal import FILE, Result
from icp_sync.state.runs import RunRecord
from icp_sync.state.store import StateStore

RUN = RunRecord(
    "run-1", "run", "2026-11-21T03:00:00+00:00", 9.5, complete=True,
    read=100, written=7, skipped=0, rejected=0, allowed=("adopt",), exit_code=0,
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    return StateStore.open(tmp_path, 1, "icp")


def beside(store: StateStore, profile: str = "icp", portal_id: int = 1) -> StateStore:
    """Another profile or portal in the same directory."""
    return StateStore.open(store.path, portal_id, profile)


def test_without_a_run_there_is_nothing_to_compare_with(store: StateStore) -> None:
    assert store.runs.last_complete_read_count() is None


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([RUN], 100),
        ([RUN, replace(RUN, read=120)], 120),
        ([RUN, replace(RUN, read=3, complete=False)], 100),
        ([RUN, replace(RUN, read=0)], 0),
        ([replace(RUN, complete=False)], None),
    ],
)
def test_the_last_complete_run_of_this_profile_on_this_portal_counts(
    store: StateStore, runs: list[RunRecord], expected: int | None
) -> None:
    for run in runs:
        store.runs.append(run)
    assert store.runs.last_complete_read_count() == expected


@pytest.mark.parametrize(
    "damage",
    [b'{"run_id": "cut sh', b"\n", b"[]\n", b"\xff\xfe\n", b'{"portal_id":1,"profile":"icp","complete":true}\n'],
)
def test_a_damaged_line_tells_nothing_and_hides_nothing(store: StateStore, damage: bytes) -> None:
    store.runs.append(RUN)
    store.directory.append(FILE, damage)
    assert store.runs.last_complete_read_count() == 100
    store.runs.append(replace(RUN, read=101))
    assert store.runs.last_complete_read_count() == 101


def test_a_run_says_that_it_is_one_and_how_many_calls_it_took(store: StateStore) -> None:
    store.runs.append(replace(RUN, calls=12))
    told = orjson.loads(store.directory.read(FILE) or b"")
    assert (told["kind"], told["run_id"], told["calls"]) == ("run", "run-1", 12)


def test_lines_of_the_first_version_are_runs(store: StateStore) -> None:
    old = {name: value for name, value in asdict(RUN).items() if name != "calls"} | {"portal_id": 1, "profile": "icp"}
    store.directory.append(FILE, orjson.dumps(old, option=orjson.OPT_APPEND_NEWLINE))
    assert store.runs.last_complete_read_count() == 100


def test_the_last_run_is_the_one_recorded_last_whatever_the_clock_said(store: StateStore) -> None:
    store.runs.append(RUN)
    store.runs.append(replace(RUN, run_id="earlier", started_at="2020-01-01T00:00:00+00:00", read=90))
    assert store.runs.last_complete_read_count() == 90


def test_what_a_batch_tells_is_no_run(store: StateStore) -> None:
    store.runs.append(RUN)
    change = Change(7, "", {"read": "1"}, {"read": "2"})
    store.journal("run-2").batch_intent(1, [change] * 2_000)
    store.journal("run-2").batch_result(1, [Result(7, "written")] * 2_000)
    assert store.runs.last_complete_read_count() == 100


def test_a_profile_is_at_work_while_it_runs_beside_another(store: StateStore) -> None:
    assert beside(store, "new", 1).runs.active_profiles() == {"new"}
    for profile in ("old", "weekly", "new", "weekly", "new"):
        beside(store, profile).runs.append(RUN)
    assert beside(store, "new", 1).runs.active_profiles() == {"new", "weekly"}
    assert beside(store, "old", 1).runs.active_profiles() == {"old", "weekly", "new"}
    assert beside(store, "new", 2).runs.active_profiles() == {"new"}


def test_runs_of_other_profiles_and_portals_in_the_same_directory_do_not_count(store: StateStore) -> None:
    store.runs.append(RUN)
    beside(store, portal_id=2).runs.append(replace(RUN, read=5))
    beside(store, "ecp").runs.append(replace(RUN, read=6))
    assert store.runs.last_complete_read_count() == 100


def test_the_portals_known_are_those_with_a_snapshot_and_of_the_latest_run(store: StateStore) -> None:
    assert store.known_portals() == frozenset()
    for portal_id in (2, 3):
        beside(store, portal_id=portal_id).runs.append(RUN)
    assert store.known_portals() == {3}
    store.directory.replace("snapshot.4.icp.json", b"{}")
    assert store.known_portals() == {3, 4}
