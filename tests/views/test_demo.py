"""The demo ends with a second run that changes nothing."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.plan.plan_inputs import LiveList
from icp_sync.plan.run_report import ApplyResult, RunReport
from icp_sync.views.demo import demo_view
from tests.plan.drawings import BLANK, NO_TIER, TIER_1, drawn, profile_of, settled, unchanged_list, verdict
from tests.views.rendering import lines

LISTS = [
    {"name": "Tier 1", "kind": "static", "where": {"tier": ["tier_1"]}},
    {"name": "Tiered", "kind": "active", "where": {"tier": ["tier_1"]}},
]
PORTAL = ((BLANK, TIER_1), (BLANK, verdict(score=95.0, reasons="fits best")), (BLANK, NO_TIER))


@pytest.fixture
def shown() -> list[str]:
    profile = profile_of(lists=LISTS)
    drawing = drawn(*PORTAL, profile=profile, lists={"Tier 1": LiveList(), "Tiered": LiveList()})
    first = RunReport(drawing.plan, ApplyResult(companies=3, lists=2, created=("group icp_sync",)), {"GET /a": 10}, 1.0)
    live = {
        "Tier 1": unchanged_list("7", pl.Series([1, 2])),
        "Tiered": LiveList("8", filters=drawing.plan.lists[1].filters),
    }
    again = drawn(*((settled(judged), judged) for _, judged in PORTAL), profile=profile, lists=live)
    return lines(demo_view(drawing, first, RunReport(again.plan, ApplyResult(), {"GET /a": 14}, 0.5)))


def test_it_shows_lists_accounts_with_reasons_and_calls(shown: list[str]) -> None:
    assert "List Tier 1 (static): 2 companies" in shown
    assert "List Tiered (active): HubSpot fills it" in shown
    assert shown[shown.index("2 (tier 1, 95.0)") + 1] == "fits best"
    assert "first run: 3 companies written, 2 lists kept, 10 calls, 1.0 s" in shown


def test_the_second_run_changes_nothing(shown: list[str]) -> None:
    assert "second run: 0 changes, 4 calls" in shown


def test_it_ends_by_naming_the_page_or_how_to_get_one(shown: list[str]) -> None:
    assert shown[-1] == "The first run as a page needs three packages more: pip install 'icp-sync[report]'"
