"""Searching in windows: nobody is missed, whatever the index does, and no call is spent in vain."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies import search as searching
from icp_sync.portal.companies.search import ShortSearch
from icp_sync.portal.companies.search_window import SearchWindow, fits_search_body
from icp_sync.sandbox import SandboxPortal
from tests.portal.conftest import BOTH_VERSIONS, to
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

SEARCH = "POST /crm/objects/companies/search"
NAMES = ["name", "hs_lastmodifieddate"]


@pytest.fixture
def portal(clock: InstantClock) -> SandboxPortal:
    """25,000 companies that all changed in the same millisecond, as after our own writes."""
    portal = SandboxPortal(clock=clock.now)
    ids = [10 * number for number in range(1, 25_001)]
    portal.add_companies(pl.DataFrame({"id": ids, "name": [f"C{one}" for one in ids]}))
    return portal


@pytest.fixture
def known(portal: SandboxPortal) -> pl.Series:
    return portal.companies_frame()["id"]


@pytest.fixture
def before(clock: InstantClock) -> int:
    return int(clock.now() * 1000) - 3_600_000


def ids_read(connection: Connection, windows: list[SearchWindow], known: pl.Series) -> list[int]:
    frame = searching.fetch_search_windows(connection, windows, NAMES, known, lambda _: None)
    return sorted(set(frame["id"].to_list()))


@pytest.mark.slow
@BOTH_VERSIONS
def test_more_companies_than_a_search_gives_are_all_found_in_one_millisecond(
    connection: Connection, portal: SandboxPortal, known: pl.Series, before: int
) -> None:
    portal.limits.searches = 1_000_000  # the pace is not what is seen here, and a busy machine may miss it
    assert ids_read(connection, [SearchWindow(before)], known) == known.to_list()


def test_windows_cut_along_what_is_expected_cost_no_call_more_than_their_pages(
    connection: Connection, portal: SandboxPortal, known: pl.Series, before: int
) -> None:
    portal.limits.searches = 1_000_000
    assert ids_read(connection, searching.windows_modified_since(before, known), known) == known.to_list()
    assert portal.calls.by_route[SEARCH] == 25_000 // 200


def test_nothing_changed_is_one_call(connection: Connection, portal: SandboxPortal, clock: InstantClock) -> None:
    later = int(clock.now() * 1000) + 1
    assert (
        ids_read(connection, searching.windows_modified_since(later, pl.Series([], dtype=pl.Int64)), pl.Series([1]))
        == []
    )
    assert portal.calls.by_route[SEARCH] == 1


def test_an_import_overnight_of_ids_nobody_knows_is_found(connection: Connection, known: pl.Series) -> None:
    assert ids_read(connection, [SearchWindow(low=200_001)], known.head(10)) == [one for one in known if one > 200_000]


@pytest.mark.slow
@pytest.mark.parametrize("capped", [False, True])
def test_a_count_that_ends_at_ten_thousand_is_a_lower_bound(
    connection: Connection, portal: SandboxPortal, known: pl.Series, before: int, *, capped: bool
) -> None:
    portal.searching.capped = capped
    assert ids_read(connection, [SearchWindow(before)], known) == known.to_list()


@pytest.mark.slow
def test_results_out_of_order_lose_nobody(
    connection: Connection, portal: SandboxPortal, known: pl.Series, before: int
) -> None:
    portal.searching.disorder = 1000
    assert ids_read(connection, [SearchWindow(before)], known) == known.to_list()


@pytest.mark.parametrize("kind", ["short_page", "empty_page"])
def test_short_and_empty_pages_that_name_a_next_are_not_the_end(
    connection: Connection, portal: SandboxPortal, known: pl.Series, before: int, kind: str
) -> None:
    portal.faults.add(kind, rate=0.3, route=SEARCH, seed=1)
    assert ids_read(connection, [SearchWindow(before, high=30_000)], known) == [one for one in known if one <= 30_000]


def test_a_search_that_keeps_giving_less_than_it_counts_is_not_believed(clock: InstantClock) -> None:
    record = {"id": "10", "properties": {"name": "C10", "hs_lastmodifieddate": "2026-01-01T00:00:00Z"}}
    answer = Scripted(200, {"total": 2, "results": [record]})
    with answering(answer) as (url, asked), to(url, clock) as connection, pytest.raises(ShortSearch):
        ids_read(connection, [SearchWindow(low=10, high=20)], pl.Series([10]))
    assert len(asked) == 3


def test_the_epoch_itself_is_never_asked_for(connection: Connection, known: pl.Series) -> None:
    assert ids_read(connection, [SearchWindow(0, high=10)], known) == [10]


def test_a_body_of_too_many_names_does_not_fit() -> None:
    assert fits_search_body(["a" * 20] * 90)
    assert not fits_search_body(["a" * 20] * 130)


def test_counting_takes_one_call(connection: Connection, portal: SandboxPortal) -> None:
    assert searching.count_records(connection) == 25_000
    assert portal.calls.by_route[SEARCH] == 1
