"""A night of 10,000 edits over a million companies, and over two: it costs what changed, not what is there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks import nightly
from tests.benchmarks.bars import Figure
from tests.benchmarks.million import PROFILE
from tests.benchmarks.sandbox import sandbox

SIZES: Final = (1_000_000, 2_000_000)


def measure() -> Iterator[Figure]:
    """The figures of each night, and how its CPU grows with companies that nobody touched."""
    cpu = []
    for companies in SIZES:
        with (
            tempfile.TemporaryDirectory() as state,
            sandbox("--companies", str(companies), state=Path(state)) as portal,
        ):
            portal.job("plan", "--profile", str(PROFILE))
            figures = {figure.name: figure for figure in nightly.measure(portal, Path(state))}
        cpu.append(figures[nightly.CPU].actual)
        yield from figures.values()
    yield Figure("nightly, CPU at 2,000,000 ÷ at 1,000,000", cpu[1] / cpu[0], 1.5, "times")
