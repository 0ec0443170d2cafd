"""A run that died: how far it got, and which of its batches nobody knows the end of."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from icp_sync.plan.changes import Change
from icp_sync.state.journal import FILE, Journal, Result
from icp_sync.state.recovery import UnfinishedRun
from icp_sync.state.store import StateStore
from tests.state.test_runs import RUN, beside

NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
CHANGE = Change(7, "", {"score": ""}, {"score": "80.0"})
WRITTEN = [Result(7, "written")]


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    return StateStore.open(tmp_path, 1, "icp")


@pytest.fixture
def journal(store: StateStore) -> Journal:
    """Of a run that has begun to write."""
    journal = store.journal("run-1")
    journal.run_started("run", NOW)
    return journal


def test_nobody_died_where_nothing_ever_ran(store: StateStore) -> None:
    assert store.runs.unfinished() is None


def test_a_run_that_ended_did_not_die(journal: Journal, store: StateStore) -> None:
    journal.batch_intent(1, [CHANGE])
    store.runs.append(RUN)
    assert store.runs.unfinished() is None


def test_a_run_that_died_tells_its_batches_and_the_open_ones(journal: Journal, store: StateStore) -> None:
    journal.batch_intent(1, [CHANGE])
    journal.batch_intent(2, [CHANGE])
    journal.batch_result(1, WRITTEN)
    journal.batch_result(3, [Result(8, "already")])
    assert store.runs.unfinished() == UnfinishedRun("run-1", 3, {2: (CHANGE,)}, recovered=False)


@pytest.mark.usefixtures("journal")
def test_a_run_that_died_before_its_first_batch_has_none(store: StateStore) -> None:
    assert store.runs.unfinished() == UnfinishedRun("run-1", 0, {}, recovered=False)


def test_what_was_looked_at_once_is_settled(journal: Journal, store: StateStore) -> None:
    journal.batch_intent(1, [CHANGE])
    journal.recovered("run-2", [1], {"after": [7]})
    assert store.runs.unfinished() == UnfinishedRun("run-1", 1, {1: (CHANGE,)}, recovered=True)


@pytest.mark.parametrize("line", ["sending", "batch"])
def test_a_line_the_crash_itself_cut_short_says_nothing(journal: Journal, store: StateStore, line: str) -> None:
    """Of `sending` it means that nothing was sent, of `batch` that nobody knows."""
    journal.batch_intent(1, [CHANGE])
    if line == "batch":
        journal.batch_result(1, WRITTEN)
    whole = store.directory.read(FILE) or b""
    (store.path / FILE).write_bytes(whole[:-4])
    found = store.runs.unfinished()
    assert found is not None
    assert (found.open_batches != {}) is (line == "batch")


def test_other_profiles_and_portals_in_the_same_directory_are_not_ours(journal: Journal, store: StateStore) -> None:
    journal.batch_intent(1, [CHANGE])
    beside(store, "ecp").runs.append(RUN)
    beside(store, portal_id=2).runs.append(RUN)
    theirs = beside(store, "ecp").journal("run-3")
    theirs.run_started("run", NOW)
    theirs.batch_intent(9, [CHANGE])
    assert store.runs.unfinished() == UnfinishedRun("run-1", 1, {1: (CHANGE,)}, recovered=False)
    assert beside(store, portal_id=2).runs.unfinished() is None


@pytest.mark.usefixtures("journal")
def test_the_order_of_the_lines_counts_whatever_the_clock_said(store: StateStore) -> None:
    """The clock went back: the run recorded last says it started a year earlier, under a run id that sorts first."""
    store.runs.append(replace(RUN, run_id="20251121T030000Z-aaaaaa", started_at="2025-11-21T03:00:00+00:00"))
    assert store.runs.unfinished() is None
    store.journal("20241121T030000Z-aaaaaa").run_started("run", NOW - dt.timedelta(days=730))
    found = store.runs.unfinished()
    assert found is not None
    assert found.run_id == "20241121T030000Z-aaaaaa"
