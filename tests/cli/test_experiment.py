"""A challenger with an experiment, run beside its champion: arms are written once and stay."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import DAY, PROFILES, Command

SMALL = (PROFILES / "small.yaml").read_text(encoding="utf-8").partition("tests:")[0]
EXPERIMENT = "experiment: {name: q1, against: small, share: 50%, property: icp_experiment}"
LISTS = """lists:
  - {name: Challenger arm, kind: static, where: {experiment: [challenger], tier: [tier_1]}}
  - {name: Champion arm, kind: active, where: {experiment: [champion]}}
"""


@pytest.fixture
def portal() -> SandboxPortal:
    """60 large companies, tier 1 of the champion alone, and 40 small ones, tier 1 of the challenger alone."""
    portal = SandboxPortal(searches=1_000)
    employees = ["800" if row < 60 else "20" for row in range(100)]
    portal.add_companies(pl.DataFrame({"name": [f"C{row}" for row in range(100)], "numberofemployees": employees,
                                       "country": ["Deutschland"] * 100}))  # fmt: skip
    return portal


@pytest.fixture
def challenger(tmp_path: Path) -> Path:
    text = SMALL.replace("match: {at_least: 100}", "match: {at_most: 50}").partition("lists:")[0] + LISTS
    text = text.replace("name: small", "name: challenger").replace("icp_fit_", "icp_b_")
    text = text.replace("hs_ideal_customer_profile", "icp_b_tier").replace("hs_is_target_account", "icp_b_target")
    file = tmp_path / "challenger.yaml"
    file.write_text(text.replace("write:\n", f"write:\n  {EXPERIMENT}\n"), encoding="utf-8")
    return file


def both(challenger: Path) -> tuple[object, ...]:
    return "--profile", PROFILES / "small.yaml", "--profile", challenger


def arms(portal: SandboxPortal) -> dict[int, str]:
    return dict(portal.companies_frame("icp_experiment").select("id", "icp_experiment").iter_rows())


def _win(portal: SandboxPortal, companies: list[int], created: int) -> None:
    """A deal of each, created at that moment (epoch ms) and won ten seconds later."""
    moments = {"createdate": created, "closedate": created + 10_000}
    deals = pl.DataFrame({
        "hs_is_closed": ["true"] * len(companies),
        "hs_is_closed_won": ["true"] * len(companies),
        **{name: pl.Series([moment] * len(companies)).cast(pl.Datetime("ms")) for name, moment in moments.items()},
    })  # fmt: skip
    portal.add_records("deals", deals, [[company] for company in companies])


@pytest.mark.slow
def test_arms_and_their_lists_are_written_once_and_stay_through_runs_edits_and_merges(
    icp_sync: Command, portal: SandboxPortal, challenger: Path
) -> None:
    assert icp_sync("run", *both(challenger)).code == 0
    first = arms(portal)
    assert set(first.values()) == {"challenger", "champion"}
    small = set(portal.companies_frame()["id"][60:])
    members = {name: set(portal.list_members(name)) for name in ("Challenger arm", "Champion arm")}
    assert members["Challenger arm"] == {company for company in small if first[company] == "challenger"}
    assert members["Champion arm"] == {company for company, arm in first.items() if arm == "champion"}
    assert icp_sync("plan", *both(challenger), "--exit-code").code == 0
    winner = next(company for company, arm in first.items() if arm == "champion")
    loser = next(company for company, arm in first.items() if arm == "challenger")
    portal.merge(winner, loser)
    portal.edit_company(winner, {"icp_experiment": "challenger"})
    assert icp_sync("run", *both(challenger)).code == 0
    assert arms(portal) == {company: arm for company, arm in first.items() if company != loser}


def test_without_its_champion_in_the_run_it_is_refused(
    icp_sync: Command, portal: SandboxPortal, challenger: Path
) -> None:
    ended = icp_sync("run", "--profile", challenger, "--json")
    assert (ended.code, portal.calls.total) == (2, 0)
    assert "goes against the profile small, which is not in this run" in ended.document["error"]["details"][0]


@pytest.mark.slow
def test_edited_midway_it_is_refused_and_nothing_is_written(
    icp_sync: Command, portal: SandboxPortal, challenger: Path
) -> None:
    icp_sync("run", *both(challenger))
    before = portal.state_digest()
    challenger.write_text(challenger.read_text(encoding="utf-8").replace("share: 50%", "share: 30%"), encoding="utf-8")
    ended = icp_sync("run", *both(challenger), "--json")
    assert ended.code == 1
    assert "an experiment is not edited midway" in ended.document["error"]["details"][0]
    assert portal.state_digest() == before


@pytest.mark.slow
def test_what_arms_a_run_wrote_is_taken_back_by_undo(
    icp_sync: Command, portal: SandboxPortal, challenger: Path
) -> None:
    icp_sync("run", *both(challenger))
    allowed = [
        word for name in ("changed", "leaving_tier_1", "leaving_tiers", "list_shrink") for word in ("--allow", name)
    ]
    assert icp_sync("undo", "last", "--profile", challenger, "--yes", *allowed).code == 0
    assert set(arms(portal).values()) == {None}


@pytest.mark.slow
def test_backtest_counts_deals_created_since_the_arm_was_written(
    icp_sync: Command, portal: SandboxPortal, challenger: Path
) -> None:
    companies = portal.companies_frame()["id"].to_list()
    now = portal.now()
    _win(portal, companies[:5], now - 60 * DAY * 1_000)
    icp_sync("run", *both(challenger))
    drawn = arms(portal)
    _win(portal, companies[3:9], now + 60_000)
    figures = icp_sync("backtest", "--profile", challenger, "--by", "icp_experiment", "--json").document["experiment"]
    assert {row["arm"]: row["bought"] for row in figures["arms"]} == {
        arm: sum(drawn[company] == arm for company in companies[3:9]) for arm in ("challenger", "champion")
    }
    assert (figures["earlier"], figures["undated"], figures["code"]) == (5, 0, "too_few")
    out = icp_sync("backtest", "--profile", challenger, "--by", "icp_experiment").out
    assert "Experiment q1: too early to say." in out
