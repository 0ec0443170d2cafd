"""What is seen of a run while it is under way: a bar on a terminal, JSON lines in a log."""

from __future__ import annotations

import io
import json
from threading import Thread
from typing import Any

import pytest
from rich.console import Console

from icp_sync.cli.progress import open_progress
from icp_sync.cli.progress_bar import ProgressBar, open_progress_bars
from icp_sync.cli.progress_log import HEARTBEAT, ProgressLog, json_log, run_heartbeat
from icp_sync.runs.interfaces import CallStats, NoProgress
from tests.cli.conftest import Command


class Scene:
    """Log lines over a clock and a count of calls that the test moves."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.traffic = CallStats()
        self._stream = io.StringIO()
        self.lines = ProgressLog(json_log(self._stream), lambda: self.traffic, lambda: self.time)

    def lines_read(self) -> list[dict[str, Any]]:
        """The lines so far, without what depends on the moment."""
        lines = [json.loads(line) for line in self._stream.getvalue().splitlines()]
        return [{key: value for key, value in line.items() if key not in {"timestamp", "level"}} for line in lines]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_stage_is_one_line_when_it_is_over(scene: Scene) -> None:
    scene.traffic = CallStats(calls=2)
    scene.lines.stage("pull", 500)
    scene.lines.advance(100)
    scene.lines.advance(400)
    scene.time, scene.traffic = scene.time + 2.25, CallStats(calls=7)
    scene.lines.stage("score", None)
    scene.lines.end()
    run = {"run_id": None, "profile": None, "portal_id": None}
    assert scene.lines_read() == [
        {**run, "event": "stage done", "stage": "pull", "done": 500, "total": 500, "seconds": 2.2, "calls": 5},
        {**run, "event": "stage done", "stage": "score", "done": 0, "seconds": 0.0, "calls": 0},
    ]


def test_every_line_names_the_run_it_belongs_to(scene: Scene) -> None:
    scene.lines.identify("run-1, run-2", "dach, us", 7)
    scene.lines.stage("pull", None)
    scene.lines.identify("run-2", "us", 7)
    scene.lines.stage("write", None)
    scene.lines.end()
    assert [(line["stage"], line["run_id"], line["profile"], line["portal_id"]) for line in scene.lines_read()] == [
        ("pull", "run-1, run-2", "dach, us", 7),
        ("write", "run-2", "us", 7),
    ]


def test_a_long_stage_beats_every_thirty_seconds(scene: Scene) -> None:
    scene.lines.stage("pull", None)
    for _ in range(70):
        scene.time += 1
        scene.lines.advance(10)
    beats = [(line["event"], line["done"], line["seconds"]) for line in scene.lines_read()]
    assert beats == [("stage at work", 300, HEARTBEAT), ("stage at work", 600, 2 * HEARTBEAT)]


def test_a_stage_in_which_nothing_moves_beats_and_says_whom_it_waits_for(scene: Scene) -> None:
    scene.lines.stage("write", 10)
    scene.time, scene.traffic = scene.time + HEARTBEAT, CallStats(calls=9, waiting=3)
    scene.lines.write_heartbeat()
    scene.lines.write_heartbeat()
    (line,) = scene.lines_read()
    assert (line["stage"], line["calls"], line["calls_waiting_for_portal"]) == ("write", 9, 3)


def test_between_stages_nothing_beats(scene: Scene) -> None:
    scene.time += 2 * HEARTBEAT
    scene.lines.write_heartbeat()
    assert scene.lines_read() == []


def test_many_threads_may_advance(scene: Scene) -> None:
    scene.lines.stage("write", None)

    def advance() -> None:
        for _ in range(500):
            scene.lines.advance(1)

    threads = [Thread(target=advance) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scene.lines.end()
    assert scene.lines_read()[0]["done"] == 4_000


def test_the_thread_that_looks_after_the_lines_ends_with_the_run(scene: Scene) -> None:
    import threading

    with run_heartbeat(scene.lines):
        assert "heartbeat" in {thread.name for thread in threading.enumerate()}
    assert "heartbeat" not in {thread.name for thread in threading.enumerate()}


def test_a_bar_shows_pace_calls_and_who_waits() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=160)
    with open_progress_bars(console, lambda: CallStats(calls=1_234, waiting=2)) as progress:
        bar = ProgressBar(progress)
        bar.stage("preflight", None)
        bar.stage("pull", 5_000)
        bar.advance(1_000)
        bar.advance(1_000)
        progress.refresh()
    shown = stream.getvalue()
    assert all(words in shown for words in ("pull", "2000/5000", "/s", "1,234 calls, 2 waiting for the portal"))


def test_whoever_asks_for_quiet_gets_it() -> None:
    with open_progress(quiet=True) as watch:
        assert isinstance(watch, NoProgress)


def test_the_lines_of_a_run_count_its_calls(icp_sync: Command) -> None:
    ended = icp_sync("run", "--json")
    lines = [json.loads(line) for line in ended.err.splitlines()]
    assert [line["stage"] for line in lines] == ["preflight", "pull", "score", "make", "write", "lists"]
    assert {"stage", "done", "seconds", "calls"} <= set.intersection(*(set(line) for line in lines))
    # The greeting comes before the first stage.
    assert sum(line["calls"] for line in lines) + 1 == ended.document["calls"]["total"]
