"""`icp-sync score` over a CSV of a million companies and 25 columns, from command to written file."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.sandbox.store.standard_properties import standard_definitions
from tests.benchmarks.bars import Figure

ROWS: Final = 1_000_000
COLUMNS: Final = 25
GENERATED: Final = 50_000
PROFILE: Final = Path(__file__).parents[2] / "config" / "icp.yaml"


def measure() -> Iterator[Figure]:
    """Wall seconds, CPU seconds and peak memory of the command in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "companies.csv"
        # In a process of its own as well: a child's peak begins with that of the process it was forked from.
        subprocess.run([sys.executable, "-m", "tests.benchmarks.score_file", source], check=True)
        command = [Path(sys.executable).with_name("icp-sync"), "score", source, "--profile", PROFILE, "--quiet"]
        started = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command])
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        written = pl.scan_csv(Path(folder) / "companies.scored.csv", infer_schema=False)
        scored = written.select(pl.col("icp_outcome").count()).collect().item()
    yield Figure("rows scored", scored, ROWS, "rows", more_is_better=True)
    yield Figure("score of 1,000,000 rows × 25 columns", seconds, 30, "s")
    yield Figure("its CPU", used.ru_utime + used.ru_stime, None, "s")
    yield Figure("its peak memory", used.ru_maxrss / 1024, 2_000, "MB")


def write_companies(path: Path) -> None:
    """A generated portal repeated, with name and description another in every row; its fullest columns."""
    portal = SandboxPortal()
    generate_companies(portal, GENERATED)
    companies = portal.companies_frame(*(definition.name for definition in standard_definitions()))
    filled = sorted(companies.columns, key=lambda name: companies[name].null_count())[:COLUMNS]
    number = pl.int_range(1, ROWS + 1).cast(pl.String)
    repeated = pl.concat([companies.select(filled)] * -(-ROWS // companies.height)).head(ROWS)
    repeated.with_columns(
        name=pl.col("name") + " " + number, description=pl.col("description") + " No. " + number
    ).write_csv(path)


if __name__ == "__main__":
    write_companies(Path(sys.argv[1]))
