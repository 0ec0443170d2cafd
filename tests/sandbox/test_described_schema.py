"""What HubSpot's descriptions of the property, account and owner calls say in words, and no other test has said yet."""

from __future__ import annotations

from typing import Any

import pytest

from icp_sync.sandbox import SandboxPortal
from tests.sandbox.conftest import Ask, Clock

PROPERTIES = "/crm/v3/properties/companies"
FIT: dict[str, Any] = {
    "name": "fit",
    "label": "Fit",
    "type": "string",
    "fieldType": "text",
    "groupName": "companyinformation",
}


def names(ask: Ask, query: str = "") -> set[str]:
    return {one["name"] for one in ask("GET", f"{PROPERTIES}{query}").body["results"]}


def test_an_update_of_a_property_overwrites_what_it_names(ask: Ask, clock: Clock) -> None:
    made = ask("POST", PROPERTIES, {**FIT, "description": "Says how well it fits"}).body
    clock.advance(60)
    changed = ask("PATCH", f"{PROPERTIES}/fit", {"label": "How it fits"}).body
    assert (changed["label"], changed["description"]) == ("How it fits", "Says how well it fits")
    assert changed["updatedAt"] > made["updatedAt"] == changed["createdAt"]


def test_an_update_of_a_group_overwrites_what_it_names(ask: Ask) -> None:
    ask("POST", f"{PROPERTIES}/groups", {"name": "ours", "label": "Ours", "displayOrder": 3})
    assert ask("PATCH", f"{PROPERTIES}/groups/ours", {"label": "Theirs"}).body["displayOrder"] == 3
    changed = ask("PATCH", f"{PROPERTIES}/groups/ours", {"displayOrder": 5}).body
    assert (changed["label"], changed["displayOrder"]) == ("Theirs", 5)
    assert ask("GET", f"{PROPERTIES}/groups/ours").body == changed


def test_what_must_be_unique_stays_so(ask: Ask) -> None:
    ask("POST", PROPERTIES, {**FIT, "hasUniqueValue": True})
    ask("PATCH", f"{PROPERTIES}/fit", {"hasUniqueValue": False, "label": "Fits"})
    assert ask("GET", f"{PROPERTIES}/fit").body["hasUniqueValue"]


def test_archiving_a_batch_succeeds_whatever_the_state_of_each(ask: Ask) -> None:
    ask("POST", PROPERTIES, FIT)
    inputs = [{"name": "fit"}, {"name": "nobody_made_this"}]
    assert [ask("POST", f"{PROPERTIES}/batch/archive", {"inputs": inputs}).status for _ in range(2)] == [204, 204]
    archived = ask("GET", f"{PROPERTIES}/fit?archived=true").body
    assert (archived["archived"], bool(archived["archivedAt"])) == (True, True)
    assert "fit" in names(ask, "?archived=true")
    assert "fit" not in names(ask)


def test_a_batch_is_made_by_the_rules_of_one(ask: Ask) -> None:
    made = ask("POST", f"{PROPERTIES}/batch/create", {"inputs": [FIT, {**FIT, "name": "Fit Score"}]})
    assert (made.status, [one["name"] for one in made.body["results"]], made.body["numErrors"]) == (207, ["fit"], 1)


def test_since_2026_09_a_batch_of_properties_has_one_status(ask: Ask) -> None:
    path = "/crm/properties/2026-09/companies/batch"
    assert ask("POST", f"{path}/create", {"inputs": [FIT]}).status == 200
    mixed = ask("POST", f"{path}/create", {"inputs": [FIT, {**FIT, "name": "other", "label": "Other"}]})
    assert (mixed.status, mixed.body["numErrors"]) == (200, 1)
    assert ask("POST", f"{path}/read", {"inputs": [{"name": "fit"}, {"name": "nothing"}]}).status == 200


def test_a_batch_reads_what_is_there_and_what_is_archived_apart(ask: Ask) -> None:
    ask("POST", PROPERTIES, FIT)
    ask("DELETE", f"{PROPERTIES}/fit")
    inputs = [{"name": "fit"}, {"name": "name"}]

    def read(*, archived: bool) -> list[str]:
        answer = ask("POST", f"{PROPERTIES}/batch/read", {"inputs": inputs, "archived": archived}).body
        return [one["name"] for one in answer["results"]]

    assert (read(archived=False), read(archived=True)) == (["name"], ["fit"])


def test_a_group_without_properties_is_archived(ask: Ask) -> None:
    ask("POST", f"{PROPERTIES}/groups", {"name": "ours", "label": "Ours"})
    assert ask("DELETE", f"{PROPERTIES}/groups/ours").status == 204
    assert ask("GET", f"{PROPERTIES}/groups/ours").status == 404


def test_options_keep_their_places_and_stay_empty_for_other_types(ask: Ask) -> None:
    options = [{"label": "B", "value": "b", "displayOrder": 2, "hidden": True}, {"label": "A", "value": "a"}]
    made = ask("POST", PROPERTIES, {**FIT, "type": "enumeration", "fieldType": "select", "options": options}).body
    assert [(one["value"], one["displayOrder"], one["hidden"]) for one in made["options"]] == [
        ("b", 2, True),
        ("a", -1, False),
    ]
    assert ask("GET", f"{PROPERTIES}/name").body["options"] == []


def test_sensitive_properties_are_listed_apart_to_any_token(ask: Ask, portal: SandboxPortal) -> None:
    portal.add_property("ssn", sensitivity="sensitive")
    portal.add_property("blood", sensitivity="highly_sensitive")
    assert names(ask).isdisjoint({"ssn", "blood"})
    assert names(ask, "?dataSensitivity=sensitive") == {"ssn"}
    assert names(ask, "?dataSensitivity=highly_sensitive") == {"blood"}
    assert ask("GET", f"{PROPERTIES}/ssn").status == 404
    assert ask("GET", f"{PROPERTIES}/ssn?dataSensitivity=sensitive").body["dataSensitivity"] == "sensitive"
    inputs = {"inputs": [{"name": "ssn"}, {"name": "name"}], "dataSensitivity": "sensitive"}
    assert [one["name"] for one in ask("POST", f"{PROPERTIES}/batch/read", inputs).body["results"]] == ["ssn"]


def test_making_a_sensitive_property_needs_the_scope_to_write_it(ask: Ask, portal: SandboxPortal) -> None:
    refused = ask("POST", PROPERTIES, {**FIT, "dataSensitivity": "sensitive"})
    assert refused.status == 403
    assert "crm.objects.companies.sensitive.write" in str(refused.body["errors"])
    portal.tokens["trusted"] = portal.tokens[portal.token] | {"crm.objects.companies.sensitive.write"}
    assert ask("POST", PROPERTIES, {**FIT, "dataSensitivity": "sensitive"}, token="trusted").status == 201


def test_an_owner_is_found_by_either_id(ask: Ask) -> None:
    first = ask("GET", "/crm/v3/owners?limit=1").body["results"][0]
    assert ask("GET", f"/crm/v3/owners/{first['id']}").body == first
    assert ask("GET", f"/crm/v3/owners/{first['userId']}?idProperty=userId").body == first
    assert ask("GET", f"/crm/v3/owners/{first['userId']}").status == 404


def test_owners_come_in_pages_and_are_found_by_their_address(ask: Ask) -> None:
    first = ask("GET", "/crm/v3/owners?limit=5").body
    rest = ask("GET", f"/crm/v3/owners?after={first['paging']['next']['after']}").body
    assert (len(first["results"]), len(rest["results"]), "paging" in rest) == (5, 7, False)
    email = rest["results"][0]["email"]
    assert [one["email"] for one in ask("GET", "/crm/v3/owners", email=email).body["results"]] == [email]


@pytest.mark.parametrize("version", ["v3", "2026-03"])
def test_the_usage_of_the_day_is_told_with_when_it_was_looked_up(ask: Ask, version: str) -> None:
    (usage,) = ask("GET", f"/account-info/{version}/api-usage/daily/private-apps").body["results"]
    assert set(usage) >= {"usageLimit", "currentUsage", "collectedAt", "fetchStatus", "resetsAt"}
    assert usage["collectedAt"] < usage["resetsAt"]
