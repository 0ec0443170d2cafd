"""Progress on stderr: a bar on a terminal, JSON lines otherwise, nothing with `--quiet`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from icp_sync.cli.progress_bar import ProgressBar, open_progress_bars
from icp_sync.cli.progress_log import ProgressLog, json_log, run_heartbeat
from icp_sync.runs.interfaces import CallStats, NoProgress, Progress


@contextmanager
def open_progress(traffic: Callable[[], CallStats] = CallStats, *, quiet: bool) -> Iterator[Progress]:
    """The progress display for stderr; `traffic`: returns the calls made and waiting, may be called from any thread."""
    if quiet:
        yield NoProgress()
    elif sys.stderr.isatty():
        with open_progress_bars(Console(stderr=True), traffic) as progress:
            yield ProgressBar(progress)
    else:
        lines = ProgressLog(json_log(sys.stderr), traffic)
        with run_heartbeat(lines):
            try:
                yield lines
            finally:
                lines.end()
