"""The search endpoint and its ceilings."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal

from .conftest import Ask, Clock, Open

PATH = "/crm/v3/objects/companies/search"


def where(name: str, operator: str, **more: Any) -> dict[str, Any]:
    return {"filterGroups": [{"filters": [{"propertyName": name, "operator": operator, **more}]}]}


@pytest.fixture
def filled(portal: SandboxPortal) -> SandboxPortal:
    portal.edit_company(101, {"numberofemployees": 50, "city": "Ulm", "web_technologies": "jira;slack"})
    portal.edit_company(102, {"numberofemployees": 500, "city": "Neu-Ulm", "type": "PARTNER"})
    return portal


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (where("numberofemployees", "GTE", value="500"), ["102"]),
        (where("numberofemployees", "LT", value="500"), ["101"]),
        (where("numberofemployees", "BETWEEN", value="50", highValue="500"), ["101", "102"]),
        (where("city", "EQ", value="ULM"), ["101"]),
        (where("city", "NEQ", value="Ulm"), ["102", "103"]),
        (where("city", "IN", values=["ulm"]), ["101"]),
        (where("city", "IN", values=["Ulm"]), []),
        (where("city", "NOT_IN", values=["ulm"]), ["102"]),
        (where("city", "CONTAINS_TOKEN", value="ulm"), ["101", "102"]),
        (where("city", "CONTAINS_TOKEN", value="neu*"), ["102"]),
        (where("city", "HAS_PROPERTY"), ["101", "102"]),
        (where("city", "NOT_HAS_PROPERTY"), ["103"]),
        (where("type", "EQ", value="PARTNER"), ["102"]),
        (where("web_technologies", "IN", values=["slack", "zoho"]), ["101"]),
        (where("hs_object_id", "GT", value="101"), ["102", "103"]),
        ({"query": "bolt"}, ["102"]),
        ({}, ["101", "102", "103"]),
    ],
)
def test_operators(ask: Ask, query: dict[str, Any], expected: list[str]) -> None:
    body = ask("POST", PATH, query).body
    assert [one["id"] for one in body["results"]] == expected
    assert body["total"] == len(expected)


@pytest.mark.usefixtures("filled")
def test_groups_are_alternatives_and_filters_conditions(ask: Ask) -> None:
    city, kind = where("city", "HAS_PROPERTY"), where("type", "EQ", value="PARTNER")
    both = city["filterGroups"][0]["filters"] + kind["filterGroups"][0]["filters"]
    either = city["filterGroups"] + kind["filterGroups"]
    assert ask("POST", PATH, {"filterGroups": [{"filters": both}]}).body["total"] == 1
    assert ask("POST", PATH, {"filterGroups": either}).body["total"] == 2


@pytest.mark.usefixtures("filled")
def test_one_sort_and_an_offset_as_cursor(ask: Ask) -> None:
    sorts = [{"propertyName": "hs_object_id", "direction": "DESCENDING"}]
    first = ask("POST", PATH, {"sorts": sorts, "limit": 2}).body
    second = ask("POST", PATH, {"sorts": sorts, "limit": 2, "after": first["paging"]["next"]["after"]}).body
    assert [one["id"] for one in first["results"] + second["results"]] == ["103", "102", "101"]
    assert (first["paging"]["next"]["after"], "paging" in second) == ("2", False)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"limit": 201}, id="page size"),
        pytest.param({"sorts": ["name", "city"]}, id="two sorts"),
        pytest.param({"filterGroups": [{"filters": []}] * 6}, id="six groups"),
        pytest.param({"filterGroups": where("city", "HAS_PROPERTY")["filterGroups"] * 6}, id="six filled groups"),
        pytest.param(
            {"filterGroups": [{"filters": where("city", "HAS_PROPERTY")["filterGroups"][0]["filters"] * 7}]},
            id="seven filters in a group",
        ),
        pytest.param({"properties": ["x" * 3000]}, id="body length"),
        pytest.param({"after": "9900", "limit": 200}, id="beyond ten thousand"),
        pytest.param(where("citty", "HAS_PROPERTY"), id="unknown property"),
        pytest.param(where("city", "LIKES", value="x"), id="unknown operator"),
        pytest.param(where("numberofemployees", "GT", value="many"), id="text for a number"),
    ],
)
def test_what_search_refuses(ask: Ask, query: dict[str, Any]) -> None:
    assert ask("POST", PATH, query).status == 400


def test_the_total_is_true_but_only_ten_thousand_can_be_paged(ask: Ask, portal: SandboxPortal) -> None:
    portal.add_companies(pl.DataFrame({"name": ["x"] * 10_500}))
    last = ask("POST", PATH, {"limit": 200, "after": "9800"})
    assert (last.status, last.body["total"], len(last.body["results"])) == (200, 10_503, 200)
    assert ask("POST", PATH, {"limit": 1, "after": last.body["paging"]["next"]["after"]}).status == 400


def test_archived_companies_are_never_found(ask: Ask, filled: SandboxPortal) -> None:
    filled.archive(101)
    assert ask("POST", PATH, where("city", "EQ", value="ulm")).body["total"] == 0


def test_epoch_zero_as_a_lower_bound_breaks_search(ask: Ask) -> None:
    assert ask("POST", PATH, where("hs_lastmodifieddate", "GTE", value="0")).status == 500
    between = where("hs_lastmodifieddate", "BETWEEN", value="0", highValue="2000000000000")
    assert ask("POST", PATH, between).status == 500
    assert ask("POST", PATH, where("hs_lastmodifieddate", "GTE", value="1000")).body["total"] == 3


def test_the_index_lags_behind_edits_and_new_companies(opened: Open, clock: Clock) -> None:
    portal, ask = opened(index_lag=30)
    old = portal.create_company({"city": "Ulm"})
    clock.advance(31)
    portal.edit_company(old, {"city": "Bonn"})
    portal.create_company({"city": "Ulm"})
    changed = where("hs_lastmodifieddate", "GTE", value=str(int(clock.now * 1000)))
    assert ask("POST", PATH, where("city", "EQ", value="ulm")).body["results"][0]["id"] == str(old)
    assert ask("POST", PATH, changed).body["total"] == 0
    clock.advance(31)
    assert ask("POST", PATH, where("city", "EQ", value="bonn")).body["total"] == 1
    assert ask("POST", PATH, changed).body["total"] == 2
