"""What a list lacks (design: "Lists")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from icp_sync.plan.list_diff import ListChange, active_list_filters, diff_active_list, diff_static_list
from icp_sync.profile.model.lists import TargetList, Where
from tests.plan.drawings import PROFILE

BEST_FIRST = pl.Series([2, 1, 8, 9, 6])
NOBODY = pl.Series([], dtype=pl.Int64)


def target(kind: str = "static", where: Mapping[str, object] | None = None, **rest: object) -> TargetList:
    return TargetList.model_validate({"name": "L", "kind": kind, "where": where or {"tier": ["tier_1"]}, **rest})


def test_a_static_list_changes_by_the_difference() -> None:
    change = diff_static_list(target(), BEST_FIRST, "77", pl.Series([9, 3, 1, 500]))
    assert change == ListChange("L", "static", "77", members=4, add=(2, 6, 8), remove=(3, 500))


def test_a_static_list_that_holds_the_right_companies_needs_nothing() -> None:
    assert not diff_static_list(target(), BEST_FIRST, "77", pl.Series([1, 2, 6, 8, 9])).is_pending


def test_a_list_that_is_not_there_is_made_even_for_nobody() -> None:
    change = diff_static_list(target(), NOBODY, None, NOBODY)
    assert change == ListChange("L", "static", None)
    assert change.is_pending


WANTED = {
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
                    "property": "hs_ideal_customer_profile",
                    "operation": {
                        "operationType": "ENUMERATION",
                        "operator": "IS_ANY_OF",
                        "values": ["tier_1", "tier_2"],
                        "includeObjectsWithNoValueSet": False,
                    },
                }
            ],
        }
    ],
}
ACTIVE = target("active", {"tier": ["tier_1", "tier_2"]})


def test_the_filter_of_an_active_list() -> None:
    """HubSpot wants OR at the root, AND below it, and IS_ANY_OF for enumerations."""
    assert active_list_filters(ACTIVE.where, PROFILE.write) == WANTED


def test_a_filter_of_two_keys_asks_for_both() -> None:
    where = Where(tier=("tier_1",), outcome=("tiered",))
    (branch,) = active_list_filters(where, PROFILE.write)["filterBranches"]
    assert [one["property"] for one in branch["filters"]] == ["hs_ideal_customer_profile", "icp_fit_outcome"]


def mended(live: Mapping[str, Any] | None) -> bool:
    return diff_active_list(ACTIVE, PROFILE.write, "77", live).filters is not None


def leaf(live: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the wanted filter with its one leaf changed."""
    (branch,) = WANTED["filterBranches"]
    assert isinstance(branch, dict)
    return {**WANTED, "filterBranches": [{**branch, "filters": [{**branch["filters"][0], **live}]}]}


OPERATION = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": ["tier_2", "tier_1"]}


@pytest.mark.parametrize(
    "live",
    [
        WANTED,
        {**WANTED, "filterBranchId": 12},
        {name: value for name, value in WANTED.items() if name not in {"filters", "filterBranchOperator"}},
        leaf({"operation": OPERATION}),
        leaf({"operation": {**OPERATION, "defaultValue": None}, "frameworkFilterId": None}),
    ],
)
def test_what_hubspot_adds_reorders_or_leaves_out_is_no_difference(live: Mapping[str, Any]) -> None:
    assert not mended(live)


@pytest.mark.parametrize(
    "live",
    [
        None,
        {},
        {**WANTED, "filterBranchType": "AND"},
        {**WANTED, "filterBranches": []},
        {**WANTED, "filterBranches": [*WANTED["filterBranches"], {"filterBranchType": "AND"}]},
        leaf({"property": "icp_fit_tier"}),
        leaf({"operation": {**OPERATION, "operator": "IS_NONE_OF"}}),
        leaf({"operation": {**OPERATION, "values": ["tier_1"]}}),
        leaf({"operation": {**OPERATION, "includeObjectsWithNoValueSet": True}}),
        leaf({"operation": None}),
    ],
)
def test_a_filter_that_asks_something_else_is_mended(live: Mapping[str, Any] | None) -> None:
    assert mended(live)


def test_an_active_list_that_is_not_there_is_made_with_its_filter() -> None:
    assert diff_active_list(ACTIVE, PROFILE.write, None, None) == ListChange("L", "active", None, filters=WANTED)


def test_an_active_list_leaves_the_window_to_hubspot() -> None:
    where = {"tier": ["tier_1"], "changed_within_days": 7}
    (branch,) = active_list_filters(
        TargetList.model_validate({"name": "N", "kind": "active", "where": where}).where, PROFILE.write
    )["filterBranches"]
    rolling = branch["filters"][1]
    assert rolling["property"] == "icp_fit_changed_at"
    assert (rolling["operation"]["operator"], rolling["operation"]["numberOfDays"]) == ("IS_LESS_THAN_X_DAYS_AGO", 7)


@pytest.mark.parametrize("days", [7, 7.0, "7"])
def test_a_number_of_days_is_the_same_in_each_form(days: object) -> None:
    target_list = TargetList.model_validate(
        {"name": "N", "kind": "active", "where": {"tier": ["tier_1"], "changed_within_days": 7}}
    )
    live = json.loads(json.dumps(active_list_filters(target_list.where, PROFILE.write)))
    live["filterBranches"][0]["filters"][1]["operation"]["numberOfDays"] = days
    assert diff_active_list(target_list, PROFILE.write, "77", live).filters is None
    live["filterBranches"][0]["filters"][1]["operation"]["numberOfDays"] = 8
    assert diff_active_list(target_list, PROFILE.write, "77", live).filters is not None
