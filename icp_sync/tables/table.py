"""A table: the companies of one file, read a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

import polars as pl

from icp_sync.tables.locations import Location

BATCH_ROWS: Final = 250_000
"""Companies read, scored and written at a time: enough that equal ones are judged once, few enough for 1 GB."""

_MAX_CELLS: Final = 100 * BATCH_ROWS


def max_batch_rows(width: int) -> int:
    """The most rows of a batch that has so many columns."""
    return min(BATCH_ROWS, max(_MAX_CELLS // max(width, 1), 1))


class TableBlock(Protocol):
    """A piece of a table that can be read by itself, in any process that reaches the file."""

    def read(self) -> pl.DataFrame:
        """Its rows: columns `positional_name(0)`, …. Raises TableUnusable."""


class Table(Protocol):
    """A file of companies.

    `headers`: its columns as they are called in it, which may repeat. `numeric`: the places of those whose type is a
    number. `description`: its format in words.
    """

    @property
    def path(self) -> Location: ...

    @property
    def headers(self) -> tuple[str, ...]: ...

    @property
    def numeric_columns(self) -> frozenset[int]: ...

    @property
    def description(self) -> str: ...

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yields the rows in order: columns `positional_name(0)`, …, at least one row each. Raises TableUnusable."""

    def blocks(self, rows: int, /) -> Iterator[TableBlock]:
        """Yields the pieces whose rows, in this order, are those of the table; of Parquet, so many rows each.

        Raises TableUnusable.
        """


def positional_name(number: int) -> str:
    """The name of the column that stands there in a batch, whose headers may repeat or be empty."""
    return f"c{number}"
