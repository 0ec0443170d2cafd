"""The snapshot of a portal's companies: a Parquet file named by its content, and a JSON pointer replaced last.

A run that dies at any instant leaves the old snapshot or the new one, never part of one.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Final

import orjson
import polars as pl
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.state.directory import StateDirectory, translate_os_errors
from icp_sync.state.files import new_file

FORMAT: Final = 1
_ABANDONED_AFTER_S: Final = 3_600


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A portal's companies and the times they are valid for, all aware and by the portal's clock.

    `companies`: a company frame sorted by id, with a Boolean column `list:ID` for the members of each known list.
    `read_from`: the watermark: all changes before it are included. `full_at`: the last full extract.
    `as_of`: when it was saved; properties created later are not in it. `after`: HubSpot's cursor to resume an
    interrupted first scan from; None for a complete snapshot. `lists`: list id → the run that had last changed its
    members (None: none of ours); the column is out of date once another run has.
    """

    companies: pl.DataFrame
    read_from: dt.datetime
    full_at: dt.datetime
    as_of: dt.datetime
    after: str | None = None
    lists: Mapping[str, str | None] = field(default_factory=dict)


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
    check: str = ""

    def with_check(self) -> _Pointer:
        """Return a copy with `check` computed."""
        unchecked = replace(self, check="")
        return replace(unchecked, check=hashlib.sha256(orjson.dumps(unchecked)).hexdigest()[:16])


_POINTER: Final = TypeAdapter(_Pointer)


@dataclass(frozen=True, slots=True)
class SnapshotStore:
    """The snapshot of one profile on one portal."""

    directory: StateDirectory
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
        path, token = self.directory.path, secrets.token_hex(4)
        temporary = path / f"{self._stem}.{token}.new"
        with translate_os_errors(path):
            with new_file(temporary) as content:
                _write_parquet(snapshot.companies, content)
            digest = _digest(temporary)
            file = temporary.replace(path / f"{self._stem}.{digest[:12]}-{token}.parquet")
        pointer = _Pointer(
            format=FORMAT,
            portal_id=self.portal_id,
            profile=self.profile,
            file=file.name,
            sha256=digest,
            companies=snapshot.companies.height,
            read_from=snapshot.read_from,
            full_at=snapshot.full_at,
            as_of=snapshot.as_of,
            after=snapshot.after,
            lists=dict(snapshot.lists),
        )
        replaced = _file_named_by(self.directory.read(self._pointer))
        self.directory.replace(self._pointer, orjson.dumps(pointer.with_check(), option=orjson.OPT_INDENT_2))
        _remove_old(self.directory, self._stem, replaced=replaced, kept=file)

    def portals(self) -> frozenset[int]:
        """Return the ids of the portals with a snapshot in this directory, of any profile."""
        names = [file.name.split(".") for file in self.directory.path.glob("snapshot.*.json")]
        return frozenset(int(parts[1]) for parts in names if parts[1].isdecimal())

    @property
    def _stem(self) -> str:
        """The common prefix of the files of one portal and profile; a profile's name contains no dot."""
        return f"snapshot.{self.portal_id}.{self.profile}"

    @property
    def _pointer(self) -> str:
        return f"{self._stem}.json"

    def _load_by_pointer(self, pointer_json: bytes | None) -> Snapshot | NoSnapshot:
        if pointer_json is None:
            return NoSnapshot("there is no snapshot yet")
        try:
            pointer = _POINTER.validate_json(pointer_json)
        except ValidationError:
            return NoSnapshot(_format_problem(pointer_json))
        if pointer.format != FORMAT or pointer != pointer.with_check():
            return NoSnapshot(_format_problem(pointer_json))
        if (pointer.portal_id, pointer.profile) != (self.portal_id, self.profile):
            return NoSnapshot(f"the snapshot is of profile {pointer.profile} on portal {pointer.portal_id}")
        return _read_companies(self.directory.path / pointer.file, pointer)


def _file_named_by(pointer: bytes | None) -> str | None:
    """Return the Parquet file's name in a pointer; None without a pointer or for a damaged one."""
    try:
        return None if pointer is None else _POINTER.validate_json(pointer).file
    except ValidationError:
        return None


def _write_parquet(companies: pl.DataFrame, file: IO[bytes]) -> None:
    try:
        companies.write_parquet(file, compression="lz4", statistics=False)
    except pl.exceptions.ComputeError as error:
        # Polars wraps the operating system's error; only its message tells a full disk from other faults.
        full = "No space left" in str(error)
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error


def _read_companies(file: Path, pointer: _Pointer) -> Snapshot | NoSnapshot:
    damaged = NoSnapshot("the snapshot is damaged")
    try:
        if _digest(file) != pointer.sha256:
            return damaged
        companies = pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError):
        return damaged
    if not {ID, MODIFIED} <= set(companies.columns) or companies.height != pointer.companies:
        return damaged
    return Snapshot(companies, pointer.read_from, pointer.full_at, pointer.as_of, pointer.after, pointer.lists)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _format_problem(pointer_json: bytes) -> str:
    try:
        content = orjson.loads(pointer_json)
    except orjson.JSONDecodeError:
        return "the snapshot is damaged"
    number = content.get("format") if isinstance(content, dict) else None
    known = isinstance(number, int) and number != FORMAT
    return f"the snapshot has format {number}, this version keeps {FORMAT}" if known else "the snapshot is damaged"


def _remove_old(directory: StateDirectory, stem: str, *, replaced: str | None, kept: Path) -> None:
    """Remove the file of the former snapshot, and files that interrupted runs left more than an hour ago.

    Any other file is young: a concurrent run has written it and is about to replace the pointer.
    """
    with translate_os_errors(directory.path):
        now = (directory.path / f"{stem}.json").stat().st_mtime
        others = [*directory.path.glob(f"{stem}.*.new"), *directory.path.glob(f"{stem}.*.parquet")]
        old = [file for file in others if file.name == replaced or now - _modified_at(file, now) > _ABANDONED_AFTER_S]
        for file in old:
            if file != kept:
                file.unlink(missing_ok=True)


def _modified_at(file: Path, default: float) -> float:
    """Return when a file was last written, in epoch seconds; `default` where it no longer exists."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return default
