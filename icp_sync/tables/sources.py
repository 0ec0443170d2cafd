"""Which files a source names: a file, a folder of them, a pattern such as `universe/*.parquet`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from icp_sync.errors import TableUnusable
from icp_sync.tables.opening import PARQUET, TEXT, open_table
from icp_sync.tables.table import Table
from icp_sync.tables.table_series import join_tables

_PATTERN: Final = frozenset("*?[")
_HIDDEN: Final = (".", "_")
"""How names begin that are no data: `_SUCCESS.json`, `.part-0.parquet.crc`."""


def open_sources(sources: Iterable[Path]) -> Table:
    """All files that the sources name as one table, in the order of the sources and, within one, of their names.

    Raises TableUnusable where a source names none, or files whose columns differ.
    """
    paths = [path for source in sources for path in _files_of(source)]
    return join_tables([open_table(path) for path in dict.fromkeys(paths)])


def _files_of(source: Path) -> list[Path]:
    if source.is_dir():
        return _nonempty(source, _tables_in(source), "has no .csv, .tsv or .parquet file in it")
    # A name with [ or * in it is a name, where there is a file called so.
    if not source.exists() and not _PATTERN.isdisjoint(str(source)):
        return _nonempty(source, _matching(source), "matches no file; quote the pattern, or name a folder")
    return [source]


def _nonempty(source: Path, files: Iterable[Path], problem: str) -> list[Path]:
    if named := sorted(files):
        return named
    raise TableUnusable(f"{source} {problem}")


def _tables_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.suffix.lower() in {*TEXT, *PARQUET} and not any(part.startswith(_HIDDEN) for part in parts):
            yield path


def _matching(pattern: Path) -> Iterator[Path]:
    root = Path(pattern.anchor) if pattern.is_absolute() else Path()
    relative = pattern.relative_to(pattern.anchor) if pattern.is_absolute() else pattern
    return (path for path in root.glob(str(relative)) if path.is_file())
