"""Faults that can be switched on."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import urllib3

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.faults.fault_injection import KINDS, RETRYABLE, Fault

from .conftest import Ask, Open

LIST = "/crm/v3/objects/companies"
UPDATE = f"{LIST}/batch/update"
FIRST_HIT = ("POST", f"{LIST}/search", {"limit": 1})


def writes(*ids: int) -> dict[str, Any]:
    return {"inputs": [{"id": str(one), "properties": {"city": "Ulm"}, "objectWriteTraceId": str(one)} for one in ids]}


@pytest.mark.parametrize(
    ("kind", "status", "policy"),
    [
        ("429_secondly", 429, "SECONDLY"),
        ("429_ten_secondly", 429, "TEN_SECONDLY_ROLLING"),
        ("429_daily", 429, "DAILY"),
        ("408", 408, None),
        ("423", 423, None),
        ("477", 477, None),
        ("500", 500, None),
        ("502", 502, None),
        ("503", 503, None),
        ("504", 504, None),
        ("521", 521, None),
        ("524", 524, None),
        ("530", 530, None),
    ],
)
def test_a_status_is_answered_instead_of_the_work(
    ask: Ask, portal: SandboxPortal, kind: str, status: int, policy: str | None
) -> None:
    portal.faults.add(kind, times=1, seconds=20)
    answer = ask("POST", UPDATE, writes(101))
    assert (answer.status, answer.body.get("policyName")) == (status, policy)
    assert answer.headers.get("retry-after") == ("20" if kind == "477" else None)
    assert "city" not in portal.company(101)
    assert ask("GET", LIST).status == 200


@pytest.mark.parametrize(("kind", "status"), [("502_html", 502), ("414", 414)])
def test_a_web_server_in_front_answers_in_html(ask: Ask, portal: SandboxPortal, kind: str, status: int) -> None:
    portal.faults.add(kind)
    answer = ask("GET", LIST)
    assert (answer.status, answer.body[:6]) == (status, b"<html>")


def test_a_status_may_say_when_to_come_back(ask: Ask, portal: SandboxPortal) -> None:
    portal.faults.add("429_ten_secondly", retry_after=7)
    assert ask("GET", LIST).headers["retry-after"] == "7"


@pytest.mark.parametrize(("kind", "done"), [("drop_before", False), ("drop_after", True), ("truncated", True)])
def test_a_connection_breaks_before_or_after_the_work(
    ask: Ask, portal: SandboxPortal, kind: str, *, done: bool
) -> None:
    portal.faults.add(kind, times=1)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        ask("POST", UPDATE, writes(101))
    assert ("city" in portal.company(101)) is done
    assert ask("GET", LIST).status == 200


def test_a_dropped_call_is_counted_with_status_zero(ask: Ask, portal: SandboxPortal) -> None:
    portal.faults.add("drop_before")
    with pytest.raises(urllib3.exceptions.ProtocolError):
        ask("GET", LIST)
    assert portal.calls.statuses == {0: 1}


def test_a_slow_answer_outlasts_the_patience_of_the_client(opened: Open) -> None:
    portal, ask = opened()
    portal.faults.add("slow", seconds=60)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        ask("GET", LIST, patience=0.5)
    assert portal.calls.total == 1


def test_half_a_json_body_arrives_complete(ask: Ask, portal: SandboxPortal) -> None:
    portal.faults.add("half_json")
    with pytest.raises(ValueError, match="unexpected end of data"):
        ask("GET", LIST)


def test_an_empty_success_wrote_nothing(ask: Ask, portal: SandboxPortal) -> None:
    portal.faults.add("empty_2xx", route="POST /crm/objects/companies/batch/update")
    answer = ask("POST", UPDATE, writes(101))
    assert (answer.status, answer.body["results"], answer.body["errors"]) == (200, [], [])
    assert "city" not in portal.company(101)


@pytest.mark.parametrize(("kind", "shown", "after"), [("short_page", 1, "101"), ("empty_page", 0, "0")])
def test_a_page_can_be_short_and_still_not_the_last(
    ask: Ask, portal: SandboxPortal, kind: str, shown: int, after: str
) -> None:
    portal.faults.add(kind)
    body = ask("GET", LIST, limit=2).body
    assert (len(body["results"]), body["paging"]["next"]["after"]) == (shown, after)


def test_a_cursor_can_be_a_number(ask: Ask, portal: SandboxPortal) -> None:
    portal.faults.add("number_cursor")
    cursors = [ask(*call).body["paging"]["next"]["after"] for call in (("GET", f"{LIST}?limit=2"), FIRST_HIT)]
    assert cursors == [102, 1]
    assert "paging" not in ask("GET", LIST).body


def test_a_short_page_of_hits_goes_on_where_it_ends(ask: Ask, portal: SandboxPortal) -> None:
    portal.faults.add("short_page", times=1)
    body = ask("POST", f"{LIST}/search", {"limit": 2}).body
    assert (len(body["results"]), body["paging"]["next"]["after"], body["total"]) == (1, "1", 3)


def test_a_fault_keeps_to_its_route_its_times_and_its_start() -> None:
    fault = Fault("500", route="/crm/lists", times=2, after_calls=1)
    routes = ["GET /crm/lists", "GET /crm/owners", *["POST /crm/lists/{listId}"] * 4]
    assert [fault.draws_hit(route) for route in routes] == [False, False, True, True, False, False]


def test_a_rate_strikes_the_same_calls_for_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        fault = Fault("500", rate=0.3, seed=seed)
        return [fault.draws_hit("GET /x") for _ in range(200)]

    assert struck(1) == struck(1) != struck(2)
    assert 30 < sum(struck(1)) < 90


def test_mixed_draws_alike_from_all_a_client_may_answer_by_asking_again() -> None:
    def struck(seed: int) -> list[str]:
        fault = Fault("mixed", rate=0.5, seed=seed)
        return [strike.kind for _ in range(8000) if (strike := fault.draw_hit("GET /x"))]

    counts = Counter(struck(1))
    assert set(counts) == set(RETRYABLE)
    assert {"429_daily", "477", "empty_2xx", "414", "530"}.isdisjoint(counts)
    assert max(counts.values()) < 1.5 * min(counts.values())
    assert struck(1) == struck(1) != struck(2)


def test_a_fault_of_several_kinds_strikes_with_those_that_fit_the_route() -> None:
    fault = Fault(["503", "out_of_order"])
    listed = {strike.kind for _ in range(50) if (strike := fault.draw_hit("GET /crm/objects/companies"))}
    searched = {strike.kind for _ in range(50) if (strike := fault.draw_hit("POST /crm/objects/companies/search"))}
    assert (listed, searched) == ({"503"}, {"503", "out_of_order"})


def test_a_kind_of_search_spends_no_strike_elsewhere() -> None:
    fault = Fault("stale_hits", times=1, after_calls=1)
    routes = ["GET /crm/objects/companies", *["POST /crm/objects/companies/search"] * 3]
    assert [fault.draws_hit(route) for route in routes] == [False, False, True, False]


def test_a_batch_read_in_part_says_nothing_of_the_records_it_lacks(ask: Ask, portal: SandboxPortal) -> None:
    portal.faults.add("partial_batch", times=1)
    ask("GET", LIST)
    answer = ask("POST", f"{LIST}/batch/read", {"inputs": [{"id": one} for one in ("101", "102", "103")]})
    assert (answer.status, [one["id"] for one in answer.body["results"]]) == (207, ["101"])
    assert [(one["category"], one["context"]) for one in answer.body["errors"]] == [("INTERNAL_ERROR", {})]


def test_a_url_too_long_is_counted(ask: Ask, portal: SandboxPortal) -> None:
    ask("GET", f"{LIST}?properties={'x' * 17_000}")
    assert portal.calls.statuses == {414: 1}


def test_an_unknown_fault_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown fault '418'; known: 429_secondly"):
        Fault(["500", "418"])
    with pytest.raises(ValueError, match="unknown fault list, it is empty"):
        Fault([])


def test_every_fault_can_be_cleared(ask: Ask, portal: SandboxPortal) -> None:
    for kind in KINDS:
        portal.faults.add(kind)
    portal.faults.clear()
    assert len(ask("GET", LIST).body["results"]) == 3


def test_a_refused_value_fails_every_company_alike(ask: Ask, portal: SandboxPortal) -> None:
    portal.faults.reject_property("city", "INVALID_OPTION")
    errors = ask("POST", UPDATE, writes(101, 102)).body["errors"]
    assert [("INVALID_OPTION" in one["message"], "city" in one["message"]) for one in errors] == [(True, True)] * 2


def test_a_refused_company_fails_alone(ask: Ask, portal: SandboxPortal) -> None:
    portal.faults.reject_company(102, "LOCKED", "This record is locked.")
    answer = ask("POST", UPDATE, writes(101, 102, 103))
    assert [one["id"] for one in answer.body["results"]] == ["101", "103"]
    assert "This record is locked." in answer.body["errors"][0]["message"]


def test_a_batch_can_be_refused_without_naming_a_record(ask: Ask, portal: SandboxPortal) -> None:
    portal.faults.refuse_batch_naming_no_record()
    refused = ask("POST", UPDATE, writes(101))
    assert (refused.status, "context" in refused.body, "errors" in refused.body) == (400, False, False)
    assert ask("POST", UPDATE, writes(101)).status == 200
