"""A full unchanged run over 100,000 companies: calls, CPU and peak memory of the job's own process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Final

from tests.benchmarks.bars import Figure
from tests.benchmarks.sandbox import Portal, sandbox

COMPANIES: Final = 100_000
PROFILE: Final = str(Path(__file__).with_name("profile.yaml"))


def measure() -> Iterator[Figure]:
    """The second of two runs, which reads everything and writes nothing."""
    with (
        tempfile.TemporaryDirectory() as state,
        sandbox("--companies", str(COMPANIES), state=Path(state)) as portal,
    ):
        first = portal.job("run", "--profile", PROFILE)
        if first.code != 0:
            raise RuntimeError(f"the first run ended in {first.code}: {first.document}")
        yield Figure("first run over 100,000 companies, CPU", first.cpu, 60, "s")
        yield from _unchanged(portal)


def _unchanged(portal: Portal) -> Iterator[Figure]:
    portal.reset()
    run = portal.job("run", "--profile", PROFILE)
    counted = portal.calls()
    writes = sum(count for route, count in counted["by_route"].items() if route.endswith(("update", "remove")))
    pages = _membership_pages(run.document)
    yield Figure("unchanged run, changes", run.document["changes"]["companies"] + writes, 0, "changes and writes")
    yield Figure("unchanged run, calls without membership pages", counted["total"] - pages, 1_015, "calls")
    yield Figure(
        "unchanged run, calls reported − calls counted",
        abs(run.document["calls"]["total"] - counted["total"]),
        0,
        "calls",
    )
    yield Figure("unchanged run, CPU", run.cpu, 8, "s")
    yield Figure("unchanged run, peak memory", run.peak, 600, "MB")


def _membership_pages(document: dict[str, object]) -> int:
    """⌈members / 250⌉ a static list."""
    calls = document["calls"]
    assert isinstance(calls, dict)
    return ceil(int(calls["by_route"].get("GET /crm/lists/{listId}/memberships", 0)))
