"""The plan as a value: what makes it pending, what holds it, and its fingerprint."""

from __future__ import annotations

from dataclasses import replace

import pytest

from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.plan import MissingObjects, Plan
from icp_sync.plan.plan_inputs import LiveList
from tests.plan.drawings import BLANK, TIER_1, TIER_2, drawn, settled, verdict

NOTHING = drawn((settled(TIER_1), TIER_1)).plan
PLAN = drawn((BLANK, TIER_1), (settled(TIER_1), TIER_2)).plan


@pytest.mark.parametrize(
    ("plan", "pending"),
    [
        (NOTHING, False),
        (PLAN, True),
        (replace(NOTHING, to_make=MissingObjects(properties=("icp_fit_score",))), True),
        (replace(NOTHING, to_make=MissingObjects(options={"icp_fit_tier": ("tier_3",)})), True),
        (replace(NOTHING, to_make=MissingObjects(group=True, folder=True)), False),
        (replace(NOTHING, lists=(ListChange("L", "static", None),)), True),
        (replace(NOTHING, lists=(ListChange("L", "static", "7", remove=(1,)),)), True),
        (replace(NOTHING, lists=(ListChange("L", "active", "7", filters={}),)), True),
        (replace(NOTHING, lists=(ListChange("L", "static", "7", members=9),)), False),
    ],
)
def test_a_plan_is_pending_when_applying_it_would_write(plan: Plan, pending: bool) -> None:
    assert plan.has_pending_writes is pending


def test_the_same_plan_has_the_same_fingerprint() -> None:
    assert drawn((BLANK, TIER_1), (settled(TIER_1), TIER_2)).plan.fingerprint == PLAN.fingerprint


@pytest.mark.parametrize(
    "other",
    [
        drawn((BLANK, verdict(score=90.1)), (settled(TIER_1), TIER_2)).plan,
        drawn((BLANK, TIER_1), (settled(TIER_1) | {"tier": "tier_3"}, TIER_2)).plan,
        drawn((BLANK, TIER_1), (settled(TIER_1), TIER_2), last_read=2).plan,
        replace(PLAN, allowed=("changed",)),
        replace(PLAN, lists=(ListChange("L", "static", None),)),
        replace(PLAN, origin=replace(PLAN.origin, portal_id=1)),
        replace(PLAN, to_make=MissingObjects(group=True)),
        replace(PLAN, changes=PLAN.changes.head(1)),
    ],
)
def test_another_plan_has_another_fingerprint(other: Plan) -> None:
    assert other.fingerprint != PLAN.fingerprint


def test_a_plan_is_held_by_the_guardrails_that_hold() -> None:
    plan = drawn(*[(settled(TIER_1), TIER_2)] * 20, last_read=21).plan
    assert [one.name for one in plan.blocked_by] == ["changed", "leaving_tier_1", "leaving_tiers"]


def test_lists_left_alone_are_not_in_the_plan() -> None:
    assert drawn((BLANK, TIER_1), lists=None).plan.lists == ()
    assert LiveList().members.is_empty()
