"""The two nights after a run that wrote W companies, in which nobody changed anything.

The first comes upon everything we wrote (200 a search); the second must not see it any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.benchmarks.bars import Figure
from tests.benchmarks.sandbox import DAY, Portal

PLENTY: Final = 100_000
QUIET: Final = 12


def measure(portal: Portal, profile: str, written: int) -> Iterator[Figure]:
    """Runs of the next two nights, at no latency and a high limit: only their calls count."""
    portal.change(latency=0, burst=PLENTY)
    for night, calls in ((1, QUIET + written / 195), (2, QUIET)):
        portal.change(ahead=night * DAY)
        _, counted = portal.counted("run", "--profile", profile)
        yield Figure(f"unchanged, {night}. run after {written:,} were written, writes", counted.writes, 0, "calls")
        yield Figure(f"unchanged, {night}. run after {written:,} were written, calls", counted.total, calls, "calls")
