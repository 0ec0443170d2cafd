"""Property definitions and groups."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal

from .conftest import Ask, Open

PATH = "/crm/v3/properties/companies"


def draft(**changes: Any) -> dict[str, Any]:
    fields = {
        "name": "fit",
        "label": "Fit",
        "type": "string",
        "fieldType": "text",
        "groupName": "companyinformation",
    }
    return fields | changes


def options(*values: str) -> list[dict[str, object]]:
    return [{"label": value.title(), "value": value} for value in values]


def test_a_new_portal_has_the_properties_of_every_portal(ask: Ask) -> None:
    by_name = {one["name"]: one for one in ask("GET", PATH).body["results"]}
    assert len(by_name["industry"]["options"]) == 147
    assert by_name["hs_is_target_account"]["type"] == "bool"
    assert by_name["hs_ideal_customer_profile"]["modificationMetadata"]["readOnlyValue"] is False
    assert by_name["hs_num_open_deals"]["calculated"]
    assert by_name["hs_lastmodifieddate"]["modificationMetadata"]["readOnlyValue"]


def test_without_target_accounts_their_properties_do_not_exist(opened: Open) -> None:
    _, ask = opened(target_accounts=False)
    names = {one["name"] for one in ask("GET", PATH).body["results"]}
    assert names.isdisjoint({"hs_ideal_customer_profile", "hs_is_target_account", "hs_target_account"})


def test_a_created_property_can_be_written_at_once(ask: Ask, portal: SandboxPortal) -> None:
    created = ask("POST", PATH, draft(type="enumeration", fieldType="select", options=options("a", "b")))
    assert (created.status, created.body["options"][1]["value"]) == (201, "b")
    portal.edit_company(101, {"fit": "b"})
    assert portal.company(101)["fit"] == "b"


@pytest.mark.parametrize(
    ("changes", "sub_category"),
    [
        ({"type": "bool", "fieldType": "booleancheckbox"}, "PropertyValidationError.INVALID_BOOLEAN_OPTION"),
        ({"type": "bool", "fieldType": "text"}, "PropertyValidationError.INVALID_FIELD_TYPE"),
        ({"type": "colour"}, "PropertyValidationError.INVALID_FIELD_TYPE"),
        ({"name": "Fit Score"}, "PropertyValidationError.INVALID_PROPERTY_NAME"),
        ({"name": "hs_fit"}, "PropertyValidationError.INVALID_PROPERTY_NAME"),
        ({"groupName": "icp_sync"}, "PropertyValidationError.PROPERTY_GROUP_DOES_NOT_EXIST"),
        (
            {"type": "enumeration", "fieldType": "select", "options": options("a", "a")},
            "PropertyValidationError.DUPLICATE_OPTIONS",
        ),
        ({"label": ""}, None),
    ],
)
def test_a_faulty_definition_is_refused(ask: Ask, changes: dict[str, Any], sub_category: str | None) -> None:
    answer = ask("POST", PATH, draft(**changes))
    assert (answer.status, answer.body.get("subCategory")) == (400, sub_category)


def test_a_taken_name_is_a_conflict_and_changes_nothing(ask: Ask) -> None:
    ask("POST", PATH, draft())
    answer = ask("POST", PATH, draft(label="Other"))
    assert (answer.status, answer.body["category"]) == (409, "OBJECT_ALREADY_EXISTS")
    assert answer.body["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS"
    assert ask("GET", f"{PATH}/fit").body["label"] == "Fit"


def test_a_label_that_another_property_has_is_refused_naming_it(ask: Ask) -> None:
    ask("POST", PATH, draft())
    answer = ask("POST", PATH, draft(name="fit_too", label="FIT"))
    assert (answer.status, answer.body["category"]) == (400, "VALIDATION_ERROR")
    assert answer.body["context"] == {"propertyName": ["fit"]}
    assert ask("POST", PATH, draft(name="fit_too", label="Fit too")).status == 201
    assert ask("PATCH", f"{PATH}/fit_too", {"label": "Fit"}).status == 400
    assert ask("PATCH", f"{PATH}/fit", {"label": "Fit"}).status == 200


def test_patching_options_replaces_the_whole_list(ask: Ask) -> None:
    ask("POST", PATH, draft(type="enumeration", fieldType="select", options=options("a", "b")))
    ask("PATCH", f"{PATH}/fit", {"label": "Fits"})
    assert len(ask("GET", f"{PATH}/fit").body["options"]) == 2
    ask("PATCH", f"{PATH}/fit", {"options": options("c")})
    assert [one["value"] for one in ask("GET", f"{PATH}/fit").body["options"]] == ["c"]


def test_of_a_property_of_hubspot_only_the_options_can_change(ask: Ask) -> None:
    assert ask("PATCH", f"{PATH}/industry", {"label": "Branche"}).status == 400
    assert ask("PATCH", f"{PATH}/industry", {"options": options("X")}).status == 200
    assert ask("DELETE", f"{PATH}/industry").status == 400


def test_an_archived_property_is_gone_until_its_name_is_created_again(ask: Ask, portal: SandboxPortal) -> None:
    ask("POST", PATH, draft())
    portal.edit_company(101, {"fit": "good"})
    assert ask("DELETE", f"{PATH}/fit").status == 204
    assert ask("GET", f"{PATH}/fit").status == 404
    assert "fit" not in ask("GET", "/crm/v3/objects/companies/101?properties=fit").body["properties"]
    assert [one["name"] for one in ask("GET", PATH, archived="true").body["results"]] == ["fit"]
    assert ask("POST", PATH, draft(label="Again")).status == 201
    assert portal.company(101)["fit"] == "good"


def test_a_group_exists_once_and_stays_while_it_has_properties(ask: Ask) -> None:
    group = {"name": "icp_sync", "label": "ICP"}
    assert [ask("POST", f"{PATH}/groups", group).status for _ in range(2)] == [201, 409]
    ask("POST", PATH, draft(groupName="icp_sync"))
    refused = ask("DELETE", f"{PATH}/groups/icp_sync")
    assert refused.body["subCategory"] == "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES"
    ask("DELETE", f"{PATH}/fit")
    assert ask("DELETE", f"{PATH}/groups/icp_sync").status == 204


def test_another_object_type_has_no_properties_here(ask: Ask) -> None:
    assert ask("GET", "/crm/v3/properties/unicorns").status == 404


def test_a_property_defined_directly_brings_its_group_and_options() -> None:
    portal = SandboxPortal()
    portal.add_property("locked", "bool", group="icp_sync")
    portal.add_companies(pl.DataFrame({"locked": [True, None]}))
    assert portal.schema.get("locked").group in portal.schema.groups
    assert portal.companies_frame("locked")["locked"].to_list() == ["true", None]
