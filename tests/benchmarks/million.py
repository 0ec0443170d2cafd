"""A first plan over a million companies by the shipped profile: read, scored, planned, snapshot written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks import nightly
from tests.benchmarks.bars import Figure
from tests.benchmarks.sandbox import Ended, Portal, sandbox

MANY: Final = 1_000_000
FEWER: Final = 100_000
TIMES: Final = 3
PROFILE: Final = Path(__file__).parents[2] / "config/icp.yaml"


def measure() -> Iterator[Figure]:
    """CPU and memory of the job at a million, beside a hundred thousand; then the nights of that million."""
    fewer = _fewer()
    with tempfile.TemporaryDirectory() as state, sandbox("--companies", str(MANY), state=Path(state)) as portal:
        many = planned(portal, Path(state))
        growth = many.cpu / MANY / (fewer / FEWER)
        yield Figure("first plan over 1,000,000 companies, CPU", many.cpu, 60, "s")
        yield Figure("first plan over 1,000,000 companies, peak memory", many.peak, 2_048, "MB")
        yield Figure("CPU of a company at 1,000,000 ÷ at 100,000", growth, 1.2, "times")
        yield from nightly.measure(portal, Path(state))


def planned(portal: Portal, state: Path) -> Ended:
    """A plan from nothing."""
    return portal.job("plan", "--profile", str(PROFILE), state=state)


def _fewer() -> float:
    """CPU-seconds of the plan over the smaller portal, the median of three."""
    with tempfile.TemporaryDirectory() as state, sandbox("--companies", str(FEWER), state=Path(state)) as portal:
        return median(planned(portal, Path(state) / str(time)).cpu for time in range(TIMES))
