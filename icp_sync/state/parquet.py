"""Parquet files of the state, each named by its content: written whole, and read only where nothing changed in them."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl

from icp_sync.files import new_file, os_error_from_message


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
        return pl.read_parquet(path) if _digest(path) == file.sha256 else None
    except (OSError, pl.exceptions.PolarsError):
        return None


def _write(frame: pl.DataFrame, file: IO[bytes]) -> None:
    try:
        frame.write_parquet(file, compression="lz4", statistics=False)
    except pl.exceptions.ComputeError as error:
        raise os_error_from_message(str(error)) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
