"""Parquet files of the state, each named by its content: written whole, read only where nothing changed in them."""

from __future__ import annotations

import hashlib
import os
import secrets
import weakref
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import polars as pl

from icp_sync.files import open_durable_file, os_error_from_message

ABANDONED_AFTER_S: Final = 3_600


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """The name of a file and the digest of its content."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class OpenParquet:
    """A Parquet file that is kept open: it can be read as long as this value lives, also once it has been removed."""

    path: Path
    _descriptor: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Open the file. Raises OSError where there is none."""
        descriptor = os.open(self.path, os.O_RDONLY)
        object.__setattr__(self, "_descriptor", descriptor)
        weakref.finalize(self, os.close, descriptor)

    @property
    def schema(self) -> pl.Schema:
        """The columns of the file, in order."""
        with self._open_content() as content:
            return pl.Schema(pl.read_parquet_schema(content))

    def read(self, names: Collection[str]) -> pl.DataFrame:
        """These columns of all rows, in this order."""
        with self._open_content() as content:
            # A file of an older icp-sync has columns in several pieces.
            return pl.read_parquet(content, columns=[*names]).rechunk()

    def filter(self, condition: pl.Expr, names: Collection[str]) -> pl.DataFrame:
        """These columns of the rows that meet a condition, in the order of the file.

        Of the other rows nothing is put together but what the condition is about: 30 columns of some thousand among a
        million companies take a tenth of what reading them all does.
        """
        with self._open_content() as content:
            return pl.scan_parquet(content).filter(condition).select(names).collect()

    @contextmanager
    def _open_content(self) -> Iterator[IO[bytes]]:
        with os.fdopen(os.dup(self._descriptor), "rb") as content:
            content.seek(0)
            yield content


def write_parquet(directory: Path, stem: str, frame: pl.DataFrame) -> ParquetFile:
    """Write a frame to a new private file called after `stem` and its content. Raises OSError, and leaves none then."""
    token = secrets.token_hex(4)
    temporary = directory / f"{stem}.{token}.new"
    with open_durable_file(temporary) as content:
        _write_frame(frame, content)
    digest = _file_digest(temporary)
    return ParquetFile(temporary.replace(directory / f"{stem}.{digest[:12]}-{token}.parquet").name, digest)


def read_parquet(directory: Path, file: ParquetFile) -> pl.DataFrame | None:
    """Read a frame; None where the file is missing or not the one that was written."""
    try:
        # A file of an older icp-sync has columns in several pieces.
        return pl.read_parquet(directory / file.file).rechunk() if is_intact(directory, file) else None
    except (OSError, pl.exceptions.PolarsError):
        return None


def is_intact(directory: Path, file: ParquetFile) -> bool:
    """Whether the file is there as it was written."""
    try:
        return _file_digest(directory / file.file) == file.sha256
    except OSError:
        return False


def remove_old_parquet(
    directory: Path, stem: str, replaced: Collection[str], kept: Collection[str], now: float
) -> None:
    """Remove the files called after `stem` that were `replaced`, and those that interrupted runs left an hour ago.

    `now` is in epoch seconds, by the clock of the directory. Any other file but the ones `kept` is young: a concurrent
    run has written it and is about to name it in its pointer.
    """
    for file in (*directory.glob(f"{stem}.*.new"), *directory.glob(f"{stem}.*.parquet")):
        is_old = file.name in replaced or now - _modified_at(file, now) > ABANDONED_AFTER_S
        if is_old and file.name not in kept:
            file.unlink(missing_ok=True)


def _modified_at(file: Path, default: float) -> float:
    """Return when a file was last written, in epoch seconds; `default` where it no longer exists."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return default


def _write_frame(frame: pl.DataFrame, file: IO[bytes]) -> None:
    try:
        # One row group, so that each column is read in one piece: of several every later step would make a copy.
        frame.write_parquet(file, compression="lz4", statistics=False, row_group_size=max(frame.height, 1))
    except pl.exceptions.ComputeError as error:
        raise os_error_from_message(str(error)) from error


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
