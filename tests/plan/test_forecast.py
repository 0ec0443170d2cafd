"""What applying costs: calls, and minutes at the portal's pace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from icp_sync.plan.forecast import Forecast, QuotaLeft, forecast_cost
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
        (of(1), 3),
        (of(100), 3),
        (of(101), 5),
        (replace(NOTHING, lists=(ListChange("L", "static", "7"),)), 0),
        (replace(NOTHING, lists=(ListChange("L", "static", None),)), 2),
        (replace(NOTHING, lists=(ListChange("L", "static", None, add=(1,)),)), 3),
        (replace(NOTHING, lists=(ListChange("L", "static", "7", add=(1,), remove=(2,)),)), 2),
        (replace(NOTHING, lists=(ListChange("L", "static", "7", add=MANY, remove=MANY),)), 3),
        (replace(NOTHING, lists=(ListChange("L", "active", "7", filters={}),)), 2),
        (replace(NOTHING, lists=(ListChange("L", "active", None, filters={}),)), 2),
        (replace(NOTHING, to_make=MissingObjects(True, True, ("a", "b"), {"c": ("x", "y")})), 6),
    ],
)  # fmt: skip
def test_calls(plan: Plan, calls: int) -> None:
    """Scopes are asked for once; 100 are read again, then written; 5,000 go on and off; a list has its filter."""
    assert forecast_cost(plan, 10).calls == calls


def test_minutes_follow_from_the_pace() -> None:
    assert forecast_cost(of(101), calls_per_second=2) == Forecast(5, 5 / 2 / 60)


@pytest.mark.parametrize(("limit", "share"), [(1_000, 0.005), (None, None)])
def test_the_share_of_the_day_is_of_what_the_account_may_send(limit: int | None, share: float | None) -> None:
    assert forecast_cost(of(101), 10, QuotaLeft(limit)).share_of_day == share


@pytest.mark.parametrize(("history", "warned"), [(0, None), (5, None), (6, "A run takes more than the 10 calls left")])
def test_calls_for_history_count_for_what_is_left_of_the_day(history: int, warned: str | None) -> None:
    foreseen = forecast_cost(of(101), 10, QuotaLeft(1_000, 10, "the HubSpot account"), history)
    assert (foreseen.calls, foreseen.history) == (5, history)
    assert (foreseen.warning or "").partition(" today")[0] == (warned or "")


@pytest.mark.parametrize(("left", "warned"), [(None, False), (6, False), (5, False), (4, True), (0, True)])
def test_it_warns_when_more_is_needed_than_is_left(left: int | None, warned: bool) -> None:
    warning = forecast_cost(of(101), 10, QuotaLeft(1_000, left, "the HubSpot account")).warning
    assert (warning is not None) is warned
    if warned:
        assert f"more than the {left} calls left today (the HubSpot account)" in str(warning)
