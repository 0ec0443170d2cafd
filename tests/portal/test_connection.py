"""One connection: counted, paced by the headers, persistent, prompt to stop, and silent about the token."""

from __future__ import annotations

import gzip
import logging
import socket
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import Any

import pytest

from icp_sync import errors
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import ACCOUNT, COMPANY_PAGE, COMPANY_READ, COMPANY_SEARCH, COMPANY_UPDATE
from icp_sync.portal.companies.search_window import ALL_COMPANIES
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

TOKEN = "pat-eu1-00000000-secret"
DETAILS = {"portalId": 1}

SEARCH = ALL_COMPANIES.request_body(["name"])


def connected(url: str, clock: InstantClock | None = None, token: str = TOKEN) -> Connection:
    return Connection(token, url, stop=Event(), clock=clock or InstantClock())


def failing(*script: Scripted) -> errors.PortalError:
    """What asking for the account's details raises."""
    with (
        answering(*script) as (url, _),
        connected(url) as connection,
        pytest.raises(errors.PortalError) as caught,
    ):
        connection.call(ACCOUNT)
    return caught.value


def refusal(status: int, **body: Any) -> Scripted:
    return Scripted(status, {"status": "error", "message": "no", "correlationId": "c-1", **body})


# What is tried again


PASSING = [
    "429_secondly", "429_ten_secondly", "423", "500", "502_html", "503", "504", "521", "522", "523", "524", "525",
    "526", "drop_before", "drop_after", "truncated", "half_json", "empty_2xx",
]  # fmt: skip


@pytest.mark.parametrize("kind", PASSING)
def test_a_fault_that_passes_is_tried_again_and_counted(
    connection: Connection, portal: SandboxPortal, kind: str
) -> None:
    connection.call(ACCOUNT)
    portal.faults.add(kind, times=2)
    assert connection.call(ACCOUNT)["portalId"] == portal.portal_id
    assert connection.calls.by_route == {"GET /account-info/details": 4} == dict(portal.calls.by_route)


LASTING = [
    ("429_secondly", errors.RateLimited),
    ("429_ten_secondly", errors.RateLimited),
    *[(kind, errors.PortalUnavailable) for kind in PASSING if not kind.startswith("429")],
]


@pytest.mark.parametrize(("kind", "failure"), LASTING)
def test_a_fault_that_stays_is_given_up_within_three_minutes(
    connection: Connection,
    portal: SandboxPortal,
    clock: InstantClock,
    kind: str,
    failure: type[errors.PortalError],
) -> None:
    connection.call(ACCOUNT)
    portal.faults.add(kind)
    began = clock.now()
    with pytest.raises(failure):
        connection.call(ACCOUNT)
    assert 3 < connection.calls.total <= 21
    assert clock.now() - began <= 180


@pytest.mark.parametrize("kind", ["522", "525", "526"])
def test_faults_between_hubspots_machines_are_tried_only_a_few_times(
    connection: Connection, portal: SandboxPortal, kind: str
) -> None:
    portal.faults.add(kind)
    with pytest.raises(errors.PortalUnavailable):
        connection.call(ACCOUNT)
    assert connection.calls.total == 4


FINAL = [
    (refusal(401), errors.AuthenticationFailed),
    (refusal(403), errors.ScopeMissing),
    (refusal(404), errors.ObjectNotFound),
    (refusal(400), errors.RequestRejected),
    (refusal(409), errors.RequestRejected),
    (Scripted(414, b"<html>414 Request-URI Too Large</html>"), errors.RequestRejected),
    (Scripted(401, b"<html>401</html>"), errors.AuthenticationFailed),
    (refusal(477), errors.PortalUnavailable),
    (refusal(429, policyName="DAILY"), errors.DailyLimitReached),
    (Scripted(404, b"<html>Not here</html>"), errors.PortalUnavailable),
    (Scripted(403, b"<html>Blocked</html>"), errors.PortalUnavailable),
    (Scripted(302, headers={"Location": "http://127.0.0.1:9/"}), errors.PortalUnavailable),
]


@pytest.mark.parametrize(("answer", "failure"), FINAL)
def test_what_no_second_try_changes_is_asked_once(answer: Scripted, failure: type[errors.PortalError]) -> None:
    with answering(answer) as (url, asked), connected(url) as connection, pytest.raises(failure):
        connection.call(ACCOUNT)
    assert len(asked) == connection.calls.total == 1


@pytest.mark.parametrize(
    ("route", "body"),
    [
        (COMPANY_READ, {"inputs": [{"id": "1"}], "properties": ["name"], "propertiesWithHistory": []}),
        (COMPANY_UPDATE, {"inputs": [{"id": "1", "properties": {"name": "New"}}]}),
    ],
)
def test_a_batch_answered_with_silence_is_asked_again(
    connection: Connection, portal: SandboxPortal, route: Any, body: object
) -> None:
    portal.faults.add("empty_2xx", times=2)
    assert connection.call(route, body=body)["results"][0]["properties"]["name"] in {"Acme", "New"}
    assert connection.calls.total == 3


def test_a_search_without_hits_is_an_answer(connection: Connection) -> None:
    nobody = {**SEARCH, "query": "nobody"}
    assert connection.call(COMPANY_SEARCH, body=nobody)["results"] == []
    assert connection.calls.total == 1


def test_what_the_portal_asks_to_wait_is_waited(clock: InstantClock) -> None:
    script = refusal(429, policyName="SECONDLY"), Scripted(body=DETAILS)
    asking = Scripted(script[0].status, script[0].body, {"Retry-After": "33"})
    with answering(asking, script[1]) as (url, _), connected(url, clock) as connection:
        connection.call(ACCOUNT)
    assert 33 <= max(clock.waits) < 35


@pytest.mark.parametrize("answer", [refusal(429, policyName="TEN_SECONDLY_ROLLING"), refusal(429), refusal(503)])
def test_a_wait_no_limit_of_seconds_takes_is_not_waited_nor_the_end(clock: InstantClock, answer: Scripted) -> None:
    """`Retry-After: 10000` is in milliseconds where it was seen; taken as seconds the first 429 ended the run."""
    asking = Scripted(answer.status, answer.body, {"Retry-After": "10000"})
    with answering(asking, Scripted(body=DETAILS)) as (url, asked), connected(url, clock) as connection:
        assert connection.call(ACCOUNT)
    assert len(asked) == 2
    assert max(clock.waits) < 13


# Out of reach


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("host", ["127.0.0.1", "portal.invalid"])
def test_a_portal_out_of_reach_ends_within_twenty_seconds_and_is_named(
    clock: InstantClock, closed_port: int, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", only_loopback)
    began = clock.now()
    with (
        connected(f"http://{host}:{closed_port}", clock) as connection,
        pytest.raises(errors.PortalUnavailable) as caught,
    ):
        connection.call(ACCOUNT)
    assert f"{host}:{closed_port}" in caught.value.message
    assert connection.calls.total > 3
    assert clock.now() - began <= 20


def only_loopback(host: str, port: int, *_: object, **__: object) -> list[Any]:
    """A resolver that asks nobody."""
    if host != "127.0.0.1":
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]


def test_a_port_that_speaks_no_tls_is_named() -> None:
    failure = pytest.raises(errors.PortalUnavailable, match=r"no TLS connection to 127\.0\.0\.1:\d+")
    with answering(Scripted()) as (url, _), connected(url.replace("http", "https")) as connection, failure:
        connection.call(ACCOUNT)


@pytest.mark.parametrize("url", ["http://", "http://a b", "nonsense", "http://[::1"])
def test_a_base_url_that_is_no_address_is_said_to_be_none(url: str) -> None:
    with pytest.raises(errors.PortalUnavailable, match="HUBSPOT_BASE_URL"), connected(url) as connection:
        connection.call(ACCOUNT)


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"[]", b"", b"\xff\xfe", {"other": "API"}])
def test_a_server_that_is_not_hubspot_is_told_from_one_that_is(body: object) -> None:
    failure = failing(Scripted(200, body))
    assert isinstance(failure, errors.PortalUnavailable)
    assert "check HUBSPOT_BASE_URL" in failure.message


def test_a_body_that_is_no_utf_8_does_not_hide_the_status() -> None:
    failure = failing(Scripted(401, "<html>Zugriff verweigert für Sie</html>".encode("latin-1")))
    assert isinstance(failure, errors.AuthenticationFailed)


# Stopping


@pytest.fixture
def stoppable(portal: SandboxPortal, stop: Event) -> Iterator[Connection]:
    """A connection on the machine's own clock."""
    with serve_in_thread(portal) as address, Connection(address.token, address.url, stop=stop) as connection:
        yield connection


def test_once_asked_to_stop_no_call_is_sent(stoppable: Connection, portal: SandboxPortal, stop: Event) -> None:
    stop.set()
    with pytest.raises(errors.RunStopped):
        stoppable.call(ACCOUNT)
    assert portal.calls.total == stoppable.calls.total == 0


def test_a_stop_cuts_the_wait_between_two_tries_short(
    stoppable: Connection, portal: SandboxPortal, stop: Event
) -> None:
    portal.faults.add("423")
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(stoppable.call, ACCOUNT)
        while not portal.calls.total:
            wait([asking], timeout=0.01)
        stop.set()
        assert isinstance(asking.exception(timeout=60), errors.RunStopped)
    assert portal.calls.total == 1


# The limits


@pytest.mark.parametrize("limit", [20, 50])
def test_the_pace_follows_the_limit_in_the_headers(clock: InstantClock, limit: int) -> None:
    portal = SandboxPortal(burst=limit, clock=clock.now)
    with serve_in_thread(portal) as address, connected(address.url, clock, address.token) as connection:
        connection.call(ACCOUNT)
        began = clock.now()
        for _ in range(2 * limit):
            connection.call(ACCOUNT)
    assert connection.burst_limit() == limit
    assert 0.9 * limit <= 2 * limit / (clock.now() - began) * 10 <= limit
    assert set(portal.calls.statuses) == {200}


@pytest.mark.parametrize("limit", ["0", "-3", "many"])
def test_a_limit_that_is_no_limit_is_not_followed(limit: str) -> None:
    headers = {"X-HubSpot-RateLimit-Max": limit, "X-HubSpot-RateLimit-Interval-Milliseconds": "10000"}
    with answering(Scripted(200, DETAILS, headers)) as (url, _), connected(url) as connection:
        connection.call(ACCOUNT)
        assert connection.burst_limit() == 100


def test_searches_are_paced_apart_just_below_five_a_second(connection: Connection, clock: InstantClock) -> None:
    began = clock.now()
    for _ in range(20):
        connection.call(COMPANY_SEARCH, body=SEARCH)
    assert 19 / 4.5 <= clock.now() - began < 20 / 4.5
    assert connection.calls.total == 20


def test_what_is_left_of_the_day_is_known_once_a_header_told(connection: Connection, portal: SandboxPortal) -> None:
    assert connection.daily_remaining() is None
    connection.call(ACCOUNT)
    assert connection.daily_remaining() == portal.limits.daily - 1


# One pool


def test_all_threads_share_one_pool_of_connections(connection: Connection) -> None:
    answers = list(connection.map_concurrent(lambda _: connection.call(ACCOUNT)["portalId"], range(40)))
    pools = connection._api.rest_client.pool_manager.pools
    [pool] = [pools[key] for key in pools.keys()]  # noqa: SIM118 (the container of urllib3 cannot be iterated)
    assert len(set(answers)) == 1
    assert pool.num_connections <= connection.in_flight


def test_answers_of_many_calls_come_in_the_order_of_the_inputs(connection: Connection) -> None:
    assert list(connection.map_concurrent(lambda number: number * 2, range(100))) == list(range(0, 200, 2))


def test_the_first_failure_of_many_calls_ends_them(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("477")
    with pytest.raises(errors.PortalUnavailable):
        list(connection.map_concurrent(lambda _: connection.call(ACCOUNT), range(1000)))
    assert portal.calls.total < 1000


# The token


@pytest.mark.parametrize("token", ["", " ", "pat-1\n", "pat\t1", "pat-ü", "pat-\u200b1", "pat 1", "pat-1\x00"])
def test_a_text_that_can_be_no_token_is_refused_before_any_call(token: str) -> None:
    with pytest.raises(errors.AuthenticationFailed) as caught:
        connected("http://127.0.0.1:9", token=token)
    assert token.strip() == "" or token not in caught.value.message


ECHOING = [
    refusal(
        status,
        message=f"bad {TOKEN}",
        correlationId=TOKEN,
        category=TOKEN,
        subCategory=TOKEN,
        policyName=TOKEN,
    )
    for status in (400, 401, 403, 404, 409, 423, 429, 477, 500, 503, 530)
]


@pytest.mark.parametrize("answer", ECHOING, ids=lambda answer: str(answer.status))
def test_the_token_is_in_no_failure_even_if_the_portal_echoes_it(
    answer: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    failure = failing(Scripted(answer.status, answer.body, {"X-Echo": TOKEN, "Retry-After": TOKEN}))
    shown = [*traceback.format_exception(failure), str(vars(failure)), *map(str, failure.details), caplog.text]
    assert TOKEN not in "".join(shown)


def test_the_token_is_in_no_entry_of_a_batchs_errors() -> None:
    error = {"category": "VALIDATION_ERROR", "message": f"bad {TOKEN}", "context": {"ids": ["1"]}}
    with (
        answering(Scripted(207, {"results": [], "errors": [error]})) as (url, _),
        connected(url) as connection,
    ):
        assert TOKEN not in str(connection.call(COMPANY_UPDATE, body={"inputs": []}))


# Odd but whole answers


def test_a_text_cut_in_the_middle_of_an_emoji_costs_no_page() -> None:
    body = b'{"results": [{"id": "1", "properties": {"name": "A\\ud83d"}}]}'
    with answering(Scripted(200, body)) as (url, _), connected(url) as connection:
        assert connection.call(COMPANY_PAGE)["results"][0]["properties"]["name"] == "A?"


def test_a_compressed_answer_is_read() -> None:
    answer = Scripted(200, gzip.compress(b'{"portalId": 1}'), {"Content-Encoding": "gzip"})
    with answering(answer) as (url, _), connected(url) as connection:
        assert connection.call(ACCOUNT) == DETAILS


def test_a_trailing_slash_of_the_base_url_does_no_harm() -> None:
    with answering(Scripted(200, DETAILS)) as (url, asked), connected(f"{url}/") as connection:
        connection.call(ACCOUNT)
    assert asked == ["/account-info/v3/details"]
