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

MANY: Final = 1_000_000
TWICE: Final = 2_000_000


def measure() -> Iterator[Figure]:
    """The figures of the night over a million, and how its CPU grows with companies that nobody touched."""
    figures = _night(MANY)
    yield from figures.values()
    many, twice = figures[nightly.CPU].actual, _night(TWICE)[nightly.CPU].actual
    yield Figure(f"nightly, CPU at {TWICE:,}", twice, None, "s")
    yield Figure(f"nightly, CPU at {TWICE:,} ÷ at {MANY:,}", twice / many, 1.5, "times")


def _night(companies: int) -> dict[str, Figure]:
    """The figures of a night over so many companies, by name."""
    with tempfile.TemporaryDirectory() as state, sandbox("--companies", str(companies), state=Path(state)) as portal:
        portal.job("plan", "--profile", str(PROFILE))
        return {figure.name: figure for figure in nightly.measure(portal, Path(state))}
