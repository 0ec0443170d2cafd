"""The first reading from both ends is exactly the list's, or the cursor reads alone and says so."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.errors import PortalError
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies import full_scan
from icp_sync.portal.companies.full_scan import ScanResult
from icp_sync.sandbox import SandboxPortal
from tests.portal.instant import InstantClock

LIST = "GET /crm/objects/companies"
SEARCH = "POST /crm/objects/companies/search"
NAMES = ["name", "hs_lastmodifieddate", "hs_merged_object_ids"]


@pytest.fixture
def portal(clock: InstantClock) -> SandboxPortal:
    """20,000 companies; their ids lie unevenly, a cluster and a long tail."""
    portal = SandboxPortal(clock=clock.now)
    ids = [*range(1_000, 16_000), *range(1_000_000, 6_000_000, 1_000)]
    portal.add_companies(pl.DataFrame({"id": ids, "name": [f"C{one}" for one in ids]}))
    return portal


def scanned(connection: Connection, min_page_s: float = 0.0) -> ScanResult:
    return full_scan.scan_all(connection, NAMES, lambda _: None, min_page_s=min_page_s)


@pytest.mark.slow
def test_both_ends_meet_in_what_the_list_has(connection: Connection, portal: SandboxPortal) -> None:
    scan = scanned(connection)
    assert scan.companies.select("id", "name").equals(portal.companies_frame("name"))
    assert scan.notes == ()
    assert portal.calls.by_route[SEARCH] > 0
    assert portal.calls.total < 20_000 // 100


def test_pages_that_come_quickly_need_no_second_end(connection: Connection, portal: SandboxPortal) -> None:
    assert scanned(connection, min_page_s=1e9).companies.height == 20_000
    assert dict(portal.calls.by_route) == {LIST: 200}


@pytest.mark.slow
def test_a_list_that_is_not_in_the_order_of_ids_is_read_by_its_cursor_alone(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.change_settings(listing="shuffled")
    scan = scanned(connection)
    assert scan.companies["id"].equals(portal.companies_frame()["id"])
    assert ["not in the order of ids" in note for note in scan.notes] == [True]
    assert portal.calls.by_route[LIST] == 200


@pytest.mark.slow
def test_searches_out_of_order_are_left_to_the_cursor(connection: Connection, portal: SandboxPortal) -> None:
    portal.searching.disorder = 1000
    assert scanned(connection).companies["id"].equals(portal.companies_frame()["id"])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["short_page", "empty_page"])
def test_short_and_empty_pages_lose_nobody(connection: Connection, portal: SandboxPortal, kind: str) -> None:
    portal.faults.add(kind, rate=0.2, route=SEARCH, seed=3)
    assert scanned(connection).companies["id"].equals(portal.companies_frame()["id"])


def test_a_search_that_fails_for_good_leaves_all_to_the_cursor_and_says_so(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.faults.add("503", route=SEARCH, after_calls=2)
    scan = scanned(connection)
    assert scan.companies["id"].equals(portal.companies_frame()["id"])
    assert ["searching failed" in note for note in scan.notes] == [True]


def test_a_list_that_fails_for_good_is_no_reading(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("503", route=LIST, after_calls=20)
    with pytest.raises(PortalError):
        scanned(connection)


@pytest.mark.slow
def test_companies_archived_and_made_meanwhile_are_as_the_list_has_them(
    connection: Connection, portal: SandboxPortal
) -> None:
    seen: list[int] = []

    def meanwhile(count: int) -> None:
        seen.append(count)
        if len(seen) == 10:
            portal.archive(1_500_000)
            portal.archive(5_000_000)
            portal.create_company({"name": "new"})

    scan = full_scan.scan_all(connection, NAMES, meanwhile, min_page_s=0.0).companies
    now = set(portal.companies_frame()["id"])
    assert set(scan["id"]) - now <= {1_500_000, 5_000_000}
    assert now - set(scan["id"]) == set()
