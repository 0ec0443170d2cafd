"""The record of runs, and how many companies the last complete one read."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import orjson
import pytest

from icp_sync.plan.changes import Change
from icp_sync.state.directory import StateDirectory
from icp_sync.state.journal import FILE, Journal, Result
from icp_sync.state.runs import RunRecord, append_run, at_work, last_complete_read_count

RUN = RunRecord(
    "run-1", 1, "icp", "run", "2026-11-21T03:00:00+00:00", 9.5, complete=True,
    read=100, written=7, skipped=0, rejected=0, allowed=("adopt",), exit_code=0,
)  # fmt: skip


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    return StateDirectory.open(tmp_path)


def test_without_a_run_there_is_nothing_to_compare_with(state: StateDirectory) -> None:
    assert last_complete_read_count(state, 1, "icp") is None


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([RUN], 100),
        ([RUN, replace(RUN, read=120)], 120),
        ([RUN, replace(RUN, read=3, complete=False)], 100),
        ([RUN, replace(RUN, read=0)], 0),
        ([RUN, replace(RUN, read=5, portal_id=2), replace(RUN, read=6, profile="ecp")], 100),
        ([replace(RUN, complete=False)], None),
    ],
)
def test_the_last_complete_run_of_this_profile_on_this_portal_counts(
    state: StateDirectory, runs: list[RunRecord], expected: int | None
) -> None:
    for run in runs:
        append_run(state, run)
    assert last_complete_read_count(state, 1, "icp") == expected


@pytest.mark.parametrize(
    "damage",
    [b'{"run_id": "cut sh', b"\n", b"[]\n", b"\xff\xfe\n", b'{"portal_id":1,"profile":"icp","complete":true}\n'],
)
def test_a_damaged_line_tells_nothing_and_hides_nothing(state: StateDirectory, damage: bytes) -> None:
    append_run(state, RUN)
    state.append(FILE, damage)
    assert last_complete_read_count(state, 1, "icp") == 100
    append_run(state, replace(RUN, read=101))
    assert last_complete_read_count(state, 1, "icp") == 101


def test_a_run_says_that_it_is_one_and_how_many_calls_it_took(state: StateDirectory) -> None:
    append_run(state, replace(RUN, calls=12))
    told = orjson.loads(state.read(FILE) or b"")
    assert (told["kind"], told["run_id"], told["calls"]) == ("run", "run-1", 12)


def test_lines_of_the_first_version_are_runs(state: StateDirectory) -> None:
    old = {name: value for name, value in asdict(RUN).items() if name != "calls"}
    state.append(FILE, orjson.dumps(old, option=orjson.OPT_APPEND_NEWLINE))
    assert last_complete_read_count(state, 1, "icp") == 100


def test_the_last_run_is_the_one_recorded_last_whatever_the_clock_said(state: StateDirectory) -> None:
    append_run(state, RUN)
    append_run(state, replace(RUN, run_id="earlier", started_at="2020-01-01T00:00:00+00:00", read=90))
    assert last_complete_read_count(state, 1, "icp") == 90


def test_what_a_batch_tells_is_no_run(state: StateDirectory) -> None:
    append_run(state, RUN)
    change = Change(7, "", {"read": "1"}, {"read": "2"})
    Journal(state, "run-2").batch_intent(1, [change] * 2_000)
    Journal(state, "run-2").batch_result(1, [Result(7, "written")] * 2_000)
    assert last_complete_read_count(state, 1, "icp") == 100


def test_a_profile_is_at_work_while_it_runs_beside_another(state: StateDirectory) -> None:
    assert at_work(state, 1, "new") == {"new"}
    for profile in ("old", "weekly", "new", "weekly", "new"):
        append_run(state, replace(RUN, profile=profile))
    assert at_work(state, 1, "new") == {"new", "weekly"}
    assert at_work(state, 1, "old") == {"old", "weekly", "new"}
    assert at_work(state, 2, "new") == {"new"}
