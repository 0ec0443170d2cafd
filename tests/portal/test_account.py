"""Which portal, how much of the day, which scopes; and None where HubSpot does not tell."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest

from icp_sync import errors
from icp_sync.portal import account
from icp_sync.portal.account import Account, AccountUsage
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import ACCOUNT
from icp_sync.sandbox import SandboxPortal
from tests.portal.conftest import BOTH_VERSIONS
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

Ask = Callable[[Connection], object]


@BOTH_VERSIONS
def test_the_account_is_the_portal_the_token_belongs_to(connection: Connection, portal: SandboxPortal) -> None:
    details = account.fetch_account(connection)
    assert details == Account(portal.portal_id, "Europe/Berlin", "app-eu1.hubspot.com", "STANDARD", "EUR")


@BOTH_VERSIONS
def test_usage_counts_the_calls_of_the_day(connection: Connection, portal: SandboxPortal) -> None:
    account.fetch_account(connection)
    usage = account.fetch_daily_usage(connection)
    assert usage == AccountUsage(portal.limits.daily, 2, connection.resets_at)
    assert connection.resets_at


def test_the_daily_limit_says_when_the_day_ends_once_that_is_known(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.faults.add("429_daily", route=ACCOUNT.label)
    with pytest.raises(errors.DailyLimitReached, match="midnight in the portal's time zone"):
        connection.call(ACCOUNT)
    account.fetch_daily_usage(connection)
    with pytest.raises(errors.DailyLimitReached, match=str(connection.resets_at)):
        connection.call(ACCOUNT)


def missing_scopes(connection: Connection) -> list[str] | None:
    return account.fetch_missing_scopes(connection, [("a.read",), ("b.write", "c.write")])


@pytest.mark.parametrize(
    ("granted", "missing"),
    [((), ["a.read", "b.write"]), (("a.read",), ["b.write"]), (("a.read", "c.write"), []), (("b.write",), ["a.read"])],
)
def test_of_scopes_any_of_which_will_do_the_first_is_missing_where_none_is_granted(
    connection: Connection, portal: SandboxPortal, granted: tuple[str, ...], missing: list[str]
) -> None:
    portal.tokens[connection.token] = frozenset(granted)
    assert missing_scopes(connection) == missing


@pytest.mark.parametrize("answer", [Scripted(503, {}), Scripted(200, b"<html></html>")])
def test_scopes_that_hubspot_ceases_to_tell_are_no_failure(answer: Scripted) -> None:
    assert asked(missing_scopes, answer) is None


@pytest.mark.parametrize("ask", [account.fetch_daily_usage, missing_scopes])
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_token_of_which_nothing_is_told_is_no_failure(ask: Ask, status: int) -> None:
    assert asked(ask, Scripted(status, {"message": "no"})) is None


@pytest.mark.parametrize(
    ("ask", "body"),
    [
        (account.fetch_daily_usage, {"results": []}),
        (account.fetch_daily_usage, {"results": [{}]}),
        (account.fetch_daily_usage, {"results": [{"usageLimit": "many"}]}),
        (missing_scopes, {}),
    ],
)
def test_an_answer_that_tells_nothing_is_none(ask: Ask, body: object) -> None:
    assert asked(ask, Scripted(200, body)) is None


def test_an_outage_is_not_mistaken_for_a_token_of_which_nothing_is_told() -> None:
    with pytest.raises(errors.PortalUnavailable):
        asked(account.fetch_daily_usage, Scripted(503, {}))


def test_a_portal_that_is_not_reached_is_a_failure_of_the_scopes_too() -> None:
    with (
        Connection("t0ken", "http://127.0.0.1:9", stop=Event(), clock=InstantClock()) as connection,
        pytest.raises(errors.PortalUnavailable),
    ):
        missing_scopes(connection)


def asked(ask: Ask, answer: Scripted) -> object:
    with answering(answer) as (url, _), Connection("t0ken", url, stop=Event(), clock=InstantClock()) as connection:
        return ask(connection)
