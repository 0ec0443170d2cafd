"""Messages arrive, and a service that refuses or never answers costs a warning and a bounded wait."""

from __future__ import annotations

import json

import pytest

from icp_sync.notify.channels import Message, send_message, unknown_url_positions
from tests.notify.server import inbox

HELLO = Message("icp_sync held: devops-dach", "read_at_least: 3 of 100 is 3.0%.")


def test_a_message_arrives_with_its_title_and_its_text() -> None:
    with inbox() as service:
        assert send_message([f"json://{service.address}/hook"], HELLO) == []
    ((method, path, body),) = service.requests
    document = json.loads(body)
    assert (method, path) == ("POST", "/hook")
    assert (document["title"], document["message"]) == (HELLO.title, HELLO.body)


def test_every_url_gets_it_and_those_that_refuse_are_named_by_position() -> None:
    with inbox() as good, inbox(status=500) as bad:
        urls = [f"json://{good.address}/a", f"json://{bad.address}/b", "nonsense://x", f"json://{good.address}/c"]
        assert send_message(urls, HELLO) == [2, 3]
    assert sorted(path for _, path, _ in good.requests) == ["/a", "/c"]


def test_a_service_that_never_answers_is_left_after_the_time_limit() -> None:
    with inbox(silent=True) as service:
        assert send_message([f"json://{service.address}/?retry=0"], HELLO, timeout=0.2) == [1]


def test_an_address_of_no_known_service_is_found_without_sending() -> None:
    with inbox() as service:
        assert unknown_url_positions([f"json://{service.address}", "nonsense://x", "no address"]) == [2, 3]
    assert service.requests == []


def test_nothing_of_a_url_reaches_the_log(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    with inbox(status=403) as service:
        send_message([f"json://user:SECRET@{service.address}/SECRET"], HELLO)
        send_message(["slack://SECRET"], HELLO)
    printed = capfd.readouterr()
    assert "SECRET" not in printed.out + printed.err + caplog.text
