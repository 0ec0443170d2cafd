"""What a person reads before and after a run."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import polars as pl
import pytest
from rich.console import Console

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.forecast import Forecast, QuotaLeft
from icp_sync.plan.guardrails import NAMES, GuardrailCheck
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.plan import MissingObjects
from icp_sync.plan.run_report import ApplyResult, RunReport, SkippedItem
from icp_sync.views.lists import lists_view
from icp_sync.views.plan_terminal import guardrails_view, plan_view, report_view
from tests.plan.drawings import (
    BLANK,
    NO_TIER,
    OUTSIDE,
    STAMP,
    TIER_1,
    drawn,
    profile_of,
    settled,
    unchanged_list,
    verdict,
)
from tests.views.rendering import lines

WORKFLOWS = "gets a first tier or changes tier: HubSpot workflows that enrol on these properties will start for each"
KEEPS = (
    "keeps its tier or has none; what changes there: icp_fit_score on 1, icp_fit_potential on 1, "
    "icp_fit_coverage on 1, icp_fit_outcome on 1, icp_fit_reasons on 1, icp_fit_changed_at on 1"
)
OURS = settled(TIER_1)
LISTS = [{"name": "Tier 1", "kind": "static", "where": {"tier": ["tier_1"]}}]
DRAWING = drawn(
    (BLANK, TIER_1), (OURS, NO_TIER), (OURS, OUTSIDE), ({"tier": "tier_3"}, verdict(score=50.0)),
    profile=profile_of(lists=LISTS),
    lists={"Tier 1": unchanged_list("7", pl.Series([2, 3]))},
    to_make=MissingObjects(properties=("icp_fit_score",), options={"icp_fit_outcome": ("tiered",)}),
)  # fmt: skip


def test_a_plan_tells_the_whole_story() -> None:
    assert lines(plan_view(DRAWING, Forecast(1_234, 2.5))) == [
        f"Portal 4242 · profile {STAMP} · as of 2026-11-21",
        "4 companies read",
        "3 in scope and scored",
        "1 foreign: a tier or flag that is not ours, left as it is",
        "2 tiered",
        "0 disqualified",
        "1 not icp",
        "0 insufficient data",
        "before after change",
        "tier 1 2 ↓ 1 −1",
        "tier 2 0 = 0",
        "tier 3 1 = 1",
        "+ property, made by apply: icp_fit_score",
        "+ options of icp_fit_outcome: tiered",
        "4 companies change (1 left scope, 2 first score, 1 data changed)",
        "no tier → tier 1: 1",
        "tier 1 → no tier: 2",
        f"1 company {WORKFLOWS}",
        f"1 of the 4 {KEEPS}",
        "List Tier 1: +1 −2 (2 members now)",
        "in tier 1: 1",
        "such as 1 (tier 1, 90.0)",
        f"{len(NAMES)} guardrails not judged: too few companies, or nothing to compare with",
        "1 (no tier → tier 1, 90.0)",
        "fits",
        "2 (tier 1 → no tier, 10.0)",
        "fits",
        "3 (tier 1 → no tier, left the scope)",
        "Applying takes about 1,234 calls and 2.5 minutes.",
    ]


def test_nothing_to_do_is_said_in_one_line() -> None:
    shown = lines(plan_view(drawn((OURS, TIER_1)), Forecast(0, 0)))
    assert "0 companies change" in shown
    assert shown[-1] == "Nothing to do: the portal is as the profile wants it."


WORDY = "Tier 1 (90): " + ", ".join(f"criterion number {n} of all of them" for n in range(20)) + "."


def named(name: str | None, domain: str | None) -> PlanPreview:
    drawing = drawn((BLANK, verdict(reasons=WORDY)))
    columns = {"name": pl.lit(name, pl.String), "domain": pl.lit(domain, pl.String)}
    return replace(drawing, diff=drawing.diff.with_columns(**columns))


@pytest.mark.parametrize(
    ("name", "domain", "shown"),
    [
        ("Alpha", "alpha.de", "Alpha"),
        ("  ", "alpha.de", "alpha.de"),
        (None, None, "1"),
        ("[/red]\x1b[2J", None, "[/red][2J"),
    ],
)
def test_an_example_is_called_by_name_else_domain_else_id(name: str | None, domain: str | None, shown: str) -> None:
    assert f"{shown} (no tier → tier 1, 90.0)" in lines(plan_view(named(name, domain), Forecast(2, 0.01)))


CHANGED = GuardrailCheck("changed", Decimal("0.1"), 5, 20)
SHRINK = GuardrailCheck("list_shrink", Decimal("0.2"), 1, 20, list_name="L")


@pytest.mark.parametrize(
    ("guardrail", "shown"),
    [
        (CHANGED, "changed: 5 of 20 is 25.0%, at most 10.0%: HELD"),
        (replace(CHANGED, allowed=True), "changed: 5 of 20 is 25.0%, at most 10.0%: allowed by hand"),
        (replace(CHANGED, part=1_000, whole=20_000), "changed: 1,000 of 20,000 is 5.0%, at most 10.0%: ok"),
        (replace(CHANGED, name="read_at_least"), "read_at_least: 5 of 20 is 25.0%, at least 10.0%: ok"),
        (SHRINK, "list_shrink of list L: 1 of 20 is 5.0%, at most 20.0%: ok"),
    ],
)
def test_a_guardrail_shows_both_numbers(guardrail: GuardrailCheck, shown: str) -> None:
    assert lines(guardrails_view((guardrail,))) == [f"Guardrail {shown}"]


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (ListChange("L", "static", None, add=(1, 2)), "made, +2 −0 (0 members now)"),
        (ListChange("L", "static", "7", members=2_000), "+0 −0 (2,000 members now)"),
        (ListChange("L", "active", None, filters={"a": 1}), "made, HubSpot fills it"),
        (ListChange("L", "active", "7", filters={"a": 1}), "filter updated"),
        (ListChange("L", "active", "7"), "as it should be"),
    ],
)
def test_what_happens_to_a_list(change: ListChange, shown: str) -> None:
    assert [line for view in lists_view((change,)) for line in lines(view)] == [f"List L: {shown}"]


def test_a_report_counts_and_names_what_was_left() -> None:
    refused = tuple(SkippedItem(str(n), "INVALID_OPTION") for n in range(12))
    made = ("group icp_sync", *(f"property icp_{n}" for n in range(3)), "options of icp_0")
    applied = ApplyResult(1_200, 2, (SkippedItem("7", "changed by somebody"),), refused, (), made)
    shown = lines(report_view(RunReport(DRAWING.plan, applied, {"GET /a": 10, "GET /b": 5}, 3.21)))
    assert shown[:9] == [
        "1,200 of 4 companies written, 2 lists changed, 1 skipped, 12 refused; 15 calls, 3.2 s",
        f"1 of the 4 {KEEPS}",
        "4 companies read; by tier:",
        "before after change",
        "tier 1 2 = 2",
        "tier 2 0 = 0",
        "tier 3 1 = 1",
        "made group icp_sync and options of icp_0 and 3 properties: icp_0 and 2 more",
        "skipped 7: changed by somebody",
    ]
    assert shown[-1] == "… and 2 more refused; --json lists them"


def landed(*texts: tuple[int, str | None], name: str = "hs_ideal_customer_profile") -> pl.DataFrame:
    rows = [(company, name, text) for company, text in texts]
    return pl.DataFrame(rows, {"id": pl.Int64, "property": pl.String, "value": pl.String}, orient="row")


@pytest.mark.parametrize(
    ("applied", "first"),
    [
        (ApplyResult(), "tier 1 2 = 2"),
        (
            ApplyResult(companies=1, writes=landed((1, "tier_1")), unwritten=frozenset({2, 3, 4})),
            "tier 1 2 ↑ 3 +1",
        ),
        (ApplyResult(companies=3, writes=landed((1, "tier_1"), (2, None), (3, None))), "tier 1 2 ↓ 1 −1"),
        (
            ApplyResult(
                skipped=(SkippedItem("2", "changed by somebody", "tier_2"),),
                writes=landed((2, None), name="hs_lastmodifieddate"),
                unwritten=frozenset({1, 2, 3, 4}),
            ),
            "tier 1 2 ↓ 1 −1",
        ),
        (
            ApplyResult(
                skipped=(SkippedItem("2", "not read"),),
                writes=landed((2, None), name="hs_lastmodifieddate"),
                unwritten=frozenset({1, 2, 3, 4}),
            ),
            "tier 1 2 = 2",
        ),
    ],
    ids=["held", "stopped after one", "all of it", "somebody moved one", "one could not be read"],
)
def test_a_report_counts_the_tiers_that_stand_on_the_records(applied: ApplyResult, first: str) -> None:
    assert first in lines(report_view(RunReport(DRAWING.plan, applied, {}, 0.1)))


def test_a_profile_that_writes_no_tier_has_no_before() -> None:
    shown = lines(plan_view(drawn((BLANK, TIER_1), profile=profile_of("reasons")), Forecast(1, 0.1)))
    assert "tier 1 1" in shown


def on_terminal(width: int, **environment: str) -> str:
    console = Console(file=StringIO(), width=width, force_terminal=True, _environ=environment, highlight=False)
    console.print(plan_view(named("Alpha", "alpha.de"), Forecast(2, 0.01)))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 100, 140])
def test_reasons_wrap_and_nothing_is_cropped(width: int) -> None:
    shown = on_terminal(width, NO_COLOR="1", TERM="xterm")
    assert " ".join(WORDY.split()) in " ".join(shown.split())
    assert max(map(len, re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines())) <= width


def test_arrows_are_coloured_unless_that_is_not_wanted() -> None:
    assert "\x1b[32m↑" in on_terminal(80, TERM="xterm-256color")
    plain = on_terminal(80, TERM="xterm-256color", NO_COLOR="1")
    assert "↑" in plain
    assert "[32m" not in plain


def test_the_share_of_the_day_stands_beside_the_calls_where_it_is_known() -> None:
    shown = lines(plan_view(DRAWING, Forecast(1_234, 2.5, QuotaLeft(limit=100_000))))
    assert shown[-1] == "Applying takes about 1,234 calls (1.2% of the portal's day) and 2.5 minutes."
