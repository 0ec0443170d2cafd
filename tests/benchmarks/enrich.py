"""A vendor's CSV of a million rows matched with 100,000 companies, and its values put into the company frame."""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.runs.vendor_table import match_vendor_columns
from icp_sync.tables.opening import open_table
from tests.benchmarks.bars import Figure

ROWS: Final = 1_000_000
COMPANIES: Final = 100_000
DAY: Final = dt.date(2026, 9, 30)
SOURCE: Final = Enrichment.model_validate(
    {"source": "acme", "columns": {"Employees": "numberofemployees"}, "date": "As of"}
)


def measure() -> Iterator[Figure]:
    """CPU seconds and peak memory of reading the file, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "vendor.csv"
        rows = pl.DataFrame({"n": pl.int_range(ROWS, eager=True)}).select(
            Domain=pl.format("https://www.company{}.com/about", "n"),
            Employees=(pl.col("n") % 5_000).cast(pl.String),
            **{"As of": pl.lit("2026-09-12"), "Text": pl.lit("a line that nobody reads " * 8)},
        )
        rows.write_csv(file)
        size = file.stat().st_size / 1e6
        command = [sys.executable, "-m", "tests.benchmarks.enrich", str(file)]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    matched, seconds, megabytes = (float(word) for word in out)
    yield Figure("vendor rows matched", matched, COMPANIES, "companies", more_is_better=True)
    yield Figure(f"a vendor's file of {size:.0f} MB read, CPU", seconds, 15, "s")
    yield Figure("its peak memory", megabytes, 1_000, "MB")


def _read(file: Path) -> None:
    ids = pl.int_range(COMPANIES, eager=True)
    domains = pl.select(pl.format("company{}.com", ids * 10)).to_series()
    companies = pl.DataFrame({"id": ids, "domain": domains})
    started = time.process_time()
    rows = match_vendor_columns(open_table(file), SOURCE).read_companies(companies, DAY)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    sys.stdout.write(f"{rows.height} {time.process_time() - started} {peak}")


if __name__ == "__main__":
    _read(Path(sys.argv[1]))
