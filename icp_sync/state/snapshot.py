"""The snapshot of a portal's companies: two Parquet files named by their content, and a JSON pointer replaced last.

One holds the companies, the other what differs from the texts they were last settled with.

A run that dies at any instant leaves the old snapshot or the new one, never part of one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Final

import orjson
import polars as pl
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.companies.unsettled_changes import DIFFERENCES, NO_DIFFERENCES
from icp_sync.state.directory import translate_os_errors
from icp_sync.state.files import StateFiles
from icp_sync.state.parquet import ParquetFile, read_parquet, write_parquet

FORMAT: Final = 2
_WITHOUT_DIFFERENCES: Final = 1
"""The format of snapshots without differences, which are read as such."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A portal's companies and the times they are valid for, all aware and by the portal's clock.

    `companies`: a company frame sorted by id, with a Boolean column `list:ID` for the members of each known list.
    `read_from`: the watermark: all changes before it are included. `full_at`: the last full extract.
    `as_of`: when it was saved; properties created later are not in it. `after`: HubSpot's cursor to resume an
    interrupted first scan from; None for a complete snapshot. `lists`: list id → the run that had last changed its
    members (None: none of ours); the column is out of date once another run has. `differences`: a frame with the
    columns of `companies.differences`; others beside them are kept too. `decided`: since the first reading a run
    has decided whose every tier and target flag is, so that one that nobody changed since counts as ours.
    """

    companies: pl.DataFrame
    read_from: dt.datetime
    full_at: dt.datetime
    as_of: dt.datetime
    after: str | None = None
    lists: Mapping[str, str | None] = field(default_factory=dict)
    differences: pl.DataFrame = field(default_factory=lambda: NO_DIFFERENCES)
    decided: bool = False


@dataclass(frozen=True, slots=True)
class NoSnapshot:
    """There is no usable snapshot; `why` is the reason for the report."""

    why: str


@dataclass(frozen=True, slots=True)
class _Pointer:
    """The pointer file; `check` is a digest of all other fields, as a damaged date may still be a valid date."""

    format: int
    portal_id: int
    profile: str
    file: str
    sha256: str
    companies: int
    read_from: AwareDatetime
    full_at: AwareDatetime
    as_of: AwareDatetime
    after: str | None = None
    lists: Mapping[str, str | None] = field(default_factory=dict)
    differences: ParquetFile | None = None
    decided: bool = False
    check: str = ""

    def with_check(self) -> _Pointer:
        """Return a copy with `check` computed."""
        unchecked = replace(self, check="")
        left_out = {"differences", "decided"} if self.format == _WITHOUT_DIFFERENCES else set()
        content = {part.name: getattr(unchecked, part.name) for part in fields(self) if part.name not in left_out}
        return replace(unchecked, check=hashlib.sha256(orjson.dumps(content)).hexdigest()[:16])

    @property
    def parquet(self) -> tuple[ParquetFile, ...]:
        """The Parquet files it points to."""
        return (ParquetFile(self.file, self.sha256), *([self.differences] if self.differences else []))

    @property
    def files(self) -> frozenset[str]:
        """The names of those."""
        return frozenset(file.file for file in self.parquet)


_POINTER: Final = TypeAdapter(_Pointer)


@dataclass(frozen=True, slots=True)
class SnapshotStore:
    """The snapshot of one profile on one portal."""

    directory: StateFiles
    portal_id: int
    profile: str

    def load(self) -> Snapshot | NoSnapshot:
        """Return the snapshot, or NoSnapshot where there is none or it is damaged.

        Raises StateUnusable when the directory cannot be read.
        """
        pointer_json = self.directory.read(self._pointer)
        loaded = self._load_by_pointer(pointer_json)
        # Another run may have replaced the snapshot, and removed its Parquet file, while this one read it.
        now = self.directory.read(self._pointer) if isinstance(loaded, NoSnapshot) else pointer_json
        return loaded if now == pointer_json else self._load_by_pointer(now)

    def save(self, snapshot: Snapshot) -> None:
        """Replace the snapshot. Raises StateUnusable; the former one then stays valid."""
        path = self.directory.path
        with translate_os_errors(path):
            companies = write_parquet(path, self._stem, snapshot.companies)
            try:
                differences = write_parquet(path, self._differences_stem, snapshot.differences)
            except BaseException:
                (path / companies.file).unlink(missing_ok=True)
                raise
        self._replace_pointer(
            _Pointer(
                format=FORMAT,
                portal_id=self.portal_id,
                profile=self.profile,
                file=companies.file,
                sha256=companies.sha256,
                companies=snapshot.companies.height,
                read_from=snapshot.read_from,
                full_at=snapshot.full_at,
                as_of=snapshot.as_of,
                after=snapshot.after,
                lists=dict(snapshot.lists),
                differences=differences,
                decided=snapshot.decided,
            )
        )

    def save_differences(self, differences: pl.DataFrame, *, decided: bool) -> None:
        """Replace the differences of the snapshot there is; does nothing without one. Raises StateUnusable.

        The companies, which are many more, are not written again.
        """
        pointer = self._parse(self.directory.read(self._pointer))
        if isinstance(pointer, _Pointer):
            with translate_os_errors(self.directory.path):
                file = write_parquet(self.directory.path, self._differences_stem, differences)
            self._replace_pointer(replace(pointer, format=FORMAT, differences=file, decided=decided))

    def portals(self) -> frozenset[int]:
        """Return the ids of the portals with a snapshot in this directory, of any profile."""
        return portals_with_snapshot(self.directory.path)

    @property
    def _stem(self) -> str:
        """The common prefix of the files of one portal and profile; a profile's name contains no dot."""
        return f"snapshot.{self.portal_id}.{self.profile}"

    @property
    def _differences_stem(self) -> str:
        return f"differences.{self.portal_id}.{self.profile}"

    @property
    def _pointer(self) -> str:
        return pointer_name(self.portal_id, self.profile)

    def _load_by_pointer(self, pointer_json: bytes | None) -> Snapshot | NoSnapshot:
        pointer = self._parse(pointer_json)
        if isinstance(pointer, NoSnapshot):
            return pointer
        self.directory.fetch(pointer.parquet)
        return _read(self.directory.path, pointer)

    def _parse(self, pointer_json: bytes | None) -> _Pointer | NoSnapshot:
        if pointer_json is None:
            return NoSnapshot("there is no snapshot yet")
        try:
            pointer = _POINTER.validate_json(pointer_json)
        except ValidationError:
            return NoSnapshot(_format_problem(pointer_json))
        if pointer.format not in {_WITHOUT_DIFFERENCES, FORMAT} or pointer != pointer.with_check():
            return NoSnapshot(_format_problem(pointer_json))
        if (pointer.portal_id, pointer.profile) != (self.portal_id, self.profile):
            return NoSnapshot(f"the snapshot is of profile {pointer.profile} on portal {pointer.portal_id}")
        return pointer

    def _replace_pointer(self, pointer: _Pointer) -> None:
        self.directory.publish(pointer.files)
        content = orjson.dumps(pointer.with_check(), option=orjson.OPT_INDENT_2)
        replaced = _files_named_by(self.directory.swap(self._pointer, content))
        for stem in (self._stem, self._differences_stem):
            self.directory.remove_old(self._pointer, stem, replaced, kept=pointer.files)


def pointer_name(portal_id: int, profile: str) -> str:
    """The name of the pointer of one portal and profile."""
    return f"snapshot.{portal_id}.{profile}.json"


def portals_with_snapshot(directory: Path, profile: str = "*") -> frozenset[int]:
    """Return the ids of the portals with a snapshot of the profile, or of any, in a directory."""
    names = [file.name.split(".") for file in directory.glob(f"snapshot.*.{profile}.json")]
    return frozenset(int(parts[1]) for parts in names if parts[1].isdecimal())


def _files_named_by(pointer: bytes | None) -> frozenset[str]:
    """Return the names of the Parquet files in a pointer; none without a pointer or for a damaged one."""
    try:
        return frozenset() if pointer is None else _POINTER.validate_json(pointer).files
    except ValidationError:
        return frozenset()


def _read(directory: Path, pointer: _Pointer) -> Snapshot | NoSnapshot:
    companies = read_parquet(directory, pointer.parquet[0])
    differences = read_parquet(directory, pointer.differences) if pointer.differences else NO_DIFFERENCES
    if companies is None or not {ID, MODIFIED} <= set(companies.columns) or companies.height != pointer.companies:
        return NoSnapshot("the snapshot is damaged")
    if differences is None or not set(DIFFERENCES) <= set(differences.columns):
        return NoSnapshot("the snapshot is damaged")
    times = (pointer.read_from, pointer.full_at, pointer.as_of)
    return Snapshot(companies, *times, pointer.after, pointer.lists, differences, pointer.decided)


def _format_problem(pointer_json: bytes) -> str:
    try:
        content = orjson.loads(pointer_json)
    except orjson.JSONDecodeError:
        return "the snapshot is damaged"
    number = content.get("format") if isinstance(content, dict) else None
    known = isinstance(number, int) and number != FORMAT
    return f"the snapshot has format {number}, this version keeps {FORMAT}" if known else "the snapshot is damaged"
