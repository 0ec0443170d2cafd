"""What a client of search must live with: hits out of order, outside their window, or older than they show."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal

from .conftest import Ask, Clock, Open

PATH = "/crm/v3/objects/companies/search"
BY_ID = [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]


def window(low: float, high: float) -> list[dict[str, Any]]:
    """Filter groups for companies modified between two moments in epoch seconds, ends included."""
    filters = [
        {"propertyName": "hs_lastmodifieddate", "operator": operator, "value": str(round(moment * 1000))}
        for operator, moment in (("GTE", low), ("LTE", high))
    ]
    return [{"filters": filters}]


def paged(ask: Ask, **query: Any) -> list[int]:
    """The ids of all hits, page after page, in the order they come."""
    ids, after = [], "0"
    while after:
        body = ask("POST", PATH, {"limit": 200, **query, "after": after}).body
        ids += [int(one["id"]) for one in body["results"]]
        after = body.get("paging", {}).get("next", {}).get("after")
    return ids


@pytest.fixture
def many(opened: Open) -> tuple[SandboxPortal, Ask]:
    """3,000 companies, and no limit to speak of."""
    portal, ask = opened(searches=10_000, search_disorder=1_000)
    portal.add_companies(pl.DataFrame({"id": list(range(1, 3001)), "name": ["x"] * 3000}))
    return portal, ask


def test_disorder_leaves_every_hit_once_near_its_place_and_the_same_each_time(many: tuple[SandboxPortal, Ask]) -> None:
    portal, ask = many
    ids = paged(ask, sorts=BY_ID)
    assert sorted(ids) == list(range(1, 3001)) != ids
    assert max(abs(place - one) for place, one in enumerate(ids, 1)) < 1000
    assert paged(ask, sorts=BY_ID) == ids
    portal.change_settings(search_disorder=0)
    assert paged(ask, sorts=BY_ID) == sorted(ids)


def test_disorder_reaches_across_the_ceiling(many: tuple[SandboxPortal, Ask]) -> None:
    portal, ask = many
    portal.add_companies(pl.DataFrame({"id": list(range(3001, 11_001)), "name": ["x"] * 8000}))
    body = ask("POST", PATH, {"limit": 200, "after": "9800", "sorts": BY_ID}).body
    assert max(int(one["id"]) for one in body["results"]) > 10_000
    assert body["total"] == 11_000


def test_a_single_page_can_be_out_of_order(ask: Ask, portal: SandboxPortal) -> None:
    portal.add_companies(pl.DataFrame({"id": list(range(1, 51)), "name": ["x"] * 50}))
    portal.faults.add("out_of_order", times=1, seed=3)
    pages = [
        [int(one["id"]) for one in ask("POST", PATH, {"limit": 200, "sorts": BY_ID}).body["results"]] for _ in "ab"
    ]
    assert pages[0] != pages[1] == sorted(pages[0])


def test_a_total_can_end_at_the_ceiling(opened: Open) -> None:
    portal, ask = opened(search_total_capped=True)
    portal.add_companies(pl.DataFrame({"name": ["x"] * 10_001}))
    assert ask("POST", PATH, {}).body["total"] == 10_000
    portal.change_settings(search_total_capped=False)
    assert ask("POST", PATH, {}).body["total"] == 10_001


def test_hits_from_outside_their_window(ask: Ask, portal: SandboxPortal, clock: Clock) -> None:
    start = clock.now
    for record_id in (101, 102, 103):
        portal.edit_company(record_id, {"city": "Ulm"})
        clock.advance(0.5)
    asked = {"filterGroups": window(start + 0.5, start + 0.5)}
    portal.faults.add("outside_window", times=1, seconds=0.5)
    bodies = [ask("POST", PATH, asked).body for _ in range(2)]
    assert [[one["id"] for one in body["results"]] for body in bodies] == [["101", "102", "103"], ["102"]]


@pytest.mark.parametrize(
    "filters",
    [
        [{"propertyName": "hs_lastmodifieddate", "operator": "BETWEEN", "value": "2000", "highValue": "2000"}],
        [
            {"propertyName": "hs_lastmodifieddate", "operator": "GT", "value": "1999"},
            {"propertyName": "hs_lastmodifieddate", "operator": "LT", "value": "2001"},
        ],
    ],
)
def test_every_kind_of_window_has_an_outside(ask: Ask, portal: SandboxPortal, filters: list[dict[str, str]]) -> None:
    moments = [str(number) for number in (1000, 2000, 3000)]
    portal.add_companies(pl.DataFrame({"id": [1, 2, 3], "hs_lastmodifieddate": moments}))
    portal.faults.add("outside_window", times=1)
    totals = [ask("POST", PATH, {"filterGroups": [{"filters": filters}]}).body["total"] for _ in range(2)]
    assert totals == [3, 1]


def test_a_lagging_hit_shows_what_is_or_what_was(opened: Open, clock: Clock) -> None:
    portal, ask = opened(index_lag=30)
    record_id = portal.create_company({"city": "Ulm", "name": "Acme"})
    clock.advance(31)
    portal.edit_company(record_id, {"city": "Bonn"})
    portal.faults.add("stale_hits", times=1)
    query = {"properties": ["city", "name"], "filterGroups": window(clock.now - 31, clock.now - 31)}
    (was,), (now,) = (ask("POST", PATH, query).body["results"] for _ in range(2))
    assert (was["properties"]["city"], was["properties"]["name"], was["updatedAt"]) == (
        "Ulm", "Acme", "2026-09-21T14:13:20Z",
    )  # fmt: skip
    assert (now["properties"]["city"], now["updatedAt"]) == ("Bonn", "2026-09-21T14:13:51Z")
