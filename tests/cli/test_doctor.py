"""`doctor` says what works and what to fix."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.auth import EVERY_SCOPE
from tests.cli.conftest import PROFILES, Command


def test_a_healthy_portal_is_all_ok(icp_sync: Command) -> None:
    ended = icp_sync("doctor", "--json")
    assert ended.code == 0
    assert ended.document["ok"] is True
    assert {"token and portal", "API version", "scopes", "properties", "limits", "state directory", "lists"} <= {
        check["name"] for check in ended.document["checks"]
    }


def test_a_missing_scope_is_found_and_the_other_checks_still_made(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.tokens["pat-eu1-narrow"] = EVERY_SCOPE - {"crm.lists.write"}
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "pat-eu1-narrow")
    ended = icp_sync("doctor", "--json")
    failed = [check for check in ended.document["checks"] if not check["ok"]]
    assert ended.code == 1
    assert [check["name"] for check in failed] == ["scopes"]
    assert "crm.lists.write" in failed[0]["fix"]


def test_a_refused_token_ends_in_one_finding(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "pat-eu1-nobody")
    ended = icp_sync("doctor", "--json")
    assert (ended.code, [check["ok"] for check in ended.document["checks"]]) == (1, [False])


def test_it_only_reads(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("doctor")
    reading = ("search", "batch/read", "access-token-info")
    assert not [route for route in portal.calls.by_route if not route.startswith("GET") and not route.endswith(reading)]


def test_the_day_and_the_state_directory_are_told(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    checks = _checks(icp_sync)
    assert "daily ceiling" not in checks
    assert "writable" in checks["state directory"]
    assert "no run yet" in checks["ledger"]
    assert checks["snapshot"] == "there is no snapshot yet; the next run reads the whole portal"
    icp_sync("run")
    told = _checks(icp_sync)
    assert told["snapshot"].startswith("5 companies as of ")
    assert told["snapshot"].endswith("all read 0 days ago")
    assert f"{tmp_path / 'state'}: writable" in told["state directory"]
    assert "ledger.db " in told["state directory"]
    assert re.search(r"ledger\.db: [\d.]+ KB, 1 runs since .*; what runs wrote is kept 400 days", told["ledger"])
    used = int(re.search(r"([\d,]+) of the account's 1,000,000 calls used today", told["limits"])[1])  # type: ignore[index]
    assert 0 < used < portal.calls.total


def test_an_account_without_calls_left_is_a_fault(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.faults.add("429_daily", route="GET /account-info/api-usage")
    failed = [check for check in icp_sync("doctor", "--json").document["checks"] if not check["ok"]]
    assert [check["name"] for check in failed] == ["limits"]
    assert "it counts anew at" in failed[0]["message"]


def test_it_works_without_a_profile(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ICP_SYNC_PROFILE")
    ended = icp_sync("doctor", "--json")
    names = [check["name"] for check in ended.document["checks"]]
    assert (ended.code, names) == (
        0, ["token and portal", "API version", "scopes", "reading companies", "reading lists", "list quota", "limits"],
    )  # fmt: skip


def test_it_asks_for_the_profiles_own_properties(icp_sync: Command) -> None:
    assert re.fullmatch(r"companies can be read, with \d+ properties", _checks(icp_sync)["reading companies"])


def test_another_currency_than_the_portals_is_one_line(icp_sync: Command, tmp_path: Path) -> None:
    path = tmp_path / "usd.yaml"
    text = (PROFILES / "small.yaml").read_text()
    assert "kind: icp" in text
    path.write_text(text.replace("kind: icp", "kind: icp, currency: JPY", 1))
    ended = icp_sync("doctor", "--json", "--profile", path)
    (told,) = [check["message"] for check in ended.document["checks"] if check["name"] == "currency"]
    assert told.startswith("the profile's amounts are in JPY, the portal's in ")


def test_a_time_zone_this_machine_lacks_is_said(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.time_zone = "Mars/Olympus"
    told = _checks(icp_sync)["token and portal"]
    assert told.endswith("time zone Mars/Olympus, which this machine does not know, so days go by UTC")


def _checks(icp_sync: Command) -> dict[str, str]:
    return {check["name"]: check["message"] for check in icp_sync("doctor", "--json").document["checks"]}
