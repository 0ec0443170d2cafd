"""Batch reads: a record that is gone is told apart from one that HubSpot cannot show, and neither hides the others."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.errors import PortalUnavailable
from icp_sync.portal import contacts
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies.read import read_all, read_by_ids
from icp_sync.sandbox import SandboxPortal
from tests.unread import REASON, hide_records

BATCH = 100


@pytest.fixture
def many(portal: SandboxPortal) -> SandboxPortal:
    """1,200 companies: twelve batches."""
    portal.add_companies(pl.DataFrame({"id": range(4, 1_201)}))
    return portal


def shown(connection: Connection, *ids: int) -> tuple[list[int], dict[int, str]]:
    """Who is read, and who is told to be there for all we know."""
    unread: dict[int, str] = {}
    return read_by_ids(connection, ids, ["name"], on_unread=unread.update)["id"].to_list(), unread


@pytest.mark.parametrize("named", [True, False])
def test_a_company_that_cannot_be_shown_is_told_and_the_others_are_read(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    hide_records(monkeypatch, {2}, named=named)
    assert shown(connection, 1, 2, 3, 99) == ([1, 3], {2: REASON})


@pytest.mark.parametrize("named", [True, False])
def test_a_company_that_is_asked_for_alone_and_cannot_be_shown_is_told(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    hide_records(monkeypatch, {2}, named=named)
    assert shown(connection, 2) == ([], {2: REASON})


def test_a_passing_fault_is_not_told(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("partial_batch", times=3)
    assert shown(connection, 1, 2, 3) == ([1, 2, 3], {})


def test_who_does_not_ask_for_them_gets_all_or_a_failure(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide_records(monkeypatch, {2})
    with pytest.raises(PortalUnavailable, match="for a part of the records only"):
        read_by_ids(connection, [1, 2, 3], ["name"])


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("hidden", "named"),
    [
        (set(range(1, 12)), True),
        ({start + n for start in range(1, 1_101, BATCH) for n in range(10)}, True),
        (set(range(1, 9)), False),
    ],
    ids=["more than ten of a batch", "more than a hundred of a read", "all there are, and nobody is named"],
)
def test_many_at_once_are_an_outage(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, hidden: set[int], *, named: bool
) -> None:
    hide_records(monkeypatch, hidden, named=named)
    with pytest.raises(PortalUnavailable, match="for a part of the records only"):
        shown(connection, *(range(1, 1_201) if named else hidden))


@pytest.mark.usefixtures("many")
def test_ten_of_a_batch_and_a_hundred_of_a_read_are_not_yet_one(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = {start + n for start in range(1, 1_001, BATCH) for n in range(10)}
    hide_records(monkeypatch, hidden)
    read, unread = shown(connection, *range(1, 1_201))
    assert (len(read), unread) == (1_100, dict.fromkeys(hidden, REASON))


@pytest.mark.usefixtures("many")
def test_a_reading_of_the_whole_portal_by_batch_leaves_it_out_and_tells_of_it(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the properties do not fit into a URL."""
    hide_records(monkeypatch, {7})
    unread: dict[int, str] = {}
    names = [f"property_with_quite_a_long_name_{number}" for number in range(200)]
    scan = read_all(connection, names, lambda _: None, on_unread=unread.update)
    assert (scan.companies.height, unread) == (1_199, {7: REASON})


def test_a_contact_that_cannot_be_shown_is_told_from_one_that_is_gone(
    connection: Connection, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [portal.create_record("contacts", {"jobtitle": title}, [1]) for title in ("CTO", "CFO", "CEO")]
    hide_records(monkeypatch, ids[:1])
    portal.archive_record("contacts", ids[2])
    read = contacts.read_contacts(connection, ids, ["jobtitle"], lambda _: None)
    assert (read.frame.rows(), {*read.unread}) == ([(ids[1], "CFO")], {ids[0]})
