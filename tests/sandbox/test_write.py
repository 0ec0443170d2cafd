"""What a write keeps, what it refuses, and how it says so."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from icp_sync.sandbox import SandboxPortal

from .conftest import Answer, Ask, Clock

UPDATE = "/crm/v3/objects/companies/batch/update"


def update(ask: Ask, *, traced: bool = True, **properties: dict[str, Any]) -> Answer:
    inputs = [
        {"id": record[1:], "properties": values, **({"objectWriteTraceId": record} if traced else {})}
        for record, values in properties.items()
    ]
    return ask("POST", UPDATE, {"inputs": inputs})


def test_a_batch_update_answers_with_what_it_wrote(ask: Ask, portal: SandboxPortal) -> None:
    answer = update(ask, _101={"city": "Ulm"}, _102={"city": "Köln"})
    assert answer.status == 200
    assert [one["properties"]["city"] for one in answer.body["results"]] == ["Ulm", "Köln"]
    assert portal.company(102)["city"] == "Köln"


def test_one_batch_stamps_one_moment_on_all(ask: Ask, portal: SandboxPortal, clock: Clock) -> None:
    clock.advance(60.25)
    update(ask, _101={"city": "Ulm"}, _102={"city": "Ulm"})
    moments = portal.companies_frame("hs_lastmodifieddate")["hs_lastmodifieddate"].to_list()
    assert moments == ["2026-09-21T14:14:20.250Z", "2026-09-21T14:14:20.250Z", "2026-09-21T14:13:20Z"]


def test_the_answer_names_the_moment_that_search_shows(ask: Ask, clock: Clock) -> None:
    clock.advance(1.5)
    answered = {
        company["id"]: company["updatedAt"]
        for company in update(ask, _101={"city": "Ulm"}, _103={"city": "Bonn"}).body["results"]
    }
    window = {"propertyName": "hs_lastmodifieddate", "operator": "EQ", "value": str(round(clock.now * 1000))}
    hits = ask("POST", "/crm/v3/objects/companies/search", {"filterGroups": [{"filters": [window]}]}).body["results"]
    assert {one["id"]: one["properties"]["hs_lastmodifieddate"] for one in hits} == answered
    assert list(answered) == ["101", "103"]


def test_each_result_carries_its_own_trace_id_in_any_order_of_inputs(ask: Ask, portal: SandboxPortal) -> None:
    portal.create_company({"name": "Dune"})
    results = update(ask, _101={"city": "a"}, _103={"city": "c"}, _102={"city": "b"}, _104={"city": "d"}).body[
        "results"
    ]
    shown = [(one["id"], one["properties"]["city"], one["objectWriteTraceId"]) for one in results]
    assert shown == [("101", "a", "_101"), ("103", "c", "_103"), ("102", "b", "_102"), ("104", "d", "_104")]


@pytest.mark.parametrize("bumps", [True, False])
def test_a_write_of_what_is_there_may_move_the_moment_or_not(
    ask: Ask, portal: SandboxPortal, clock: Clock, *, bumps: bool
) -> None:
    portal.change_settings(unchanged_bumps=bumps)
    before = portal.company(101)["hs_lastmodifieddate"]
    clock.advance(60)
    results = update(ask, _101={"name": "Acme", "city": ""}, _102={"city": "Ulm"}).body["results"]
    assert [one["id"] for one in results] == ["101", "102"]
    assert (portal.company(101)["hs_lastmodifieddate"] != before) is bumps
    assert portal.company(102)["hs_lastmodifieddate"] != before


def test_with_trace_ids_the_good_records_land_and_the_bad_one_is_named(ask: Ask) -> None:
    answer = update(ask, _101={"city": "Ulm"}, _102={"industry": "Machinery"})
    assert answer.status == 207
    assert [one["id"] for one in answer.body["results"]] == ["101"]
    (error,) = answer.body["errors"]
    assert (error["category"], error["context"]) == ("VALIDATION_ERROR", {"objectWriteTraceId": ["_102"]})
    (problem,) = orjson.loads(error["message"].removeprefix("Property values were not valid: "))
    assert (problem["error"], problem["name"]) == ("INVALID_OPTION", "industry")


def test_without_trace_ids_one_bad_value_refuses_the_whole_batch(ask: Ask, portal: SandboxPortal) -> None:
    answer = update(ask, traced=False, _101={"city": "Ulm"}, _102={"industry": "Machinery"})
    assert (answer.status, answer.body["category"]) == (400, "VALIDATION_ERROR")
    assert "city" not in portal.company(101)


def test_a_missing_record_is_an_error_and_a_merged_away_one_is_silence(ask: Ask, portal: SandboxPortal) -> None:
    portal.merge(101, 102)
    answer = update(ask, _101={"city": "Ulm"}, _102={"city": "Ulm"}, _999={"city": "Ulm"})
    assert [one["id"] for one in answer.body["results"]] == ["101"]
    (error,) = answer.body["errors"]
    assert error["category"] == "OBJECT_NOT_FOUND"
    assert error["context"] == {"ids": ["999"], "objectWriteTraceId": ["_999"]}


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"numberofemployees": "1,200"}, "INVALID_LONG"),
        ({"numberofemployees": "many"}, "INVALID_LONG"),
        ({"industry": "machinery"}, "INVALID_OPTION"),
        ({"web_technologies": "jira;abacus"}, "INVALID_OPTION"),
        ({"is_public": "yes"}, "INVALID_OPTION"),
        ({"closedate": "yesterday"}, "INVALID_DATE"),
        ({"name": "x" * 65_537}, "PROPERTY_VALUE_TOO_LONG"),
        ({"hubspot_owner_id": "1"}, "INVALID_OWNER_ID"),
        ({"hs_object_id": "5"}, "READ_ONLY_VALUE"),
        ({"hs_num_open_deals": "5"}, "READ_ONLY_VALUE"),
        ({"icp_tier": "tier_1"}, "PROPERTY_DOESNT_EXIST"),
    ],
)
def test_a_value_of_another_type_is_refused(ask: Ask, properties: dict[str, str], code: str) -> None:
    answer = ask("PATCH", "/crm/v3/objects/companies/101", {"properties": properties})
    assert (answer.status, answer.body["errors"][0]["code"]) == (400, code)


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("numberofemployees", 800, "800"),
        ("annualrevenue", "1.5E7", "15000000"),
        ("annualrevenue", "80.0", "80"),
        ("annualrevenue", 80.5, "80.5"),
        ("annualrevenue", "0.50", "0.5"),
        ("annualrevenue", "-0.0", "0"),
        ("annualrevenue", "007", "7"),
        ("annualrevenue", "100", "100"),
        ("annualrevenue", "1e999", "1e999"),
        ("annualrevenue", "", None),
        ("is_public", "True", "true"),
        ("is_public", False, "false"),
        ("name", "80.0", "80.0"),
        ("name", 42, "42"),
        ("name", True, "true"),
        ("web_technologies", "jira;slack;jira", "jira;slack"),
        ("closedate", "1790000000000", "2026-09-21T14:13:20Z"),
        ("closedate", "2026-09-21T16:13:20.5+02:00", "2026-09-21T14:13:20.500Z"),
        ("name", "", None),
        ("name", None, "Acme"),
    ],
)
def test_an_accepted_value_is_kept_as_text_in_hubspots_own_form(
    ask: Ask, portal: SandboxPortal, name: str, sent: object, kept: str | None
) -> None:
    assert ask("PATCH", "/crm/v3/objects/companies/101", {"properties": {name: sent}}).status == 200
    assert portal.company(101).get(name) == kept


@pytest.mark.parametrize(
    ("sent", "kept"), [("2026-09-21", "2026-09-21"), ("1789948800000", "2026-09-21"), ("1789948800001", None)]
)
def test_a_date_is_a_day(portal: SandboxPortal, ask: Ask, sent: str, kept: str | None) -> None:
    portal.add_property("reviewed_on", "date")
    answer = ask("PATCH", "/crm/v3/objects/companies/101", {"properties": {"reviewed_on": sent}})
    assert (answer.status, portal.company(101).get("reviewed_on")) == (200 if kept else 400, kept)


def test_creation_in_a_batch_keeps_what_is_good(ask: Ask, portal: SandboxPortal) -> None:
    inputs = [
        {"properties": {"name": "Dune"}, "objectWriteTraceId": "a"},
        {"properties": {"numberofemployees": "few"}, "objectWriteTraceId": "b"},
    ]
    answer = ask("POST", "/crm/v3/objects/companies/batch/create", {"inputs": inputs})
    assert (answer.status, len(answer.body["results"]), answer.body["numErrors"]) == (207, 1, 1)
    assert portal.companies_frame("name")["name"].to_list() == ["Acme", "Bolt", "Cone", "Dune"]


def test_a_body_that_is_no_json_is_refused(ask: Ask) -> None:
    answer = ask("POST", UPDATE, [1, 2])
    assert (answer.status, answer.body["message"]) == (400, "Invalid input JSON: an object is expected")
