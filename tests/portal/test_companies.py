"""Reading companies: all of them or a failure, never a portal in part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from icp_sync.errors import ObjectNotFound, PortalUnavailable
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies import read as companies
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.api.record_reads import RecordReads
from tests.portal.conftest import BOTH_VERSIONS, to
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

LIST = "GET /crm/objects/companies"
READ = "POST /crm/objects/companies/batch/read"
MANY = [f"property_with_quite_a_long_name_{number}" for number in range(200)]


@pytest.fixture
def full(portal: SandboxPortal) -> SandboxPortal:
    """250 companies: three pages."""
    portal.add_companies(pl.DataFrame({"id": range(4, 251), "name": [f"Company {one}" for one in range(4, 251)]}))
    return portal


def pulled(connection: Connection, *names: str) -> pl.DataFrame:
    return companies.read_all(connection, names, lambda _: None).companies


# Pulling everything


@BOTH_VERSIONS
def test_a_pull_is_every_company_with_what_was_asked_as_text(connection: Connection) -> None:
    frame = pulled(connection, "name", "country")
    assert frame.columns == ["id", "name", "country", "hs_lastmodifieddate", "hs_merged_object_ids"]
    assert frame.drop("hs_lastmodifieddate").rows() == [
        (1, "Acme", "DE", None),
        (2, "Beta", None, None),
        (3, "Gamma", "FR", None),
    ]


@pytest.mark.usefixtures("full")
def test_a_pull_asks_for_a_hundred_companies_a_call_and_tells_of_each_page(connection: Connection) -> None:
    pages: list[int] = []
    frame = companies.read_all(connection, ["name"], pages.append).companies
    assert frame["id"].to_list() == list(range(1, 251))
    assert (pages, connection.calls.by_route) == ([100, 100, 50], {LIST: 3})


def test_a_property_the_portal_lacks_is_a_column_of_nothing(connection: Connection) -> None:
    assert pulled(connection, "no_such_property")["no_such_property"].null_count() == 3


def test_an_empty_portal_is_believed_after_three_asks(clock: InstantClock) -> None:
    with answering(Scripted(200, {"results": []})) as (url, asked), to(url, clock) as connection:
        frame = pulled(connection, "name")
    assert (frame.columns, frame.height, len(asked)) == (
        ["id", "name", "hs_lastmodifieddate", "hs_merged_object_ids"],
        0,
        3,
    )


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("kind", ["empty_page", "empty_2xx"])
@pytest.mark.parametrize("after_calls", [0, 1, 2])
def test_a_page_that_is_empty_twice_loses_nobody(
    connection: Connection, portal: SandboxPortal, kind: str, after_calls: int
) -> None:
    portal.faults.add(kind, times=2, route=LIST, after_calls=after_calls)
    assert pulled(connection, "name").height == 250


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(("kind", "after_calls"), [("empty_page", 0), ("empty_page", 1), ("empty_2xx", 2)])
def test_a_page_that_stays_empty_is_a_failure_and_no_end(
    connection: Connection, portal: SandboxPortal, kind: str, after_calls: int
) -> None:
    portal.faults.add(kind, route=LIST, after_calls=after_calls)
    with pytest.raises(PortalUnavailable, match="empty page"):
        pulled(connection, "name")
    assert connection.calls.total == after_calls + 3


@pytest.mark.usefixtures("full")
def test_short_pages_with_a_cursor_lose_nobody(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("short_page", route=LIST, rate=0.5)
    assert pulled(connection, "name")["id"].to_list() == list(range(1, 251))


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    "kind", ["429_ten_secondly", "423", "503", "502_html", "drop_before", "drop_after", "truncated"]
)
def test_faults_on_the_way_lose_nobody(connection: Connection, portal: SandboxPortal, kind: str) -> None:
    portal.faults.add(kind, rate=0.4, seed=7)
    assert pulled(connection, "name")["id"].to_list() == list(range(1, 251))


def company(company_id: int, **values: str | None) -> dict[str, Any]:
    return {"id": str(company_id), "properties": values}


def page(*results: dict[str, Any], after: object = None) -> Scripted:
    paging = {} if after is None else {"paging": {"next": {"after": after}}}
    return Scripted(200, {"results": results, **paging})


def test_a_cursor_that_arrives_as_a_number_is_sent_back_as_it_came(clock: InstantClock) -> None:
    script = page(company(1), after=12345678901234567890), page(company(2))
    with answering(*script) as (url, asked), to(url, clock) as connection:
        assert pulled(connection)["id"].to_list() == [1, 2]
    assert asked[1].endswith("after=12345678901234567890")


def test_of_a_company_that_came_twice_the_last_reading_stands(clock: InstantClock) -> None:
    script = page(company(2, name="old"), company(1), after="x"), page(company(2, name="new"))
    with answering(*script) as (url, _), to(url, clock) as connection:
        assert pulled(connection, "name").select("id", "name").rows() == [(1, None), (2, "new")]


def test_a_cursor_that_goes_round_in_a_circle_is_a_failure(clock: InstantClock) -> None:
    script = page(company(1), after="a"), page(company(2), after="b"), page(company(1), after="a")
    with (
        answering(*script) as (url, _),
        to(url, clock) as connection,
        pytest.raises(PortalUnavailable, match="round in a circle"),
    ):
        pulled(connection)


@pytest.mark.parametrize(
    ("merged", "left"),
    [
        ({1: "2"}, [1, 3]),
        ({1: "2;3"}, [1]),
        ({1: "2", 3: "1;2"}, [3]),
        ({1: "1"}, [1, 2, 3]),
        ({1: "99; odd;"}, [1, 2, 3]),
    ],
)
def test_a_company_that_another_names_as_merged_into_it_is_dropped(
    clock: InstantClock, merged: dict[int, str], left: list[int]
) -> None:
    shown = page(*(company(one, hs_merged_object_ids=merged.get(one)) for one in (1, 2, 3)))
    with answering(shown) as (url, _), to(url, clock) as connection:
        assert pulled(connection)["id"].to_list() == left


def test_after_a_merge_only_the_survivor_is_pulled(connection: Connection, portal: SandboxPortal) -> None:
    survivor = portal.merge(1, 2, new_id=True)
    assert pulled(connection)["id"].to_list() == [3, survivor]


@pytest.mark.usefixtures("full")
def test_more_properties_than_a_url_bears_are_read_in_batches(connection: Connection, portal: SandboxPortal) -> None:
    portal.edit_company(7, {"city": "Köln"})
    frame = pulled(connection, *MANY, "city")
    assert frame.filter(pl.col("city") == "Köln")["id"].to_list() == [7]
    assert (frame.height, connection.calls.by_route) == (250, {LIST: 3, READ: 3})


# Reading some


@BOTH_VERSIONS
def test_a_read_is_the_companies_asked_for_in_the_order_of_ids(connection: Connection) -> None:
    assert companies.read_by_ids(connection, [3, 1, 3], ["name"]).rows() == [(1, "Acme"), (3, "Gamma")]


@pytest.mark.usefixtures("full")
def test_a_read_takes_a_hundred_companies_a_call(connection: Connection) -> None:
    assert companies.read_by_ids(connection, range(1, 251), ["name"]).height == 250
    assert connection.calls.by_route == {READ: 3}


def test_a_missing_company_is_asked_for_once_more_and_is_then_absent(connection: Connection) -> None:
    assert companies.read_by_ids(connection, [1, 99], ["name"]).rows() == [(1, "Acme")]
    assert connection.calls.by_route == {READ: 2}


def test_no_companies_cost_no_call(connection: Connection) -> None:
    assert companies.read_by_ids(connection, [], ["name"]).columns == ["id", "name"]
    assert connection.calls.total == 0


def test_a_lone_id_answered_with_silence_is_absent(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("empty_2xx", route=READ)
    assert companies.read_by_ids(connection, [1], ["name"]).height == 0


def test_many_ids_answered_with_silence_are_a_failure(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("empty_2xx", route=READ)
    with pytest.raises(PortalUnavailable, match="neither results nor errors"):
        companies.read_by_ids(connection, [1, 2], ["name"])


@pytest.mark.parametrize(("merged", "is_failure"), [(2, False), (20, False), (21, True)])
def test_some_merged_ids_of_which_nothing_is_said_are_absent(
    connection: Connection, full: SandboxPortal, monkeypatch: pytest.MonkeyPatch, merged: int, *, is_failure: bool
) -> None:
    for company_id in range(2, 2 + merged):
        full.merge(1, company_id)
    leave_merged_out(monkeypatch)
    if is_failure:
        with pytest.raises(PortalUnavailable, match="neither results nor errors"):
            companies.read_by_ids(connection, range(1, 51), ["name"])
    else:
        read = companies.read_by_ids(connection, range(1, 51), ["name"])["id"].to_list()
        assert read == [1, *range(2 + merged, 51)]


def leave_merged_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch read that shows merged-away ids neither in its results nor in its errors, as batch updates do."""
    usual = RecordReads.read_batch

    def read_batch(reads: RecordReads, ids: Mapping[int, str], *more: Any, **options: Any) -> Any:
        left = {company_id: text for company_id, text in ids.items() if company_id not in reads._records.merged_into}
        return usual(reads, left, *more, **options)

    monkeypatch.setattr(RecordReads, "read_batch", read_batch)


@pytest.mark.parametrize("names", [["name"], ["name", *MANY]])
def test_one_company_is_a_frame_of_one_row(connection: Connection, names: list[str]) -> None:
    assert companies.read_one(connection, 2, names).select("id", "name").rows() == [(2, "Beta")]


@pytest.mark.parametrize("names", [["name"], ["name", *MANY]])
def test_one_company_that_is_not_there_is_not_found(connection: Connection, names: list[str]) -> None:
    with pytest.raises(ObjectNotFound):
        companies.read_one(connection, 99, names)


def test_a_domain_finds_every_company_that_has_it(connection: Connection, portal: SandboxPortal) -> None:
    for company_id in (3, 1):
        portal.edit_company(company_id, {"domain": "acme.example"})
    assert companies.find_ids_by_domain(connection, " ACME.example ") == [1, 3]
    assert companies.find_ids_by_domain(connection, "nobody.example") == []
