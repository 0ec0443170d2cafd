"""What applying costs: calls, and minutes at the portal's pace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from icp_sync.plan.forecast import Forecast, QuotaLeft, forecast
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.plan import MissingObjects, Plan
from tests.plan.drawings import BLANK, TIER_1, drawn, settled

NOTHING = drawn((settled(TIER_1), TIER_1)).plan
MANY = tuple(range(1, 5_002))


def of(companies: int) -> Plan:
    return drawn(*[(BLANK, TIER_1)] * companies).plan


@pytest.mark.parametrize(
    ("plan", "calls"),
    [
        (NOTHING, 0),
        (of(1), 2),
        (of(100), 2),
        (of(101), 4),
        (replace(NOTHING, lists=(ListChange("L", "static", "7"),)), 0),
        (replace(NOTHING, lists=(ListChange("L", "static", None),)), 1),
        (replace(NOTHING, lists=(ListChange("L", "static", None, add=(1,)),)), 2),
        (replace(NOTHING, lists=(ListChange("L", "static", "7", add=(1,), remove=(2,)),)), 1),
        (replace(NOTHING, lists=(ListChange("L", "static", "7", add=MANY, remove=MANY),)), 2),
        (replace(NOTHING, lists=(ListChange("L", "active", "7", filters={}),)), 1),
        (replace(NOTHING, lists=(ListChange("L", "active", None, filters={}),)), 1),
        (replace(NOTHING, to_make=MissingObjects(True, True, ("a", "b"), {"c": ("x", "y")})), 5),
    ],
)  # fmt: skip
def test_calls(plan: Plan, calls: int) -> None:
    """A hundred is read again, then written; a call takes 5,000 ids on and off; a list is made with its filter."""
    assert forecast(plan, 10).calls == calls


def test_minutes_follow_from_the_pace() -> None:
    assert forecast(of(101), calls_per_second=2) == Forecast(4, 4 / 2 / 60)


@pytest.mark.parametrize(("limit", "share"), [(1_000, 0.004), (None, None)])
def test_the_share_of_the_day_is_of_what_the_account_may_send(limit: int | None, share: float | None) -> None:
    assert forecast(of(101), 10, QuotaLeft(limit)).share_of_day == share


@pytest.mark.parametrize(("left", "warned"), [(None, False), (5, False), (4, False), (3, True), (0, True)])
def test_it_warns_when_more_is_needed_than_is_left(left: int | None, warned: bool) -> None:
    warning = forecast(of(101), 10, QuotaLeft(1_000, left, "the HubSpot account")).warning
    assert (warning is not None) is warned
    if warned:
        assert f"more than the {left} calls left today (the HubSpot account)" in str(warning)
