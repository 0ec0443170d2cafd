"""Who belongs on a list, and what a list lacks (design: "Lists")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from icp_sync.plan.membership import ListChange, active_change, filters, static_change, wanted_members
from icp_sync.profile.written import TargetList, Where
from tests.plan.drawings import BLANK, NO_TIER, OUTSIDE, PROFILE, TIER_1, TIER_2, drawn, settled, verdict

ROWS = drawn(
    (BLANK, TIER_1),
    (BLANK, verdict("tier_1", score=95.0)),
    (BLANK, TIER_2),
    (BLANK, NO_TIER),
    (settled(TIER_1), OUTSIDE),
    ({"tier": "tier_1"}, NO_TIER),
    ({"tier": "tier_3"}, TIER_1),
    (BLANK, verdict(fit=0.0)),
    (BLANK, verdict(fit=None)),
).rows


def target(kind: str = "static", where: Mapping[str, object] | None = None, **rest: object) -> TargetList:
    return TargetList.model_validate({"name": "L", "kind": kind, "where": where or {"tier": ["tier_1"]}, **rest})


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({"tier": ["tier_1"]}, {1, 2, 6, 8, 9}),
        ({"tier": ["tier_2", "tier_3"]}, {3, 7}),
        ({"outcome": ["not_icp"]}, {4, 6}),
        ({"outcome": ["tiered"], "tier": ["tier_3"]}, {7}),
        ({"tier": ["tier_1"], "hits": ["fit"]}, {1, 2, 6}),
        ({"tier": ["tier_1"], "outcome": ["disqualified"]}, set()),
    ],
)
def test_members_by_the_tier_that_will_stand(where: Mapping[str, object], ids: set[int]) -> None:
    """6 and 7 carry somebody else's tier, 5 has left the scope, 8 missed the criterion, 9 left it unanswered."""
    assert set(wanted_members(target(where=where), ROWS)) == ids


def test_a_list_of_several_criteria_holds_who_meets_one() -> None:
    rows = ROWS.filter(pl.col("id") == 8).with_columns(pl.lit(0.5).alias("credit.other"))
    assert wanted_members(target(where={"hits": ["fit", "other"]}), rows).to_list() == [8]


@pytest.mark.parametrize(("limit", "ids"), [(1, [2]), (2, [2, 1]), (3, [2, 1, 8]), (99, [2, 1, 8, 9, 6])])
def test_a_limit_keeps_the_best_by_score_then_the_lowest_id(limit: int, ids: list[int]) -> None:
    assert wanted_members(target(limit=limit, order_by="score"), ROWS).to_list() == ids


def test_a_static_list_changes_by_the_difference() -> None:
    change = static_change(target(), ROWS, "77", pl.Series([9, 3, 1, 500]))
    assert change == ListChange("L", "static", "77", members=4, add=(2, 6, 8), remove=(3, 500))


def test_a_static_list_that_holds_the_right_companies_needs_nothing() -> None:
    assert not static_change(target(), ROWS, "77", pl.Series([1, 2, 6, 8, 9])).pending


def test_a_list_that_is_not_there_is_made_even_for_nobody() -> None:
    change = static_change(target(where={"outcome": ["disqualified"]}), ROWS, None, pl.Series([], dtype=pl.Int64))
    assert change == ListChange("L", "static", None)
    assert change.pending


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
    assert filters(ACTIVE.where, PROFILE.write) == WANTED


def test_a_filter_of_two_keys_asks_for_both() -> None:
    where = Where(tier=("tier_1",), outcome=("tiered",))
    (branch,) = filters(where, PROFILE.write)["filterBranches"]
    assert [one["property"] for one in branch["filters"]] == ["hs_ideal_customer_profile", "icp_fit_outcome"]


def mended(live: Mapping[str, Any] | None) -> bool:
    return active_change(ACTIVE, PROFILE.write, "77", live).filters is not None


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
    assert active_change(ACTIVE, PROFILE.write, None, None) == ListChange("L", "active", None, filters=WANTED)


def test_a_window_keeps_those_whose_tier_changed_lately() -> None:
    rows = ROWS.with_columns(days_since_change=pl.when(pl.col("id") == 1).then(7).when(pl.col("id") == 2).then(8))
    inside = set(wanted_members(target(where={"changed_within_days": 7}), rows))
    assert 1 in inside
    assert 2 not in inside


def test_property_matches_narrow_a_list() -> None:
    everybody = wanted_members(target(), ROWS)
    assert wanted_members(target(), ROWS, everybody.head(1)).to_list() == everybody.head(1).to_list()


def test_an_active_list_leaves_the_window_to_hubspot() -> None:
    where = {"tier": ["tier_1"], "changed_within_days": 7}
    (branch,) = filters(
        TargetList.model_validate({"name": "N", "kind": "active", "where": where}).where, PROFILE.write
    )["filterBranches"]
    rolling = branch["filters"][1]
    assert rolling["property"] == "icp_fit_changed_at"
    assert (rolling["operation"]["operator"], rolling["operation"]["numberOfDays"]) == ("IS_LESS_THAN_X_DAYS_AGO", 7)
