"""Sends the notices that are due and remembers them; one that could not be delivered is due again next time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from icp_sync.errors import ExtraMissing, StateUnusable
from icp_sync.notify import channels
from icp_sync.notify.messages import build_message
from icp_sync.plan.notices_to_send import DueNotice, SentNotice, TopicName, due_notices
from icp_sync.runs.interfaces import NoticeStore
from icp_sync.runs.notices.collect import PendingNotices


@dataclass(frozen=True, slots=True)
class Delivery:
    """`notified`: whether all that was due was delivered, None where nothing was. `warning`: empty without one."""

    notified: bool | None = None
    warning: str = ""


def send_due_notices(urls: Sequence[str], runs: Sequence[PendingNotices], now: dt.datetime) -> Delivery:
    """Send what is due at `now` of each run to all URLs, by the memories of its profiles; without one, as if at first.

    A message counts as delivered once one of the URLs took it. Waits at most ten seconds a URL; raises nothing of the
    services' or the ledger's.
    """
    if not urls:
        return Delivery()
    # Before the outbox: where apprise is missing, only a message that was due counts as not delivered.
    due = [(notice, run) for run in runs for notice in _due_notices(run, now)]
    try:
        outbox = _Outbox(urls)
    except ExtraMissing as missing:
        return Delivery(False if due else None, missing.message)
    delivered = [_send_notice(outbox, notice, run, now) for notice, run in due]
    return Delivery(all(delivered) if due else None, outbox.warning)


@dataclass(slots=True)
class _Outbox:
    """The URLs that still take messages, by position; one that failed is not waited for again."""

    urls: Sequence[str]
    unknown: Sequence[int] = ()
    failed: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.unknown = channels.unknown_url_positions(self.urls)

    def send(self, text: channels.Message) -> bool:
        """Whether one of them took it."""
        open_urls = {
            position: url
            for position, url in enumerate(self.urls, 1)
            if position not in self.unknown and position not in self.failed
        }
        positions = list(open_urls)
        failed = channels.send_message(list(open_urls.values()), text) if open_urls else []
        self.failed.extend(positions[place - 1] for place in failed)
        return len(failed) < len(open_urls)

    @property
    def warning(self) -> str:
        faults = (
            ("is of no service apprise knows", "are of no service apprise knows", self.unknown),
            ("did not take a message", "did not take a message", self.failed),
        )
        return "; ".join(
            f"{name_addresses(positions)} of ICP_SYNC_NOTIFY {singular if len(positions) == 1 else plural}"
            for singular, plural, positions in faults
            if positions
        )


def name_addresses(positions: Sequence[int]) -> str:
    """Which addresses, by their places, since they are secrets: `address 1`, `addresses 1 and 3`."""
    *others, last = map(str, positions)
    return f"addresses {', '.join(others)} and {last}" if others else f"address {last}"


def _due_notices(run: PendingNotices, now: dt.datetime) -> list[DueNotice]:
    """What is due by any of the memories."""
    memories = [_last_notices(memory) for memory in run.memories] or [{}]
    return list(dict.fromkeys(notice for sent in memories for notice in due_notices(run.notices.topics, sent, now)))


def _last_notices(memory: NoticeStore) -> Mapping[TopicName, SentNotice]:
    """What was sent; nothing where the ledger fails, since that very failure must be told."""
    try:
        return memory.last_notices()
    except StateUnusable:
        return {}


def _send_notice(outbox: _Outbox, notice: DueNotice, run: PendingNotices, now: dt.datetime) -> bool:
    delivered = outbox.send(build_message(notice, run.notices.facts))
    if delivered:
        sent = SentNotice(notice.topic.state, notice.topic.fingerprint, now)
        for memory in run.memories:
            with suppress(StateUnusable):  # the run says itself what is wrong with the ledger
                memory.save(notice.topic.name, sent)
    return delivered
