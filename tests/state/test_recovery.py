"""A run that died: how far it got, and which of its batches nobody knows the end of."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from icp_sync.plan.changes import Change
from icp_sync.plan.plan import PlanOrigin
from icp_sync.state.directory import StateDirectory
from icp_sync.state.journal import FILE, Journal, Result
from icp_sync.state.recovery import UnfinishedRun, find_unfinished_run
from icp_sync.state.runs import append_run
from tests.state.test_runs import RUN

NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
ORIGIN = PlanOrigin("run-1", 1, NOW, NOW.date(), "icp", "0" * 12, "f" * 64)
CHANGE = Change(7, "", {"score": ""}, {"score": "80.0"})
WRITTEN = [Result(7, "written")]


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    return StateDirectory.open(tmp_path)


@pytest.fixture
def journal(state: StateDirectory) -> Journal:
    """Of a run that has begun to write."""
    journal = Journal(state, "run-1")
    journal.run_started(ORIGIN, "run", NOW)
    return journal


def test_nobody_died_where_nothing_ever_ran(state: StateDirectory) -> None:
    assert find_unfinished_run(state, 1, "icp") is None


def test_a_run_that_ended_did_not_die(journal: Journal, state: StateDirectory) -> None:
    journal.batch_intent(1, [CHANGE])
    append_run(state, RUN)
    assert find_unfinished_run(state, 1, "icp") is None


def test_a_run_that_died_tells_its_batches_and_the_open_ones(journal: Journal, state: StateDirectory) -> None:
    journal.batch_intent(1, [CHANGE])
    journal.batch_intent(2, [CHANGE])
    journal.batch_result(1, WRITTEN)
    journal.batch_result(3, [Result(8, "already")])
    assert find_unfinished_run(state, 1, "icp") == UnfinishedRun("run-1", 3, {2: (CHANGE,)}, recovered=False)


@pytest.mark.usefixtures("journal")
def test_a_run_that_died_before_its_first_batch_has_none(state: StateDirectory) -> None:
    assert find_unfinished_run(state, 1, "icp") == UnfinishedRun("run-1", 0, {}, recovered=False)


def test_what_was_looked_at_once_is_settled(journal: Journal, state: StateDirectory) -> None:
    journal.batch_intent(1, [CHANGE])
    journal.recovered("run-2", [1], {"after": [7]})
    assert find_unfinished_run(state, 1, "icp") == UnfinishedRun("run-1", 1, {1: (CHANGE,)}, recovered=True)


@pytest.mark.parametrize("line", ["sending", "batch"])
def test_a_line_the_crash_itself_cut_short_says_nothing(journal: Journal, state: StateDirectory, line: str) -> None:
    """Of `sending` it means that nothing was sent, of `batch` that nobody knows."""
    journal.batch_intent(1, [CHANGE])
    if line == "batch":
        journal.batch_result(1, WRITTEN)
    whole = state.read(FILE) or b""
    (state.path / FILE).write_bytes(whole[:-4])
    found = find_unfinished_run(state, 1, "icp")
    assert found is not None
    assert (found.open_batches != {}) is (line == "batch")


def test_other_profiles_and_portals_in_the_same_directory_are_not_ours(journal: Journal, state: StateDirectory) -> None:
    journal.batch_intent(1, [CHANGE])
    append_run(state, replace(RUN, profile="ecp"))
    append_run(state, replace(RUN, portal_id=2))
    theirs = Journal(state, "run-3")
    theirs.run_started(replace(ORIGIN, run_id="run-3", profile_name="ecp"), "run", NOW)
    theirs.batch_intent(9, [CHANGE])
    assert find_unfinished_run(state, 1, "icp") == UnfinishedRun("run-1", 1, {1: (CHANGE,)}, recovered=False)
    assert find_unfinished_run(state, 2, "icp") is None


@pytest.mark.usefixtures("journal")
def test_the_order_of_the_lines_counts_whatever_the_clock_said(state: StateDirectory) -> None:
    """The clock went back: the run recorded last says it started a year earlier, under a run id that sorts first."""
    append_run(state, replace(RUN, run_id="20251121T030000Z-aaaaaa", started_at="2025-11-21T03:00:00+00:00"))
    assert find_unfinished_run(state, 1, "icp") is None
    Journal(state, "20241121T030000Z-aaaaaa").run_started(ORIGIN, "run", NOW - dt.timedelta(days=730))
    found = find_unfinished_run(state, 1, "icp")
    assert found is not None
    assert found.run_id == "20241121T030000Z-aaaaaa"
