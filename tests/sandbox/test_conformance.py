"""What HubSpot's descriptions say in words about how a call behaves, and what foreign clients send.

That every answer has the form they describe, and every request of ours, is seen in every test, by the fixture in
tests/conftest.py.
"""

from __future__ import annotations

import pytest

from icp_sync.sandbox import SandboxPortal
from tests import conformance
from tests.sandbox.conftest import Ask

COMPANIES = "/crm/v3/objects/companies"
LISTS = "/crm/v3/lists"
GROUP = "companyinformation"
STATIC = {"name": "A", "objectTypeId": "0-2", "processingType": "MANUAL"}


def test_the_descriptions_are_at_hand_where_they_must_be() -> None:
    """A fresh clone has none; then no answer is held against them, and this says so."""
    described = conformance.load()
    if described is None:
        pytest.skip(conformance.ABSENT)
    assert len(described.operations) > 200
    assert list(described.problems("GET", f"{COMPANIES}/1", 200, {"id": 1})) != []


@pytest.mark.parametrize(
    ("method", "path", "query", "content", "problem"),
    [
        ("GET", COMPANIES, "limit=ten", b"", "the parameter limit is 'ten'"),
        ("GET", COMPANIES, "after=1&fields=name", b"", "the parameter fields is not described"),
        ("GET", COMPANIES, "", b"{}", "a body where HubSpot takes none"),
        ("POST", LISTS, "", b"", "no body"),
        ("POST", LISTS, "", b'{"name": "A", "objectTypeId": "0-2"}', "$: 'processingType' is a required property"),
        ("POST", f"{COMPANIES}/batch/update", "", b'{"inputs": [{"id": 1, "properties": {}}]}', "$.inputs[0].id: 1 is"),
        ("POST", f"{COMPANIES}/batch/update", "", b'{"inputs": [], "dryRun": true}', "$.dryRun is not described"),
        ("PUT", f"{COMPANIES}/batch/update", "", b"", "is a call that HubSpot does not describe"),
    ],
)
def test_a_request_is_held_against_the_descriptions_too(
    method: str, path: str, query: str, content: bytes, problem: str
) -> None:
    described = conformance.load()
    if described is None:
        pytest.skip(conformance.ABSENT)
    assert [found for found in described.request_problems(method, path, query, content) if problem in found]


@pytest.mark.parametrize("path", [COMPANIES, "/crm/objects/2026-03/companies", "/crm/v3/objects/0-2"])
def test_the_next_link_is_the_very_request_at_the_very_host_with_another_cursor(ask: Ask, path: str) -> None:
    page = ask("GET", f"{path}?limit=1&properties=name%2Cdomain&archived=false")
    following = page.body["paging"]["next"]
    address, _, query = following["link"].partition("?")
    assert address.startswith("http://127.0.0.1:")
    assert address.endswith(path)
    assert query == f"limit=1&properties=name%2Cdomain&archived=false&after={following['after']}"
    assert ask("GET", f"{path}?{query}").body["results"][0]["id"] == "102"


def test_a_search_sends_the_cursor_alone(ask: Ask) -> None:
    assert ask("POST", f"{COMPANIES}/search", {"limit": 1}).body["paging"] == {"next": {"after": "1"}}


def test_no_answer_names_a_host_but_its_own(ask: Ask) -> None:
    answers = [
        ask("GET", COMPANIES, token="nobody"),
        ask("GET", f"{COMPANIES}?limit=1"),
        ask("GET", "/crm/v3/owners?limit=1"),
        ask("GET", "/nowhere"),
    ]
    assert all("hubspot.com" not in str(answer.body) and "hubapi.com" not in str(answer.body) for answer in answers)


@pytest.mark.parametrize("alias", ["company", "0-2", "companies"])
@pytest.mark.parametrize(
    "path", ["/crm/v3/objects/{}/101", "/crm/objects/2026-03/{}/101", "/crm/v3/properties/{}/name"]
)
def test_an_object_may_be_named_in_the_singular_or_by_its_type_id(ask: Ask, path: str, alias: str) -> None:
    assert ask("GET", path.format(alias)).status == 200


@pytest.mark.parametrize(
    ("method", "path", "kind", "status"),
    [
        ("DELETE", COMPANIES, "application/json", 405),
        ("PUT", f"{COMPANIES}/search", "application/json", 405),
        ("POST", f"{COMPANIES}/search", "text/plain", 415),
        ("GET", "/crm/v3/objects/nothing", "application/json", 404),
        ("GET", f"{COMPANIES}/999", "application/json", 404),
    ],
)
def test_every_refusal_is_json_with_a_category_and_the_portals_clock(
    ask: Ask, method: str, path: str, kind: str, status: int
) -> None:
    answer = ask(method, path, {"query": "x"} if method != "GET" else None, kind=kind)
    assert (answer.status, bool(answer.body["category"]), "date" in answer.headers) == (status, True, True)


def test_a_refused_token_is_told_the_time_too(ask: Ask) -> None:
    assert "date" in ask("GET", COMPANIES, token="nobody").headers


@pytest.mark.parametrize("value", [{}, {"value": ""}, {"value": None}])
def test_a_search_that_compares_with_nothing_is_refused(ask: Ask, value: dict[str, object]) -> None:
    filters = [{"propertyName": "name", "operator": "EQ", **value}]
    assert ask("POST", f"{COMPANIES}/search", {"filterGroups": [{"filters": filters}]}).status == 400


@pytest.mark.parametrize("object_type", ["companies", "0-9999", "x", ""])
def test_a_list_of_an_unknown_kind_of_record_is_refused(ask: Ask, object_type: str) -> None:
    assert ask("POST", LISTS, {**STATIC, "objectTypeId": object_type}).status == 400


@pytest.mark.parametrize("member", ["abc", "", "1.5"])
def test_a_member_that_is_no_record_id_is_refused(ask: Ask, member: str) -> None:
    ask("POST", LISTS, STATIC)
    assert ask("PUT", f"{LISTS}/1/memberships/add", [member]).status == 400
    assert ask("PUT", f"{LISTS}/1/memberships/add-and-remove", {"recordIdsToRemove": [member]}).status == 400


def test_an_enumeration_needs_options(ask: Ask) -> None:
    definition = {
        "name": "a",
        "label": "A",
        "type": "enumeration",
        "fieldType": "select",
        "groupName": "companyinformation",
    }
    assert ask("POST", "/crm/v3/properties/companies", definition).status == 400
    assert ask("POST", "/crm/v3/properties/companies", {**definition, "options": []}).status == 400


def test_members_before_a_cursor_come_descending_and_after_wins(ask: Ask) -> None:
    ask("POST", LISTS, STATIC)
    ask("PUT", f"{LISTS}/1/memberships/add", ["101", "102", "103"])
    members = f"{LISTS}/1/memberships"

    def ids(query: str) -> list[str]:
        return [row["recordId"] for row in ask("GET", f"{members}?{query}").body["results"]]

    assert ids("before=103") == ["102", "101"]
    assert ids("before=103&limit=1") == ["102"]
    assert ids("before=103&after=101") == ["102", "103"]


def test_a_search_of_lists_tells_size_and_last_changes_unasked(ask: Ask) -> None:
    ask("POST", LISTS, STATIC)
    search = {"query": "A", "offset": 0, "additionalProperties": []}
    assert set(ask("POST", f"{LISTS}/search", search).body["lists"][0]["additionalProperties"]) >= {"hs_list_size"}
    ask("PUT", f"{LISTS}/1/memberships/add", ["101"])
    ask("PUT", f"{LISTS}/1/memberships/remove", ["101"])
    listed = ask("POST", f"{LISTS}/search", search).body["lists"][0]["additionalProperties"]
    assert (listed["hs_list_size"], listed["hs_last_record_added_at"].isdecimal()) == ("0", True)
    assert listed["hs_last_record_removed_at"].isdecimal()


@pytest.mark.parametrize("how", ["cleared", "archived", "by hand"])
def test_the_dates_of_a_list_tell_whatever_moves_its_members(ask: Ask, portal: SandboxPortal, how: str) -> None:
    def dates() -> tuple[int, int]:
        search = {"listIds": ["1"], "offset": 0, "additionalProperties": []}
        (hit,) = ask("POST", f"{LISTS}/search", search).body["lists"]
        more = hit["additionalProperties"]
        return int(more["hs_last_record_added_at"]), int(more.get("hs_last_record_removed_at", 0))

    ask("POST", LISTS, STATIC)
    portal.change_list_members("A", add=[101, 102])
    added, removed = dates()
    assert removed == 0
    portal.ahead += 5
    if how == "cleared":
        ask("DELETE", f"{LISTS}/1/memberships")
    elif how == "archived":
        portal.archive(101)
    else:
        portal.change_list_members("A", remove=[101])
    again, removed = dates()
    assert again == added
    assert removed >= added + 5_000


def test_the_lists_of_several_records_are_read_at_once(ask: Ask) -> None:
    ask("POST", LISTS, STATIC)
    ask("PUT", f"{LISTS}/1/memberships/add", ["101"])
    inputs = [{"objectTypeId": "0-2", "recordId": record} for record in ("101", "102")]
    rows = ask("POST", f"{LISTS}/records/memberships/batch/read", {"inputs": inputs}).body["results"]
    assert [[one["listId"] for one in row["recordListMemberships"]] for row in rows] == [["1"], []]


def test_an_upsert_makes_the_record_nobody_has_and_updates_it_afterwards(ask: Ask, portal: SandboxPortal) -> None:
    key = {
        "name": "erp_id",
        "label": "ERP id",
        "type": "string",
        "fieldType": "text",
        "groupName": "companyinformation",
    }
    ask("POST", "/crm/v3/properties/companies", {**key, "hasUniqueValue": True})
    inputs = [{"id": "a-1", "idProperty": "erp_id", "properties": {"name": "Dune"}}]
    news = [ask("POST", f"{COMPANIES}/batch/upsert", {"inputs": inputs}).body["results"][0]["new"] for _ in range(2)]
    assert news == [True, False]
    assert portal.companies_frame("erp_id").drop_nulls("erp_id").height == 1
    refused = ask("POST", f"{COMPANIES}/batch/upsert", {"inputs": [{**inputs[0], "idProperty": "domain"}]})
    assert refused.status == 400
