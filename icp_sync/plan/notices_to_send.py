"""Which notices are due: the topics of a run against what was last sent about them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

TopicName = Literal["run", "overrides", "outage", "review", "quarantine"]
CALM: Final[Mapping[TopicName, str]] = {
    "run": "ok",
    "overrides": "none",
    "outage": "none",
    "review": "none",
    "quarantine": "none",
}
"""Topic → its state when there is nothing to tell."""
# An hour less than the week and the day that are meant: no two nights begin at the same second.
REPEAT_AFTER: Final = dt.timedelta(days=7, hours=-1)
# People who join a list of open matters one by one would otherwise send one message a run.
JOINED_AT_MOST_EVERY: Final = dt.timedelta(hours=23)


@dataclass(frozen=True, slots=True)
class Topic:
    """The state of one matter after a run.

    `fingerprint`: names only (error code, guardrails, properties), never numbers, so that a count that wavers sends
    nothing. `joined_at`: when the latest company joined the matter, for `overrides` and `quarantine`, else None.
    """

    name: TopicName
    state: str
    fingerprint: str = ""
    joined_at: dt.datetime | None = None

    @property
    def is_calm(self) -> bool:
        return self.state == CALM[self.name]


@dataclass(frozen=True, slots=True)
class SentNotice:
    """The last notice sent about a topic."""

    state: str
    fingerprint: str
    sent_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A topic to be sent; `recovered`: its last notice told of trouble, and that is over."""

    topic: Topic
    recovered: bool = False


def due_notices(
    topics: Iterable[Topic], sent: Mapping[TopicName, SentNotice], now: dt.datetime
) -> tuple[DueNotice, ...]:
    """The notices to send at `now`, in the order of `topics`. A topic that was calm from the first sends nothing."""
    checked = ((topic, _is_due(topic, sent.get(topic.name), now)) for topic in topics)
    return tuple(DueNotice(topic, recovered=topic.is_calm) for topic, is_due in checked if is_due)


def _is_due(topic: Topic, last: SentNotice | None, now: dt.datetime) -> bool:
    was_calm = last is None or last.state == CALM[topic.name]
    if topic.is_calm or last is None or was_calm:
        return topic.is_calm != was_calm
    if topic.joined_at is not None:
        return topic.joined_at > last.sent_at and now - last.sent_at >= JOINED_AT_MOST_EVERY
    changed = (topic.state, topic.fingerprint) != (last.state, last.fingerprint)
    # A run without HubSpot's answer goes by this machine's clock: one far ahead must not silence the topic for long.
    return changed or abs(now - last.sent_at) >= REPEAT_AFTER
