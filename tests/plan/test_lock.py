"""A locked company: tier and flag stay as they stand, the rest is written (design: "Lock")."""

from __future__ import annotations

import polars as pl

from icp_sync.plan.builder import build_plan
from icp_sync.plan.managed_properties import managed_properties
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan import MissingObjects, Plan
from icp_sync.plan.plan_inputs import PlanInputs
from icp_sync.scoring import live_tier as live
from tests.plan.drawings import NO_TIER, PROPERTY, TIER_1, Verdict, frame_of, origin_of, profile_of, scored_of, settled

LOCKING = profile_of(lock={"property": "icp_fit_lock"})
OURS = settled(TIER_1)


def locked(stands: dict[str, str], judged: Verdict | None, lock: str = "true") -> tuple[pl.DataFrame, Plan]:
    """The company frame with its ownership, and the plan for one company that is locked."""
    companies = frame_of(LOCKING, (stands, judged)).with_columns(icp_fit_lock=pl.lit(lock, pl.String))
    owned = with_ownership(companies, LOCKING, adopt=False)
    given = PlanInputs(origin_of(LOCKING), MissingObjects(), None, None)
    return owned, build_plan(owned, scored_of((stands, judged)), LOCKING, given).plan


def written(plan: Plan) -> set[str]:
    """The outputs the plan writes."""
    return {output for output, name in PROPERTY.items() for one in plan.iter_changes() if name in one.after}


def test_tier_and_flag_stay_and_the_rest_is_written() -> None:
    _, plan = locked(OURS, NO_TIER)
    assert written(plan) == {"score", "outcome", "changed_at"}
    assert dict(plan.population.tiers) == {"tier_1": 1, "tier_2": 0, "tier_3": 0}


def test_only_yes_locks() -> None:
    for lock in ("false", "", None):
        _, plan = locked(OURS, NO_TIER, lock)  # type: ignore[arg-type]  # an empty cell too
        assert {"tier", "target_account"} <= written(plan)


def test_outside_the_scope_a_locked_tier_stays_too() -> None:
    _, plan = locked(OURS, None)
    assert written(plan) == {*PROPERTY} - {"tier", "target_account"}


def test_scoring_is_told_of_the_lock_and_the_standing_tier() -> None:
    owned, _ = locked(OURS, NO_TIER)
    row = owned.row(0, named=True)
    assert (row[live.LOCKED], row[live.FIXED], row[live.STANDS], row[live.TIER]) == (True, True, "tier_1", "tier_1")


def test_a_foreign_tier_stands_but_is_not_ours_to_keep() -> None:
    row = with_ownership(
        frame_of(LOCKING, ({"tier": "tier_2"}, TIER_1)).with_columns(icp_fit_lock=pl.lit("")), LOCKING, adopt=False
    )
    assert row.select(live.LOCKED, live.FIXED, live.STANDS, live.TIER).row(0) == (False, True, "tier_2", None)


def test_the_lock_is_made_by_us_as_a_yes_or_no() -> None:
    (lock,) = (one for one in managed_properties(LOCKING) if one.name == "icp_fit_lock")
    assert (lock.type, [value for value, _ in lock.options]) == ("bool", ["true", "false"])
