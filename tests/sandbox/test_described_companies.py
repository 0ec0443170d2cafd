"""What HubSpot's descriptions of the company calls say in words, and no other test has said yet."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.sandbox.conftest import Ask

COMPANIES = "/crm/v3/objects/companies"
VERSIONS = [COMPANIES, "/crm/objects/2026-03/companies", "/crm/objects/2026-09/companies"]


@pytest.fixture
def keyed(portal: SandboxPortal) -> SandboxPortal:
    """101 and 102 have an ERP number, and no two companies may have the same."""
    portal.add_property("erp", has_unique_value=True)
    portal.edit_companies({101: {"erp": "a-1"}, 102: {"erp": "a-2"}})
    return portal


@pytest.mark.parametrize("path", VERSIONS)
def test_a_company_is_found_by_a_unique_property(ask: Ask, keyed: SandboxPortal, path: str) -> None:
    assert ask("GET", f"{path}/a-2?idProperty=erp").body["id"] == "102"
    assert ask("PATCH", f"{path}/a-2?idProperty=erp", {"properties": {"city": "Ulm"}}).body["id"] == "102"
    assert keyed.company(102)["city"] == "Ulm"
    assert ask("GET", f"{path}/a-9?idProperty=erp").status == 404
    assert ask("GET", f"{path}/a-2?idProperty=name").status == 400


def test_a_batch_names_its_companies_by_a_unique_property(ask: Ask, keyed: SandboxPortal) -> None:
    wanted = [{"id": "a-1"}, {"id": "a-8"}, {"id": "a-9"}]
    body = {"inputs": wanted, "idProperty": "erp", "properties": ["name"], "propertiesWithHistory": []}
    read = ask("POST", f"{COMPANIES}/batch/read", body).body
    assert [one["id"] for one in read["results"]] == ["101"]
    assert read["errors"][0]["context"]["ids"] == ["a-8", "a-9"]
    written = {"id": "a-1", "idProperty": "erp", "properties": {"city": "Bonn"}}
    assert ask("POST", f"{COMPANIES}/batch/update", {"inputs": [written]}).status == 200
    assert keyed.company(101)["city"] == "Bonn"


def test_a_unique_value_is_given_once(ask: Ask, keyed: SandboxPortal) -> None:
    taken = ask("PATCH", f"{COMPANIES}/103", {"properties": {"erp": "a-1"}})
    assert (taken.status, "CONFLICTING_UNIQUE_VALUE" in taken.body["message"]) == (400, True)
    assert ask("PATCH", f"{COMPANIES}/101", {"properties": {"erp": "a-1"}}).status == 200
    assert ask("PATCH", f"{COMPANIES}/103", {"properties": {"erp": "a-3"}}).status == 200
    assert keyed.company(103)["erp"] == "a-3"


@pytest.mark.parametrize("path", VERSIONS)
def test_the_answer_to_a_creation_says_where_the_company_is(ask: Ask, path: str) -> None:
    made = ask("POST", path, {"properties": {"name": "Dune"}})
    address = made.headers["location"]
    assert address.startswith("http://127.0.0.1:")
    assert address.endswith(f"{path}/{made.body['id']}")


def test_an_update_overwrites_what_it_names_and_an_empty_text_clears(ask: Ask, portal: SandboxPortal) -> None:
    portal.edit_company(101, {"city": "Bonn", "zip": "53111"})
    ask("PATCH", f"{COMPANIES}/101", {"properties": {"city": ""}})
    assert portal.company(101).get("city") is None
    assert (portal.company(101)["zip"], portal.company(101)["name"]) == ("53111", "Acme")


@pytest.mark.parametrize(
    ("name", "code"), [("no_such_property", "PROPERTY_DOESNT_EXIST"), ("hs_object_id", "READ_ONLY_VALUE")]
)
def test_an_update_of_what_cannot_be_written_is_an_error(ask: Ask, name: str, code: str) -> None:
    refused = ask("PATCH", f"{COMPANIES}/101", {"properties": {name: "1"}})
    assert (refused.status, refused.body["errors"][0]["code"]) == (400, code)


def test_a_deleted_company_lies_in_the_recycle_bin(ask: Ask) -> None:
    assert ask("DELETE", f"{COMPANIES}/101").status == 204
    assert ask("POST", f"{COMPANIES}/batch/archive", {"inputs": [{"id": "102"}]}).status == 204
    archived = ask("GET", f"{COMPANIES}?archived=true").body["results"]
    assert [(one["id"], one["archived"], bool(one["archivedAt"])) for one in archived] == [
        ("101", True, True),
        ("102", True, True),
    ]
    assert [one["id"] for one in ask("GET", COMPANIES).body["results"]] == ["103"]
    assert ask("GET", f"{COMPANIES}/101").status == 404
    assert ask("GET", f"{COMPANIES}/101?archived=true").status == 200


def test_associations_of_kinds_that_do_not_exist_are_ignored(ask: Ask) -> None:
    assert len(ask("GET", f"{COMPANIES}?associations=nothing,deals").body["results"]) == 3
    assert ask("GET", f"{COMPANIES}/101?associations=nothing").status == 200


def test_a_hit_shows_the_properties_asked_for(ask: Ask, portal: SandboxPortal) -> None:
    portal.edit_company(102, {"city": "Ulm"})
    filters = [{"propertyName": "name", "operator": "EQ", "value": "Bolt"}]
    query: dict[str, Any] = {"filterGroups": [{"filters": filters}], "properties": ["city", "zip"]}
    (hit,) = ask("POST", f"{COMPANIES}/search", query).body["results"]
    assert (hit["properties"]["city"], hit["properties"]["zip"], "name" in hit["properties"]) == ("Ulm", None, False)


def test_a_query_finds_words_in_names_and_domains(ask: Ask, portal: SandboxPortal) -> None:
    portal.add_companies(pl.DataFrame({"id": [104], "name": ["Zeta"], "domain": ["bolts.example"]}))
    matches = ask("POST", f"{COMPANIES}/search", {"query": "bolt"}).body
    assert ([one["id"] for one in matches["results"]], matches["total"]) == (["102", "104"], 2)


def test_a_query_is_at_most_three_thousand_characters_long(ask: Ask) -> None:
    assert ask("POST", f"{COMPANIES}/search", {"query": "x" * 3001}).status == 400


def test_values_of_sensitive_properties_show_only_to_a_token_with_their_scope(ask: Ask, portal: SandboxPortal) -> None:
    portal.add_property("ssn", sensitivity="sensitive")
    portal.edit_company(101, {"ssn": "7"})
    portal.tokens["trusted"] = portal.tokens[portal.token] | {"crm.objects.companies.sensitive.read.v2"}
    body = {"inputs": [{"id": "101"}], "properties": ["name", "ssn"], "propertiesWithHistory": []}
    search = {"limit": 1, "properties": ["name", "ssn"]}

    def shown(token: str) -> list[object]:
        records = [
            ask("GET", f"{COMPANIES}?limit=1&properties=name,ssn", token=token).body["results"][0],
            ask("GET", f"{COMPANIES}/101?properties=name,ssn", token=token).body,
            ask("POST", f"{COMPANIES}/batch/read", body, token=token).body["results"][0],
            ask("POST", f"{COMPANIES}/search", search, token=token).body["results"][0],
        ]
        return [one["properties"].get("ssn", "untold") for one in records]

    assert shown(portal.token) == ["untold"] * 4
    assert shown("trusted") == ["7"] * 4
