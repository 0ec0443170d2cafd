"""The `--json` document has the keys the design promises, on every way a run may end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from icp_sync.errors import GuardrailHeld, IcpSyncError, PlanDeclined
from icp_sync.plan.document.run_document import MOST_LISTED
from icp_sync.plan.forecast import Forecast
from icp_sync.plan.guardrails import NAMES
from icp_sync.plan.plan import MissingObjects, Plan
from icp_sync.plan.plan_inputs import LiveList
from icp_sync.plan.run_report import ApplyResult, RunReport, SkippedItem
from icp_sync.views.error_json import error_document
from icp_sync.views.report_json import report_document
from tests.plan.drawings import (
    BLANK,
    NO_TIER,
    OUTSIDE,
    PROFILE,
    TIER_1,
    drawn,
    origin_of,
    profile_of,
    settled,
    unchanged_list,
)

LISTS = [
    {"name": "Tier 1", "kind": "static", "where": {"tier": ["tier_1"]}},
    {"name": "Tiered", "kind": "active", "where": {"tier": ["tier_1"]}},
]
WITH_LISTS = profile_of(lists=LISTS)
PLAN = drawn(
    (BLANK, TIER_1), (settled(TIER_1), NO_TIER), (settled(TIER_1), OUTSIDE), ({"tier": "tier_3"}, TIER_1),
    profile=WITH_LISTS,
    lists={"Tier 1": unchanged_list("7", pl.Series([2, 3])), "Tiered": LiveList()},
    to_make=MissingObjects(properties=("icp_fit_score",), options={"icp_fit_outcome": ("tiered",)}),
    last_read=8,
).plan  # fmt: skip
CALLS = {"POST /crm/objects/companies/batch/read": 2, "GET /crm/objects/companies": 3}
PROMISED = {
    "run_id", "portal_id", "profile", "companies", "outcomes", "tiers", "changes", "applied", "skipped", "rejected",
    "rejected_total", "calls", "seconds", "guardrails", "unrecognised",
}  # fmt: skip
OURS_BESIDE = {
    "as_of", "causes", "put_back", "tiers_set", "to_make", "forecast", "already", "made", "lists_failed", "allowed",
    "unrecognised_examples", "quarantined", "quarantined_total", "held", "overrides", "pins"}  # fmt: skip


def document(
    applied: ApplyResult | None = None, refused: IcpSyncError | None = None, plan: Plan = PLAN
) -> dict[str, Any]:
    report = RunReport(plan, applied or ApplyResult(), CALLS, 1.234, refused)
    whole: dict[str, Any] = orjson.loads(orjson.dumps(report_document(report, Forecast(12, 0.123))))
    return whole


def test_the_keys_promised_and_those_beside_them() -> None:
    assert {*document()} == PROMISED | OURS_BESIDE
    assert {*document(refused=GuardrailHeld("held", plan=Path("p")))} == PROMISED | OURS_BESIDE | {"error"}


def test_where_it_comes_from() -> None:
    parsed, origin = document(), origin_of(WITH_LISTS)
    assert (parsed["run_id"], parsed["portal_id"]) == ("run-1", 4242)
    assert parsed["profile"] == {"name": "test", "digest": origin.profile_digest}


def test_companies_outcomes_and_tiers() -> None:
    parsed = document()
    assert parsed["companies"] == {"read": 4, "scored": 3, "foreign": 1}
    assert parsed["outcomes"] == {"tiered": 2, "disqualified": 0, "not_icp": 1, "insufficient_data": 0}
    assert parsed["tiers"] == {"tier_1": 1, "tier_2": 0, "tier_3": 1}


def test_changes_of_companies_properties_and_lists() -> None:
    changes = document()["changes"]
    assert changes["companies"] == 4
    assert changes["properties"]["hs_ideal_customer_profile"] == 3
    assert changes["properties"]["icp_fit_score"] == 4
    assert changes["lists"] == {
        "Tier 1": {"add": 1, "remove": 2, "create": False, "filter": False},
        "Tiered": {"add": 0, "remove": 0, "create": True, "filter": False},
    }


def test_causes_in_their_order_and_only_where_there_are_any() -> None:
    assert list(document()["causes"].items()) == [("left_scope", 1), ("first", 2), ("data", 1)]
    assert document()["put_back"] == 0


def test_nothing_to_do_names_no_property() -> None:
    changes = document(plan=drawn((settled(TIER_1), TIER_1)).plan)["changes"]
    assert changes == {"companies": 0, "properties": {}, "lists": {}}


def test_what_was_applied_skipped_and_refused() -> None:
    applied = ApplyResult(
        companies=2, lists=1, created=("group icp_sync",), skipped=(SkippedItem("3", "drifted"),),
        rejected=(SkippedItem("4", "INVALID_OPTION"),), lists_failed=(SkippedItem("Tier 1", "taken"),),
    )  # fmt: skip
    parsed = document(applied)
    assert parsed["applied"] == {"companies": 2, "lists": 1, "failed": 2}
    assert (parsed["skipped"], parsed["rejected"]) == (
        [{"id": "3", "reason": "drifted"}],
        [{"id": "4", "reason": "INVALID_OPTION"}],
    )
    assert (parsed["made"], parsed["lists_failed"]) == (["group icp_sync"], [{"name": "Tier 1", "reason": "taken"}])
    assert parsed["error"]["code"] == "partly_applied"


def test_only_the_first_thousand_are_listed_and_all_are_counted() -> None:
    many = tuple(SkippedItem(str(n), "no") for n in range(MOST_LISTED + 5))
    parsed = document(ApplyResult(rejected=many, skipped=many))
    assert (len(parsed["rejected"]), len(parsed["skipped"]), parsed["rejected_total"]) == (1_000, 1_000, 1_005)


def test_calls_by_route_and_in_all() -> None:
    assert document()["calls"] == {"total": 5, "by_route": CALLS}
    assert document()["seconds"] == 1.23


def test_every_guardrail_with_limit_and_actual() -> None:
    guardrails = {one["name"]: one for one in document()["guardrails"]}
    assert {*guardrails} == {*NAMES}
    read = guardrails["read_at_least"]
    assert (read["limit"], read["actual"], read["held"], read["part"], read["whole"]) == (0.9, 0.5, True, 4, 8)
    assert (guardrails["changed"]["actual"], guardrails["changed"]["held"]) == (None, False)
    assert guardrails["list_shrink"]["list"] == "Tier 1"


@pytest.mark.parametrize(
    ("error", "code"),
    [(GuardrailHeld("held", details=["a"], plan=Path("p")), "guardrail_held"), (PlanDeclined("no"), "declined")],
)
def test_an_error_has_code_message_and_details(error: IcpSyncError, code: str) -> None:
    assert error_document(error) == {
        "error": {"code": code, "message": error.message, "details": list(error.details)},
    }


def test_a_detail_that_is_no_mapping_is_its_sentence() -> None:
    assert error_document(IcpSyncError("x", details=[ValueError("y")]))["error"]["details"] == ["y"]


def test_the_document_of_a_plan_without_lists_has_all_keys_too() -> None:
    assert {*document(plan=drawn(profile=PROFILE).plan)} == PROMISED | OURS_BESIDE
