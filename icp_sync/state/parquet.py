"""Parquet files of the state, each named by its content: written whole, and read only where nothing changed in them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import polars as pl

from icp_sync.files import new_file, os_error_from_message

_ABANDONED_AFTER_S: Final = 3_600


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """The name of a file and the digest of its content."""

    file: str
    sha256: str


def write_parquet(directory: Path, stem: str, frame: pl.DataFrame) -> ParquetFile:
    """Write a frame to a new private file called after `stem` and its content. Raises OSError, and leaves none then."""
    token = secrets.token_hex(4)
    temporary = directory / f"{stem}.{token}.new"
    with new_file(temporary) as content:
        _write(frame, content)
    digest = _digest(temporary)
    return ParquetFile(temporary.replace(directory / f"{stem}.{digest[:12]}-{token}.parquet").name, digest)


def read_parquet(directory: Path, file: ParquetFile) -> pl.DataFrame | None:
    """Read a frame; None where the file is missing or not the one that was written."""
    path = directory / file.file
    try:
        # A file of an older icp-sync has columns in several pieces.
        return pl.read_parquet(path).rechunk() if _digest(path) == file.sha256 else None
    except (OSError, pl.exceptions.PolarsError):
        return None


def remove_parquet(
    directory: Path, pointer: str, stems: Iterable[str], replaced: Collection[str], kept: Collection[str]
) -> None:
    """Remove the files `replaced`, and those that interrupted runs left an hour before `pointer` was written.

    `stems`: which files are looked at; `kept`: names of those that stay. Any other file is young: a concurrent run has
    written it and is about to replace the pointer. Raises OSError.
    """
    now = (directory / pointer).stat().st_mtime
    patterns = [f"{stem}.*.{end}" for stem in stems for end in ("new", "parquet")]
    for file in [file for pattern in patterns for file in directory.glob(pattern) if file.name not in kept]:
        if file.name in replaced or now - _modified_at(file, now) > _ABANDONED_AFTER_S:
            file.unlink(missing_ok=True)


def _modified_at(file: Path, default: float) -> float:
    """When a file was last written, in epoch seconds; `default` where it no longer exists."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return default


def _write(frame: pl.DataFrame, file: IO[bytes]) -> None:
    try:
        # One row group, so that each column is read in one piece: of several every later step would make a copy.
        frame.write_parquet(file, compression="lz4", statistics=False, row_group_size=max(frame.height, 1))
    except pl.exceptions.ComputeError as error:
        raise os_error_from_message(str(error)) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
