"""What is due is sent, and remembered only once somebody took it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from icp_sync.errors import AuthenticationFailed, StateUnusable
from icp_sync.notify.messages import MessageFacts
from icp_sync.plan.notices_to_send import SentNotice, Topic, TopicName
from icp_sync.runs.notices.collect import PendingNotices
from icp_sync.runs.notices.message_facts import RunNotices, notices_of_error
from icp_sync.runs.notices.send import Delivery, send_due_notices
from icp_sync.runs.notices.topics import run_outcome_topic
from tests.notify.server import Inbox, inbox

NOW = dt.datetime(2026, 11, 29, 2, 17, tzinfo=dt.UTC)
FAILED = notices_of_error(AuthenticationFailed("HubSpot refused the token"), "dach, us", 7)
OK = RunNotices((run_outcome_topic(None),), MessageFacts("dach", 7, "run-1", "host"))


@dataclass
class Memory:
    """A memory of notices; a `broken` one is a ledger that cannot be used."""

    kept: dict[TopicName, SentNotice] = field(default_factory=dict)
    broken: bool = False

    def last_notices(self) -> dict[TopicName, SentNotice]:
        self._fail()
        return self.kept

    def save(self, topic: TopicName, notice: SentNotice) -> None:
        self._fail()
        self.kept[topic] = notice

    def _fail(self) -> None:
        if self.broken:
            raise StateUnusable("read-only")


def address(service: Inbox) -> str:
    return f"json://{service.address}/?retry=0"


def titles(service: Inbox) -> list[str]:
    return [json.loads(body)["title"] for _, _, body in service.requests]


def deliver(service: Inbox, run: RunNotices, memories: Sequence[Memory], days: float = 0) -> Delivery:
    return send_due_notices([address(service)], [PendingNotices(run, memories)], NOW + dt.timedelta(days=days))


def test_a_failure_is_told_once_and_its_end_too() -> None:
    memory = Memory()
    with inbox() as service:
        notified = [
            deliver(service, run, [memory], day).notified for day, run in enumerate([OK, FAILED, FAILED, OK, OK])
        ]
    assert notified == [None, True, None, True, None]
    assert titles(service) == ["icp_sync failed: dach, us, portal 7", "icp_sync recovered: dach, portal 7"]


def test_what_nobody_took_is_a_warning_and_due_again() -> None:
    memory = Memory()
    with inbox(status=500) as service:
        first = deliver(service, FAILED, [memory])
        assert (first.notified, memory.kept) == (False, {})
        assert first.warning == "address 1 of ICP_SYNC_NOTIFY did not take a message"
        service.status = 200
        assert deliver(service, FAILED, [memory], days=1) == Delivery(notified=True)
    assert memory.kept["run"].sent_at == NOW + dt.timedelta(days=1)


def test_one_service_that_takes_it_is_enough_and_the_others_are_named() -> None:
    with inbox() as good, inbox(status=500) as bad:
        delivery = send_due_notices(["nonsense://x", address(bad), address(good)], [PendingNotices(FAILED, [])], NOW)
    assert delivery.notified is True
    assert delivery.warning == (
        "address 1 of ICP_SYNC_NOTIFY is of no service apprise knows; address 2 of ICP_SYNC_NOTIFY did not take a "
        "message"
    )


def test_several_unknown_services_are_one_sentence() -> None:
    delivery = send_due_notices(["hello", "world", "nonsense://x"], [PendingNotices(OK, [])], NOW)
    assert delivery.warning == "addresses 1, 2 and 3 of ICP_SYNC_NOTIFY are of no service apprise knows"


def test_a_service_that_failed_is_not_waited_for_again() -> None:
    run = RunNotices((*FAILED.topics, Topic("outage", "industry", "industry")), FAILED.facts)
    with inbox(status=500) as service:
        assert deliver(service, run, []).notified is False
    assert len(service.requests) == 1


def test_an_unknown_service_is_told_of_also_where_nothing_is_due() -> None:
    delivery = send_due_notices(["nonsense://x"], [PendingNotices(OK, [])], NOW)
    assert (delivery.notified, delivery.warning) == (
        None,
        "address 1 of ICP_SYNC_NOTIFY is of no service apprise knows",
    )


def test_a_failure_of_the_ledger_is_told_without_its_memory() -> None:
    with inbox() as service:
        assert deliver(service, FAILED, [Memory(broken=True)]).notified is True
    assert len(service.requests) == 1


def test_one_message_tells_of_all_profiles_and_each_remembers_it() -> None:
    memories = [Memory(), Memory()]
    with inbox() as service:
        deliver(service, FAILED, memories)
        deliver(service, FAILED, memories, days=1)
    assert len(service.requests) == 1
    assert [memory.kept["run"].state for memory in memories] == ["failed", "failed"]


def test_without_an_address_nothing_is_sent_or_remembered() -> None:
    memory = Memory()
    assert send_due_notices([], [PendingNotices(FAILED, [memory])], NOW) == Delivery()
    assert memory.kept == {}
