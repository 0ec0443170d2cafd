"""The official client's own models read every endpoint the portal serves."""

from __future__ import annotations

from typing import Any

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.http.routes import OPERATIONS

TIER = {
    "name": "icp_tier",
    "label": "ICP tier",
    "type": "enumeration",
    "fieldType": "select",
    "groupName": "companyinformation",
    "options": [{"label": "Tier 1", "value": "tier_1", "hidden": False, "displayOrder": 0}],
}
KEY = {"name": "erp_id", "label": "ERP id", "type": "string", "fieldType": "text", "hasUniqueValue": True}
BRANCH = {
    "filterBranchType": "OR",
    "filterBranchOperator": "OR",
    "filters": [],
    "filterBranches": [
        {
            "filterBranchType": "AND",
            "filterBranchOperator": "AND",
            "filterBranches": [],
            "filters": [
                {
                    "filterType": "PROPERTY",
                    "property": "name",
                    "operation": {"operationType": "MULTISTRING", "operator": "CONTAINS", "values": ["c"]},
                }
            ],
        }
    ],
}
WITHOUT_A_MODEL = {
    "GET /account-info/details",
    "GET /account-info/api-usage/daily/private-apps",
    "POST /oauth/v2/private-apps/get/access-token-info",
}


def companies(client: Any) -> None:
    basic, batch = client.crm.companies.basic_api, client.crm.companies.batch_api
    page = basic.get_page(limit=2, properties=["name"])
    assert [one.properties["name"] for one in page.results] == ["Acme", "Bolt"]
    assert page.paging.next.after == "102"
    assert basic.get_by_id("101").updated_at.tzinfo is not None
    made = basic.create({"properties": {"name": "Dune"}})
    assert basic.update(made.id, {"properties": {"city": "Ulm"}}).properties["city"] == "Ulm"
    both = [{"id": "101"}, {"id": "999"}]
    read = batch.read({"inputs": both, "properties": ["name"], "propertiesWithHistory": []})
    assert (len(read.results), read.num_errors, read.errors[0].context["ids"]) == (1, 1, ["999"])
    inputs = [{"id": "101", "properties": {"city": "Köln"}, "objectWriteTraceId": "a"}]
    assert batch.update({"inputs": inputs}).results[0].properties["city"] == "Köln"
    core = client.crm.properties.core_api
    core.create("companies", {**KEY, "groupName": "companyinformation"})
    keyed = {"inputs": [{"id": "a-1", "idProperty": "erp_id", "properties": {"name": "Keyed"}}]}
    assert [batch.upsert(keyed).results[0].new for _ in range(2)] == [True, False]
    extra = batch.create({"inputs": [{"properties": {"name": "Echo"}}]}).results[0]
    assert client.crm.companies.search_api.do_search({"query": "acme"}).results[0].id == "101"
    survivor = basic.merge({"primaryObjectId": made.id, "objectIdToMerge": extra.id})
    assert survivor.properties["hs_object_id"] == made.id
    basic.archive("103")
    batch.archive({"inputs": [{"id": made.id}]})
    assert [one.archived_at is None for one in basic.get_page(archived=True).results] == [False, False]


def properties(client: Any) -> None:
    core, batch = client.crm.properties.core_api, client.crm.properties.batch_api
    groups = client.crm.properties.groups_api
    made = core.create("companies", TIER)
    assert (made.type, made.options[0].value, made.hubspot_defined) == ("enumeration", "tier_1", None)
    assert core.update("companies", "icp_tier", {"label": "Tier"}).label == "Tier"
    assert core.get_by_name("companies", "industry").modification_metadata.read_only_definition
    assert {"name", "icp_tier"} <= {one.name for one in core.get_all("companies").results}
    named = [{"name": "icp_tier"}, {"name": "nothing"}]
    assert batch.read("companies", {"archived": False, "inputs": named}).num_errors == 1
    assert batch.create("companies", {"inputs": [{**TIER, "name": "icp_two"}]}).results[0].name == "icp_two"
    batch.archive("companies", {"inputs": [{"name": "icp_two"}]})
    core.archive("companies", "icp_tier")
    groups.create("companies", {"name": "icp_sync", "label": "ICP"})
    assert groups.update("companies", "icp_sync", {"label": "ICP Sync"}).label == "ICP Sync"
    assert groups.get_by_name("companies", "icp_sync").display_order == -1
    assert "icp_sync" in [one.name for one in groups.get_all("companies").results]
    groups.archive("companies", "icp_sync")


def lists(client: Any) -> None:
    api, folders = client.crm.lists.lists_api, client.crm.lists.folders_api
    folder = folders.create({"name": "icp_sync"}).folder
    fields = {"objectTypeId": "0-2", "processingType": "MANUAL"}
    made = api.create({"name": "ICP / Tier 1", "listFolderId": folder.id, **fields}).list
    active = api.create({"name": "C", **fields, "processingType": "DYNAMIC", "filterBranch": BRANCH}).list
    assert active.size == 2
    assert api.get_by_id(active.list_id, include_filters=True).list.filter_branch is not None
    assert api.get_by_name("ICP / Tier 1", "0-2").list.list_id == made.list_id
    assert len(api.get_all(list_ids=[made.list_id, active.list_id]).lists) == 2
    answer = api.do_search({"query": "tier", "count": 5, "additionalProperties": ["hs_list_size"]})
    assert (answer.total, answer.lists[0].additional_properties["hs_list_size"]) == (1, "0")
    assert api.update_name(made.list_id, list_name="ICP").updated_list.name == "ICP"
    assert api.update_list_filters(active.list_id, {"filterBranch": BRANCH}).updated_list.list_version == 2
    assert folders.get_all(folder_id=folder.id).folder.child_lists == [int(made.list_id)]
    folders.move_list({"listId": made.list_id, "newFolderId": "0"})
    assert folders.rename(folder.id, new_folder_name="Fit").folder.name == "Fit"
    folders.remove(folder.id)
    api.remove(active.list_id)
    api.restore(active.list_id)


def memberships(client: Any) -> None:
    api = client.crm.lists.memberships_api
    assert api.add("1", ["101", "102", "7"]).record_ids_missing == ["7"]
    assert api.remove("1", ["102"]).record_ids_removed == ["102"]
    change = {"recordIdsToAdd": ["102"], "recordIdsToRemove": ["101"]}
    assert api.add_and_remove("1", change).records_ids_added == ["102"]
    assert [one.record_id for one in api.get_page("1").results] == ["102"]
    assert api.get_page_ordered_by_added_to_list_date("1").results[0].membership_timestamp is not None
    assert {one.list_id for one in api.get_lists("0-2", "102").results} == {"1"}
    inputs = {"inputs": [{"recordId": "102", "objectTypeId": "0-2"}]}
    of_both = client.crm.lists.memberships_api.api_client.call_api(
        "/crm/v3/lists/records/memberships/batch/read", "POST", body=inputs, auth_settings=["oauth2"],
        header_params={"Content-Type": "application/json"}, _preload_content=False,
    )  # fmt: skip
    assert of_both.status == 200
    api.remove_all("1")


def owners(client: Any) -> None:
    page = client.crm.owners.owners_api.get_page(limit=2)
    assert client.crm.owners.owners_api.get_by_id(int(page.results[0].id)).email.endswith("@example.com")


def deals_and_contacts(client: Any, portal: SandboxPortal) -> None:
    ids = {name: portal.create_record(name, {}, [101]) for name in ("deals", "contacts")}
    for name, record_id in ids.items():
        family = getattr(client.crm, name)
        assert family.basic_api.get_page(associations=["companies"]).results[0].associations["companies"].results
        assert family.basic_api.get_by_id(str(record_id)).id == str(record_id)
        assert family.search_api.do_search({"limit": 5}).total == 1
        read = {"inputs": [{"id": str(record_id)}], "properties": [], "propertiesWithHistory": ["createdate"]}
        assert family.batch_api.read(read).results[0].properties_with_history is not None
        core, groups = client.crm.properties.core_api, client.crm.properties.groups_api
        assert core.get_by_name(name, "createdate").type == "datetime"
        assert len(core.get_all(name).results) > 10
        assert client.crm.properties.batch_api.read(
            name, {"archived": False, "inputs": [{"name": "createdate"}]}
        ).results
        assert groups.get_by_name(name, groups.get_all(name).results[0].name).label
    links = client.crm.associations.v4.batch_api.get_page("deals", "companies", {"inputs": [{"id": str(ids["deals"])}]})
    assert [one.type_id for one in links.results[0].to[0].association_types] == [5, 341]


def test_the_official_models_read_every_endpoint(client: Any, portal: SandboxPortal) -> None:
    lists(client)
    memberships(client)
    companies(client)
    properties(client)
    owners(client)
    deals_and_contacts(client, portal)
    served = {operation.route.replace(":path}", "}") for operation in OPERATIONS} - WITHOUT_A_MODEL
    assert served <= set(portal.calls.by_route)
    assert set(portal.calls.statuses) == {200, 201, 204, 207}


def test_the_client_reaches_account_calls_it_has_no_model_for(client: Any, portal: SandboxPortal) -> None:
    api = client.crm.companies.basic_api.api_client
    for route in sorted(WITHOUT_A_MODEL):
        method, path = route.replace("/account-info", "/account-info/v3").split(" ")
        body = {"tokenKey": portal.token} if method == "POST" else None
        raw = api.call_api(path, method, body=body, auth_settings=["oauth2"], _preload_content=False)
        assert raw.status == 200
