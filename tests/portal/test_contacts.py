"""Contacts come by the companies they are linked with: a thousand companies a call, a hundred contacts a call."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.errors import PortalUnavailable, ScopeMissing
from icp_sync.portal import contacts
from icp_sync.portal.client.connection import Connection
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from tests.portal.conftest import BOTH_VERSIONS, to
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering


def links(connection: Connection, *companies: int) -> list[tuple[int, int]]:
    return contacts.read_contact_links(connection, companies)


@BOTH_VERSIONS
def test_a_company_with_six_hundred_contacts_is_read_whole_and_costs_one_call_more(
    portal: SandboxPortal, connection: Connection
) -> None:
    portal.add_records("contacts", pl.DataFrame({"jobtitle": [f"t{n}" for n in range(602)]}), [[1]] * 601 + [[2]])
    pairs = links(connection, 1, 2, 3)
    assert sorted(company for company, _ in pairs) == [1] * 601 + [2]
    assert len({contact for _, contact in pairs}) == 602
    assert portal.calls.total == 2


@BOTH_VERSIONS
def test_contacts_are_read_by_a_hundred_and_one_that_is_gone_is_not_there(
    portal: SandboxPortal, connection: Connection
) -> None:
    portal.add_records("contacts", pl.DataFrame({"jobtitle": [f"t{n}" for n in range(250)]}), [[1]] * 250)
    ids = [contact for _, contact in links(connection, 1)]
    portal.calls.reset()
    read = contacts.read_contacts(connection, ids, ["jobtitle", "hs_buying_role"], lambda _: None)
    assert (read.frame.height, read.absent, portal.calls.total) == (250, frozenset(), 3)
    assert read.frame.columns == ["id", "jobtitle", "hs_buying_role"]
    portal.archive_record("contacts", ids[0])
    assert contacts.read_contacts(connection, ids, ["jobtitle"], lambda _: None).frame.height == 249
    assert ids[0] not in [contact for _, contact in links(connection, 1)]


def test_a_property_the_portal_has_not_is_told_from_an_empty_one(portal: SandboxPortal, connection: Connection) -> None:
    contact_id = portal.create_record("contacts", {"jobtitle": "CTO"}, [1])
    read = contacts.read_contacts(connection, [contact_id], ["hs_buying_role", "jobtitel"], lambda _: None)
    assert read.absent == {"jobtitel"}
    assert read.frame.row(0) == (contact_id, None, None)


def test_two_thousand_and_one_companies_take_three_calls(portal: SandboxPortal, connection: Connection) -> None:
    portal.create_record("contacts", {"jobtitle": "CTO"}, [1])
    assert links(connection, *range(1, 2_002)) == [(1, portal.objects["contacts"].records.ids[0])]
    assert portal.calls.total == 3


def test_without_the_scope_the_error_names_it(portal: SandboxPortal, clock: InstantClock) -> None:
    portal.tokens["pat-companies"] = frozenset({"crm.objects.companies.read"})
    with serve_in_thread(portal) as address, to(address.url, clock, "pat-companies") as connection:
        for read in (lambda: links(connection, 1), lambda: contacts.read_contact_property_names(connection)):
            with pytest.raises(ScopeMissing) as missing:
                read()
            assert "crm.objects.contacts.read" in str(missing.value)


def test_links_whose_places_come_round_again_are_a_failure(clock: InstantClock) -> None:
    """Each answer sends on to the place of the one before it."""

    def page(body: bytes) -> Scripted:
        after = "500" if b'"500"' not in body else "1000"
        row = {"from": {"id": "1"}, "to": [{"toObjectId": 7}], "paging": {"next": {"after": after}}}
        return Scripted(200, {"results": [row]})

    with answering(page) as (url, asked), to(url, clock) as connection:
        with pytest.raises(PortalUnavailable, match="round in a circle"):
            links(connection, 1)
        assert len(asked) == 3
