"""Lists and their folder: found, made, refiltered, and their members changed by difference."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync import errors
from icp_sync.portal import lists
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import FOLDERS
from icp_sync.portal.lists import MemberChangeResult
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from icp_sync.sandbox.lists.lists import CrmLists
from tests.portal.conftest import BOTH_VERSIONS, to
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

NAME = "ICP Tier 1: DACH/Nordics & Österreich"


def in_country(code: str) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationType": "MULTISTRING", "operator": "IS_EQUAL_TO", "values": [code]}
    operation |= {"includeObjectsWithNoValueSet": False}
    leaf = {"filterType": "PROPERTY", "property": "country", "operation": operation}
    branch = {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [leaf]}
    return {"filterBranchType": "OR", "filterBranchOperator": "OR", "filterBranches": [branch], "filters": []}


# Folders


@BOTH_VERSIONS
def test_a_folder_made_is_found_by_its_name_with_the_lists_in_it(connection: Connection) -> None:
    assert lists.find_folder_ids(connection, "icp_sync") == ()
    made = lists.create_folder(connection, "icp_sync")
    inside = lists.create_list(connection, NAME, "static", made)
    lists.create_list(connection, "Elsewhere", "static")
    assert lists.find_folder_ids(connection, "icp_sync") == (made,)
    assert lists.lists_in_folder(connection, made) == {inside.id}


def test_a_folder_is_found_however_deep_it_lies(connection: Connection, portal: SandboxPortal) -> None:
    assert portal.folders is not None
    above = portal.folders.create({"name": "above"}, 0)
    below = portal.folders.create({"name": "icp_sync", "parentFolderId": above.id}, 0)
    assert lists.find_folder_ids(connection, "icp_sync") == (str(below.id),)


def test_a_renamed_folder_is_found_by_its_id_before_another_of_the_old_name(
    connection: Connection, portal: SandboxPortal
) -> None:
    assert portal.folders is not None
    ours, other = (portal.folders.create({"name": name}, 0) for name in ("Renamed by marketing", "icp_sync"))
    assert lists.find_folder_ids(connection, "icp_sync", {str(ours.id)}) == (str(ours.id), str(other.id))


def test_a_folder_in_the_tree_tells_none_of_its_lists(connection: Connection) -> None:
    made = lists.create_folder(connection, "icp_sync")
    lists.create_list(connection, NAME, "static", made)
    root = connection.call(FOLDERS)["folder"]
    assert [node["childLists"] for node in root["childNodes"]] == [[]]


def test_a_deleted_folder_holds_no_lists(connection: Connection) -> None:
    assert lists.lists_in_folder(connection, "4711") == frozenset()


def test_a_portal_without_folders_has_none(clock: InstantClock) -> None:
    portal = SandboxPortal(list_folders=False, clock=clock.now)
    with serve_in_thread(portal) as address, to(address.url, clock, address.token) as connection:
        assert lists.find_folder_ids(connection, "icp_sync") == ()
        with pytest.raises(errors.ObjectNotFound):
            lists.create_folder(connection, "icp_sync")


# Finding and making


@BOTH_VERSIONS
def test_a_static_list_made_is_found_by_id_and_by_name(connection: Connection) -> None:
    made = lists.create_list(connection, NAME, "static")
    assert (made.name, made.object_type, made.processing_type, made.size) == (NAME, "0-2", "MANUAL", 0)
    assert made.created_at
    assert lists.get_list(connection, made.id) == made == lists.find_by_name(connection, NAME)[0]


@BOTH_VERSIONS
def test_an_active_list_is_made_with_its_filters_and_given_others(
    connection: Connection, portal: SandboxPortal
) -> None:
    made = lists.create_list(connection, NAME, "active", filters=in_country("DE"))
    lists.update_filters(connection, made.id, in_country("FR"))
    read_again = lists.get_list(connection, made.id, filters=True)
    assert read_again is not None
    assert (read_again.processing_type, read_again.filters) == ("DYNAMIC", in_country("FR"))
    assert portal.list_members(made.id) == [3]


def test_filters_are_told_only_when_asked_for(connection: Connection) -> None:
    made = lists.create_list(connection, NAME, "active", filters=in_country("DE"))
    read_again = lists.get_list(connection, made.id)
    assert read_again is not None
    assert read_again.filters is None


def test_a_list_that_is_not_there_is_none(connection: Connection) -> None:
    assert lists.get_list(connection, "77") is None
    assert lists.find_by_name(connection, NAME) == ()


def test_a_deleted_list_that_hubspot_still_shows_is_none(
    connection: Connection, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = lists.create_list(connection, NAME, "static")
    portal.lists.delete(made.id, portal.now())
    monkeypatch.setattr(CrmLists, "get", lambda all_lists, list_id, _: all_lists._lists[int(list_id)])
    assert lists.get_list(connection, made.id) is None


def test_only_the_exact_name_is_found_among_many_like_it(connection: Connection, portal: SandboxPortal) -> None:
    for name in [*(f"{NAME} {number}" for number in range(600)), NAME]:
        body = {"name": name, "processingType": "MANUAL", "objectTypeId": "0-2"}
        portal.lists.create(body, portal.now())
    assert [one.name for one in lists.find_by_name(connection, NAME)] == [NAME]
    assert connection.calls.total == 2


def test_a_list_of_contacts_is_found_by_name_too(connection: Connection, portal: SandboxPortal) -> None:
    portal.lists.create({"name": NAME, "processingType": "MANUAL", "objectTypeId": "0-1"}, portal.now())
    assert [one.object_type for one in lists.find_by_name(connection, NAME)] == ["0-1"]


def test_a_name_that_is_taken_is_refused_as_such(connection: Connection) -> None:
    lists.create_list(connection, NAME, "static")
    with pytest.raises(errors.RequestRejected) as caught:
        lists.create_list(connection, NAME, "static")
    assert caught.value.sub_category == "ILS.DUPLICATE_LIST_NAMES"


def test_a_creation_whose_answer_got_lost_finds_its_name_taken(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("drop_after", times=1)
    with pytest.raises(errors.RequestRejected) as caught:
        lists.create_list(connection, NAME, "static")
    assert caught.value.sub_category == "ILS.DUPLICATE_LIST_NAMES"
    assert len(lists.find_by_name(connection, NAME)) == 1


# Members


@pytest.fixture
def thousand(portal: SandboxPortal) -> list[int]:
    ids = list(range(1001, 2001))
    portal.add_companies(pl.DataFrame({"id": ids}))
    return ids


@BOTH_VERSIONS
def test_members_are_changed_by_difference(connection: Connection, portal: SandboxPortal) -> None:
    made = lists.create_list(connection, NAME, "static")
    assert lists.change_members(connection, made.id, [1, 2], []) == MemberChangeResult(2, 0, ())
    assert lists.change_members(connection, made.id, [3], [1]) == MemberChangeResult(1, 1, ())
    assert lists.read_members(connection, made.id) == portal.list_members(made.id) == [2, 3]


def test_companies_that_are_gone_are_told_and_not_counted(connection: Connection) -> None:
    made = lists.create_list(connection, NAME, "static")
    assert lists.change_members(connection, made.id, [1, 99], [98]) == MemberChangeResult(1, 0, (98, 99))


def test_members_are_read_250_a_page(connection: Connection, thousand: list[int]) -> None:
    made = lists.create_list(connection, NAME, "static")
    lists.change_members(connection, made.id, thousand, [])
    assert lists.read_members(connection, made.id) == thousand
    assert connection.calls.by_route["GET /crm/lists/{listId}/memberships"] == 4


@pytest.mark.parametrize(("add", "remove", "calls"), [(1000, 0, 4), (300, 1000, 4), (1, 1, 1), (0, 0, 0)])
def test_a_large_change_goes_in_as_few_calls_as_its_size_allows(
    connection: Connection, thousand: list[int], monkeypatch: pytest.MonkeyPatch, add: int, remove: int, calls: int
) -> None:
    monkeypatch.setattr(lists, "MEMBERS_PER_CALL", 250)
    made = lists.create_list(connection, NAME, "static")
    lists.change_members(connection, made.id, thousand[:add], thousand[:remove])
    assert connection.calls.by_route.get("PUT /crm/lists/{listId}/memberships/add-and-remove", 0) == calls


def test_a_change_whose_answer_got_lost_counts_once(connection: Connection, portal: SandboxPortal) -> None:
    made = lists.create_list(connection, NAME, "static")
    portal.faults.add("drop_after", times=1)
    assert lists.change_members(connection, made.id, [1, 2], []) == MemberChangeResult(2, 0, ())


@pytest.mark.parametrize("kind", ["empty_page", "short_page", "empty_2xx", "503"])
def test_a_bad_page_loses_no_member(
    connection: Connection, portal: SandboxPortal, thousand: list[int], kind: str
) -> None:
    made = lists.create_list(connection, NAME, "static")
    lists.change_members(connection, made.id, thousand, [])
    portal.faults.add(kind, times=2, route="GET /crm/lists/{listId}/memberships", after_calls=1)
    assert lists.read_members(connection, made.id) == thousand


def test_members_of_an_active_list_cannot_be_changed(connection: Connection) -> None:
    made = lists.create_list(connection, NAME, "active", filters=in_country("DE"))
    with pytest.raises(errors.RequestRejected, match="DYNAMIC"):
        lists.change_members(connection, made.id, [1], [])


def test_an_empty_list_that_says_so_is_asked_once(portal: SandboxPortal, connection: Connection) -> None:
    made = lists.create_list(connection, "Nobody", "static")
    assert lists.read_members(connection, made.id, made.size) == []
    assert portal.calls.by_route["GET /crm/lists/{listId}/memberships"] == 1


# Answers that would never end, or say nothing


def listed(list_id: int) -> dict[str, object]:
    return {"listId": str(list_id), "name": NAME, "additionalProperties": {"hs_list_size": "12.0"}}


def test_a_search_that_shows_the_same_lists_for_ever_is_a_failure(clock: InstantClock) -> None:
    same = Scripted(200, {"lists": [listed(1), listed(2)], "hasMore": True, "offset": 2, "total": 2})
    with answering(same) as (url, asked), to(url, clock) as connection:
        with pytest.raises(errors.PortalUnavailable, match="round in a circle"):
            lists.find_by_ids(connection, ["1"])
        assert len(asked) == 2


def test_a_size_that_is_no_whole_number_is_unknown(clock: InstantClock) -> None:
    answer = Scripted(200, {"lists": [listed(1)], "hasMore": False, "total": None})
    with answering(answer) as (url, _), to(url, clock) as connection:
        assert lists.find_by_ids(connection, ["1"])["1"].size is None
        with pytest.raises(errors.PortalUnavailable, match="how many lists"):
            lists.count_lists(connection, "static")
