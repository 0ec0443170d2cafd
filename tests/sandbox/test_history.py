"""The history of properties: who wrote which value when."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.sandbox import EVERY_SCOPE, SandboxPortal
from icp_sync.sandbox.store.history_sources import FIRST_APP, FIRST_USER, person_source

from .conftest import Answer, Ask, Clock, Open

COMPANIES = "/crm/v3/objects/companies"
START = "2026-09-21T14:13:20Z"
"""Where the clock stands at first."""
APP = {"sourceType": "INTEGRATION", "sourceId": str(FIRST_APP)}
LOADED = {"sourceType": "IMPORT", "sourceId": "1"}
USER = {"sourceType": "CRM_UI", "sourceId": f"userId:{FIRST_USER}", "updatedByUserId": FIRST_USER}


def read(ask: Ask, *ids: object, history: tuple[str, ...] = ("city",), version: str = "/crm/v3/objects") -> Answer:
    inputs = [{"id": str(one)} for one in ids]
    body = {"inputs": inputs, "properties": ["name"], "propertiesWithHistory": list(history)}
    return ask("POST", f"{version}/companies/batch/read", body)


def history(ask: Ask, company: object = 101, name: str = "city") -> list[dict[str, Any]]:
    (record,) = read(ask, company, history=(name,)).body["results"]
    entries: list[dict[str, Any]] = record["propertiesWithHistory"][name]
    return entries


def values(ask: Ask, company: object = 101, name: str = "city") -> list[tuple[str, str]]:
    return [(entry["value"], entry["sourceType"]) for entry in history(ask, company, name)]


def test_every_value_comes_with_its_time_and_source_newest_first(ask: Ask, clock: Clock, portal: SandboxPortal) -> None:
    portal.edit_company(101, {"city": "Ulm"})
    clock.advance(60.5)
    ask("PATCH", f"{COMPANIES}/101", {"properties": {"city": "Bonn"}})
    clock.advance(1)
    ask("PATCH", f"{COMPANIES}/101", {"properties": {"city": ""}})
    assert history(ask) == [
        {"value": "", "timestamp": "2026-09-21T14:14:21.500Z", **APP},
        {"value": "Bonn", "timestamp": "2026-09-21T14:14:20.500Z", **APP},
        {"value": "Ulm", "timestamp": START, **USER},
    ]


@pytest.mark.parametrize("version", ["/crm/v3/objects", "/crm/objects/2026-03", "/crm/objects/2026-09"])
def test_a_page_a_record_and_a_batch_answer_alike(ask: Ask, portal: SandboxPortal, version: str) -> None:
    portal.edit_company(101, {"city": "Ulm"})
    asked = {"properties": "name", "propertiesWithHistory": "city,name"}
    records = [
        ask("GET", f"{version}/companies", limit=1, **asked).body["results"][0],
        ask("GET", f"{version}/companies/101", **asked).body,
        read(ask, 101, history=("city", "name"), version=version).body["results"][0],
    ]
    assert records[0]["propertiesWithHistory"] == {
        "city": [{"value": "Ulm", "timestamp": START, **USER}],
        "name": [{"value": "Acme", "timestamp": START, **LOADED}],
    }
    assert records[1:] == records[:1] * 2


def test_nothing_of_it_is_told_unasked(ask: Ask) -> None:
    assert "propertiesWithHistory" not in ask("GET", f"{COMPANIES}/101").body


@pytest.mark.parametrize(("count", "status"), [(50, 200), (51, 400)])
def test_more_than_fifty_companies_with_history_are_refused(
    ask: Ask, portal: SandboxPortal, count: int, status: int
) -> None:
    portal.add_companies(pl.DataFrame({"id": range(1, 61), "name": ["x"] * 60}))
    page = ask("GET", COMPANIES, limit=count, propertiesWithHistory="city")
    batch = read(ask, *range(1, count + 1))
    assert (page.status, batch.status) == (status, status)
    assert ask("GET", COMPANIES, limit=count).status == 200
    if status == 400:
        message = "You can only request at most 50 objects in one request for properties with history."
        assert {page.body["message"], batch.body["message"]} == {message}


def test_a_property_nobody_has_is_ignored_and_an_empty_one_has_no_history(ask: Ask) -> None:
    record = ask("GET", f"{COMPANIES}/101", propertiesWithHistory="citty,city").body
    assert record["propertiesWithHistory"] == {"city": []}


def test_a_write_of_the_same_value_is_no_entry(ask: Ask, portal: SandboxPortal) -> None:
    portal.edit_company(101, {"city": "Ulm"})
    ask("PATCH", f"{COMPANIES}/101", {"properties": {"city": "Ulm", "zip": "1"}})
    assert values(ask) == [("Ulm", "CRM_UI")]


def test_what_was_loaded_stays_the_oldest_entry(ask: Ask, portal: SandboxPortal) -> None:
    portal.edit_company(101, {"name": "Apex"})
    assert values(ask, name="name") == [("Apex", "CRM_UI"), ("Acme", "IMPORT")]


def test_a_company_made_by_an_app_has_its_first_values_from_it(ask: Ask) -> None:
    made = ask("POST", COMPANIES, {"properties": {"city": "Ulm"}}).body["id"]
    assert values(ask, made) == [("Ulm", "INTEGRATION")]


def test_each_token_writes_as_an_app_of_its_own(opened: Open) -> None:
    portal, ask = opened(tokens={"other": EVERY_SCOPE})
    portal.add_companies(pl.DataFrame({"id": [101], "name": ["Acme"]}))
    ask("PATCH", f"{COMPANIES}/101", {"properties": {"city": "Ulm"}}, token="other")
    app = ask("POST", "/oauth/v2/private-apps/get/access-token-info", {"tokenKey": "other"}).body["appId"]
    assert history(ask)[0]["sourceId"] == str(app) == str(FIRST_APP + 1)


@pytest.mark.parametrize(
    ("source", "kind", "user"),
    [
        ("person", "CRM_UI", FIRST_USER),
        ({"user": 12}, "CRM_UI", 12),
        ("workflow", "AUTOMATION_PLATFORM", FIRST_USER),
        ("import", "IMPORT", FIRST_USER),
        ("integration", "INTEGRATION", None),
        ("enrichment", "DATA_ENRICHMENT", None),
        ({"type": "BREEZE_AGENT", "id": "7", "label": "Agent"}, "BREEZE_AGENT", None),
    ],
)
def test_an_edit_from_afar_is_made_by_whom_it_names(ask: Ask, source: object, kind: str, user: int | None) -> None:
    ask("POST", "/sandbox/companies/edit", {"id": 101, "properties": {"city": "Ulm"}, "source": source})
    entry = history(ask)[0]
    assert (entry["value"], entry["sourceType"], entry.get("updatedByUserId")) == ("Ulm", kind, user)
    made = ask("POST", "/sandbox/companies/create", {"companies": [{"city": "Ulm"}], "source": source}).body["ids"]
    assert values(ask, *made) == [("Ulm", kind)]


@pytest.mark.parametrize("source", ["nobody", {"id": "7"}, {"type": "X", "who": 1}])
def test_an_edit_by_a_source_that_is_none_is_refused(ask: Ask, source: object) -> None:
    edit = {"id": 101, "properties": {"city": "Ulm"}, "source": source}
    assert ask("POST", "/sandbox/companies/edit", edit).status == 400
    assert values(ask) == []


def test_a_survivor_gets_what_it_lacked_from_the_merge(ask: Ask, portal: SandboxPortal) -> None:
    portal.edit_company(102, {"city": "Ulm"})
    portal.merge(101, 102)
    assert values(ask) == [("Ulm", "MERGE_COMPANIES")]
    assert values(ask, name="name") == [("Acme", "IMPORT")]


def test_a_survivor_under_a_new_id_goes_on_with_the_history(ask: Ask, portal: SandboxPortal) -> None:
    portal.edit_company(101, {"city": "Bonn"}, person_source(12))
    portal.edit_company(101, {"city": "Ulm"})
    survivor = portal.merge(101, 102, new_id=True)
    assert values(ask, survivor) == [("Ulm", "MERGE_COMPANIES"), ("Ulm", "CRM_UI"), ("Bonn", "CRM_UI")]


def test_a_restored_company_has_each_of_its_values_from_the_restore(
    ask: Ask, clock: Clock, portal: SandboxPortal
) -> None:
    portal.edit_company(101, {"city": "Ulm"})
    clock.advance(1)
    portal.archive(101)
    portal.restore(101)
    portal.edit_company(101, {"zip": "1"})
    assert values(ask) == [("Ulm", "RESTORE_OBJECTS"), ("Ulm", "CRM_UI")]
    assert values(ask, name="zip") == [("1", "CRM_UI")]


def test_history_follows_a_company_that_others_are_loaded_before(ask: Ask, portal: SandboxPortal) -> None:
    portal.edit_company(101, {"city": "Ulm"})
    portal.add_companies(pl.DataFrame({"id": [1, 2], "name": ["a", "b"]}))
    assert (values(ask), values(ask, 1)) == ([("Ulm", "CRM_UI")], [])


def test_sensitive_properties_are_left_out_without_their_scope(ask: Ask, portal: SandboxPortal) -> None:
    portal.add_property("blood", sensitivity="sensitive")
    record = ask("GET", f"{COMPANIES}/101", propertiesWithHistory="blood,city").body
    assert record["propertiesWithHistory"] == {"city": []}
