"""Where the blocks of a table are worked on: here, one after another, or by the machines of a cluster.

An engine runs a pure function over blocks and hands back what it makes of each, in the order of the table; so results
are the same whatever the engine, the blocks and the order in which they are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

import polars as pl

from icp_sync.tables.table import Table

Made = TypeVar("Made")
BlockFunction = Callable[[int, pl.DataFrame], Made]
"""Number of a block, from 0, and its rows → what is made of them. It can be pickled, and so can its result."""
PartFunction = Callable[[int, pl.DataFrame], tuple[pl.DataFrame, Made]]
"""The same, of which the rows are a part of the result and the rest goes back to the caller."""


class PartStore(Protocol):
    """Where the parts of a result go. It can be pickled."""

    def encode(self, rows: pl.DataFrame) -> bytes:
        """The rows as a part has them. Raises TableUnusable."""

    def store(self, number: int, part: bytes) -> None:
        """Write the part of this number, whole or not at all, over one there may be. Raises StateUnusable."""


class Engine(Protocol):
    """Runs functions over the blocks of a table."""

    def map_blocks(self, table: Table, function: BlockFunction[Made]) -> Iterator[Made]:
        """Yields what the function makes of each block, in order. Raises what it raises, and EngineFailed."""

    def write_parts(self, table: Table, function: PartFunction[Made], parts: PartStore) -> Iterator[tuple[int, Made]]:
        """Write the rows made of each block where they are made; yields in order how many, and the rest."""


class LocalEngine:
    """Runs functions in this process, a block at a time, as it reads them."""

    def map_blocks(self, table: Table, function: BlockFunction[Made]) -> Iterator[Made]:
        """Yields what the function makes of each block, before the next is read."""
        return (function(number, batch) for number, batch in enumerate(table.batches()))

    def write_parts(self, table: Table, function: PartFunction[Made], parts: PartStore) -> Iterator[tuple[int, Made]]:
        """Write the rows made of each block before the next is read."""
        for number, (rows, rest) in enumerate(self.map_blocks(table, function)):
            parts.store(number, parts.encode(rows))
            yield rows.height, rest
