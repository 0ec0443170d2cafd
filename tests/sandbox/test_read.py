"""Pages, single records and batches of companies."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal

from .conftest import Ask

COMPANIES = "/crm/v3/objects/companies"


def names(body: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    return [record["properties"]["name"] for record in body["results"]]


@pytest.mark.parametrize("path", [COMPANIES, "/crm/objects/2026-03/companies", f"{COMPANIES}/"])
def test_both_versions_of_a_path_answer_alike(ask: Ask, portal: SandboxPortal, path: str) -> None:
    assert names(ask("GET", path).body) == ["Acme", "Bolt", "Cone"]
    assert portal.calls.by_route == {"GET /crm/objects/companies": 1}


def test_paging_ends_when_no_paging_comes_back(ask: Ask) -> None:
    first = ask("GET", COMPANIES, limit=2).body
    second = ask("GET", COMPANIES, limit=2, after=first["paging"]["next"]["after"]).body
    assert names(first) + names(second) == ["Acme", "Bolt", "Cone"]
    assert "paging" not in second


def test_companies_come_in_numeric_order_of_their_ids(ask: Ask, portal: SandboxPortal) -> None:
    portal.add_companies(pl.DataFrame({"id": [99, 1000, 20], "name": ["b", "c", "a"]}))
    assert names(ask("GET", COMPANIES).body) == ["a", "b", "Acme", "Bolt", "Cone", "c"]


@pytest.mark.parametrize(
    ("query", "status"), [({}, 200), ({"limit": 100}, 200), ({"limit": 101}, 400), ({"limit": 0}, 400)]
)
def test_a_page_holds_ten_unless_told_and_a_hundred_at_most(
    ask: Ask, portal: SandboxPortal, query: dict[str, int], status: int
) -> None:
    portal.add_companies(pl.DataFrame({"name": ["x"] * 200}))
    answer = ask("GET", COMPANIES, **query)
    assert answer.status == status
    assert status == 400 or len(answer.body["results"]) == query.get("limit", 10)


@pytest.mark.parametrize("asked", ["properties=name&properties=citty", "properties=name,citty"])
def test_unknown_properties_are_ignored_without_a_word(ask: Ask, asked: str) -> None:
    properties = ask("GET", f"{COMPANIES}/101?{asked}").body["properties"]
    assert set(properties) == {"name", "createdate", "hs_lastmodifieddate", "hs_object_id"}


def test_values_are_text_or_null(ask: Ask, portal: SandboxPortal) -> None:
    portal.edit_company(101, {"numberofemployees": 12, "is_public": True})
    properties = ask("GET", f"{COMPANIES}/101?properties=numberofemployees,is_public,city").body["properties"]
    assert [properties[name] for name in ("numberofemployees", "is_public", "city")] == ["12", "true", None]


def test_a_batch_read_names_the_ids_it_did_not_find(ask: Ask) -> None:
    answer = ask("POST", f"{COMPANIES}/batch/read", {"inputs": [{"id": "102"}, {"id": "7"}, {"id": "8"}]})
    assert answer.status == 207
    assert names(answer.body) == ["Bolt"]
    assert [error["context"]["ids"] for error in answer.body["errors"]] == [["7", "8"]]


@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param([{"id": str(number)} for number in range(1, 102)], id="more than a hundred"),
        pytest.param([{"id": "101"}, {"id": "101"}], id="twice the same"),
        pytest.param([], id="none"),
        pytest.param([{"id": "Acme"}], id="not a number"),
    ],
)
@pytest.mark.parametrize("verb", ["read", "update"])
def test_a_batch_of_another_shape_is_refused_whole(ask: Ask, verb: str, inputs: list[object]) -> None:
    assert ask("POST", f"{COMPANIES}/batch/{verb}", {"inputs": inputs}).status == 400


def test_the_record_id_is_no_id_property(ask: Ask) -> None:
    answer = ask("GET", f"{COMPANIES}/101", idProperty="hs_object_id")
    assert (answer.status, "non-unique 0-2 property hs_object_id" in answer.body["message"]) == (400, True)


def test_archived_companies_are_listed_apart(ask: Ask, portal: SandboxPortal) -> None:
    portal.archive(102)
    assert names(ask("GET", COMPANIES).body) == ["Acme", "Cone"]
    archived = ask("GET", COMPANIES, archived="True").body["results"]
    assert [(one["id"], one["archived"]) for one in archived] == [("102", True)]
    assert ask("GET", f"{COMPANIES}/102").status == 404


def test_an_unknown_path_is_answered_in_json(ask: Ask) -> None:
    answer = ask("GET", "/crm/v3/objects/unicorns")
    assert (answer.status, answer.body["category"]) == (404, "OBJECT_NOT_FOUND")


def test_a_url_beyond_sixteen_thousand_characters_is_too_long(ask: Ask) -> None:
    names = ",".join(["numberofemployees"] * 950)
    answer = ask("GET", f"{COMPANIES}?properties={names}")
    assert (answer.status, answer.body[:6]) == (414, b"<html>")
