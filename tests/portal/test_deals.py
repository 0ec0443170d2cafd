"""Deals come with their primary company, on every kind of portal, at a call a hundred."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.companies.snapshot import DEAL_COMPANY
from icp_sync.errors import ScopeMissing
from icp_sync.portal import deals
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.deals import PRIMARY
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from tests.portal.conftest import BOTH_VERSIONS, to
from tests.portal.instant import InstantClock

FILLED_EMPTY_ABSENT = pytest.mark.parametrize("presence", ["filled", "empty", "absent"])


def read(connection: Connection) -> pl.DataFrame:
    names = deals.deal_properties_to_read(["amount"], deals.fetch_deal_property_names(connection))
    return deals.read_all_deals(connection, names, lambda _: None)


def companies(frame: pl.DataFrame) -> list[str | None]:
    return frame[DEAL_COMPANY].to_list()


@BOTH_VERSIONS
@FILLED_EMPTY_ABSENT
def test_the_primary_company_is_known_however_the_portal_tells_it(
    portal: SandboxPortal, connection: Connection, presence: str
) -> None:
    portal.change_settings(primary_company=presence)
    portal.add_records("deals", pl.DataFrame({"amount": [1, 2, 3]}), [[2, 1], [3], []])
    frame = read(connection)
    assert companies(frame) == ["2", "3", None]
    assert frame["amount"].to_list() == ["1", "2", "3"]
    assert (PRIMARY in frame.columns) == (presence != "absent")


@FILLED_EMPTY_ABSENT
def test_what_changed_since_names_its_company_too(portal: SandboxPortal, connection: Connection, presence: str) -> None:
    portal.change_settings(primary_company=presence)
    portal.add_records("deals", pl.DataFrame({"amount": [1]}), [[1]])
    known = read(connection)
    portal.change_settings(ahead=10.0)
    since = portal.now()
    portal.create_record("deals", {"amount": 5}, [3, 2])
    lonely = portal.create_record("deals", {"amount": 6})
    changed = deals.read_changed_deals(connection, since, known, lambda _: None)
    assert companies(changed) == ["3", None]
    assert changed.columns == known.columns
    assert changed["id"].to_list()[1] == lonely


def test_a_deal_whose_links_come_in_two_pages_has_its_primary_company(
    portal: SandboxPortal, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood twice, with another company each: a page more was a deal more."""
    portal.change_settings(primary_company="absent")
    portal.add_records("deals", pl.DataFrame({"amount": [1]}), [[1]])
    known = read(connection)
    portal.change_settings(ahead=10.0)
    since = portal.now()
    deal = portal.create_record("deals", {"amount": 5}, [3, 2])
    sender = {"id": str(deal)}
    plain = {"from": sender, "to": [{"toObjectId": 2, "associationTypes": [{"typeId": 341}]}]}
    primary = {"from": sender, "to": [{"toObjectId": 3, "associationTypes": [{"typeId": 5}]}]}
    monkeypatch.setattr(deals, "read_associations", lambda *_: iter([plain, primary]))
    changed = deals.read_changed_deals(connection, since, known, lambda _: None)
    assert (changed["id"].to_list(), companies(changed)) == ([deal], ["3"])


def test_three_hundred_deals_cost_four_calls_and_an_unchanged_night_one_search(
    portal: SandboxPortal, connection: Connection
) -> None:
    portal.add_records("deals", pl.DataFrame({"amount": range(301)}), [[1]] * 301)
    known = read(connection)
    assert known.height == 301
    assert portal.calls.by_route == {"GET /crm/properties/deals": 1, "GET /crm/objects/deals": 4}
    assert deals.read_changed_deals(connection, portal.now() + 1_000, known, lambda _: None).is_empty()
    assert portal.calls.by_route["POST /crm/objects/deals/search"] == 1
    assert deals.are_as_many(connection, known["id"])


def test_where_totals_end_at_ten_thousand_deals_are_counted_by_ranges_of_ids(
    portal: SandboxPortal, connection: Connection
) -> None:
    """A total of 10,000 was taken for as many as are known, so that archived deals stayed counted for ever."""
    portal.change_settings(search_total_capped=True)
    portal.add_records("deals", pl.DataFrame({"amount": [1] * 10_200}))
    ids = pl.Series(sorted(portal.objects["deals"].records.ids), dtype=pl.Int64)
    assert deals.are_as_many(connection, ids)
    portal.archive_record("deals", int(ids[0]))
    portal.change_settings(ahead=60.0)
    assert not deals.are_as_many(connection, ids)


def test_archived_deals_are_not_there(portal: SandboxPortal, connection: Connection) -> None:
    gone = portal.create_record("deals", {"amount": 1}, [1])
    portal.create_record("deals", {"amount": 2}, [1])
    portal.archive_record("deals", gone)
    assert read(connection)["amount"].to_list() == ["2"]


def test_several_companies_of_which_none_is_primary_are_no_guess() -> None:
    links = [{"id": "1", "type": "deal_to_company_unlabeled"}, {"id": "2", "type": "deal_to_company_unlabeled"}]
    record = {"properties": {}, "associations": {"companies": {"results": links}}}
    assert deals._inline_company(record) is None
    assert deals._inline_company({"properties": {}, "associations": {"companies": {"results": links[:1]}}}) == "1"


def test_without_the_scope_the_error_names_it(portal: SandboxPortal, clock: InstantClock) -> None:
    portal.tokens["pat-companies"] = frozenset({"crm.objects.companies.read"})
    with (
        serve_in_thread(portal) as address,
        to(address.url, clock, "pat-companies") as connection,
        pytest.raises(ScopeMissing) as missing,
    ):
        deals.fetch_deal_property_names(connection)
    assert "crm.objects.deals.read" in str(missing.value)
