"""Progress on a terminal: a bar for the current stage, with pace, calls and remaining time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from icp_sync.runs.interfaces import CallStats

# As much as an eye needs; each costs a few milliseconds, and a reading of a million companies takes many minutes.
_REFRESHES: Final = 4


class PaceColumn(ProgressColumn):
    """The column `1,875/s`; empty until something is done."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")


class CallsColumn(ProgressColumn):
    """The column `41 calls`, and how many of them wait for the portal."""

    def __init__(self, traffic: Callable[[], CallStats]) -> None:
        super().__init__()
        self._traffic = traffic

    def render(self, task: Task) -> Text:  # noqa: ARG002 - rich hands every column the task
        now = self._traffic()
        waiting = f", {now.waiting:,} waiting for the portal" if now.waiting else ""
        return Text(f"{now.calls:,} calls{waiting}")


@contextmanager
def open_progress_bars(console: Console, traffic: Callable[[], CallStats]) -> Iterator[Progress]:
    """Shows the bars while the run lasts and removes them at its end."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        PaceColumn(),
        CallsColumn(traffic),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=_REFRESHES, transient=True) as progress:
        yield progress


class ProgressBar:
    """One bar for the current stage, removed when the stage is done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def identify(self, run_id: str | None, profile: str, portal_id: int) -> None:
        """A bar is looked at by whoever started the run."""

    def stage(self, name: str, total: int | None) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(name, total=total)

    def advance(self, amount: int) -> None:
        if self._task is not None:
            self._progress.advance(self._task, amount)

    @contextmanager
    def pause(self) -> Iterator[None]:
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()
