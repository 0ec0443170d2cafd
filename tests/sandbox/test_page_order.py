"""The order of the list endpoint: by id, or one that nobody can rely on."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal

from .conftest import Ask, Open

LIST = "/crm/v3/objects/companies"


def scanned(ask: Ask, **query: Any) -> list[int]:
    """The ids of all companies, page after page, in the order they come."""
    ids: list[int] = []
    more: dict[str, str] = {}
    while True:
        body = ask("GET", LIST, **query, **more).body
        ids += [int(one["id"]) for one in body["results"]]
        if "paging" not in body:
            return ids
        more = {"after": body["paging"]["next"]["after"]}


@pytest.fixture
def shuffled(opened: Open) -> tuple[SandboxPortal, Ask]:
    """Fifty companies in no order."""
    portal, ask = opened(listing="shuffled")
    portal.add_companies(pl.DataFrame({"id": list(range(1, 51)), "name": ["x"] * 50}))
    return portal, ask


@pytest.mark.parametrize("limit", [7, 10, 50, 100])
def test_a_shuffled_list_shows_every_company_once(shuffled: tuple[SandboxPortal, Ask], limit: int) -> None:
    portal, ask = shuffled
    ids = scanned(ask, limit=limit)
    assert sorted(ids) == list(range(1, 51)) != ids
    assert scanned(ask, limit=20) == ids
    portal.change_settings(listing="ascending")
    assert scanned(ask, limit=limit) == sorted(ids)


def test_a_cursor_tells_nothing_and_stands_for_itself(shuffled: tuple[SandboxPortal, Ask]) -> None:
    portal, ask = shuffled
    first = ask("GET", LIST, limit=10).body
    cursor = first["paging"]["next"]["after"]
    assert not cursor.isdecimal()
    assert ask("GET", LIST, limit=10, after="50 or so").status == 400
    portal.archive(int(first["results"][-1]["id"]))
    rest = scanned(ask, limit=100)
    following = ask("GET", LIST, limit=100, after=cursor).body["results"]
    assert [int(one["id"]) for one in following] == rest[9:]


def test_an_empty_page_can_be_gone_on_from(shuffled: tuple[SandboxPortal, Ask]) -> None:
    portal, ask = shuffled
    portal.faults.add("empty_page", rate=0.5, seed=1)
    assert sorted(scanned(ask, limit=10)) == list(range(1, 51))


def test_a_new_company_may_land_where_a_scan_has_been(shuffled: tuple[SandboxPortal, Ask]) -> None:
    portal, ask = shuffled
    fresh = {portal.create_company({}) for _ in range(20)}
    ids = scanned(ask, limit=100)
    assert sorted(ids) == [*range(1, 51), *sorted(fresh)]
    assert fresh != set(ids[50:])


def test_the_recycle_bin_is_listed_and_restored_from(ask: Ask, portal: SandboxPortal) -> None:
    assert scanned(ask, archived="true") == []
    portal.archive(102)
    portal.archive(101)
    assert scanned(ask, archived="true", limit=1) == [101, 102]
    read = ask("POST", f"{LIST}/batch/read?archived=true", {"inputs": [{"id": "101"}, {"id": "103"}]})
    assert ([one["id"] for one in read.body["results"]], read.body["errors"][0]["context"]) == (
        ["101"],
        {"ids": ["103"]},
    )
    moment = "2026-09-21T14:13:20Z"
    portal.restore(101)
    assert (scanned(ask), scanned(ask, archived="true")) == ([101, 103], [102])
    assert portal.company(101)["hs_lastmodifieddate"] == moment
    with pytest.raises(LookupError, match="no archived company 103"):
        portal.restore(103)


def test_an_order_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="listing is ascending or shuffled"):
        SandboxPortal(listing="random")
