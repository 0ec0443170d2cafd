"""`icp-sync score FOLDER` over Parquet parts: rows a second, and a peak that does not grow with the rows."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import orjson
import polars as pl

from icp_sync.sandbox import SandboxPortal, generate
from icp_sync.sandbox.store.standard_properties import standard_definitions
from tests.benchmarks.bars import Figure
from tests.benchmarks.score_file import PROFILE

PART_ROWS: Final = 1_000_000
COLUMNS: Final = 12
GENERATED: Final = 50_000
FEW, MANY = 5, 20
"""Parts of the two universes whose peaks are compared."""


def measure() -> Iterator[Figure]:
    """A plain score of both universes, and one of the larger that leaves out what a portal of a million holds."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        subprocess.run([sys.executable, "-m", "tests.benchmarks.universe", root], check=True)
        few = [str(root / "u" / f"part-{number:02}.parquet") for number in range(FEW)]
        _, small_peak = _score(root, few)
        seconds, peak = _score(root, [str(root / "u")])
        kept, _ = _score(
            root, [str(root / "u"), "--not-in-portal", "--portal-state", str(root / "state"), "--top", "2000"]
        )
    rows = MANY * PART_ROWS
    yield Figure(f"rows a second of {rows:,}", rows / seconds, 150_000, "rows/s", more_is_better=True)
    yield Figure("its peak memory", peak, 1_500, "MB")
    yield Figure(f"that peak, by the one of {FEW * PART_ROWS:,}", peak / small_peak, 1.1, "×")
    yield Figure("with --not-in-portal --top 2000, by the plain run", kept / seconds, 1.5, "×")


def _score(root: Path, arguments: Sequence[str]) -> tuple[float, float]:
    """Wall seconds and peak megabytes of the command in a process of its own."""
    out = ["--out", str(root / "out"), "--overwrite", "--profile", str(PROFILE), "--quiet"]
    started = time.perf_counter()
    process = subprocess.Popen([str(Path(sys.executable).with_name("icp-sync")), "score", *arguments, *out])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - started, used.ru_maxrss / 1024


def write_universe(root: Path) -> None:
    """Parts of generated companies, each with a domain of its own, and a state that holds a million of them."""
    portal = SandboxPortal()
    generate(portal, GENERATED)
    companies = portal.companies(*(definition.name for definition in standard_definitions()))
    filled = sorted(companies.columns, key=lambda name: companies[name].null_count())[:COLUMNS]
    columns = list(dict.fromkeys([*filled, "domain"]))[-COLUMNS:]
    rows = pl.concat([companies.select(columns)] * -(-PART_ROWS // companies.height)).head(PART_ROWS)
    (root / "u").mkdir()
    (root / "state").mkdir()
    for number in range(MANY):
        domain = pl.format("c{}.example", pl.int_range(number * PART_ROWS, (number + 1) * PART_ROWS))
        part = rows.with_columns(domain=domain)
        part.write_parquet(root / "u" / f"part-{number:02}.parquet")
        if number == 0:
            part.select("domain").write_parquet(root / "state" / "companies.parquet")
    pointer = {"file": "companies.parquet", "after": None}
    (root / "state" / "snapshot.1.icp.json").write_bytes(orjson.dumps(pointer))


if __name__ == "__main__":
    write_universe(Path(sys.argv[1]))
