"""Work for Ray's workers that goes wrong: functions of a block, pure but for what they do to their process."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from icp_sync.errors import StateUnusable
from icp_sync.tables.parquet_parts import PartWriter

Numbered = tuple[pl.DataFrame, int]


def numbered(number: int, batch: pl.DataFrame) -> Numbered:
    """The rows, and which block they are."""
    return batch.with_columns(c9=pl.lit(number)), number


@dataclass(frozen=True, slots=True)
class Deadly:
    """Kills its worker at block 3: so many times, which it counts by files in a folder."""

    folder: Path
    times: int

    def __call__(self, number: int, batch: pl.DataFrame) -> Numbered:
        died = len(list(self.folder.iterdir()))
        if number == 3 and died < self.times:
            (self.folder / str(died)).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return numbered(number, batch)


@dataclass(frozen=True, slots=True)
class DiesHavingWritten:
    """Writes a part, half of another, and kills its worker, the first time."""

    parts: PartWriter
    folder: Path

    def encode(self, rows: pl.DataFrame) -> bytes:
        return self.parts.encode(rows)

    def store(self, number: int, part: bytes) -> None:
        self.parts.store(number, part)
        mark = self.folder / f"part-{number:05}.parquet.{number:08x}.new"
        if number == 3 and not mark.exists():
            mark.write_bytes(b"PAR1 and no more")
            os.kill(os.getpid(), signal.SIGKILL)


class FullDisk:
    """The second part does not fit."""

    def encode(self, _rows: pl.DataFrame) -> bytes:
        return b""

    def store(self, number: int, _part: bytes) -> None:
        if number == 1:
            raise StateUnusable("x cannot be written (No space left on device); name a file in another directory")


def faulty(number: int, _batch: pl.DataFrame) -> Numbered:
    """A fault of our own."""
    raise ZeroDivisionError(number)
