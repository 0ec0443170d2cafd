"""Where a scored universe goes: one file, a folder of parts with a manifest, HubSpot's import files, or stdout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from icp_sync.errors import TableUnusable, UsageError
from icp_sync.files import is_same_path
from icp_sync.plan.plurals import count_noun
from icp_sync.runs.file_columns import MatchedFile
from icp_sync.runs.hubspot_import_files import (
    ImportCounts,
    ImportLayout,
    former_parts,
    import_layout,
    write_import,
)
from icp_sync.runs.score_file import SCORED_HEADERS
from icp_sync.runs.score_selection import Universe
from icp_sync.tables.blank_rows import find_blank_rows
from icp_sync.tables.concatenated_tables import ConcatenatedTable
from icp_sync.tables.locations import Location, ObjectLocation, is_in_folder, is_same_file
from icp_sync.tables.opening import PARQUET, TEXT
from icp_sync.tables.parquet_parts import commit_parts, is_result_file, prepare_part_folder, require_new_folder
from icp_sync.tables.table import Table
from icp_sync.tables.table_writing import delimited_chunks, require_new_file, require_text_columns, write_table


@dataclass(frozen=True, slots=True)
class WrittenResult:
    """The result at `path`: so many rows, in so many files. `read`: the rows scored, or blank, of which they are.

    `imported`: what became of rows in a result for HubSpot's import, None in any other.
    """

    path: Location
    rows: int
    read: int
    files: int = 1
    imported: ImportCounts | None = None

    def document(self) -> dict[str, Any]:
        """Its part of `--json`."""
        return {"written": self.rows, "files": self.files} | (self.imported.document() if self.imported else {})

    def sentence(self) -> str:
        """What is said of it; how many they are only where not all that were read are written."""
        parts = f" in {self.files:,} files" if self.files > 1 else ""
        chosen = f"{count_noun(self.rows, 'company', 'companies')} " if self.rows != self.read else ""
        return f"{chosen}written to {self.path}{parts}"


class Target(Protocol):
    """A place a result can go to."""

    @property
    def path(self) -> Location: ...

    @property
    def like(self) -> Table:
        """What is read, of which the result is made."""

    def writes_to(self, file: Path) -> bool:
        """Whether the result is or has this file, which is replaced by it or taken out."""

    def require_new(self, *, overwrite: bool) -> None:
        """Raises TableUnusable where the result must not be written there, or has a column that has no room there."""

    def write(self, universe: Universe) -> WrittenResult:
        """Write it, whole or seen to be unfinished. Raises StateUnusable, TableUnusable."""


@dataclass(frozen=True, slots=True)
class FileTarget:
    """One file, here or in a store, written as its name ends; text is written as `like` is."""

    path: Location
    like: Table

    def writes_to(self, file: Path) -> bool:
        return is_same_file(self.path, file)

    def require_new(self, *, overwrite: bool) -> None:
        require_new_file(self.path, source_locations(self.like), overwrite=overwrite)
        if self.path.suffix.lower() in TEXT:
            require_text_columns(self.like)

    def write(self, universe: Universe) -> WrittenResult:
        counted = _CountingBatches(universe)
        write_table(self.path, universe.scoring.headers, counted, self.like)
        return counted.written_result(self.path)


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A folder of Parquet parts, here or in a store; its manifest is written last."""

    path: Location
    like: Table

    def writes_to(self, file: Path) -> bool:
        return is_result_file(file.name) and is_same_file(self.path, file.parent)

    def require_new(self, *, overwrite: bool) -> None:
        if any(is_in_folder(source, self.path) for source in source_locations(self.like)):
            raise TableUnusable(f"{self.path} holds files to read, and is never written over; name another with --out")
        require_new_folder(self.path, overwrite=overwrite)

    def write(self, universe: Universe) -> WrittenResult:
        scoring = universe.scoring
        heights = list(universe.write_parts(prepare_part_folder(self.path, scoring.headers)))
        rows, parts = sum(heights), len(heights)
        profile, tally = scoring.file.profile, scoring.tally
        counts = {"scored": tally.companies, "outside": tally.outside, "outcomes": tally.outcomes}
        content = {
            "rows": rows,
            "parts": parts,
            "digest": scoring.profile_digest,
            "counts": counts | {"tiers": tally.tiers(profile)} | universe.left_out_counts(),
        }
        # Last, so that a folder without a manifest is seen to be unfinished.
        commit_parts(self.path, content)
        return WrittenResult(self.path, rows, tally.rows, parts)


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """Files as HubSpot's import of companies takes them."""

    path: Path
    layout: ImportLayout
    like: Table

    def writes_to(self, file: Path) -> bool:
        name = rf"{re.escape(self.path.stem)}(-\d+)?{re.escape(self.path.suffix)}"
        is_called_so = re.fullmatch(name, file.name) is not None
        return is_called_so and is_same_path(file.parent, self.path.parent)

    def require_new(self, *, overwrite: bool) -> None:
        if self.path.suffix.lower() != ".csv":
            raise TableUnusable(f"{self.path} does not end in .csv, which HubSpot's import takes; name it so")
        # A former result may have been cut into parts, and one of them left behind would be imported again.
        for path in (self.path, *former_parts(self.path, self.layout)):
            require_new_file(path, source_locations(self.like), overwrite=overwrite, option="--for-import")

    def write(self, universe: Universe) -> WrittenResult:
        by = universe.scoring.program.context.conventions
        rows = (batch.filter(~find_blank_rows(batch)) for batch in universe.batches())
        paths, counts = write_import(self.path, self.layout, rows, by)
        return WrittenResult(self.path, counts.rows, universe.scoring.tally.companies, len(paths), counts)


@dataclass(frozen=True, slots=True)
class StreamTarget:
    """Stdout, by what prints chunks of bytes there."""

    path: Path
    like: Table
    print_chunks: Callable[[Iterable[bytes]], None]

    def writes_to(self, file: Path) -> bool:
        return is_same_file(self.path, file)

    def require_new(self, *, overwrite: bool) -> None:  # noqa: ARG002 - on stdout nothing is in the way
        require_text_columns(self.like)

    def write(self, universe: Universe) -> WrittenResult:
        counted = _CountingBatches(universe)
        self.print_chunks(delimited_chunks(universe.scoring.headers, counted, self.like))
        return counted.written_result(self.path)


class _CountingBatches:
    """The batches of a universe, and how many rows went by."""

    def __init__(self, universe: Universe) -> None:
        self._universe, self.rows = universe, 0

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for batch in self._universe.batches():
            self.rows += batch.height
            yield batch

    def written_result(self, path: Location) -> WrittenResult:
        """What was written, once all batches went by."""
        return WrittenResult(path, self.rows, self._universe.scoring.tally.rows)


def source_locations(table: Table) -> list[Location]:
    """The files a table reads."""
    return [each.path for each in table.tables] if isinstance(table, ConcatenatedTable) else [table.path]


def require_separate_page(page: Path, target: Target) -> None:
    """Raises TableUnusable where a page would be written over what is read, or over the result."""
    if any(is_same_file(source, page) for source in source_locations(target.like)):
        raise TableUnusable(f"{page} is a file to read, and is never written over; name another with --report")
    if target.writes_to(page):
        raise TableUnusable(f"{page} is a file of the result; name another with --report")


def default_target(sources: Sequence[Location], file: MatchedFile) -> Target:
    """`NAME.scored.EXT` beside the one source, a folder `NAME-scored` beside a folder, whatever its name ends in.

    Raises UsageError for several, which have no name in common, and for what is in a store.
    """
    source = sources[0]
    if isinstance(source, ObjectLocation):
        raise UsageError(f"nothing is written beside {source} unasked; say where the result goes with --out")
    if len(sources) > 1 or not source.exists():
        raise UsageError("several files have no name in common; say where the result goes with --out")
    if not source.is_dir():
        return FileTarget(source.with_name(f"{source.stem}.scored{source.suffix}"), file.table)
    # `.` has no name to go by, and `..` not its own.
    folder = source if source.name.strip(".") else source.resolve()
    return FolderTarget(folder.with_name(f"{folder.name}-scored"), file.table)


def output_target(out: Location, file: MatchedFile) -> Target:
    """The target a path means: a folder where it is one or has no ending, else a file."""
    # A prefix in a store may have a dot in it, so there only what ends as a table does is one file.
    is_folder = (
        out.suffix.lower() not in {*TEXT, *PARQUET}
        if isinstance(out, ObjectLocation)
        else out.is_dir() or not out.suffix
    )
    return FolderTarget(out, file.table) if is_folder else FileTarget(out, file.table)


def hubspot_import_target(path: Path, file: MatchedFile, mapped: Mapping[str, str]) -> Target:
    """The target of `--for-import`. Raises TableUnusable for a file without names and domains."""
    headers = (*file.table.headers, *SCORED_HEADERS)
    return ImportTarget(path, import_layout(headers, mapped, file.profile), file.table)
