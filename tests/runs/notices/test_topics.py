"""The state of each matter and what in it counts as a change: names, never numbers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from icp_sync.errors import (
    AuthenticationFailed,
    CrashedAfterWriting,
    GuardrailHeld,
    IcpSyncError,
    PartlyApplied,
    ProfileInvalid,
    QuotaExhausted,
)
from icp_sync.plan.notices_to_send import Topic
from icp_sync.plan.quarantine import QuarantineEntry
from icp_sync.runs.notices.topics import (
    overrides_topic,
    property_outage_topic,
    quarantine_topic,
    review_topic,
    run_outcome_topic,
)

DAY = dt.date(2026, 11, 29)
MONDAY, TUESDAY = "2026-11-23T02:17:00+00:00", "2026-11-24T02:17:00+00:00"


@pytest.mark.parametrize(
    ("error", "guardrails", "state", "fingerprint"),
    [
        (None, [], "ok", ""),
        (AuthenticationFailed("401"), [], "failed", "authentication"),
        (ProfileInvalid("bad"), [], "failed", "profile_invalid"),
        (PartlyApplied("refused 3"), [], "partial", "partly_applied"),
        (QuotaExhausted("used up"), [], "partial", "daily_limit"),
        (CrashedAfterWriting("fault"), [], "partial", "internal"),
        (
            GuardrailHeld("5 of 20", plan=Path("p")),
            ["leaving_tier_1", "changed"],
            "held",
            "guardrail_held changed leaving_tier_1",
        ),
    ],
)
def test_how_a_run_ended(error: IcpSyncError | None, guardrails: list[str], state: str, fingerprint: str) -> None:
    assert run_outcome_topic(error, guardrails) == Topic("run", state, fingerprint)


@pytest.mark.parametrize(
    ("review_by", "state"),
    [(None, "none"), ("2026-12-14", "none"), ("2026-12-13", "due"), ("2026-11-29", "due"), ("2026-11-28", "past")],
)
def test_a_review_is_due_two_weeks_before_its_day_and_past_after_it(review_by: str | None, state: str) -> None:
    assert review_topic(dt.date.fromisoformat(review_by) if review_by else None, DAY).state == state


def test_the_quarantine_is_joined_by_its_latest_company() -> None:
    entries = [
        QuarantineEntry(company, "", None, None, since, "", "", "") for company, since in [(1, TUESDAY), (2, MONDAY)]
    ]
    assert quarantine_topic([]) == Topic("quarantine", "none")
    assert quarantine_topic(entries) == Topic("quarantine", "some", joined_at=dt.datetime.fromisoformat(TUESDAY))


def test_open_overrides_and_lost_properties() -> None:
    joined_at = dt.datetime.fromisoformat(MONDAY)
    assert overrides_topic([]) == Topic("overrides", "none")
    assert overrides_topic([joined_at, joined_at - dt.timedelta(days=3)]) == Topic(
        "overrides", "new", joined_at=joined_at
    )
    assert property_outage_topic([]) == Topic("outage", "none")
    assert property_outage_topic(["type", "industry"]) == Topic("outage", "industry, type", "industry, type")
