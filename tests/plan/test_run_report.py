"""How a run ends: 0 done or only drift, 4 held, 5 in part (design: "Exit codes")."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.companies.snapshot import MODIFIED
from icp_sync.errors import GuardrailHeld, IcpSyncError
from icp_sync.plan.run_report import ApplyResult, RunReport, SkippedItem
from tests.plan.drawings import BLANK, PROPERTY, TIER_1, TIER_2, drawn

PLAN = drawn((BLANK, TIER_1)).plan
DRIFTED = (SkippedItem("1", "changed by somebody since the plan: name"),)
REFUSED = (SkippedItem("2", "INVALID_OPTION"), SkippedItem("3", "INVALID_OPTION"))
UNKEPT = (SkippedItem("Tier 1", "no such scope"),)


@pytest.mark.parametrize(
    ("applied", "refused", "code"),
    [
        (ApplyResult(), None, 0),
        (ApplyResult(companies=7, lists=2, created=("group",)), None, 0),
        (ApplyResult(companies=7, skipped=DRIFTED), None, 0),
        (ApplyResult(rejected=REFUSED), None, 5),
        (ApplyResult(lists_failed=UNKEPT), None, 5),
        (ApplyResult(companies=7, stopped="stopped by SIGTERM"), None, 5),
        (ApplyResult(), GuardrailHeld("held", plan=Path("p")), 4),
    ],
)
def test_exit_codes(applied: ApplyResult, refused: IcpSyncError | None, code: int) -> None:
    assert RunReport(PLAN, applied, {}, 1.0, refused).exit_code == code


def test_everything_left_undone_is_said_in_one_sentence() -> None:
    partly = ApplyResult(rejected=REFUSED, lists_failed=UNKEPT, stopped="stopped by SIGTERM").incomplete_error
    assert partly is not None
    assert partly.message == (
        "stopped by SIGTERM; HubSpot refused 2 companies; the list Tier 1 could not be kept: no such scope; "
        "mend what is named, or try them again with icp-sync retry-failed; run again to finish the rest"
    )
    assert len(partly.details) == 3


@pytest.mark.parametrize("applied", [ApplyResult(rejected=REFUSED), ApplyResult(lists_failed=UNKEPT)])
def test_running_again_is_advised_only_where_it_would_help(applied: ApplyResult) -> None:
    assert applied.incomplete_error is not None
    assert "run again" not in applied.incomplete_error.message


def test_refused_companies_and_unkept_lists_are_failures_and_drift_is_none() -> None:
    assert ApplyResult(skipped=DRIFTED, rejected=REFUSED, lists_failed=UNKEPT).failed == 3
    assert ApplyResult(skipped=DRIFTED).incomplete_error is None


def test_a_run_the_day_was_too_short_for_says_when_it_continues() -> None:
    limit = "our own ceiling is reached; the next run continues"
    partly = ApplyResult(companies=7, rejected=REFUSED, stopped=limit, quota_exhausted=True).incomplete_error
    assert partly is not None
    assert (partly.code, partly.exit_code) == ("daily_limit", 5)
    assert partly.message == f"HubSpot refused 2 companies; {limit}"


def test_written_tiers_count_those_that_held_the_plan_s_tier_already() -> None:
    """As of an apply that was stopped half-way and is applied again: of who wrote those tiers nothing is saved."""
    plan = drawn((BLANK, TIER_1), (BLANK, TIER_1), (BLANK, TIER_2), (BLANK, TIER_1)).plan
    writes = pl.DataFrame({"id": [1, 2], "property": [MODIFIED, PROPERTY["tier"]], "value": [None, "tier_1"]})
    drifted = (SkippedItem("3", "changed by somebody since the plan: name", "tier_1"),)
    applied = ApplyResult(
        companies=1, unchanged=1, skipped=drifted, writes=writes, unwritten=frozenset({3, 4}), stopped="stopped"
    )
    assert RunReport(plan, applied, {}, 1.0).tier_counts == {"tier_1": 3, "tier_2": 0, "tier_3": 0}
