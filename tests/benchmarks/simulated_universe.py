"""What nobody runs here: a billion rows as 10,000 blocks, each replaced by the counts that one of them left.

What adds them up and commits the result is real, and so are the counts: those of a block of 100,000 generated
companies, as a worker sends them. Rows stay where workers write them, so none comes by here.
"""

from __future__ import annotations

import datetime as dt
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from icp_sync.cli.profile_loading import load_profile
from icp_sync.runs.score_file_destinations import FolderTarget
from icp_sync.runs.score_selection import CompanySelection, ExtraOutputs, open_files, open_wanted_universe
from icp_sync.runs.table_block_engine import BlockFunction, Made, PartFunction
from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.sandbox.store.standard_properties import standard_definitions
from icp_sync.tables.parquet_parts import MANIFEST
from icp_sync.tables.table import Table
from tests.benchmarks.bars import Figure
from tests.benchmarks.memory import own_peak
from tests.benchmarks.score_file import PROFILE

BLOCK_ROWS: Final = 100_000
BLOCKS: Final = 10_000
FEW: Final = 10
DAY: Final = dt.date(2026, 11, 30)


class SimulatedEngine:
    """Works on one block, and says of so many others that they came to the same."""

    def __init__(self, blocks: int) -> None:
        self.blocks = blocks

    def map_blocks(self, table: Table, function: BlockFunction[Made]) -> Iterator[Made]:
        """Nothing is asked of it but to write."""
        raise NotImplementedError

    def write_parts(
        self, table: Table, function: PartFunction[Made], *_where: Any, **_named: Any
    ) -> Iterator[tuple[int, Made]]:
        """Yields how many rows each block has, and its counts as they come from another process; writes none."""
        rows = pl.concat(table.batches())
        _, counts = function(0, rows)
        sent = pickle.dumps(counts)
        for _ in range(self.blocks):
            yield rows.height, pickle.loads(sent)  # noqa: S301 - what was just dumped


def measure() -> Iterator[Figure]:
    """The process that drives a universe of a billion rows, beside one of a million."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        subprocess.run([sys.executable, "-m", "tests.benchmarks.simulated_universe", "write", root], check=True)
        few, many = _driven(root, FEW), _driven(root, BLOCKS)
    yield Figure("simulated: rows", many["rows"], BLOCKS * BLOCK_ROWS, "rows", more_is_better=True)
    yield Figure("simulated: rows counted twice or not at all", abs(many["rows"] - many["scored"]), 0, "rows")
    yield Figure("simulated: CPU of the driver", many["cpu"], None, "s")
    yield Figure("simulated: peak of the driver, the one block it scored itself among it", many["peak"], 500, "MB")
    yield Figure("simulated: its memory", (many["peak"] - few["peak"]) * 1000 / (BLOCKS - FEW), None, "KB a block")


def _driven(root: Path, blocks: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.simulated_universe", str(blocks), str(root)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


def write_block(root: Path, rows: int = BLOCK_ROWS) -> None:
    """A block of generated companies."""
    portal = SandboxPortal()
    generate_companies(portal, rows)
    portal.companies_frame(*(definition.name for definition in standard_definitions())).write_parquet(
        root / "block.parquet"
    )


def drive(blocks: int, root: Path) -> dict[str, float]:
    """Score a universe of so many blocks like `block.parquet`: rows, those counted, seconds of CPU, megabytes."""
    file = open_files([root / "block.parquet"], load_profile(PROFILE).profile, {})
    universe = open_wanted_universe(file, CompanySelection(), DAY, ExtraOutputs(), SimulatedEngine(blocks))
    began = time.process_time()
    written = FolderTarget(root / f"out-{blocks}", file.table).write(universe)
    committed = orjson.loads((root / f"out-{blocks}" / MANIFEST).read_bytes())
    assert committed["parts"] == blocks
    assert sum(committed["counts"]["outcomes"].values()) + committed["counts"]["outside"] == written.rows
    cpu = time.process_time() - began
    return {"rows": written.rows, "scored": committed["counts"]["scored"], "cpu": cpu, "peak": own_peak()}


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write_block(Path(sys.argv[2]))
    else:
        sys.stdout.write(json.dumps(drive(int(sys.argv[1]), Path(sys.argv[2]))))
