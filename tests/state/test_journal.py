"""The journal: what is about to be done and what came of it, line by line."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest

from icp_sync.plan.changes import Change
from icp_sync.state.directory import StateDirectory
from icp_sync.state.journal import FILE, Journal, Result, entries_newest_first, parse_entry

NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    return StateDirectory.open(tmp_path)


@pytest.fixture
def journal(state: StateDirectory) -> Journal:
    return Journal(state, 4242, "icp", "run-1")


def lines(state: StateDirectory) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (state.read(FILE) or b"").splitlines()]


def test_a_run_that_begins_to_write_says_for_whom(journal: Journal, state: StateDirectory) -> None:
    journal.run_started("backfill", NOW)
    assert lines(state) == [
        {
            "kind": "begins", "run_id": "run-1", "portal_id": 4242, "profile": "icp", "command": "backfill",
            "at": "2026-11-21T03:00:00+00:00",
        }
    ]  # fmt: skip


def test_a_batch_is_told_of_before_and_after(journal: Journal, state: StateDirectory) -> None:
    journal.batch_intent(3, [Change(7, "first", {"score": ""}, {"score": "80.0"})])
    journal.batch_result(3, [Result(7, "written"), Result(8, "skipped", "gone")])
    assert lines(state) == [
        {
            "kind": "sending", "run_id": "run-1", "batch": 3,
            "companies": [{"id": 7, "before": {"score": ""}, "after": {"score": "80.0"}}],
        },
        {
            "kind": "batch", "run_id": "run-1", "batch": 3,
            "results": [{"id": 7, "result": "written"}, {"id": 8, "result": "skipped", "reason": "gone"}],
        },
    ]  # fmt: skip


def test_a_list_is_told_of_before_and_after(journal: Journal, state: StateDirectory) -> None:
    journal.list_intent("Tier 1", "77", [1, 2], [3])
    journal.list_result("Tier 1", "77", 2, 1)
    journal.list_result("Tier 2", None, 0, 0, "refused")
    told = {"run_id": "run-1", "list": "Tier 1", "list_id": "77"}
    assert lines(state) == [
        {"kind": "list", **told, "adding": 2, "removing": 1, "add": [1, 2], "remove": [3]},
        {"kind": "listed", **told, "added": 2, "removed": 1},
        {
            "kind": "listed", "run_id": "run-1", "list": "Tier 2", "list_id": None, "added": 0, "removed": 0,
            "failed": "refused",
        },
    ]  # fmt: skip


def test_lines_of_many_threads_stay_whole(journal: Journal, state: StateDirectory) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: journal.batch_result(n, [Result(n, "written")] * 200), range(40)))
    assert sorted(line["batch"] for line in lines(state)) == list(range(40))


def test_it_is_read_from_its_end(journal: Journal, state: StateDirectory) -> None:
    journal.batch_result(1, [])
    journal.batch_result(2, [])
    with entries_newest_first(state) as found:
        assert [parse_entry(line)["batch"] for line in found] == [2, 1]


def test_without_a_file_there_are_no_lines(state: StateDirectory) -> None:
    with entries_newest_first(state) as found:
        assert list(found) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"kind":"batch","batch":1}', {"kind": "batch", "batch": 1}),
        (b'{"run_id":"of the first version"}', {"kind": "run", "run_id": "of the first version"}),
        (b'{"kind":"batch","ba', {}),
        (b"[]", {}),
        (b"\xff", {}),
    ],
)
def test_a_line_tells_what_it_is_and_one_cut_short_nothing(line: bytes, told: dict[str, object]) -> None:
    assert parse_entry(line) == told
