"""The topics of a run: the state of each matter, made of plain values. A fingerprint holds names, never numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from icp_sync.errors import GuardrailHeld, IcpSyncError, PartlyApplied
from icp_sync.plan.notices_to_send import CALM, Topic
from icp_sync.plan.quarantine import QuarantineEntry
from icp_sync.profile.lint.review_date import SOON


def run_outcome_topic(error: IcpSyncError | None, guardrails: Collection[str] = ()) -> Topic:
    """How a run ended; `guardrails`: names of those that held its plan."""
    if error is None:
        return Topic("run", CALM["run"])
    if isinstance(error, GuardrailHeld):
        return Topic("run", "held", " ".join([error.code, *sorted(guardrails)]))
    # A crash after the first write is no PartlyApplied, but it left as much behind.
    partial = error.exit_code == PartlyApplied.exit_code
    return Topic("run", "partial" if partial else "failed", error.code)


def overrides_topic(found_at: Collection[dt.datetime]) -> Topic:
    """Values of people and automations that stand; `found_at`: for each, when the run began that found it."""
    return Topic("overrides", "new", joined_at=max(found_at)) if found_at else Topic("overrides", CALM["overrides"])


def property_outage_topic(properties: Collection[str]) -> Topic:
    """Properties that so many companies lost that it cannot have been people."""
    names = ", ".join(sorted(properties))
    return Topic("outage", names or CALM["outage"], names)


def review_topic(review_by: dt.date | None, day: dt.date) -> Topic:
    """Whether the profile must be looked at again: `due` from two weeks before its day, `past` after it."""
    if review_by is None or day < review_by - SOON:
        return Topic("review", CALM["review"])
    return Topic("review", "past" if day > review_by else "due", review_by.isoformat())


def quarantine_topic(entries: Collection[QuarantineEntry]) -> Topic:
    """Companies HubSpot refused."""
    if not entries:
        return Topic("quarantine", CALM["quarantine"])
    latest = max(dt.datetime.fromisoformat(entry.since) for entry in entries)
    return Topic("quarantine", "some", joined_at=latest)
