"""Our own reading into the typed frame, with pacing, and a bar drawn for nobody."""

from __future__ import annotations

import os
from threading import Event

from rich.console import Console

from icp_sync.cli.progress_bar import ProgressBar, open_progress_bars
from icp_sync.cli.wiring import call_stats
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies.read import read_all
from tests.benchmarks.readers.asked import PROPERTIES, TOKEN, URL, tell


def read() -> int:
    """How many companies the frame holds."""
    with (
        open(os.devnull, "w", encoding="utf-8") as nobody,  # noqa: PTH123 - a device, not a path
        Connection(TOKEN, URL, stop=Event()) as connection,
        open_progress_bars(Console(file=nobody, force_terminal=True), lambda: call_stats(connection)) as progress,
    ):
        watch = ProgressBar(progress)
        watch.stage("pull", None)
        return read_all(connection, PROPERTIES, watch.advance).companies.height


if __name__ == "__main__":
    tell(read)
