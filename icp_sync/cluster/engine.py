"""The engine that Ray Data is: it reads blocks, applies a function to them and writes parts, on any machine it has."""

from __future__ import annotations

import itertools
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import polars as pl
import ray
from ray.data import DataContext, Dataset, read_datasource
from ray.util.annotations import RayDeprecationWarning

from icp_sync.cluster.blocks import BlockMapper, BlockSource, PartEncoder, PartSink, unpack_rows
from icp_sync.cluster.failures import ray_errors
from icp_sync.cluster.session import ray_session
from icp_sync.runs.table_block_engine import BlockFunction, Made, PartFunction, PartStore
from icp_sync.tables.table import Table, max_batch_rows

BLOCKS_AT_A_TIME: Final = 2_500
"""Of one data set: six hundred million rows, so that workers seldom wait for the last of them."""
_TASK: Final = {"max_retries": 5}
"""Ray Data would try a block that kills every worker for ever. Of equal tasks in a row it makes one."""


class RayEngine:
    """Runs functions over blocks on Ray's workers; a block whose worker dies is tried again by Ray.

    `block_rows`: rows of a block of Parquet; None: as many as the local engine reads at a time.
    """

    def __init__(self, block_rows: int | None = None) -> None:
        self._block_rows = block_rows

    def map_blocks(self, table: Table, function: BlockFunction[Made]) -> Iterator[Made]:
        """Yields what the function makes of each block, in order. Raises what it raises, and EngineFailed."""
        with ray_errors():
            for dataset in self._datasets(table, function):
                for rows in dataset.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
                    for _, value in unpack_rows(rows):
                        yield value

    def write_parts(self, table: Table, function: PartFunction[Made], parts: PartStore) -> Iterator[tuple[int, Made]]:
        """Write the rows made of each block on its worker; yields in order how many, and the rest, some blocks late."""
        with ray_errors():
            for dataset in self._datasets(table, PartEncoder(function, parts.encode)):
                sink = PartSink(parts.store)
                dataset.write_datasink(sink, ray_remote_args=_TASK)
                for _, height, rest in sink.written:
                    yield height, rest

    def _datasets(self, table: Table, function: Callable[[int, pl.DataFrame], Any]) -> Iterator[Dataset]:
        """What the function makes of so many blocks at a time, once somebody asks for it; none of a table without rows.

        Ray's driver keeps some 40 KB of each block of a data set until that has ended.
        """
        # Ray names nothing yet that shall come in its place.
        warnings.simplefilter("ignore", RayDeprecationWarning)
        blocks = enumerate(table.blocks(self._block_rows or max_batch_rows(len(table.headers))))
        mapper = BlockMapper(ray.put(function))
        while some := list(itertools.islice(blocks, BLOCKS_AT_A_TIME)):
            read = read_datasource(BlockSource(some), override_num_blocks=len(some), ray_remote_args=_TASK)
            yield read.map_batches(mapper, batch_size=None, batch_format="pyarrow", **_TASK)


@contextmanager
def ray_engine(address: str | None, *, quiet: bool) -> Iterator[RayEngine]:
    """The engine of a Ray at this address, None: of one started here. Raises EngineFailed, UsageError."""
    with ray_session(address):
        context = DataContext.get_current()
        # Ray draws bars on a terminal alone; into a log it would write paragraphs.
        context.enable_progress_bars = not quiet and sys.stdout.isatty() and sys.stderr.isatty()
        context.execution_options.preserve_order = True
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)
        yield RayEngine()
