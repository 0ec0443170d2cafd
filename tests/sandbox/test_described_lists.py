"""What HubSpot's descriptions of the list calls say in words, and no other test has said yet."""

from __future__ import annotations

from typing import Any

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.lists.static_members import MOST_CLEARED
from tests.sandbox.conftest import Ask, Clock

LISTS = "/crm/v3/lists"
STATIC: dict[str, Any] = {"objectTypeId": "0-2", "processingType": "MANUAL"}
DAY = 86_400


def city_is_known() -> dict[str, Any]:
    operation = {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN", "includeObjectsWithNoValueSet": False}
    rule = {"filterType": "PROPERTY", "property": "city", "operation": operation}
    inner = {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [rule]}
    return {"filterBranchType": "OR", "filterBranchOperator": "OR", "filterBranches": [inner], "filters": []}


@pytest.fixture
def static(ask: Ask) -> str:
    return f"{LISTS}/{ask('POST', LISTS, {**STATIC, 'name': 'Tier One'}).body['list']['listId']}"


@pytest.fixture
def active(ask: Ask) -> str:
    body = {"name": "Known", "objectTypeId": "0-2", "processingType": "DYNAMIC", "filterBranch": city_is_known()}
    return f"{LISTS}/{ask('POST', LISTS, body).body['list']['listId']}"


@pytest.mark.usefixtures("static")
def test_a_list_is_found_by_its_name_in_any_case(ask: Ask) -> None:
    named = f"{LISTS}/object-type-id/0-2/name"
    assert ask("GET", f"{named}/tier%20ONE").body["list"]["name"] == "Tier One"
    assert ask("GET", f"{named}/tier").status == 404
    assert ask("GET", f"{LISTS}/object-type-id/0-1/name/tier%20one").status == 404
    assert ask("POST", LISTS, {**STATIC, "name": "TIER one"}).body["subCategory"] == "ILS.DUPLICATE_LIST_NAMES"


def test_a_list_may_be_renamed_to_its_own_name_in_another_case(ask: Ask, static: str) -> None:
    assert ask("PUT", f"{static}/update-list-name?listName=TIER%20ONE").body["updatedList"]["name"] == "TIER ONE"


def test_filters_are_told_to_who_asks_for_them(ask: Ask, active: str) -> None:
    def parts_of(query: str) -> list[bool]:
        portal_list = ask("GET", f"{active}{query}").body["list"]
        named = ask("GET", f"{LISTS}/object-type-id/0-2/name/Known{query}").body["list"]
        many = ask("GET", f"{LISTS}?listIds=1{query.replace('?', '&')}").body["lists"][0]
        renamed = ask("PUT", f"{active}/update-list-name?listName=Known{query.replace('?', '&')}").body["updatedList"]
        return ["filterBranch" in shown for shown in (portal_list, named, many, renamed)]

    assert parts_of("") == [False] * 4
    assert parts_of("?includeFilters=false") == [False] * 4
    assert parts_of("?includeFilters=true") == [True] * 4


@pytest.mark.usefixtures("static", "active")
def test_of_several_lists_those_that_are_there_are_told(ask: Ask) -> None:
    assert [one["listId"] for one in ask("GET", f"{LISTS}?listIds=2&listIds=9").body["lists"]] == ["2"]


@pytest.mark.parametrize(("days", "status"), [(0, 204), (90, 204), (91, 404)])
def test_a_deleted_list_can_be_restored_for_ninety_days(
    ask: Ask, clock: Clock, static: str, days: int, status: int
) -> None:
    ask("PUT", f"{static}/memberships/add", ["101"])
    ask("DELETE", static)
    clock.advance(days * DAY)
    assert ask("PUT", f"{static}/restore").status == status
    assert ask("GET", f"{static}/memberships").status == (200 if status == 204 else 404)


def test_a_list_that_was_not_deleted_is_not_restored(ask: Ask, static: str) -> None:
    assert ask("PUT", f"{static}/restore").status == 404


def test_clearing_takes_everybody_off_and_leaves_the_list(ask: Ask, static: str) -> None:
    ask("PUT", f"{static}/memberships/add", ["101", "102"])
    assert ask("DELETE", f"{static}/memberships").status == 204
    assert ask("GET", static).body["list"]["size"] == 0


def test_a_list_of_a_hundred_thousand_is_not_cleared_at_once(ask: Ask, portal: SandboxPortal, static: str) -> None:
    portal.lists.get("1", portal.now()).members.update(dict.fromkeys(range(MOST_CLEARED), 1))
    assert ask("DELETE", f"{static}/memberships").status == 400
    portal.lists.get("1", portal.now()).members.pop(0)
    assert ask("DELETE", f"{static}/memberships").status == 204


def test_those_who_are_there_or_nowhere_are_ignored(ask: Ask, static: str) -> None:
    ask("PUT", f"{static}/memberships/add", ["101"])
    added = ask("PUT", f"{static}/memberships/add", ["101", "102", "999"]).body
    assert (added["recordsIdsAdded"], added["recordIdsMissing"]) == (["102"], ["999"])
    removed = ask("PUT", f"{static}/memberships/remove", ["101", "103", "999"]).body
    assert (removed["recordIdsRemoved"], removed["recordIdsMissing"]) == (["101"], ["999"])
    assert [one["recordId"] for one in ask("GET", f"{static}/memberships").body["results"]] == ["102"]


def test_joining_order_goes_backwards_from_before_and_after_wins(ask: Ask, clock: Clock, static: str) -> None:
    for record in ("103", "101", "102"):
        ask("PUT", f"{static}/memberships/add", [record])
        clock.advance(1)

    def ids(query: str) -> list[str]:
        page = ask("GET", f"{static}/memberships/join-order?{query}").body
        return [one["recordId"] for one in page["results"]]

    assert ids("") == ["103", "101", "102"]
    assert ids("before=102") == ["101", "103"]
    assert ids("before=102&limit=1") == ["101"]
    assert ids("before=102&after=103") == ["101", "102"]


def test_a_record_knows_when_it_joined_first_and_last(ask: Ask, clock: Clock, static: str) -> None:
    ask("PUT", f"{static}/memberships/add", ["101"])
    clock.advance(60)
    ask("PUT", f"{static}/memberships/remove", ["101"])
    ask("PUT", f"{static}/memberships/add", ["101"])
    (membership,) = ask("GET", f"{LISTS}/records/0-2/101/memberships").body["results"]
    assert membership["firstAddedTimestamp"] < membership["lastAddedTimestamp"]


def test_other_filters_find_other_members(ask: Ask, portal: SandboxPortal, active: str) -> None:
    portal.edit_companies({101: {"city": "Ulm"}, 102: {"zip": "1"}})
    assert portal.list_members("Known") == [101]
    branch = city_is_known()
    branch["filterBranches"][0]["filters"][0]["property"] = "zip"
    assert ask("PUT", f"{active}/update-list-filters", {"filterBranch": branch}).status == 200
    assert portal.list_members("Known") == [102]


def test_filters_belong_to_active_lists(ask: Ask, static: str) -> None:
    refused = ask("PUT", f"{static}/update-list-filters", {"filterBranch": city_is_known()})
    assert (refused.status, refused.body["subCategory"]) == (400, "ILS.INVALID_LIST_TYPE")


def test_a_search_finds_twenty_by_default_all_without_words_and_its_offset_goes_on(ask: Ask) -> None:
    for number in range(25):
        ask("POST", LISTS, {**STATIC, "name": f"Number {number}"})
    first = ask("POST", f"{LISTS}/search", {"query": ""}).body
    assert (len(first["lists"]), first["offset"], first["hasMore"], first["total"]) == (20, 20, True, 25)
    last = ask("POST", f"{LISTS}/search", {"offset": first["offset"]}).body
    assert (len(last["lists"]), last["hasMore"]) == (5, False)
    assert ask("POST", f"{LISTS}/search", {"count": 501}).status == 400
    assert ask("POST", f"{LISTS}/search", {"query": "nUMBER 24"}).body["total"] == 1


@pytest.mark.usefixtures("static", "active")
def test_a_search_may_be_for_some_ids_or_kinds(ask: Ask) -> None:
    def names(**query: Any) -> list[str]:
        return [one["name"] for one in ask("POST", f"{LISTS}/search", query).body["lists"]]

    assert names(listIds=["2", "9"]) == ["Known"]
    assert names(processingTypes=["MANUAL"]) == ["Tier One"]
    assert names(processingTypes=["MANUAL"], listIds=["2"]) == []
    assert names(objectTypeId="0-1") == []


def test_a_hit_tells_its_folder_and_nothing_that_is_empty_or_unknown(ask: Ask) -> None:
    folder = ask("POST", f"{LISTS}/folders", {"name": "icp_sync"}).body["folder"]["id"]
    ask("POST", LISTS, {**STATIC, "name": "In", "listFolderId": int(folder)})
    ask("POST", LISTS, {**STATIC, "name": "Out"})
    query = {"additionalProperties": ["hs_nothing", "hs_list_size"]}
    listed = [one["additionalProperties"] for one in ask("POST", f"{LISTS}/search", query).body["lists"]]
    assert [one.get("hs_folder_name", "untold") for one in listed] == ["icp_sync", "untold"]
    assert all("hs_nothing" not in one and "hs_last_record_added_at" not in one for one in listed)


def test_a_list_or_folder_without_a_place_lies_in_the_root(ask: Ask) -> None:
    ask("POST", f"{LISTS}/folders", {"name": "outer"})
    ask("POST", f"{LISTS}/folders", {"name": "inner", "parentFolderId": "1"})
    ask("POST", LISTS, {**STATIC, "name": "A"})
    root = ask("GET", f"{LISTS}/folders").body["folder"]
    assert (root["id"], root["childLists"]) == ("0", [1])
    (outer,) = root["childNodes"]
    assert (outer["parentFolderId"], outer["childNodes"][0]["parentFolderId"]) == ("0", "1")


def test_a_folder_is_renamed_and_deleted_by_its_id(ask: Ask) -> None:
    folder = ask("POST", f"{LISTS}/folders", {"name": "old"}).body["folder"]["id"]
    renamed = ask("PUT", f"{LISTS}/folders/{folder}/rename?newFolderName=new").body["folder"]
    assert (renamed["id"], renamed["name"]) == (folder, "new")
    assert ask("DELETE", f"{LISTS}/folders/{folder}").status == 204
    assert ask("GET", f"{LISTS}/folders?folderId={folder}").status == 404


def test_a_folder_tells_when_its_contents_changed(ask: Ask, clock: Clock, static: str) -> None:
    folder = ask("POST", f"{LISTS}/folders", {"name": "icp_sync"}).body["folder"]
    clock.advance(60)
    moved = {"listId": static.rpartition("/")[2], "newFolderId": folder["id"]}
    assert ask("PUT", f"{LISTS}/folders/move-list", moved).status == 204
    folder_read = ask("GET", f"{LISTS}/folders?folderId={folder['id']}").body["folder"]
    assert folder_read["childLists"] == [1]
    assert folder_read["updatedContentsAt"] > folder["updatedContentsAt"]
    assert folder_read["updatedAt"] == folder["updatedAt"]
