"""The plan: all a run would do to the portal, as one value that is shown, saved, guarded and applied."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import orjson
import polars as pl

from icp_sync.plan import changes as change
from icp_sync.plan.changes import Change
from icp_sync.plan.guardrails import GuardrailCheck
from icp_sync.plan.list_diff import ListChange


@dataclass(frozen=True, slots=True)
class PlanOrigin:
    """Where a plan comes from: run, portal, profile with its two digests, the day scored for; `created_at` is UTC."""

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

    `unrecognised`: property → companies whose value there could not be read. `live_tiers`: the same companies by the
    tier on their records now, in the property `tier_property`; nothing where the profile writes no tier.
    """

    read: int
    scored: int
    foreign: int
    outcomes: Mapping[str, int]
    tiers: Mapping[str, int]
    unrecognised: Mapping[str, int]
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    live_tiers: Mapping[str, int] = field(default_factory=dict)
    tier_property: str | None = None


@dataclass(frozen=True, slots=True)
class MissingObjects:
    """What of ours is missing in the portal and is made as the first step of apply.

    `options`: property of ours → option values it lacks.
    """

    group: bool = False
    folder: bool = False
    properties: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def pending(self) -> bool:
        """Whether a property or option is missing; group and folder are made only for what goes into them."""
        return bool(self.properties or self.options)


@dataclass(frozen=True)
class Plan:
    """Wanted − live, with causes. Frames and tuples in it are sorted by id and name and never changed."""

    origin: PlanOrigin
    population: Population
    to_make: MissingObjects
    changes: pl.DataFrame
    lists: tuple[ListChange, ...]
    guardrails: tuple[GuardrailCheck, ...]
    allowed: tuple[str, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether applying would write anything."""
        return bool(self.changes.height or self.to_make.pending or any(change.pending for change in self.lists))

    @property
    def held(self) -> tuple[GuardrailCheck, ...]:
        """The guardrails that hold this plan."""
        return tuple(guardrail for guardrail in self.guardrails if guardrail.held)

    def iter_changes(self) -> Iterator[Change]:
        """The companies' changes, by id."""
        return change.iter_changes(self.changes)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the header and every change, keys sorted.

        Two plans that do the same to the same portal by the same run have the same one. Raises
        orjson.JSONEncodeError for a plan no file can hold (numbers beyond 64 bits, nesting beyond 254 levels).
        """
        digest = hashlib.sha256(canonical(self.header()))
        for one in self.iter_changes():
            digest.update(change_line(one))
        return digest.hexdigest()

    def header(self) -> dict[str, Any]:
        """Everything but the companies' changes and the fingerprint, for `canonical`."""
        return {
            "origin": self.origin,
            "population": self.population,
            "to_make": self.to_make,
            "lists": self.lists,
            "guardrails": self.guardrails,
            "allowed": self.allowed,
            "changes": self.changes.height,
        }


def canonical(value: object) -> bytes:
    """JSON with sorted keys, one line."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def change_line(one: Change) -> bytes:
    """One change as a line of the plan file."""
    return canonical({"id": str(one.id), "cause": one.cause, "before": dict(one.before), "after": dict(one.after)})


def _plain(value: object) -> object:
    """What JSON has no form for; orjson writes dataclasses, moments and days itself."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a plan cannot hold a {type(value).__name__}")
