"""Reading deals: a missing scope names its key, faults and kills leave nothing half, a night reads them if asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.auth import EVERY_SCOPE, FULL_TOKEN
from icp_sync.sandbox.faults.hooks import KillHook
from tests.cli.conftest import PROFILES, Command

PAGE = "GET /crm/objects/deals"
NEEDED = "crm.objects.deals.read"
DEALS = 1_000


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal(searches=1_000)
    portal.add_companies(pl.DataFrame({"name": [f"C{row}" for row in range(50)], "country": ["Deutschland"] * 50}))
    add_deals(portal, DEALS)
    return portal


def add_deals(portal: SandboxPortal, count: int) -> None:
    companies = portal.companies_frame()["id"]
    frame = pl.DataFrame({"hs_is_closed": ["false"] * count, "amount": [str(number) for number in range(count)]})
    portal.add_records("deals", frame, [[companies[number % 50]] for number in range(count)])


@pytest.fixture
def planned(icp_sync: Command, portal: SandboxPortal) -> Command:
    assert icp_sync("plan").code == 0
    portal.calls.reset()
    return icp_sync


@pytest.fixture
def nightly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small profile, which has deals read by every run."""
    text = (PROFILES / "small.yaml").read_text(encoding="utf-8")
    profile = tmp_path / "nightly.yaml"
    profile.write_text(text.replace("disqualifiers:", "outcomes: {nightly: true}\ndisqualifiers:", 1), encoding="utf-8")
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(profile))
    return profile


def files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "state").rglob("*") if "deals" in path.name)


def test_without_the_scope_the_key_that_needs_it_is_named(planned: Command, portal: SandboxPortal) -> None:
    portal.tokens[FULL_TOKEN] = EVERY_SCOPE - {NEEDED}
    error = planned("backtest", "--json").document["error"]
    assert error["code"] == "missing_scope"
    assert NEEDED in error["message"]
    assert "outcomes.deals of the profile needs it" in error["message"]


def test_doctor_tells_whether_deals_can_be_read_where_the_profile_names_outcomes(
    icp_sync: Command, portal: SandboxPortal, nightly: Path
) -> None:
    assert nightly.exists()
    checks = {check["name"]: check for check in icp_sync("doctor", "--json").document["checks"]}
    assert checks["reading deals"]["ok"]
    portal.tokens[FULL_TOKEN] = EVERY_SCOPE - {NEEDED}
    ended = icp_sync("doctor", "--json")
    failed = [check for check in ended.document["checks"] if not check["ok"]]
    assert [(check["name"], NEEDED in check["fix"]) for check in failed] == [("reading deals", True)]
    assert "outcomes.deals of the profile needs it" in failed[0]["message"]


def test_doctor_asks_for_no_deals_where_the_profile_says_nothing_of_them(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    portal.tokens[FULL_TOKEN] = EVERY_SCOPE - {NEEDED}
    assert icp_sync("doctor", "--json").document["ok"]


@pytest.mark.slow
def test_a_run_reads_the_deals_after_its_writes(icp_sync: Command, portal: SandboxPortal, nightly: Path) -> None:
    assert nightly.exists()
    assert icp_sync("run").code == 0
    assert portal.calls.by_route[PAGE] == DEALS / 100
    portal.calls.reset()
    assert icp_sync("backtest", "--json").document["deals"] == DEALS
    assert portal.calls.total == 0
    assert icp_sync("run").code == 0
    assert PAGE not in portal.calls.by_route


@pytest.mark.slow
def test_deals_that_cannot_be_read_are_a_warning_and_no_failed_night(
    icp_sync: Command, portal: SandboxPortal, nightly: Path, tmp_path: Path
) -> None:
    assert nightly.exists()
    portal.tokens[FULL_TOKEN] = EVERY_SCOPE - {NEEDED}
    ended = icp_sync("run", "--quiet")
    assert (ended.code, ended.out) == (0, "")
    assert "warning: the deals were not read: the access token lacks " in ended.err
    assert files(tmp_path) == []


@pytest.mark.slow
def test_a_run_without_the_key_reads_no_deals(icp_sync: Command, portal: SandboxPortal) -> None:
    assert icp_sync("run").code == 0
    assert not [route for route in portal.calls.by_route if "deals" in route]


@pytest.mark.slow
def test_another_question_keeps_what_the_first_one_read(planned: Command, portal: SandboxPortal) -> None:
    planned("backtest", "--by", "source")
    planned("backtest", "--by", "owner")
    portal.calls.reset()
    planned("backtest", "--by", "source")
    assert portal.calls.total == 0


@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.slow), pytest.param(5, marks=pytest.mark.slow)])
def test_with_a_fifth_of_the_calls_failing_the_result_is_the_same_or_nothing(
    planned: Command, portal: SandboxPortal, tmp_path: Path, seed: int
) -> None:
    portal.faults.add("mixed", rate=0.2, seed=seed)
    ended = planned("backtest", "--json")
    if ended.code:
        assert files(tmp_path) == []
    else:
        assert ended.document["deals"] == DEALS
    portal.faults.clear()
    assert planned("backtest", "--json").document["deals"] == DEALS


@pytest.mark.slow
@pytest.mark.parametrize("call", [1, 5, 10])
def test_killed_at_a_page_nothing_half_is_kept(
    planned: Command, portal: SandboxPortal, tmp_path: Path, call: int
) -> None:
    add_deals(portal, 1)
    planned("backtest")
    (kept,) = files(tmp_path)
    before = next((tmp_path / "state").rglob(kept)).read_bytes()
    portal.calls.reset()
    portal.latency = 0.3
    # Another property makes it read everything anew.
    command = [sys.executable, "-m", "icp_sync", "backtest", "--by", "source"]
    child = subprocess.Popen(command, env=dict(os.environ), stderr=subprocess.DEVNULL)
    hook = KillHook(portal.calls, child.pid, call, route=PAGE)
    portal.hooks.kills.append(hook)
    assert child.wait(60) == -9
    assert hook.struck == PAGE
    assert [path.read_bytes() for path in (tmp_path / "state").rglob("*deals*")] == [before]
    portal.hooks.clear()
    portal.latency = 0.0
    assert planned("backtest", "--by", "source", "--json").document["deals"] == DEALS + 1


@pytest.mark.slow
@pytest.mark.parametrize("version", ["v3", "2026-03"])
@pytest.mark.parametrize("presence", ["filled", "empty", "absent"])
def test_every_kind_of_portal_gives_the_same_backtest(
    planned: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, version: str, presence: str
) -> None:
    """By both versions of the API, with the property of the primary company, without it, and where it is empty."""
    monkeypatch.setenv("HUBSPOT_API_VERSION", version)
    companies = portal.companies_frame()["id"]
    closed: dict[str, str | int | float | bool | None] = {
        "hs_is_closed": "true",
        "hs_is_closed_won": "true",
        "closedate": portal.now() + 120_000,
    }
    portal.change_settings(primary_company=presence)
    portal.create_record("deals", closed, [companies[1], companies[0]])
    before = planned("backtest", "--json").document
    assert (before["deals"], before["tiers"][-1]["decided"], before["tiers"][-1]["won"]) == (DEALS + 1, 1, 1)
    assert before["left_out"] == {"open": DEALS}
    portal.ahead += 60  # HubSpot's search shows a new record only some seconds later
    portal.create_record("deals", closed | {"hs_is_closed_won": "false"}, [companies[2], companies[0]])
    portal.ahead += 60
    after = planned("backtest", "--fresh", "--json").document
    assert (after["tiers"][-1]["decided"], after["tiers"][-1]["won"], after["left_out"]) == (2, 1, {"open": DEALS})
