"""A table written as a folder of Parquet parts: the manifest comes last, so what lacks it was cut short."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from icp_sync.errors import StateUnusable, TableUnusable
from icp_sync.files import make_private_folder, user_file, write_private
from icp_sync.tables.writing import require_distinct, write_frame

MANIFEST: Final = "_SUCCESS.json"
"""Named as Spark and its heirs name it, whose readers pass over names that begin with an underscore."""
_PART: Final = re.compile(r"part-\d{5,}\.parquet")


def require_new_folder(folder: Path, *, overwrite: bool) -> None:
    """Raises TableUnusable where a folder holds what is not ours to replace, or is not to be replaced."""
    if folder.exists() and not folder.is_dir():
        raise TableUnusable(f"{folder} is a file that does not end in .csv, .tsv or .parquet; name another with --out")
    foreign = sorted(path.name for path in _entries(folder) if not _is_ours(path))
    if foreign:
        raise TableUnusable(f"{folder} holds {foreign[0]}, which is no part of a result; name another with --out")
    if not overwrite and any(_entries(folder)):
        unfinished = "" if (folder / MANIFEST).exists() else f" (unfinished: it has no {MANIFEST})"
        raise TableUnusable(
            f"{folder} holds a result already{unfinished}; name another with --out, or replace it with --overwrite"
        )


def begin_parts(folder: Path, headers: Sequence[str]) -> PartWriter:
    """Make the folder, take out the manifest and the parts of a former result; what writes the parts of the new one.

    Raises StateUnusable, TableUnusable.
    """
    require_distinct(headers)
    with _writing(folder):
        make_private_folder(folder)
    # The manifest first: from here on until the new one is there, the folder is seen to be unfinished.
    _remove(folder, sorted(_entries(folder), key=lambda entry: entry.name != MANIFEST))
    return PartWriter(folder.absolute(), tuple(headers))


@dataclass(frozen=True, slots=True)
class PartWriter:
    """Writes parts whose columns are `headers`, in any process that reaches the folder."""

    folder: Path
    headers: tuple[str, ...]

    def __call__(self, number: int, rows: pl.DataFrame) -> None:
        """Write the part of this number, whole or not at all, over one there may be. Raises StateUnusable."""
        with user_file(self.folder / f"part-{number:05}.parquet") as file:
            write_frame(rows, self.headers, file)


def commit_parts(folder: Path, content: Mapping[str, Any]) -> None:
    """Take out what tries that died left half written, then write the manifest: all parts are there, with these counts.

    Raises StateUnusable.
    """
    _remove(folder, [path for path in _entries(folder) if path.suffix == ".new"])
    write_private(folder / MANIFEST, [orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"])


def _remove(folder: Path, paths: Iterable[Path]) -> None:
    with _writing(folder):
        for path in paths:
            path.unlink(missing_ok=True)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StateUnusable(f"{folder} cannot be written ({error.strerror or error}); name another folder") from error


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _is_ours(path: Path) -> bool:
    # What a killed run left half written bears a part's name and `.new` behind it.
    name = re.sub(r"\.[0-9a-f]{8}\.new$", "", path.name)
    return path.is_file() and (name == MANIFEST or bool(_PART.fullmatch(name)))
