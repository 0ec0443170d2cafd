"""Which files a source names: a file, a folder of them, a pattern such as `universe/*.parquet`; here or in a store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Final

from icp_sync.errors import ObjectStoreUnusable, TableUnusable
from icp_sync.object_store.address import ObjectAddress
from icp_sync.object_store.opening import open_folder
from icp_sync.tables.concatenated_tables import concatenate_tables
from icp_sync.tables.locations import Location, ObjectLocation, file_exists
from icp_sync.tables.opening import PARQUET, TEXT, open_table
from icp_sync.tables.partition_columns import with_partition_columns
from icp_sync.tables.table import Table

_PATTERN: Final = frozenset("*?[")
_HIDDEN: Final = (".", "_")
"""How names begin that are no data: `_SUCCESS.json`, `.part-0.parquet.crc`."""
_OPENED_AT_ONCE: Final = 16
"""Objects whose columns are asked for at a time: each is two answers of a store away."""


def open_source_table(sources: Iterable[Location]) -> Table:
    """All files that the sources name as one table, in the order of the sources and, within one, of their names.

    Columns that stand on their paths are the table's too, as `with_partition_columns` says.

    Raises TableUnusable where a source names none, or files whose columns differ, ObjectStoreUnusable where a store
    cannot be reached.
    """
    return concatenate_tables(with_partition_columns(_open_all(locate_files(sources))))


def locate_files(sources: Iterable[Location]) -> list[Location]:
    """The files that the sources name, each once: paths of this machine, and objects with the options of their store.

    A file that two paths lead to is one. An object's address is `str(location)`, what Polars is told of its store
    `storage_options(location)`. Raises as `open_source_table` does.
    """
    located: dict[Location, Location] = {}
    for source in sources:
        for location in _expand_source(source):
            located.setdefault(location.resolve() if isinstance(location, Path) else location, location)
    return list(located.values())


def _open_all(locations: Sequence[Location]) -> list[Table]:
    if not any(isinstance(location, ObjectLocation) for location in locations):
        return [open_table(location) for location in locations]
    with ThreadPoolExecutor(_OPENED_AT_ONCE) as pool:
        return list(pool.map(open_table, locations))


def _expand_source(source: Location) -> Sequence[Location]:
    if isinstance(source, ObjectLocation):
        return _expand_object_source(source)
    if source.is_dir():
        return _require_files(source, _table_paths(source), "has no .csv, .tsv or .parquet file in it")
    # A name with [ or * in it is a name, where there is a file called so.
    if not source.exists() and not _PATTERN.isdisjoint(str(source)):
        return _require_files(source, _paths_matching(source), "matches no file; quote the pattern, or name a folder")
    return [source]


def _require_files(source: Location, files: Iterable[Path], problem: str) -> list[Path]:
    if named := sorted(files):
        return named
    raise TableUnusable(f"{source} {problem}")


def _table_paths(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if _is_table(path.relative_to(folder).as_posix()):
            yield path


def _is_table(name: str) -> bool:
    """Whether a name below a folder is that of a table, and neither it nor a folder of it is hidden."""
    parts = PurePosixPath(name).parts
    suffix = PurePosixPath(name).suffix.lower()
    return suffix in {*TEXT, *PARQUET} and not any(map(_is_hidden, parts))


def _is_hidden(name: str) -> bool:
    return name.startswith(_HIDDEN)


def _paths_matching(pattern: Path) -> Iterator[Path]:
    root = Path(pattern.anchor) if pattern.is_absolute() else Path()
    # In a store two stars beside others are one, and a last `**` means files; Python's own patterns know neither.
    parts = [part if part == "**" else re.sub(r"\*+", "*", part) for part in pattern.relative_to(pattern.anchor).parts]
    globbed = root.glob("/".join([*parts, "*"] if parts[-1] == "**" else parts))
    return (path for path in globbed if path.is_file() and _matches_pattern(path.relative_to(root).parts, parts))


def _expand_object_source(source: ObjectLocation) -> list[ObjectLocation]:
    """The objects a source names: itself, those of a folder, or those of a pattern.

    What engines write as one table is often a folder that is called like a file, `accounts.parquet/`.
    """
    fixed = _folder_above_pattern(source.address)
    try:
        if source.suffix.lower() in {*TEXT, *PARQUET} and file_exists(source):
            return [source]
        names = [entry.name for entry in open_folder(fixed, source.options).entries()]
    except ObjectStoreUnusable as error:
        if error.is_missing:
            raise TableUnusable(error.message) from None
        raise
    if fixed == source.address:
        named, problem = (
            (name for name in names if _is_table(name)),
            "is no object, and no folder with a .csv, .tsv or .parquet in it",
        )
    else:
        pattern = source.address.key[len(fixed.key) :].strip("/").split("/")
        named, problem = (name for name in names if _matches_pattern(name.split("/"), pattern)), "matches no object"
    if locations := [ObjectLocation(fixed / name, source.options) for name in sorted(named)]:
        return locations
    raise TableUnusable(f"{source} {problem}; name what is there")


def _folder_above_pattern(address: ObjectAddress) -> ObjectAddress:
    """The folder above the first segment with a pattern in it; the address itself without one."""
    segments = address.key.split("/")
    fixed = next((number for number, part in enumerate(segments) if not _PATTERN.isdisjoint(part)), len(segments))
    return ObjectAddress(address.root, "/".join(segments[:fixed]))


def _matches_pattern(name: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the segments of a name fit those of a pattern; `*` stays within one, `**` is any number of them.

    What is hidden is meant only by a segment that begins as it does: `_*`.
    """
    if not pattern:
        return not name
    if pattern[0] == "**":
        visible = takewhile(lambda skipped: not any(map(_is_hidden, name[:skipped])), range(len(name) + 1))
        return any(_matches_pattern(name[skipped:], pattern[1:]) for skipped in visible)
    if not name or (_is_hidden(name[0]) and not _is_hidden(pattern[0])):
        return False
    return fnmatchcase(name[0], pattern[0]) and _matches_pattern(name[1:], pattern[1:])
