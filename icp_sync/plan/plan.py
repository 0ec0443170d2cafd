"""The plan: everything a run would do to the portal, as one value that is shown, saved, guarded and applied."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
import polars as pl

from icp_sync.plan import change
from icp_sync.plan.change import Change
from icp_sync.plan.guardrails import Guardrail
from icp_sync.plan.membership import ListChange


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a plan comes from: the run, the portal, the profile and its two digests, and the day it was scored for."""

    run_id: str
    portal_id: int
    created_at: dt.datetime
    as_of: dt.date
    profile_name: str
    profile_digest: str
    profile_whole: str


@dataclass(frozen=True, slots=True)
class Population:
    """What was looked at: companies read, scored and foreign; outcomes and tiers as they stand after the run.

    `unrecognised`: property → companies whose value there could not be read.
    """

    read: int
    scored: int
    foreign: int
    outcomes: Mapping[str, int]
    tiers: Mapping[str, int]
    unrecognised: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ToMake:
    """What of ours is missing in the portal and is made as the first step of apply.

    `options`: property of ours → option values it lacks.
    """

    group: bool = False
    folder: bool = False
    properties: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def pending(self) -> bool:
        """Whether anything that companies or lists need is missing; a group or folder alone is made only for them."""
        return bool(self.properties or self.options)


@dataclass(frozen=True)
class Plan:
    """Wanted − live, with causes. Frames and tuples in it are sorted by id and name and never changed."""

    origin: Origin
    population: Population
    to_make: ToMake
    changes: pl.DataFrame
    lists: tuple[ListChange, ...]
    guardrails: tuple[Guardrail, ...]
    allowed: tuple[str, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether applying would write anything."""
        return bool(
            self.changes.height or self.to_make.pending or any(change.pending for change in self.lists)
        )

    @property
    def held(self) -> tuple[Guardrail, ...]:
        """The guardrails that hold this plan."""
        return tuple(guardrail for guardrail in self.guardrails if guardrail.held)

    def each(self) -> Iterator[Change]:
        """The companies' changes, by id."""
        return change.iterate(self.changes)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the header and every change, keys sorted: two plans that do the same to the same portal by the
        same run have the same one.
        """
        digest = hashlib.sha256(canonical(self.header()))
        for one in self.each():
            digest.update(change_line(one))
        return digest.hexdigest()

    def header(self) -> dict[str, Any]:
        """Everything but the companies' changes and the fingerprint, as plain data."""
        return {
            "origin": _plain(self.origin),
            "population": _plain(self.population),
            "to_make": _plain(self.to_make),
            "lists": [_plain(one) for one in self.lists],
            "guardrails": [_plain(one) for one in self.guardrails],
            "allowed": list(self.allowed),
            "changes": self.changes.height,
        }


def canonical(value: object) -> bytes:
    """JSON with sorted keys, one line."""
    return orjson.dumps(
        value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    )


def change_line(one: Change) -> bytes:
    """One change as a line of the plan file."""
    return canonical(
        {"id": str(one.id), "cause": one.cause, "before": dict(one.before), "after": dict(one.after)}
    )


def _plain(value: Any) -> dict[str, Any]:
    return {name: _plain_value(getattr(value, name)) for name in value.__slots__}


def _plain_value(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain_value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain_value(item) for item in value]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return value if value is None or isinstance(value, int | float | str) else str(value)
