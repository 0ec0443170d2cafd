"""When a notice is due: on a change of state, again after a week, and never about a count that wavers."""

from __future__ import annotations

import datetime as dt

import pytest

from icp_sync.plan.notices_to_send import DueNotice, SentNotice, Topic, due_notices

NOW = dt.datetime(2026, 11, 29, 5, 0, tzinfo=dt.UTC)


def sent(state: str, fingerprint: str = "", days_ago: float = 1) -> SentNotice:
    return SentNotice(state, fingerprint, NOW - dt.timedelta(days=days_ago))


def ran(state: str, fingerprint: str = "") -> Topic:
    return Topic("run", state, fingerprint)


@pytest.mark.parametrize(
    ("topic", "last", "due"),
    [
        (ran("ok"), None, False),  # the first run that ends well is silent
        (ran("ok"), sent("ok"), False),
        (ran("held", "changed"), None, True),
        (ran("held", "changed"), sent("ok"), True),
        (ran("held", "changed"), sent("held", "changed"), False),
        (ran("held", "leaving_tier_1"), sent("held", "changed"), True),
        (ran("failed", "auth"), sent("held", "changed"), True),
        (ran("held", "changed"), sent("held", "changed", days_ago=7), True),
        (ran("held", "changed"), sent("held", "changed", days_ago=6.99), True),  # tonight began a little earlier
        (ran("held", "changed"), sent("held", "changed", days_ago=6.9), False),
        (ran("held", "changed"), sent("held", "changed", days_ago=-40), True),  # this machine's clock was far ahead
        (Topic("outage", "industry", "industry"), None, True),
        (Topic("outage", "industry", "industry"), sent("industry", "industry"), False),
        (Topic("outage", "industry, type", "industry, type"), sent("industry", "industry"), True),
    ],
)
def test_a_notice_is_due_when_its_state_or_fingerprint_changed_or_after_a_week(
    topic: Topic, last: SentNotice | None, due: bool
) -> None:
    memory = {} if last is None else {topic.name: last}
    assert bool(due_notices([topic], memory, NOW)) is due


@pytest.mark.parametrize("state", ["failed", "held", "partial"])
def test_the_first_good_run_after_trouble_says_recovered_once(state: str) -> None:
    assert due_notices([ran("ok")], {"run": sent(state)}, NOW) == (DueNotice(ran("ok"), recovered=True),)
    assert due_notices([ran("ok")], {"run": sent("ok")}, NOW) == ()


def test_every_topic_recovers() -> None:
    topic = Topic("outage", "none")
    assert due_notices([topic], {"outage": sent("industry", "industry")}, NOW) == (DueNotice(topic, recovered=True),)


@pytest.mark.parametrize(
    ("joined_hours_ago", "sent_days_ago", "due"),
    [(1, 2, True), (1, 0.99, True), (1, 0.9, False), (72, 2, False), (72, 30, True)],
)
def test_open_matters_send_when_somebody_new_joins_and_at_most_once_a_day(
    joined_hours_ago: float, sent_days_ago: float, due: bool
) -> None:
    topic = Topic("overrides", "new", joined_at=NOW - dt.timedelta(hours=joined_hours_ago))
    assert bool(due_notices([topic], {"overrides": sent("new", days_ago=sent_days_ago)}, NOW)) is due


def test_what_could_not_be_delivered_is_due_again() -> None:
    """Only what was sent is remembered: without a memory of it, the same trouble is due the next night."""
    assert due_notices([ran("failed", "auth")], {}, NOW)
