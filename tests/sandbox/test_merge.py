"""Merged companies: one id vanishes, the other inherits."""

from __future__ import annotations

from icp_sync.sandbox import SandboxPortal

from .conftest import Ask


def test_the_survivor_inherits_what_it_lacked_and_lists_the_vanished_id(portal: SandboxPortal) -> None:
    portal.edit_company(102, {"city": "Ulm"})
    portal.merge(101, 102)
    survivor = portal.company(101)
    assert (survivor["name"], survivor["city"], survivor["hs_merged_object_ids"]) == ("Acme", "Ulm", "102")


def test_the_vanished_id_is_neither_live_nor_archived(portal: SandboxPortal, ask: Ask) -> None:
    portal.merge(101, 102)
    listed = [ask("GET", "/crm/v3/objects/companies", archived=archived).body for archived in ("false", "true")]
    assert [[one["id"] for one in page["results"]] for page in listed] == [["101", "103"], []]
    assert ask("POST", "/crm/v3/objects/companies/batch/read", {"inputs": [{"id": "102"}]}).status == 207


def test_a_survivor_may_get_a_new_id_at_the_end_of_the_list(portal: SandboxPortal) -> None:
    survivor = portal.merge(101, 102, new_id=True)
    assert portal.companies_frame()["id"].to_list() == [103, survivor]
    assert portal.company(survivor)["hs_merged_object_ids"] == "102;101"


def test_reading_a_vanished_id_finds_its_survivor(portal: SandboxPortal, ask: Ask) -> None:
    portal.merge(101, 102)
    assert ask("GET", "/crm/v3/objects/companies/102").body["id"] == "101"


def test_merging_over_http_leaves_every_list(portal: SandboxPortal, ask: Ask) -> None:
    ask("POST", "/crm/v3/lists", {"name": "A", "objectTypeId": "0-2", "processingType": "MANUAL"})
    ask("PUT", "/crm/v3/lists/1/memberships/add", ["101", "102"])
    merged = ask("POST", "/crm/v3/objects/companies/merge", {"primaryObjectId": "101", "objectIdToMerge": "102"})
    assert (merged.status, portal.list_members("A")) == (200, [101])
