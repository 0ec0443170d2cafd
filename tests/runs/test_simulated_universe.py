"""Ten thousand blocks by the real driver, their rows left out: all are counted once, and none is kept."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from tests.benchmarks.simulated_universe import BLOCKS, drive, write_block

ROWS = 200


@pytest.mark.slow
def test_ten_thousand_blocks_are_counted_once_and_none_is_kept(tmp_path: Path) -> None:
    write_block(tmp_path, ROWS)
    drive(10, tmp_path)  # what is loaded once is no block's
    tracemalloc.start()
    try:
        driven = drive(BLOCKS, tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (driven["rows"], driven["scored"]) == (BLOCKS * ROWS, BLOCKS * ROWS)
    assert peak < BLOCKS * 500
