"""Progress on stderr: a bar on a terminal, JSON lines otherwise, nothing with `--quiet`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from icp_sync.cli.progress_bar import Bars, show_bars
from icp_sync.cli.progress_log import LogLines, heartbeat, json_log
from icp_sync.runs.ports import CallStats, NoProgress, Progress


@contextmanager
def progress_for(traffic: Callable[[], CallStats] = CallStats, *, quiet: bool) -> Iterator[Progress]:
    """The progress display for stderr; `traffic`: returns the calls made and waiting, may be called from any thread."""
    if quiet:
        yield NoProgress()
    elif sys.stderr.isatty():
        with show_bars(Console(stderr=True), traffic) as progress:
            yield Bars(progress)
    else:
        lines = LogLines(json_log(sys.stderr), traffic)
        with heartbeat(lines):
            try:
                yield lines
            finally:
                lines.end()
