"""How blocks of a table go into Ray Data and what is made of them comes out: a row each, so that Ray cannot cut them.

What goes in says where a block is; its rows are read where they are worked on, and stay there unless they go home.
"""

from __future__ import annotations

import functools
import io
import itertools
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import pyarrow as pa
import ray
from ray import ObjectRef
from ray.data import Datasink, Datasource, ReadTask
from ray.data.block import BlockMetadata
from ray.data.datasource import WriteResult

from icp_sync.runs.table_block_engine import PartFunction
from icp_sync.tables.table import TableBlock

Function = Callable[[int, pl.DataFrame], object]
Written = tuple[int, int, Any]
"""Number of a block, the rows of its part, and the rest that was made of it."""
NUMBER: Final = "number"
VALUE: Final = "value"
_SCHEMA: Final = pa.schema([(NUMBER, pa.int64()), (VALUE, pa.large_binary())])


class _Pickler(pickle.Pickler):
    """Frames travel in Arrow's own format, at a third of what Polars' own pickles cost; types come out as they were."""

    def reducer_override(self, value: object) -> Any:
        """How a frame is pickled; anything else as ever."""
        if not isinstance(value, pl.DataFrame):
            return NotImplemented
        file = io.BytesIO()
        value.write_ipc(file)
        return _unpickle_frame, (file.getvalue(),)


def _unpickle_frame(data: bytes) -> pl.DataFrame:
    return pl.read_ipc(data)


def pack_row(number: int, value: object) -> pa.Table:
    """A row with a block's number and what is handed over of it."""
    file = io.BytesIO()
    _Pickler(file, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return pa.table([pa.array([number], pa.int64()), pa.array([file.getvalue()], pa.large_binary())], schema=_SCHEMA)


def unpack_rows(rows: pa.Table) -> Iterator[tuple[int, Any]]:
    """The number and the value of each row. Whoever writes a worker's objects can run what they like there already."""
    for number, value in zip(rows[NUMBER], rows[VALUE], strict=True):
        yield number.as_py(), pickle.loads(value.as_buffer())  # noqa: S301 - made by `pack_row`, in this session


class BlockSource(Datasource):
    """Hands out blocks of a table with their numbers in it, one a task."""

    def __init__(self, blocks: Sequence[tuple[int, TableBlock]]) -> None:
        self._blocks = blocks

    def estimate_inmemory_data_size(self) -> int | None:
        """Not known ahead of reading."""
        return None

    def get_read_tasks(self, *_: Any, **__: Any) -> list[ReadTask]:
        """A task for each block, however many Ray asks for."""
        metadata = BlockMetadata(num_rows=1, size_bytes=None, input_files=None, exec_stats=None)
        return [
            ReadTask(functools.partial(_block_row, number, block), metadata, _SCHEMA) for number, block in self._blocks
        ]


def _block_row(number: int, block: TableBlock) -> list[pa.Table]:
    return [pack_row(number, block)]


@dataclass(frozen=True, slots=True)
class BlockMapper:
    """A function that lies in Ray's object store, applied to the rows of blocks; a worker fetches it once."""

    function: ObjectRef[Function]

    def __call__(self, blocks: pa.Table) -> Iterator[pa.Table]:
        """What it makes of each block."""
        function = _get_function_from_ray(self.function)
        for number, block in unpack_rows(blocks):
            yield pack_row(number, function(number, block.read()))


@dataclass(frozen=True, slots=True)
class PartEncoder:
    """A function whose rows become a part: their bytes, how many they are, and the rest that was made of them."""

    function: PartFunction[Any]
    encode: Callable[[pl.DataFrame], bytes]

    def __call__(self, number: int, batch: pl.DataFrame) -> tuple[bytes, int, Any]:
        """The part of a block, not written yet."""
        rows, rest = self.function(number, batch)
        return self.encode(rows), rows.height, rest


@functools.lru_cache(maxsize=4)
def _get_function_from_ray(function: ObjectRef[Function]) -> Function:
    fetched: Function = ray.get(function)
    return fetched


class PartSink(Datasink[list[Written]]):
    """Writes the part made of each block; a block that is tried again writes the same part again.

    `written` is filled when all are.
    """

    def __init__(self, store: Callable[[int, bytes], None]) -> None:
        self._store = store
        self.written: list[Written] = []

    def write(self, blocks: Iterable[pa.Table], _context: object) -> list[Written]:
        """Write the parts of these blocks, on a worker. Raises StateUnusable."""
        written = []
        for rows in blocks:
            for number, (part, height, rest) in unpack_rows(rows):
                self._store(number, part)
                written.append((number, height, rest))
        return written

    def on_write_complete(self, write_result: WriteResult[list[Written]]) -> None:
        """Keep what all tasks wrote, in the order of the blocks."""
        written = itertools.chain.from_iterable(write_result.write_returns)
        self.written = sorted(written, key=lambda part: part[0])
