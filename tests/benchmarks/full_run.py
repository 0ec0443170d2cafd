"""Full reads of 100,000 companies: calls of a first one and of one with ids known, CPU and memory of whole runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks.bars import Figure
from tests.benchmarks.sandbox import Portal, sandbox

COMPANIES: Final = 100_000
CALLS: Final = COMPANIES // 100 + 15
PROFILE: Final = str(Path(__file__).with_name("profile.yaml"))


def measure() -> Iterator[Figure]:
    """A first reading; a run that writes everything; and one that reads all of it again and writes nothing."""
    with (
        tempfile.TemporaryDirectory() as state,
        tempfile.TemporaryDirectory() as another,
        sandbox("--companies", str(COMPANIES), state=Path(state)) as portal,
    ):
        _, counted = portal.counted("plan", "--profile", PROFILE, state=Path(another))
        yield Figure("100,000 companies read for the first time", counted.without_membership, CALLS, "calls")
        first = portal.job("run", "--profile", PROFILE)
        yield Figure("first run over 100,000 companies, CPU", first.cpu, 60, "s")
        yield from _known(portal)


def _known(portal: Portal) -> Iterator[Figure]:
    run, counted = portal.counted("run", "--full", "--profile", PROFILE)
    changed = run.document["changes"]["companies"] + counted.writes
    yield Figure("100,000 companies read with ids known", counted.without_membership, CALLS, "calls")
    yield Figure("full unchanged run, changes", changed, 0, "changes and writes")
    differ = abs(run.document["calls"]["total"] - counted.total)
    yield Figure("full unchanged run, calls reported − calls counted", differ, 0, "calls")
    yield Figure("full unchanged run, CPU", run.cpu, 8, "s")
    yield Figure("full unchanged run, peak memory", run.peak, 600, "MB")
