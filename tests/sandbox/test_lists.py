"""Lists: names, kinds, members, filters."""

from __future__ import annotations

from typing import Any

import pytest

from icp_sync.sandbox import SandboxPortal

from .conftest import Ask, Clock, Open

PATH = "/crm/v3/lists"


def branch(name: str, **operation: Any) -> dict[str, Any]:
    rule = {"filterType": "PROPERTY", "property": name, "operation": operation}
    inner = {"filterBranchType": "AND", "filterBranches": [], "filters": [rule]}
    return {"filterBranchType": "OR", "filterBranches": [inner], "filters": []}


def listed(name: str, kind: str = "MANUAL", **more: Any) -> dict[str, Any]:
    return {"name": name, "objectTypeId": "0-2", "processingType": kind, **more}


def members(name: str, **operation: Any) -> dict[str, Any]:
    return listed("Filtered", "DYNAMIC", filterBranch=branch(name, **operation))


@pytest.fixture
def manual(ask: Ask) -> str:
    path: str = f"{PATH}/{ask('POST', PATH, listed('Manual')).body['list']['listId']}"
    return path


@pytest.mark.usefixtures("manual")
def test_a_name_is_free_once_in_the_portal_whatever_the_object(ask: Ask) -> None:
    answer = ask("POST", PATH, listed("Manual") | {"objectTypeId": "0-1"})
    assert (answer.status, answer.body["subCategory"]) == (400, "ILS.DUPLICATE_LIST_NAMES")


def test_the_answer_to_a_change_names_added_removed_and_missing(ask: Ask, manual: str) -> None:
    ask("PUT", f"{manual}/memberships/add", ["101", "102"])
    change = {"recordIdsToAdd": ["102", "103", "7"], "recordIdsToRemove": ["101"]}
    assert ask("PUT", f"{manual}/memberships/add-and-remove", change).body == {
        "recordsIdsAdded": ["103"],
        "recordIdsRemoved": ["101"],
        "recordIdsMissing": ["7"],
    }


def test_members_come_by_ascending_id_in_pages(ask: Ask, manual: str) -> None:
    ask("PUT", f"{manual}/memberships/add", ["103", "101", "102"])
    first = ask("GET", f"{manual}/memberships", limit=2).body
    after = first["paging"]["next"]["after"]
    second = ask("GET", f"{manual}/memberships", limit=2, after=after).body
    assert [one["recordId"] for one in first["results"] + second["results"]] == ["101", "102", "103"]
    assert "paging" not in second
    assert ask("GET", f"{manual}/memberships", limit=251).status == 400


def test_members_can_come_in_the_order_they_joined(ask: Ask, manual: str, clock: Clock) -> None:
    for record_id in ("103", "101"):
        ask("PUT", f"{manual}/memberships/add", [record_id])
        clock.advance(1)
    page = ask("GET", f"{manual}/memberships/join-order", limit=1).body
    following = ask("GET", f"{manual}/memberships/join-order", after=page["paging"]["next"]["after"]).body
    assert [one["recordId"] for one in page["results"] + following["results"]] == ["103", "101"]


def test_an_archived_company_leaves_its_lists(ask: Ask, portal: SandboxPortal, manual: str) -> None:
    ask("PUT", f"{manual}/memberships/add", ["101", "102"])
    portal.archive(101)
    assert portal.list_members("Manual") == [102]
    assert ask("GET", manual).body["list"]["size"] == 1


def test_a_deleted_list_is_gone_until_restored(ask: Ask, manual: str) -> None:
    assert ask("DELETE", manual).status == 204
    assert ask("GET", manual).status == 404
    assert ask("POST", f"{PATH}/search", {}).body["total"] == 0
    assert ask("PUT", f"{manual}/restore").status == 204
    assert ask("GET", manual).status == 200


def test_a_rename_must_find_a_free_name(ask: Ask, manual: str) -> None:
    ask("POST", PATH, listed("Other"))
    assert ask("PUT", f"{manual}/update-list-name?listName=Other").status == 400
    renamed = ask("PUT", f"{manual}/update-list-name?listName=A%20%2F%20B").body["updatedList"]["name"]
    assert renamed == "A / B"
    assert ask("GET", f"{PATH}/object-type-id/0-2/name/A%20%2F%20B").status == 200


def test_search_pages_by_offset_and_tells_sizes_as_text(ask: Ask) -> None:
    for name in ("ICP 1", "ICP 2", "Other"):
        ask("POST", PATH, listed(name))
    body = ask("POST", f"{PATH}/search", {"query": "icp", "count": 1}).body
    assert (body["total"], body["offset"], body["hasMore"]) == (2, 1, True)
    assert body["lists"][0]["additionalProperties"]["hs_list_size"] == "0"
    assert not ask("POST", f"{PATH}/search", {"query": "icp", "count": 1, "offset": 1}).body["hasMore"]


@pytest.mark.parametrize(
    ("name", "operation", "expected"),
    [
        ("type", {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": ["PARTNER"]}, [101]),
        ("type", {"operationType": "ENUMERATION", "operator": "IS_NONE_OF", "values": ["PARTNER"]}, [102]),
        (
            "type",
            {
                "operationType": "ENUMERATION",
                "operator": "IS_NONE_OF",
                "values": ["PARTNER"],
                "includeObjectsWithNoValueSet": True,
            },
            [102, 103],
        ),
        (
            "web_technologies",
            {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": ["jira"]},
            [101, 102],
        ),
        (
            "web_technologies",
            {"operationType": "ENUMERATION", "operator": "IS_EXACTLY", "values": ["jira"]},
            [102],
        ),
        (
            "web_technologies",
            {"operationType": "ENUMERATION", "operator": "CONTAINS_ALL", "values": ["slack", "jira"]},
            [101],
        ),
        ("is_public", {"operationType": "BOOL", "operator": "IS_EQUAL_TO", "value": True}, [101]),
        (
            "numberofemployees",
            {"operationType": "NUMBER", "operator": "IS_GREATER_THAN_OR_EQUAL_TO", "value": 500},
            [101, 102],
        ),
        (
            "numberofemployees",
            {
                "operationType": "NUMBER_RANGED",
                "operator": "IS_BETWEEN",
                "lowerBound": 400,
                "upperBound": 600,
            },
            [102],
        ),
        (
            "name",
            {"operationType": "MULTISTRING", "operator": "STARTS_WITH", "values": ["a", "b"]},
            [101, 102],
        ),
        ("name", {"operationType": "STRING", "operator": "DOES_NOT_CONTAIN", "value": "o"}, [101]),
        ("city", {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"}, [103]),
        ("city", {"operationType": "ALL_PROPERTY", "operator": "IS_UNKNOWN"}, [101, 102]),
    ],
)
def test_an_active_list_holds_whom_its_filter_finds(
    ask: Ask, portal: SandboxPortal, name: str, operation: dict[str, Any], expected: list[int]
) -> None:
    technologies = {"web_technologies": "jira;slack"}
    portal.edit_company(101, {"type": "PARTNER", "is_public": "true", "numberofemployees": 1000, **technologies})
    portal.edit_company(102, {"type": "VENDOR", "is_public": "false", "numberofemployees": 500})
    portal.edit_company(102, {"web_technologies": "jira"})
    portal.edit_company(103, {"city": "Ulm"})
    assert ask("POST", PATH, members(name, **operation)).status == 200
    assert portal.list_members("Filtered") == expected


@pytest.mark.parametrize(
    "operation",
    [
        {
            "operationType": "ROLLING_DATE_RANGE",
            "operator": "IS_LESS_THAN_X_DAYS_AGO",
            "numberOfDays": 7,
            "requiresTimeZoneConversion": False,
        },
        {
            "operationType": "TIME_POINT",
            "type": "TIME_POINT",
            "operator": "IS_AFTER",
            "timePoint": {
                "timeType": "INDEXED",
                "zoneId": "UTC",
                "indexReference": {"referenceType": "TODAY"},
                "offset": {"days": -7},
            },
        },
        {
            "operationType": "TIME_RANGED",
            "type": "TIME_RANGED",
            "operator": "IS_BETWEEN",
            "lowerBoundTimePoint": {
                "timeType": "INDEXED",
                "zoneId": "UTC",
                "indexReference": {"referenceType": "NOW"},
                "offset": {"amount": 7, "offsetDirection": "PAST", "timeUnit": "DAYS"},
            },
            "upperBoundTimePoint": {"timeType": "INDEXED", "zoneId": "UTC", "indexReference": {"referenceType": "NOW"}},
        },
    ],
    ids=lambda operation: operation["operationType"],
)
def test_a_rolling_filter_lets_companies_go_as_time_passes(
    ask: Ask, portal: SandboxPortal, clock: Clock, operation: dict[str, Any]
) -> None:
    portal.edit_company(101, {"closedate": "2026-09-20"})
    ask("POST", PATH, members("closedate", **operation))
    assert portal.list_members("Filtered") == [101]
    clock.advance(8 * 86_400)
    assert portal.list_members("Filtered") == []


@pytest.mark.parametrize(
    "bad",
    [
        {"filterBranchType": "AND", "filters": [], "filterBranches": []},
        branch("type", operationType="ENUMERATION", operator="IS_EQUAL_TO", values=["PARTNER"]),
        branch("type", operationType="NUMBER", operator="IS_EQUAL_TO", value=1),
        branch("is_public", operationType="BOOL", operator="IS_EQUAL_TO", value="true"),
        branch("icp_tier", operationType="ALL_PROPERTY", operator="IS_KNOWN"),
    ],
)
def test_a_filter_hubspot_does_not_know_is_refused(ask: Ask, bad: dict[str, Any]) -> None:
    assert ask("POST", PATH, listed("Bad", "DYNAMIC", filterBranch=bad)).status == 400


def test_an_active_list_fills_after_a_delay(opened: Open, clock: Clock) -> None:
    portal, ask = opened(fill_delay=60)
    record_id = portal.create_company({"name": "Acme"})
    known = {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"}
    made = ask("POST", PATH, members("city", **known)).body["list"]
    assert made["processingStatus"] == "PROCESSING"
    clock.advance(61)
    assert ask("GET", f"{PATH}/1").body["list"]["processingStatus"] == "COMPLETE"
    portal.edit_company(record_id, {"city": "Ulm"})
    assert portal.list_members("Filtered") == []
    clock.advance(61)
    assert portal.list_members("Filtered") == [record_id]


def test_members_of_an_active_list_cannot_be_written(ask: Ask) -> None:
    ask("POST", PATH, members("city", operationType="ALL_PROPERTY", operator="IS_KNOWN"))
    assert ask("PUT", f"{PATH}/1/memberships/add", ["101"]).status == 400
    assert ask("DELETE", f"{PATH}/1/memberships").status == 400


def test_a_snapshot_is_filled_once(ask: Ask, portal: SandboxPortal) -> None:
    known = branch("city", operationType="ALL_PROPERTY", operator="IS_KNOWN")
    portal.edit_company(101, {"city": "Ulm"})
    ask("POST", PATH, listed("Snapshot", "SNAPSHOT", filterBranch=known))
    portal.edit_company(102, {"city": "Ulm"})
    assert portal.list_members("Snapshot") == [101]


def test_folders_hold_lists(ask: Ask) -> None:
    folder = ask("POST", f"{PATH}/folders", {"name": "icp_sync"}).body["folder"]["id"]
    ask("POST", PATH, listed("A", listFolderId=int(folder)))
    root = ask("GET", f"{PATH}/folders").body["folder"]
    assert [(child["name"], child["childLists"]) for child in root["childNodes"]] == [("icp_sync", [])]
    assert ask("GET", f"{PATH}/folders?folderId={folder}").body["folder"]["childLists"] == [1]
    ask("PUT", f"{PATH}/folders/move-list", {"listId": "1", "newFolderId": "0"})
    assert ask("GET", f"{PATH}/folders").body["folder"]["childLists"] == [1]


def test_a_portal_may_have_no_folders(opened: Open) -> None:
    _, ask = opened(list_folders=False)
    assert ask("GET", f"{PATH}/folders").status == 404
    assert ask("POST", f"{PATH}/folders", {"name": "icp_sync"}).status == 404
    assert ask("POST", PATH, listed("A")).status == 200


@pytest.mark.parametrize("folder", ["1", True, [1]])
def test_the_folder_of_a_new_list_is_a_number(ask: Ask, folder: object) -> None:
    ask("POST", f"{PATH}/folders", {"name": "icp_sync"})
    assert ask("POST", PATH, listed("A", listFolderId=folder)).status == 400


def test_a_list_of_another_object_holds_no_company(ask: Ask) -> None:
    ask("POST", PATH, listed("Contacts") | {"objectTypeId": "0-1"})
    added = ask("PUT", f"{PATH}/1/memberships/add", ["101"]).body
    assert added["recordIdsMissing"] == ["101"]
