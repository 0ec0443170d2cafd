"""The users of the account by e-mail address."""

from __future__ import annotations

import pytest

from icp_sync.portal.client.connection import Connection
from icp_sync.portal.owners import owner_emails, user_emails
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from tests.portal.conftest import BOTH_VERSIONS, to
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

OWNERS = "GET /crm/owners"


@BOTH_VERSIONS
def test_users_are_named_by_their_address_and_those_nobody_knows_are_left_out(connection: Connection) -> None:
    assert user_emails(connection, [7_000_101]) == {7_000_101: "anna.becker@example.com"}
    assert connection.calls.by_route == {OWNERS: 1}
    assert user_emails(connection, [7_000_112, 1]) == {7_000_112: "liam.murphy@example.com"}


@BOTH_VERSIONS
def test_an_owner_s_id_is_not_the_user_s(connection: Connection, portal: SandboxPortal) -> None:
    owner = str(portal.owners[0].id)
    assert owner_emails(connection, [owner, "1"]) == {owner: "anna.becker@example.com"}


def test_nobody_takes_no_call(connection: Connection) -> None:
    assert (user_emails(connection, []), connection.calls.total) == ({}, 0)


def test_users_who_left_are_looked_for_behind_those_who_stayed(clock: InstantClock) -> None:
    stayed = {"results": [{"userId": 1, "email": "a@example.com"}, {"userId": None, "email": "queue@example.com"}]}
    left = {"results": [{"userId": None, "userIdIncludingInactive": 2, "email": "b@example.com"}]}
    with answering(Scripted(200, stayed), Scripted(200, left)) as (url, asked), to(url, clock) as connection:
        assert user_emails(connection, [1, 2]) == {1: "a@example.com", 2: "b@example.com"}
    assert ["archived=true" in path for path in asked] == [False, True]


@pytest.mark.parametrize("scopes", [frozenset(), frozenset({"crm.objects.companies.read"})])
def test_without_the_scope_nobody_is_named(clock: InstantClock, portal: SandboxPortal, scopes: frozenset[str]) -> None:
    portal.tokens["poor"] = scopes
    with serve_in_thread(portal) as address, to(address.url, clock, "poor") as connection:
        assert user_emails(connection, [7_000_101]) == {}
        assert connection.calls.total == 1
