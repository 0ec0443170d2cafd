"""What is remembered of single companies and decides about them besides their values: overrides and held inputs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class StandingValue:
    """A tier or flag that somebody else set and that stands.

    `kind`: `person`, `automation` or `undo`. `by`: who set it, in words, such as a workflow; None = unknown.
    """

    property: str
    value: str
    kind: str
    since: dt.datetime
    user_id: str | None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class HeldInput:
    """A property that lost its value `was` and still counts by it; who emptied it and when, where that was asked."""

    property: str
    was: str
    since: dt.datetime
    emptied_at: dt.datetime | None = None
    emptied_by: str | None = None


@dataclass(frozen=True, slots=True)
class VendorValue:
    """A property's `value` by a vendor that counts instead of HubSpot's own `was` (None = empty)."""

    property: str
    value: str
    was: str | None
    source: str
    as_of: dt.date
    age_days: int


@dataclass(frozen=True, slots=True)
class KnownCommittee:
    """How far the contacts of a company cover its buying committee, and the decision makers and users missing.

    `contacts`: how many were counted; `looked_at`: when. Both None where contacts were not read, `looked_at` also where
    HubSpot's own counts answer.
    """

    committee: str
    missing: tuple[str, ...] = ()
    contacts: int | None = None
    looked_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class CompanyMemory:
    """What is remembered of one company; `committee` None outside the tiers that are looked after."""

    overrides: tuple[StandingValue, ...] = ()
    held_inputs: tuple[HeldInput, ...] = ()
    vendor_values: tuple[VendorValue, ...] = ()
    committee: KnownCommittee | None = None


NOTHING: Final = CompanyMemory()
"""Of most companies there is nothing to remember."""
