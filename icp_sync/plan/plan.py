"""The plan: every change a run would make to the portal, as one value that is shown, saved, checked and applied."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import orjson
import polars as pl

from icp_sync.plan import change_frame as change_frames
from icp_sync.plan.change_frame import Change
from icp_sync.plan.guardrails import GuardrailCheck
from icp_sync.plan.list_diff import ListChange


@dataclass(frozen=True, slots=True)
class PlanOrigin:
    """Run, portal, profile with its scoring and file digests, and the scoring date; `created_at` is UTC.

    `undoes`: the run the plan takes back, None for any other plan. `opens_overrides`: its companies were named one by
    one, so that the tiers and flags it writes stand until somebody releases them.
    """

    run_id: str
    portal_id: int
    created_at: dt.datetime
    as_of: dt.date
    profile_name: str
    profile_digest: str
    profile_whole: str
    undoes: str | None = None
    opens_overrides: bool = False

    @property
    def stamp(self) -> str:
        """The profile as it stands on the records this plan writes: `name@digest`."""
        return f"{self.profile_name}@{self.profile_digest}"


@dataclass(frozen=True, slots=True)
class Population:
    """Companies read, scored and foreign, and companies by outcome and tier after the run.

    `unrecognised`: property → companies whose value could not be parsed, with `examples`. `live_tiers`: companies by
    the tier on their records now, in the property `tier_property`; empty where the profile writes no tier.
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
    """Managed objects missing in the portal; apply creates them first.

    `options`: managed property → option values it lacks.
    """

    group: bool = False
    folder: bool = False
    properties: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def needs_apply(self) -> bool:
        """Whether a property or option is missing; group and folder alone are no reason to apply."""
        return bool(self.properties or self.options)


@dataclass(frozen=True)
class Plan:
    """Desired − live, with causes. Its frames and tuples are sorted by id or name and are never modified."""

    origin: PlanOrigin
    population: Population
    to_make: MissingObjects
    changes: pl.DataFrame
    lists: tuple[ListChange, ...]
    guardrails: tuple[GuardrailCheck, ...]
    allowed: tuple[str, ...] = ()

    @property
    def has_pending_writes(self) -> bool:
        """Whether applying would write anything."""
        return bool(self.changes.height or self.to_make.needs_apply or any(change.is_pending for change in self.lists))

    @property
    def blocked_by(self) -> tuple[GuardrailCheck, ...]:
        """The guardrails that block this plan."""
        return tuple(guardrail for guardrail in self.guardrails if guardrail.blocks)

    def allowing(self, names: Collection[str]) -> Plan:
        """The same plan with the guardrails of these names allowed too."""
        checks = tuple(replace(check, allowed=check.allowed or check.name in names) for check in self.guardrails)
        return replace(self, guardrails=checks, allowed=tuple(sorted({*self.allowed, *names})))

    def iter_changes(self) -> Iterator[Change]:
        """The companies' changes, by id."""
        return change_frames.iter_changes(self.changes)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over the header and every change, keys sorted.

        Equal for two plans of one run with the same content. Raises orjson.JSONEncodeError for values no file can
        hold (numbers beyond 64 bits, nesting beyond 254 levels).
        """
        digest = hashlib.sha256(canonical_json(self.header()))
        for change in self.iter_changes():
            digest.update(change_line(change))
        return digest.hexdigest()

    def header(self) -> dict[str, Any]:
        """Everything but the changes and the fingerprint, as input of `canonical_json`."""
        return {
            "origin": self.origin,
            "population": self.population,
            "to_make": self.to_make,
            "lists": self.lists,
            "guardrails": self.guardrails,
            "allowed": self.allowed,
            "changes": self.changes.height,
        }


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys, one line."""
    return orjson.dumps(value, default=_to_json, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def change_line(change: Change) -> bytes:
    """One change as a line of the plan file."""
    texts = {"before": dict(change.before), "after": dict(change.after)}
    return canonical_json({"id": str(change.id), "why": change.why_document(), **texts})


def _to_json(value: object) -> object:
    """Convert a type orjson cannot write; dataclasses, datetimes and dates it writes itself."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a plan cannot hold a {type(value).__name__}")
