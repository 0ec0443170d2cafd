"""Deals and contacts as HubSpot serves them: read like companies, linked with companies, with scopes of their own."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal

from .conftest import Ask, Open

DEALS = "/crm/v3/objects/deals"
LINKS = "/crm/v4/associations/deals/companies/batch/read"


@pytest.fixture
def deal(portal: SandboxPortal) -> int:
    """A won deal of Bolt, its primary company, and of Acme."""
    values = {"dealname": "Bolt 1", "amount": "1200", "hs_is_closed_won": "true"}
    return portal.create_record("deals", values, [102, 101])


@pytest.mark.parametrize("path", [DEALS, "/crm/objects/2026-03/deals", "/crm/v3/objects/0-3", "/crm/v3/objects/deal"])
def test_deals_are_listed_under_every_name_hubspot_takes(ask: Ask, deal: int, path: str) -> None:
    (record,) = ask("GET", path).body["results"]
    assert record["id"] == str(deal)
    shown = {"amount", "closedate", "createdate", "dealname", "dealstage", "hs_lastmodifieddate", "hs_object_id"}
    assert set(record["properties"]) == {*shown, "pipeline"}


def test_a_property_may_be_called_like_an_object(ask: Ask, portal: SandboxPortal) -> None:
    portal.add_property("company")
    assert ask("GET", "/crm/v3/properties/companies/company").body["name"] == "company"


@pytest.mark.usefixtures("deal")
def test_deals_are_searched_by_their_last_change(ask: Ask, portal: SandboxPortal) -> None:
    changed = {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": str(portal.now())}
    body = ask("POST", f"{DEALS}/search", {"filterGroups": [{"filters": [changed]}], "properties": ["amount"]}).body
    assert [record["properties"]["amount"] for record in body["results"]] == ["1200"]


def test_deals_are_read_a_batch_at_a_time_and_missing_ones_named(ask: Ask, deal: int) -> None:
    answer = ask("POST", f"{DEALS}/batch/read", {"inputs": [{"id": str(deal)}, {"id": "7"}], "properties": ["amount"]})
    assert answer.status == 207
    assert [record["id"] for record in answer.body["results"]] == [str(deal)]
    assert answer.body["errors"][0]["message"].startswith("Could not get some DEAL objects")


def test_the_history_of_a_deal_is_read_with_it(ask: Ask, portal: SandboxPortal, deal: int) -> None:
    portal.edit_record("deals", deal, {"amount": "900"})
    record = ask("GET", f"{DEALS}/{deal}", propertiesWithHistory="amount").body
    assert [version["value"] for version in record["propertiesWithHistory"]["amount"]] == ["900", "1200"]


@pytest.mark.usefixtures("deal")
def test_inline_associations_show_the_primary_company_twice(ask: Ask) -> None:
    (record,) = ask("GET", DEALS, associations="companies").body["results"]
    kinds = [(one["id"], one["type"]) for one in record["associations"]["companies"]["results"]]
    expected = [("102", "deal_to_company"), ("102", "deal_to_company_unlabeled"), ("101", "deal_to_company_unlabeled")]
    assert kinds == expected


def test_without_being_asked_for_associations_do_not_come(ask: Ask, deal: int) -> None:
    assert "associations" not in ask("GET", f"{DEALS}/{deal}").body


@pytest.mark.parametrize("path", [LINKS, "/crm/associations/2026-03/0-3/company/batch/read"])
def test_associations_come_with_their_types_and_unlinked_records_are_named(
    ask: Ask, portal: SandboxPortal, deal: int, path: str
) -> None:
    lonely = portal.create_record("deals", {"dealname": "nobody's"})
    answer = ask("POST", path, {"inputs": [{"id": str(deal)}, {"id": str(lonely)}]})
    assert answer.status == 207
    (row,) = answer.body["results"]
    types = {one["toObjectId"]: [kind["typeId"] for kind in one["associationTypes"]] for one in row["to"]}
    assert types == {"102": [5, 341], "101": [341]}
    assert answer.body["errors"][0]["context"] == {"fromObjectId": [str(lonely)]}


def test_a_company_with_many_contacts_is_paged_for_itself(ask: Ask, portal: SandboxPortal) -> None:
    people = pl.DataFrame({"email": [f"p{n}@example.com" for n in range(501)]})
    portal.add_records("contacts", people, [[101]] * 501)
    path = "/crm/v4/associations/companies/contacts/batch/read"
    (first,) = ask("POST", path, {"inputs": [{"id": "101"}]}).body["results"]
    (rest,) = ask("POST", path, {"inputs": [{"id": "101", "after": first["paging"]["next"]["after"]}]}).body["results"]
    assert (len(first["to"]), len(rest["to"])) == (500, 1)
    assert "paging" not in rest


def test_at_most_a_thousand_records_are_asked_for_at_once(ask: Ask) -> None:
    assert ask("POST", LINKS, {"inputs": [{"id": str(n)} for n in range(1_001)]}).status == 400


@pytest.mark.usefixtures("deal")
@pytest.mark.parametrize("new_id", [False, True])
def test_a_merge_moves_the_links(ask: Ask, portal: SandboxPortal, new_id: bool) -> None:
    survivor = portal.merge(103, 102, new_id=new_id)
    (record,) = ask("GET", DEALS, associations="companies").body["results"]
    assert record["associations"]["companies"]["results"][0] == {"id": str(survivor), "type": "deal_to_company"}


@pytest.mark.parametrize(("presence", "value"), [("filled", "102"), ("empty", None)])
def test_the_primary_company_stands_in_a_property_where_the_portal_has_it(
    opened: Open, presence: str, value: str | None
) -> None:
    portal, ask = opened(primary_company=presence)
    portal.add_companies(pl.DataFrame({"id": [102], "name": ["Bolt"]}))
    portal.add_records("deals", pl.DataFrame({"dealname": ["d"]}), [[102]])
    (record,) = ask("GET", DEALS, properties="hs_primary_associated_company").body["results"]
    assert record["properties"]["hs_primary_associated_company"] == value


def test_a_portal_may_lack_that_property(opened: Open) -> None:
    portal, ask = opened(primary_company="absent")
    portal.create_record("deals", {"dealname": "d"})
    (record,) = ask("GET", DEALS, properties="hs_primary_associated_company").body["results"]
    assert "hs_primary_associated_company" not in record["properties"]
    assert ask("GET", "/crm/v3/properties/deals/hs_primary_associated_company").status == 404


@pytest.mark.parametrize(("name", "label"), [("deals", "DEAL"), ("contacts", "CONTACT")])
def test_each_kind_is_listed_searched_and_read(ask: Ask, portal: SandboxPortal, name: str, label: str) -> None:
    path, record_id = f"/crm/v3/objects/{name}", portal.create_record(name, {}, [101])
    assert [one["id"] for one in ask("GET", path).body["results"]] == [str(record_id)]
    assert ask("POST", f"{path}/search", {}).body["total"] == 1
    assert ask("GET", f"{path}/{record_id}").body["id"] == str(record_id)
    answer = ask("POST", f"{path}/batch/read", {"inputs": [{"id": str(record_id)}, {"id": "7"}], "properties": []})
    assert answer.body["errors"][0]["message"].startswith(f"Could not get some {label} objects")


@pytest.mark.parametrize("name", ["deals", "contacts"])
def test_definitions_are_read_by_kind(ask: Ask, name: str) -> None:
    path = f"/crm/v3/properties/{name}"
    assert ask("GET", f"{path}/createdate").body["type"] == "datetime"
    both = {"archived": False, "inputs": [{"name": "createdate"}, {"name": "industry"}]}
    assert ask("POST", f"{path}/batch/read", both).body["numErrors"] == 1
    (group, *_) = ask("GET", f"{path}/groups").body["results"]
    assert ask("GET", f"{path}/groups/{group['name']}").body["label"] == group["label"]
    names = {one["name"] for one in ask("GET", f"/crm/v3/properties/{name}").body["results"]}
    assert ("dealname" in names, "email" in names) == (name == "deals", name == "contacts")


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", DEALS, "crm.objects.deals.read"),
        ("GET", "/crm/v3/objects/contacts", "crm.objects.contacts.read"),
        ("POST", LINKS, "crm.objects.deals.read"),
    ],
)
def test_each_kind_needs_its_own_scope(opened: Open, method: str, path: str, scope: str) -> None:
    token = "pat-companies-only"
    _, ask = opened(tokens={token: frozenset({"crm.objects.companies.read"})})
    body = {"inputs": [{"id": "1"}]} if method == "POST" else None
    answer = ask(method, path, body, token=token)
    assert answer.status == 403
    assert scope in str(answer.body)


def test_archived_deals_are_listed_apart(ask: Ask, portal: SandboxPortal, deal: int) -> None:
    portal.archive_record("deals", deal)
    assert ask("GET", DEALS).body["results"] == []
    assert [one["id"] for one in ask("GET", DEALS, archived="true").body["results"]] == [str(deal)]
