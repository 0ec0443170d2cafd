"""ICP_SYNC_DAILY_CALLS and HubSpot's own daily limit: how a run ends there, and how the next one continues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from icp_sync.errors import StateUnusable
from icp_sync.sandbox import SandboxPortal
from icp_sync.state.home import StateHome
from icp_sync.state.quota import DailyUsage, QuotaStore
from tests.cli.conftest import PROFILES, Command, crowd

COMPANIES = 1_000


@pytest.fixture
def portal() -> SandboxPortal:
    """Enough companies for ten batches."""
    return crowd(COMPANIES)


def spent(folder: Path) -> int:
    usage = StateHome(folder / "state").open(SandboxPortal().portal_id, "small").quota.usage()
    return usage.calls if usage else 0


def test_a_ceiling_reached_while_reading_ends_in_1(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", "8")
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "daily_limit")
    assert "our own ceiling ICP_SYNC_DAILY_CALLS is reached: 8 of 8 calls" in ended.document["error"]["message"]
    assert ended.document["error"]["message"].endswith("(Europe/Berlin); the next run continues")
    assert portal.calls.total == spent(tmp_path) == 8


@pytest.mark.slow
def test_a_ceiling_reached_while_writing_ends_in_5_and_a_higher_one_continues(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = _calls_until_written(portal, icp_sync, monkeypatch)
    first = icp_sync("run", "--json")
    written = first.document["applied"]["companies"]
    assert (first.code, first.document["error"]["code"]) == (5, "daily_limit")
    assert first.document["error"]["message"].endswith("the next run continues")
    assert portal.calls.total == spent(tmp_path) == calls
    assert 0 < written == _written(portal) < COMPANIES

    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", "50%")
    second = icp_sync("run", "--json")
    assert (second.code, second.document["applied"]["companies"]) == (0, COMPANIES - written)
    assert portal.calls.total == spent(tmp_path)
    assert icp_sync("plan", "--json").document["changes"]["companies"] == 0


@pytest.mark.slow
def test_the_accounts_own_limit_ends_a_run_the_same_way_and_is_told_apart(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    portal.faults.add("429_daily", route="POST /crm/objects/companies/batch/update", after_calls=2)
    first = icp_sync("run", "--json")
    assert (first.code, first.document["error"]["code"]) == (5, "daily_limit")
    message = first.document["error"]["message"]
    assert "HubSpot's own limit is reached: the account has used up its 1,000,000 calls for today" in message
    assert message.endswith("00:00 (Europe/Berlin); the next run continues")
    portal.faults.clear()
    second = icp_sync("run", "--json")
    assert first.document["applied"]["companies"] + second.document["applied"]["companies"] == COMPANIES


def test_the_accounts_own_limit_before_the_first_write_ends_in_1(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.faults.add("429_daily", route="GET /crm/objects/companies")
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "daily_limit")


@pytest.mark.slow
def test_profiles_run_together_are_counted_once(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(OTHER)
    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", "5000")
    assert icp_sync("plan", "--profile", PROFILES / "small.yaml", "--profile", other).code == 0
    assert spent(tmp_path) == portal.calls.total


OTHER = """\
schema: 1
profile: {name: other, kind: icp}
criteria: [{id: country, property: country, weight: 1, match: {is: DE}}]
tiers: [{tier: tier_1, enter: 80}]
write: {tier: icp_other_tier, profile: icp_other_profile}
"""


def test_a_known_portal_is_not_even_greeted_once_the_ceiling_is_used_up(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", "8")
    monkeypatch.setenv("ICP_SYNC_PORTAL_ID", str(portal.portal_id))
    assert [icp_sync("run").code for _ in range(3)] == [1, 1, 1]
    assert portal.calls.total == 8


@pytest.mark.parametrize("bad", ["0", "-5", "many", "0%", "101%", "10%%", "1.5", "%"])
def test_a_bad_ceiling_is_named(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", bad)
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "usage")
    assert "ICP_SYNC_DAILY_CALLS: must be a number of calls" in ended.document["error"]["message"]
    assert portal.calls.total == 0


@pytest.mark.slow
def test_a_count_that_can_no_longer_be_kept_stops_the_run_and_what_was_written_is_told(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve = QuotaStore.reserve

    def full_disk(self: QuotaStore, today: DailyUsage, ceiling: int | None) -> tuple[int, int]:
        if portal.calls.by_route["POST /crm/objects/companies/batch/update"] >= 3:
            raise StateUnusable("the state directory cannot be used (No space left on device)")
        return reserve(self, today, ceiling)

    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", "5000")
    monkeypatch.setattr("icp_sync.runs.daily_ceiling.BLOCK", 1)
    monkeypatch.setattr(QuotaStore, "reserve", full_disk)
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (5, "partly_applied")
    assert "No space left" in ended.document["error"]["message"]
    assert 0 < ended.document["applied"]["companies"] == _written(portal) < COMPANIES


# The forecast


@pytest.mark.slow
def test_a_plan_forecasts_its_share_of_the_portals_day(icp_sync: Command, portal: SandboxPortal) -> None:
    forecast = icp_sync("plan", "--json").document["forecast"]
    assert forecast["calls"] >= 20
    assert forecast["share_of_day"] == pytest.approx(forecast["calls"] / 1_000_000)
    assert forecast["left_today"] == 1_000_000 - portal.calls.total


@pytest.mark.slow
def test_a_plan_warns_when_the_ceiling_is_too_low_for_it(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    icp_sync("plan")
    portal.calls.reset()
    icp_sync("plan")
    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", str(portal.calls.total + 7))
    ended = icp_sync("plan")
    assert ended.code == 0
    assert "warning: Applying takes more than the 7 calls left today (ICP_SYNC_DAILY_CALLS)" in ended.err
    assert "of the portal's day) and" in ended.out


@pytest.mark.slow
def test_a_backfill_warns_when_the_account_has_too_few_left(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("plan")
    portal.calls.reset()
    icp_sync("plan", "--full")
    portal.limits.daily = portal.limits.used_today + portal.calls.total + 5
    ended = icp_sync("backfill", "--yes", "--json")
    warning = re.search(
        r"warning: Applying takes more than the (\d+) calls left today \(the HubSpot account\)", ended.err
    )
    # Eight calls are in flight at a time, and HubSpot tells what is left in any order.
    assert warning is not None
    assert 5 <= int(warning[1]) <= 5 + 8
    assert (ended.code, ended.document["error"]["code"]) == (5, "daily_limit")


@pytest.mark.slow
def test_no_warning_where_the_day_has_room_or_quiet_was_asked_for(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "warning" not in icp_sync("plan").err
    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", str(portal.calls.total + 3))
    assert icp_sync("plan", "--quiet").err == ""


# Doctor


def test_doctor_tells_the_account_and_the_ceiling_and_is_never_stopped_by_it(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", "0.01%")
    checks = {check["name"]: check for check in icp_sync("doctor", "--json").document["checks"]}
    assert checks["daily ceiling"]["message"].startswith(
        "1 of 100 calls (0.01% of the account's day) used today by icp_sync, 99 left until "
    )
    assert " of the account's 1,000,000 calls used today, " in checks["limits"]["message"]
    assert checks["limits"]["message"].endswith("00:00 (Europe/Berlin)")
    assert spent(tmp_path) == portal.calls.total

    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", "1")
    failed = [check for check in icp_sync("doctor", "--json").document["checks"] if not check["ok"]]
    assert [check["name"] for check in failed] == ["daily ceiling"]
    assert "raise ICP_SYNC_DAILY_CALLS" in failed[0]["fix"]


def _calls_until_written(portal: SandboxPortal, icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> int:
    """A ceiling that is reached in the middle of writing: what a plan takes to read, and half of its forecast."""
    forecast = icp_sync("plan", "--json").document["forecast"]["calls"]
    calls = portal.calls.total + int(forecast) // 2 + 8
    portal.calls.reset()
    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", str(calls))
    return calls


def _written(portal: SandboxPortal) -> int:
    return portal.companies_frame("icp_fit_outcome").drop_nulls("icp_fit_outcome").height
