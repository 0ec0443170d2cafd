"""What the scale model reckons with: CPU, memory, calls and bytes of one portal, from 20,000 to 1,000,000 companies.

The figures go by hand into `tools/scale_constants.toml`, from which `docs/explain/scale.md` is made.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from tests.benchmarks.bars import Figure
from tests.benchmarks.million import PROFILE
from tests.benchmarks.sandbox import DAY, Portal, sandbox

SIZES: Final = (20_000, 100_000, 1_000_000)
WRITTEN: Final = 100_000
"""The size at which all are written too."""
EDITED: Final = 0.01
"""Share of the companies that others edit in a day."""


def measure() -> Iterator[Figure]:
    """First plan and a night of each portal; of one also the first run, which writes everybody."""
    for companies in SIZES:
        with (
            tempfile.TemporaryDirectory() as state,
            sandbox("--companies", str(companies), state=Path(state)) as portal,
        ):
            yield from _planned(portal, Path(state), companies)
            if companies == WRITTEN:
                yield from _written(portal, Path(state), companies)


def _planned(portal: Portal, state: Path, companies: int) -> Iterator[Figure]:
    """The first plan, and the next one after a day of edits: a night but for its writes."""
    first, counted = portal.counted("plan", "--profile", str(PROFILE))
    name = f"{companies:,} companies"
    yield Figure(f"{name}, first plan, CPU", first.cpu, None, "s")
    yield Figure(f"{name}, first plan, peak", first.peak, None, "MB")
    yield Figure(f"{name}, first plan, calls", counted.total, None, "calls")
    yield Figure(f"{name}, snapshot", _bytes(state, "snapshot.*.parquet") / companies, None, "bytes a company")
    portal.change(ahead=DAY)
    portal.edit([(one, {"name": f"Renamed {one}"}) for one in _some(state)])
    night, counted = portal.counted("plan", "--profile", str(PROFILE))
    yield Figure(f"{name}, night with {EDITED:.0%} edited, CPU", night.cpu, None, "s")
    yield Figure(f"{name}, night with {EDITED:.0%} edited, peak", night.peak, None, "MB")
    yield Figure(f"{name}, night with {EDITED:.0%} edited, calls", counted.total, None, "calls")


def _written(portal: Portal, state: Path, companies: int) -> Iterator[Figure]:
    run, counted = portal.counted("run", "--profile", str(PROFILE))
    written = run.document["applied"]["companies"]
    yield Figure(f"{companies:,} companies, run that writes them, written", written, None, "companies")
    yield Figure(f"{companies:,} companies, run that writes them, CPU", run.cpu, None, "s")
    yield Figure(f"{companies:,} companies, run that writes them, peak", run.peak, None, "MB")
    yield Figure(f"{companies:,} companies, run that writes them, calls", counted.total, None, "calls")
    yield Figure("ledger", _bytes(state, "ledger.db*") / written, None, "bytes a company written")
    others = _bytes(state, "*") - _bytes(state, "ledger.db*") - _bytes(state, "snapshot.*.parquet")
    yield Figure("report and the rest of the state", others / companies, None, "bytes a company")


def _bytes(state: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in state.glob(pattern) if path.is_file())


def _some(state: Path) -> list[int]:
    """The ids of the companies that are edited."""
    (snapshot,) = state.glob("snapshot.*.parquet")
    ids = pl.scan_parquet(snapshot).select("id").collect()["id"].to_list()
    return random.Random(1).sample(ids, round(len(ids) * EDITED))
