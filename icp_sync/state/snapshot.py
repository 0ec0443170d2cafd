"""The snapshot: what the portal's companies were when we last looked, and what we wrote to them since.

A Parquet file anybody may open, named by its content, and a pointer to it that is replaced last: a run that dies at
any instant leaves the old snapshot or the new one, never half of one.
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
_ABANDONED: Final = 3_600


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A replica of a portal's companies, and when it was true.

    `companies`: a company frame in the order of ids, with a Boolean column `list:ID` for each static list known.
    `read_from`: the portal's time before the reading; everything older is in it. `full_at`: when the whole portal
    was last read. `as_of`: the portal's time when it was saved; a property made later is not in it. `after`: the
    first reading was cut short, and this is the cursor of HubSpot's list to go on from; None for a whole one.
    `lists`: list id → the run that had last changed who is on it; once another has, the column is not to be believed.
    """

    companies: pl.DataFrame
    read_from: dt.datetime
    full_at: dt.datetime
    as_of: dt.datetime
    after: str | None = None
    lists: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoSnapshot:
    """There is no snapshot to go on from, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class _Pointer:
    """What the Parquet file is a snapshot of; `check` is a digest of all the rest, since a date has no wrong digits."""

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

    def sealed(self) -> _Pointer:
        """The same with its check."""
        bare = replace(self, check="")
        return replace(bare, check=hashlib.sha256(orjson.dumps(bare)).hexdigest()[:16])


_POINTER: Final = TypeAdapter(_Pointer)


def load(state: StateDirectory, portal_id: int, profile: str) -> Snapshot | NoSnapshot:
    """The snapshot of this portal and profile; Missing, with the reason, where there is none to be trusted."""
    told = state.read(_pointer(portal_id, profile))
    found = _loaded(state, told, portal_id, profile)
    # Another run may have put a new one in its place while we read.
    now = state.read(_pointer(portal_id, profile)) if isinstance(found, NoSnapshot) else told
    return found if now == told else _loaded(state, now, portal_id, profile)


def _loaded(state: StateDirectory, told: bytes | None, portal_id: int, profile: str) -> Snapshot | NoSnapshot:
    if told is None:
        return NoSnapshot("there is no snapshot yet")
    try:
        pointer = _POINTER.validate_json(told)
    except ValidationError:
        return NoSnapshot(_of_another_format(told))
    if pointer.format != FORMAT or pointer != pointer.sealed():
        return NoSnapshot(_of_another_format(told))
    if (pointer.portal_id, pointer.profile) != (portal_id, profile):
        return NoSnapshot(f"the snapshot is of profile {pointer.profile} on portal {pointer.portal_id}")
    return _opened(state, pointer)


def save(state: StateDirectory, portal_id: int, profile: str, snapshot: Snapshot) -> None:
    """Keep `snapshot` in place of the one before. Raises StateUnusable, and then the one before still stands."""
    stem = _stem(portal_id, profile)
    token = secrets.token_hex(4)
    fresh = state.path / f"{stem}.{token}.new"
    with translate_os_errors(state.path):
        try:
            _write(snapshot.companies, fresh)
            digest = _digest(fresh)
            file = state.path / f"{stem}.{digest[:12]}-{token}.parquet"
            fresh.replace(file)
        except BaseException:
            fresh.unlink(missing_ok=True)
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
    before = _named_by(state.read(_pointer(portal_id, profile)))
    state.replace(_pointer(portal_id, profile), orjson.dumps(pointer.sealed(), option=orjson.OPT_INDENT_2))
    _forget(state, stem, replaced=before, kept=file)


def _named_by(pointer: bytes | None) -> str | None:
    """The file a pointer names, None where it names none that can be read."""
    try:
        return None if pointer is None else _POINTER.validate_json(pointer).file
    except ValidationError:
        return None


def _stem(portal_id: int, profile: str) -> str:
    """What the files of one portal and profile begin with; a profile's name holds no dot."""
    return f"snapshot.{portal_id}.{profile}"


def _pointer(portal_id: int, profile: str) -> str:
    return f"{_stem(portal_id, profile)}.json"


def _write(companies: pl.DataFrame, path: Path) -> None:
    with open_private(path, os.O_TRUNC) as file:
        try:
            companies.write_parquet(file, compression="lz4", statistics=False)
        except pl.exceptions.ComputeError as error:
            # So Polars names what the operating system refused; of a full disk the message tells.
            full = "No space left" in str(error)
            raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error
        file.flush()
        os.fsync(file.fileno())


def _opened(state: StateDirectory, pointer: _Pointer) -> Snapshot | NoSnapshot:
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


def _of_another_format(told: bytes) -> str:
    try:
        written = orjson.loads(told)
    except orjson.JSONDecodeError:
        return "the snapshot is damaged"
    number = written.get("format") if isinstance(written, dict) else None
    known = isinstance(number, int) and number != FORMAT
    return f"the snapshot has format {number}, this version keeps {FORMAT}" if known else "the snapshot is damaged"


def _forget(state: StateDirectory, stem: str, *, replaced: str | None, kept: Path) -> None:
    """Remove the file the pointer named before, and what runs that died, or lost a race, left an hour ago.

    Any other file is young: a run beside us has placed it and is about to point to it.
    """
    with translate_os_errors(state.path):
        now = (state.path / f"{stem}.json").stat().st_mtime
        others = [*state.path.glob(f"{stem}.*.new"), *state.path.glob(f"{stem}.*.parquet")]
        old = [file for file in others if file.name == replaced or now - _changed(file, now) > _ABANDONED]
        for file in old:
            if file != kept:
                file.unlink(missing_ok=True)


def _changed(file: Path, otherwise: float) -> float:
    """When a file was last written, in seconds; `otherwise` where it is gone by now."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return otherwise
