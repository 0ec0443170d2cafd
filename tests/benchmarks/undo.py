"""Undo of 20,000 companies, right after the run that wrote them: calls of all kinds, CPU and memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks.bars import Figure
from tests.benchmarks.sandbox import Portal, sandbox

COMPANIES: Final = 20_000
CALLS: Final = 410
PROFILE: Final = str(Path(__file__).with_name("profile.yaml"))
ALLOWED: Final = ("changed", "leaving_tier_1", "leaving_tiers", "list_shrink")


def measure() -> Iterator[Figure]:
    """A run that writes 20,000 companies, and its undo."""
    with (
        tempfile.TemporaryDirectory() as state,
        sandbox("--companies", str(COMPANIES), state=Path(state)) as portal,
    ):
        run = portal.job("run", "--profile", PROFILE)
        written = run.document["applied"]["companies"]
        yield Figure("undo, companies the run wrote", written, COMPANIES, "companies", more_is_better=True)
        yield from _undone(portal, written)


def _undone(portal: Portal, written: int) -> Iterator[Figure]:
    allowed = [word for name in ALLOWED for word in ("--allow", name)]
    run, counted = portal.counted("undo", "last", "--yes", "--profile", PROFILE, *allowed)
    yield Figure("undo, companies restored", run.document["applied"]["companies"], written, "companies", True)
    yield Figure("undo of 20,000, calls", counted.total, CALLS, "calls")
    yield Figure("undo of 20,000, CPU", run.cpu, None, "s")
    yield Figure("undo of 20,000, peak memory", run.peak, None, "MB")
