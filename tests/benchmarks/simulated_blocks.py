"""A universe whose blocks have no rows to speak of: what is measured is what an engine keeps of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from icp_sync.companies.parse.unrecognised import UnrecognisedTexts
from icp_sync.runs.score_file import BlockCounts
from icp_sync.scoring.batch_totals import BatchTotals
from icp_sync.tables.table import positional_name

ROWS = 100_000
"""Rows that a block is said to have: of 10,000 blocks a billion."""


@dataclass(frozen=True, slots=True)
class SimulatedBlock:
    number: int

    def read(self) -> pl.DataFrame:
        return pl.DataFrame({positional_name(0): [self.number]})


@dataclass(frozen=True, slots=True)
class SimulatedTable:
    """So many blocks, as a table in a file has them."""

    count: int
    path: Path = Path("universe")
    headers: tuple[str, ...] = ("n",)
    numeric_columns: frozenset[int] = frozenset()
    description: str = "simulated"

    def batches(self) -> Iterator[pl.DataFrame]:
        return (block.read() for block in self.blocks(0))

    def blocks(self, _rows: int, /) -> Iterator[SimulatedBlock]:
        return (SimulatedBlock(number) for number in range(self.count))


def counted(_number: int, batch: pl.DataFrame) -> tuple[pl.DataFrame, BlockCounts]:
    """What a block of real companies sends home: outcomes, tiers, and examples of what nobody could read."""
    texts = {
        name: UnrecognisedTexts(ROWS // 100, tuple(f"{name} that nobody can read {n}" for n in range(5)), ())
        for name in ("city", "country", "numberofemployees", "annualrevenue")
    }
    outcomes, tiers = Counter({"tiered": ROWS // 2, "not_icp": ROWS // 2}), Counter({"tier_1": 7, "tier_2": 9})
    return batch, BlockCounts(BatchTotals(ROWS, 0, 0, texts, outcomes, tiers), None)


class NothingWritten:
    """Parts that cost nothing."""

    def encode(self, _rows: pl.DataFrame) -> bytes:
        return b""

    def store(self, number: int, part: bytes) -> None:
        """Forget it."""
