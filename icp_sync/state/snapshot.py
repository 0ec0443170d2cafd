"""The snapshot of a portal's companies: a Parquet file named by its content, and a JSON pointer replaced last.

A run that dies at any instant leaves the old snapshot or the new one, never part of one.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import orjson
import polars as pl
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.state.directory import StateDirectory, open_private, translate_os_errors

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


def load(state: StateDirectory, portal_id: int, profile: str) -> Snapshot | NoSnapshot:
    """Return the snapshot of this portal and profile, or NoSnapshot where there is none or it is damaged.

    Raises StateUnusable when the directory cannot be read.
    """
    pointer_json = state.read(_pointer(portal_id, profile))
    loaded = _load_by_pointer(state, pointer_json, portal_id, profile)
    # Another run may have replaced the snapshot, and removed its Parquet file, while this one read it.
    now = state.read(_pointer(portal_id, profile)) if isinstance(loaded, NoSnapshot) else pointer_json
    return loaded if now == pointer_json else _load_by_pointer(state, now, portal_id, profile)


def _load_by_pointer(
    state: StateDirectory, pointer_json: bytes | None, portal_id: int, profile: str
) -> Snapshot | NoSnapshot:
    if pointer_json is None:
        return NoSnapshot("there is no snapshot yet")
    try:
        pointer = _POINTER.validate_json(pointer_json)
    except ValidationError:
        return NoSnapshot(_format_problem(pointer_json))
    if pointer.format != FORMAT or pointer != pointer.with_check():
        return NoSnapshot(_format_problem(pointer_json))
    if (pointer.portal_id, pointer.profile) != (portal_id, profile):
        return NoSnapshot(f"the snapshot is of profile {pointer.profile} on portal {pointer.portal_id}")
    return _read_companies(state, pointer)


def save(state: StateDirectory, portal_id: int, profile: str, snapshot: Snapshot) -> None:
    """Replace the snapshot of this portal and profile. Raises StateUnusable; the former one then stays valid."""
    stem = _stem(portal_id, profile)
    token = secrets.token_hex(4)
    temporary = state.path / f"{stem}.{token}.new"
    with translate_os_errors(state.path):
        try:
            _write(snapshot.companies, temporary)
            digest = _digest(temporary)
            file = state.path / f"{stem}.{digest[:12]}-{token}.parquet"
            temporary.replace(file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    pointer = _Pointer(
        format=FORMAT,
        portal_id=portal_id,
        profile=profile,
        file=file.name,
        sha256=digest,
        companies=snapshot.companies.height,
        read_from=snapshot.read_from,
        full_at=snapshot.full_at,
        as_of=snapshot.as_of,
        after=snapshot.after,
        lists=dict(snapshot.lists),
    )
    replaced = _file_named_by(state.read(_pointer(portal_id, profile)))
    state.replace(_pointer(portal_id, profile), orjson.dumps(pointer.with_check(), option=orjson.OPT_INDENT_2))
    _remove_old(state, stem, replaced=replaced, kept=file)


def _file_named_by(pointer: bytes | None) -> str | None:
    """Return the Parquet file's name in a pointer; None without a pointer or for a damaged one."""
    try:
        return None if pointer is None else _POINTER.validate_json(pointer).file
    except ValidationError:
        return None


def _stem(portal_id: int, profile: str) -> str:
    """The common prefix of the files of one portal and profile; a profile's name contains no dot."""
    return f"snapshot.{portal_id}.{profile}"


def _pointer(portal_id: int, profile: str) -> str:
    return f"{_stem(portal_id, profile)}.json"


def _write(companies: pl.DataFrame, path: Path) -> None:
    with open_private(path, os.O_TRUNC) as file:
        try:
            companies.write_parquet(file, compression="lz4", statistics=False)
        except pl.exceptions.ComputeError as error:
            # Polars wraps the operating system's error; only its message tells a full disk from other faults.
            full = "No space left" in str(error)
            raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error
        file.flush()
        os.fsync(file.fileno())


def _read_companies(state: StateDirectory, pointer: _Pointer) -> Snapshot | NoSnapshot:
    damaged = NoSnapshot("the snapshot is damaged")
    try:
        if _digest(state.path / pointer.file) != pointer.sha256:
            return damaged
        companies = pl.read_parquet(state.path / pointer.file)
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


def _remove_old(state: StateDirectory, stem: str, *, replaced: str | None, kept: Path) -> None:
    """Remove the file of the former snapshot, and files that interrupted runs left more than an hour ago.

    Any other file is young: a concurrent run has written it and is about to replace the pointer.
    """
    with translate_os_errors(state.path):
        now = (state.path / f"{stem}.json").stat().st_mtime
        others = [*state.path.glob(f"{stem}.*.new"), *state.path.glob(f"{stem}.*.parquet")]
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
