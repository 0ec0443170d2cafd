"""The snapshot of a portal's companies: Parquet files named by their content, and a JSON pointer replaced last.

One holds the companies. Of many, one written whole once stays for weeks, and a small one beside it has the rows that
changed since. Another holds what differs from the texts the companies were last settled with, and another what
predicates made of them, which may be taken again.

A run that dies at any instant leaves the old snapshot or the new one, never part of one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import DIFFERENCES, NO_DIFFERENCES
from icp_sync.state.directory import translate_os_errors
from icp_sync.state.files import StateFiles
from icp_sync.state.parquet import ParquetFile, read_parquet, write_parquet
from icp_sync.state.snapshot_pointer import (
    FORMAT,
    EvaluatedFile,
    SnapshotPointer,
    describe_problem,
    parse_pointer,
    pointed_file_names,
    pointer_name,
    portals_with_snapshot,
)
from icp_sync.state.stored_companies import StoredCompanies, open_companies

WHOLE_BELOW: Final = 50_000
"""Fewer companies are written whole every time, which takes 50 ms and leaves one file that anybody may open."""
_KINDS: Final = ("snapshot", "changes", "differences", "evaluated")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A portal's companies and the times they are valid for, all aware and by the portal's clock.

    `companies`: a company frame sorted by id, with a Boolean column `list:ID` for the members of each known list. It
    lacks the columns that were left apart when it was loaded: `rows` has them for some companies, `whole` for all.
    `read_from`: the watermark: all changes before it are included. `full_at`: the last full extract.
    `as_of`: when it was saved; properties created later are not in it. `after`: HubSpot's cursor to resume an
    interrupted first scan from; None for a complete snapshot. `lists`: list id → the run that had last changed its
    members (None: none of ours); the column is out of date once another run has. `differences`: a frame with the
    columns of `companies.differences`; others beside them are kept too. `decided`: since the first reading a run
    has decided whose every tier and target flag is, so that one that nobody changed since counts as ours. `evaluated`:
    what predicates made of these companies, None where nothing is kept. `stored`: the companies as loaded from disk.
    """

    companies: pl.DataFrame
    read_from: dt.datetime
    full_at: dt.datetime
    as_of: dt.datetime
    after: str | None = None
    lists: Mapping[str, str | None] = field(default_factory=dict)
    differences: pl.DataFrame = field(default_factory=lambda: NO_DIFFERENCES)
    decided: bool = False
    evaluated: EvaluatedFile | None = None
    stored: StoredCompanies | None = field(default=None, compare=False, repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the companies, those left apart too."""
        return tuple(dict.fromkeys([*self.companies.columns, *(self.stored.schema if self.stored else ())]))

    def whole(self) -> pl.DataFrame:
        """The company frame with all of its columns."""
        return self._on_disk.whole(self.companies) if self._on_disk else self.companies

    def select(self, *names: str) -> pl.DataFrame:
        """The ids and these columns of all companies."""
        return self._on_disk.read(names) if self._on_disk else self.companies.select(ID, *names)

    def rows_by_id(self, ids: pl.Series) -> pl.DataFrame:
        """The rows of the companies among `ids`, ascending, with all columns."""
        return (
            self._on_disk.rows_by_id(ids) if self._on_disk else self.companies.filter(pl.col(ID).is_in(ids.implode()))
        )

    @property
    def _on_disk(self) -> StoredCompanies | None:
        """Where the columns left apart are read; None where there are none."""
        return self.stored if len(self.columns) > self.companies.width else None


@dataclass(frozen=True, slots=True)
class NoSnapshot:
    """There is no usable snapshot; `why` is the reason for the report."""

    why: str


@dataclass(frozen=True, slots=True)
class SnapshotStore:
    """The snapshot of one profile on one portal; `whole_below`: so few companies are written whole every time."""

    directory: StateFiles
    portal_id: int
    profile: str
    whole_below: int = WHOLE_BELOW

    def load(self, apart: Collection[str] = ()) -> Snapshot | NoSnapshot:
        """Return the snapshot, or NoSnapshot where there is none or it is damaged; `apart`: columns left on disk.

        Raises StateUnusable when the directory cannot be read.
        """
        pointer_json = self.directory.read(self._pointer_name)
        loaded = self._load_by_pointer(pointer_json, apart)
        # Another run may have replaced the snapshot, and removed its Parquet file, while this one read it.
        now = self.directory.read(self._pointer_name) if isinstance(loaded, NoSnapshot) else pointer_json
        return loaded if now == pointer_json else self._load_by_pointer(now, apart)

    def save(self, snapshot: Snapshot, companies: StoredCompanies | None = None) -> StoredCompanies:
        """Replace the snapshot, and return how its companies lie on disk now. Raises StateUnusable: the former stays.

        `companies`: what became of the stored ones where that is known, so that `snapshot.companies` may lack columns;
        None: those of the snapshot, compared with the ones it was loaded from.
        """
        if (beside := self._with_changes_beside(snapshot, companies)) is not None:
            self._save_pointer(snapshot, beside.base, self._write_frame("changes", beside.changes))
            # `plan` takes no lock: another one may have written all companies anew, and removed the file, meanwhile.
            if (self.directory.path / beside.base.file).exists():
                return beside
        base = self._write_frame("snapshot", companies.whole(snapshot.companies) if companies else snapshot.companies)
        # Opened before a pointer names it, since another run may remove it as soon as it has put its own in place.
        with translate_os_errors(self.directory.path):
            stored = StoredCompanies.of(self.directory.path, base)
        self._save_pointer(snapshot, base, None)
        return stored

    def _save_pointer(self, snapshot: Snapshot, base: ParquetFile, changes: ParquetFile | None) -> None:
        pointer = SnapshotPointer(
            format=FORMAT,
            portal_id=self.portal_id,
            profile=self.profile,
            file=base.file,
            sha256=base.sha256,
            companies=snapshot.companies.height,
            read_from=snapshot.read_from,
            full_at=snapshot.full_at,
            as_of=snapshot.as_of,
            after=snapshot.after,
            lists=dict(snapshot.lists),
            decided=snapshot.decided,
            changes=changes,
            evaluated=snapshot.evaluated,
        )
        try:
            differences = self._write_frame("differences", snapshot.differences)
        except BaseException:
            new = base if changes is None else changes
            (self.directory.path / new.file).unlink(missing_ok=True)
            raise
        self._replace_pointer(replace(pointer, differences=differences))

    def _write_frame(self, kind: str, frame: pl.DataFrame) -> ParquetFile:
        with translate_os_errors(self.directory.path):
            return write_parquet(self.directory.path, self._file_stem(kind), frame)

    def _with_changes_beside(self, snapshot: Snapshot, companies: StoredCompanies | None) -> StoredCompanies | None:
        """The companies whose changes are written beside the whole file there is; None where all are written anew."""
        if (height := snapshot.companies.height) < self.whole_below:
            return None
        beside = companies or (snapshot.stored and snapshot.stored.with_changed_rows(snapshot.companies))
        pointer = self._parse_pointer(self.directory.read(self._pointer_name))
        is_current = beside and isinstance(pointer, SnapshotPointer) and pointer.base_file == beside.base
        return beside if beside and is_current and beside.has_few_changes(height) else None

    def save_evaluated(self, key: str, reads: Iterable[str], columns: pl.DataFrame) -> EvaluatedFile:
        """Write what predicates made of companies, a frame by `id`, for a snapshot saved next. Raises StateUnusable.

        `reads`: the properties whose texts it follows from, and `key` is of all else it follows from.
        """
        return EvaluatedFile(key, tuple(reads), self._write_frame("evaluated", columns))

    def load_evaluated(self, snapshot: Snapshot, key: str) -> pl.DataFrame | None:
        """Read what predicates made of the snapshot's companies; None where it is not kept under this key, or damaged.

        It only saves work, so that it is gone is nothing to tell of.
        """
        evaluated = snapshot.evaluated
        if evaluated is None or evaluated.key != key:
            return None
        self.directory.fetch([evaluated.file])
        return read_parquet(self.directory.path, evaluated.file)

    def save_differences(self, differences: pl.DataFrame, *, decided: bool) -> None:
        """Replace the differences alone of the snapshot there is; does nothing without one. Raises StateUnusable."""
        pointer = self._parse_pointer(self.directory.read(self._pointer_name))
        if isinstance(pointer, SnapshotPointer):
            file = self._write_frame("differences", differences)
            self._replace_pointer(replace(pointer, format=FORMAT, differences=file, decided=decided))

    def portals(self) -> frozenset[int]:
        """Return the ids of the portals with a snapshot in this directory, of any profile."""
        return portals_with_snapshot(self.directory.path)

    def _file_stem(self, kind: str) -> str:
        """The beginning of the names of one portal and profile's files; a profile's name contains no dot."""
        return f"{kind}.{self.portal_id}.{self.profile}"

    @property
    def _pointer_name(self) -> str:
        return pointer_name(self.portal_id, self.profile)

    def _load_by_pointer(self, pointer_json: bytes | None, apart: Collection[str]) -> Snapshot | NoSnapshot:
        pointer = self._parse_pointer(pointer_json)
        if isinstance(pointer, NoSnapshot):
            return pointer
        self.directory.fetch(pointer.company_and_difference_files)
        return _read_snapshot(self.directory.path, pointer, apart)

    def _parse_pointer(self, pointer_json: bytes | None) -> SnapshotPointer | NoSnapshot:
        if pointer_json is None:
            return NoSnapshot("there is no snapshot yet")
        pointer = parse_pointer(pointer_json)
        if pointer is None:
            return NoSnapshot(describe_problem(pointer_json))
        if (pointer.portal_id, pointer.profile) != (self.portal_id, self.profile):
            return NoSnapshot(f"the snapshot is of profile {pointer.profile} on portal {pointer.portal_id}")
        return pointer

    def _replace_pointer(self, pointer: SnapshotPointer) -> None:
        self.directory.publish(pointer.files)
        replaced = pointed_file_names(self.directory.swap_pointer(self._pointer_name, pointer.to_json()))
        # Read again: another run may have put its own in place since, which goes on with a file of the former one.
        kept = pointer.files | pointed_file_names(self.directory.read(self._pointer_name))
        for kind in _KINDS:
            self.directory.remove_old(self._pointer_name, self._file_stem(kind), replaced, kept)


def _read_snapshot(directory: Path, pointer: SnapshotPointer, apart: Collection[str]) -> Snapshot | NoSnapshot:
    stored = open_companies(directory, pointer)
    differences = read_parquet(directory, pointer.differences) if pointer.differences else NO_DIFFERENCES
    if stored is None or differences is None or not set(DIFFERENCES) <= set(differences.columns):
        return NoSnapshot("the snapshot is damaged")
    companies = stored.read({*stored.schema}.difference(apart))
    if companies.height != pointer.companies:
        return NoSnapshot("the snapshot is damaged")
    times = (pointer.read_from, pointer.full_at, pointer.as_of)
    return Snapshot(
        companies, *times, pointer.after, pointer.lists, differences, pointer.decided, pointer.evaluated, stored
    )
