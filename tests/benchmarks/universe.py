"""`icp-sync score FOLDER` over Parquet parts: rows a second, and a peak that does not grow with the rows."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.sandbox.store.standard_properties import standard_definitions
from icp_sync.state.directory import StateDirectory
from icp_sync.state.snapshot import Snapshot, SnapshotStore
from tests.benchmarks.bars import Figure
from tests.benchmarks.score_file import PROFILE

PART_ROWS: Final = 1_000_000
COLUMNS: Final = 12
GENERATED: Final = 50_000
FEW, MANY = 5, 20
"""Parts of the two universes whose peaks are compared."""
READ: Final = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
TOP: Final = 2_000
NOT_IN_PORTAL: Final = ("--top", str(TOP), "--not-in-portal", "--portal-state")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost: wall and CPU seconds, megabytes at the peak."""

    seconds: float
    cpu: float
    peak: float


def measure() -> Iterator[Figure]:
    """A plain score of both universes, and one of the larger that leaves out what a portal of a million holds."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        # In a process of its own: a child's peak begins with that of the process it was forked from.
        subprocess.run([sys.executable, "-m", "tests.benchmarks.universe", "write", root], check=True)
        parts = [str(root / "u" / f"part-{number:02}.parquet") for number in range(MANY)]
        few = _score(root, *parts[:FEW])
        many = _score(root, *parts)
        chosen = _score(root, *parts, *NOT_IN_PORTAL, str(root / "state"))
        _score(root, str(root / "mixed.parquet"), *NOT_IN_PORTAL, str(root / "state"), out="best.parquet")
        _score(root, str(root / "mixed.parquet"), out="all.parquet")
        checked = subprocess.run([sys.executable, "-m", "tests.benchmarks.universe", "check", root], check=False)
    rows = MANY * PART_ROWS
    yield Figure(f"rows a second of {rows:,}", rows / many.seconds, 150_000, "rows/s", more_is_better=True)
    yield Figure("rows a second of CPU", rows / many.cpu, None, "rows/s")
    yield Figure("its peak memory", many.peak, 1_500, "MB")
    yield Figure(f"peak memory at {FEW * PART_ROWS:,}", few.peak, None, "MB")
    yield Figure(f"that peak, by the one of {FEW * PART_ROWS:,}", many.peak / few.peak, 1.1, "×")
    yield Figure("with --not-in-portal --top 2000, CPU by the plain run", chosen.cpu / many.cpu, 1.5, "×")
    yield Figure("with --not-in-portal --top 2000, time by the plain run", chosen.seconds / many.seconds, 1.5, "×")
    yield Figure("its peak memory", chosen.peak, 1_500, "MB")
    yield Figure("differences from brute force on 1,000,000", checked.returncode, 0, "")


def _score(root: Path, *arguments: str, out: str = "out") -> Cost:
    """What the command costs in a process of its own."""
    options = ["--out", str(root / out), "--overwrite", "--profile", str(PROFILE), "--quiet"]
    started = time.perf_counter()
    process = subprocess.Popen([str(Path(sys.executable).with_name("icp-sync")), "score", *arguments, *options])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def write_universe(root: Path) -> None:
    """Parts of generated companies, each with a domain of its own, a state that holds a million of them, and a mix."""
    portal = SandboxPortal()
    generate_companies(portal, GENERATED)
    companies = portal.companies_frame(*(definition.name for definition in standard_definitions()))
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
            _save_snapshot(root / "state", part)
    rows.with_columns(domain=_mixed_domains()).write_parquet(root / "mixed.parquet")


def _save_snapshot(state: Path, companies: pl.DataFrame) -> None:
    """The companies as a portal's last reading of them."""
    ids, read = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ID), pl.lit(READ.isoformat()).alias(MODIFIED)
    frame = companies.select(ids, pl.exclude(ID, MODIFIED), read)
    SnapshotStore(StateDirectory.open(state), 4242, "icp").save(Snapshot(frame, READ, READ, READ))


def _mixed_domains() -> pl.Expr:
    """Half of them in the portal, some twice, some written as an address, some nobody's."""
    row = pl.int_range(pl.len()) + PART_ROWS // 2
    twice = pl.when(row % 10 == 0).then(row - 7).otherwise(row)
    address = pl.when(row % 50 == 1).then(pl.format("https://www.C{}.example/about", twice))
    domain = address.otherwise(pl.format("c{}.example", twice))
    return pl.when(row % 97 == 0).then(pl.lit(None)).when(row % 89 == 0).then(pl.lit("gmail.com")).otherwise(domain)


def differences(root: Path) -> int:
    """How many of the best 2,000 of the mix are not those that plain Python picks from all of it."""
    best = pl.read_parquet(root / "best.parquet").rows()
    everybody = pl.read_parquet(root / "all.parquet")
    wanted = _brute_force(everybody.rows(), everybody.columns)
    return abs(len(best) - len(wanted)) + sum(one != other for one, other in zip(best, wanted, strict=False))


def _brute_force(rows: list[tuple[Any, ...]], columns: list[str]) -> list[tuple[Any, ...]]:
    """The best of those that are not in the portal: the fullest row of each domain, ranked one against the other."""
    place = {name: number for number, name in enumerate(columns)}
    own = columns.index("icp_tier")
    fullest: dict[str | int, tuple[int, int]] = {}
    for number, row in enumerate(rows):
        host = _host(row[place["domain"]])
        if host is None or not (host[0] == "c" and int(host[1:].partition(".")[0]) < PART_ROWS):
            key: str | int = number if host is None else host
            filled = sum(value not in (None, "") for value in row[:own])
            if key not in fullest or filled > fullest[key][0]:
                fullest[key] = filled, number
    kept = [number for _, number in fullest.values() if rows[number][place["icp_outcome"]] is not None]

    def rank(number: int) -> tuple[Any, ...]:
        row = rows[number]
        host = _host(row[place["domain"]])
        score, potential = row[place["icp_score"]], row[place["icp_potential"]]
        return row[place["icp_tier"]] or "~", -score, -potential, host is None, host or "", number

    return [rows[number] for number in sorted(kept, key=rank)[:TOP]]


def _host(domain: str | None) -> str | None:
    """The host as this file's own domains need it."""
    host = (domain or "").lower().removeprefix("https://www.").removesuffix("/about")
    return None if host in ("", "gmail.com") else host


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write_universe(Path(sys.argv[2]))
    else:
        sys.exit(min(differences(Path(sys.argv[2])), 100))
