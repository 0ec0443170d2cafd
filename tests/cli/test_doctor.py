"""`doctor` says what works and what to fix."""

from __future__ import annotations

import re
import shlex
import sqlite3
import sys
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.auth import EVERY_SCOPE
from icp_sync.sandbox.store.history_sources import person_source
from tests.cli.conftest import PROFILES, Command
from tests.cli.test_plan import hold
from tests.notify.server import inbox


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


@pytest.mark.slow
def test_the_day_and_the_state_directory_are_told(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    checks = _checks(icp_sync)
    assert "daily ceiling" not in checks
    assert "writable" in checks["state directory"]
    assert "no run yet" in checks["ledger"]
    assert checks["snapshot"] == "there is no snapshot yet; the next run reads the whole portal"
    icp_sync("run")
    doctor_checks = _checks(icp_sync)
    assert doctor_checks["snapshot"].startswith("5 companies as of ")
    assert doctor_checks["snapshot"].endswith("all read 0 days ago")
    assert f"{tmp_path / 'state'}: writable" in doctor_checks["state directory"]
    assert "ledger.db " in doctor_checks["state directory"]
    assert re.search(
        r"ledger\.db: [\d.]+ KB, 1 runs since .*; what runs wrote is kept 400 days", doctor_checks["ledger"]
    )
    used = int(re.search(r"([\d,]+) of the account's 1,000,000 calls used today", doctor_checks["limits"])[1])  # type: ignore[index]
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


@pytest.mark.slow
def test_it_asks_for_the_profiles_own_properties(icp_sync: Command) -> None:
    assert re.fullmatch(r"companies can be read, with \d+ properties", _checks(icp_sync)["reading companies"])


def test_another_currency_than_the_portals_is_one_line(icp_sync: Command, tmp_path: Path) -> None:
    path = tmp_path / "usd.yaml"
    text = (PROFILES / "small.yaml").read_text()
    assert "kind: icp" in text
    path.write_text(text.replace("kind: icp", "kind: icp, currency: JPY", 1))
    ended = icp_sync("doctor", "--json", "--profile", path)
    (message,) = [check["message"] for check in ended.document["checks"] if check["name"] == "currency"]
    assert message.startswith("the profile's amounts are in JPY, the portal's in ")


def test_a_time_zone_this_machine_lacks_is_said(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.time_zone = "Mars/Olympus"
    check = _checks(icp_sync)["token and portal"]
    assert check.endswith("time zone Mars/Olympus, which this machine does not know, so days go by UTC")


def _checks(icp_sync: Command) -> dict[str, str]:
    return {check["name"]: check["message"] for check in icp_sync("doctor", "--json").document["checks"]}


@pytest.mark.slow
def test_it_begins_with_the_last_run(icp_sync: Command) -> None:
    assert _first_check(icp_sync) == ("last run", "no run yet", "")
    icp_sync("run")
    name, message, fix = _first_check(icp_sync)
    assert (name, fix) == ("last run", "")
    assert re.fullmatch(r"run \S+ of .+ UTC on .+ went well, 5 of 5 changes written", message)


def test_a_run_that_was_cut_short_did_not_go_well(icp_sync: Command, tmp_path: Path) -> None:
    icp_sync("run")
    with sqlite3.connect(tmp_path / "state" / "ledger.db") as ledger:
        ledger.execute("UPDATE run SET exit_code = NULL, error = 'interrupted'")
    _, message, _ = _first_check(icp_sync)
    assert message.endswith("5 of 5 changes written, then cut short: it was killed, or its end could not be saved")


@pytest.mark.slow
def test_a_held_plan_is_named_with_the_way_on(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    hold(icp_sync, portal)
    icp_sync("run")
    (plan,) = (tmp_path / "state" / "plans").glob("*.jsonl")
    _, message, fix = _first_check(icp_sync)
    assert "was held by " in message
    assert fix.startswith(f"look at the plan, then icp-sync apply {plan} --allow ")
    words = shlex.split(fix.partition("icp-sync ")[2].replace("…", "agreed"))
    assert icp_sync(*words).code == 0
    plan.unlink()
    icp_sync("run")
    assert "went well" in _first_check(icp_sync)[1]


@pytest.mark.slow
def test_the_way_on_works_as_printed_from_a_folder_with_blanks_and_names_an_old_plan(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    folder = tmp_path / "my dir"
    folder.mkdir()
    profile = folder / "a b.yaml"
    profile.write_bytes((PROFILES / "small.yaml").read_bytes())
    given = ("--profile", profile, "--state", folder / "st")
    hold(lambda *words: icp_sync(*words, *given), portal)
    assert icp_sync("run", *given).code == 4
    fix = icp_sync("doctor", "--json", *given).document["checks"][0]["fix"]
    portal.ahead += 25 * 3600
    old = icp_sync("doctor", "--json", *given).document["checks"][0]["fix"]
    assert old.startswith("its plan is more than 24 hours old; icp-sync run draws it anew, or icp-sync apply ")
    assert old.endswith("--allow stale")
    portal.ahead -= 25 * 3600
    words = shlex.split(fix.partition("icp-sync ")[2].replace("…", "agreed"))
    assert icp_sync(*words).code == 0


@pytest.mark.slow
def test_a_held_plan_that_is_gone_is_drawn_anew(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    hold(icp_sync, portal)
    icp_sync("run")
    for plan in (tmp_path / "state" / "plans").glob("*.jsonl"):
        plan.unlink()
    assert _first_check(icp_sync)[2] == "its plan is no longer kept; icp-sync run draws it anew"


@pytest.mark.slow
def test_what_stands_comes_second_and_how_to_list_it(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("run")
    assert _what_stands(icp_sync) == ("nothing stands against the profile", "")
    alpha, beta = sorted(map(int, portal.filled_values()))[:2]
    portal.edit_company(alpha, {"hs_ideal_customer_profile": "tier_3"}, person_source(12))
    portal.edit_company(beta, {"country": ""}, person_source(12))
    icp_sync("run")
    message, fix = _what_stands(icp_sync)
    assert message == "1 override, 1 held input open"
    assert fix == "icp-sync overrides lists them, icp-sync release ends them"
    listed = icp_sync(*fix.partition(" lists")[0].split()[1:], "--json").document
    assert ([one["id"] for one in listed["overrides"]], [one["id"] for one in listed["held"]]) == (
        [str(alpha)],
        [str(beta)],
    )


def test_who_is_told_is_checked_without_telling_anybody(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "icp_sync.prom"
    with inbox() as service:
        monkeypatch.setenv("ICP_SYNC_NOTIFY", f"json://{service.address}")
        monkeypatch.setenv("ICP_SYNC_METRICS", str(file))
        checks = _checks(icp_sync)
    assert service.requests == []
    assert "1 of 1 addresses are of services apprise knows" in checks["notify"]
    assert checks["metrics"] == f"{file} can be written"
    assert list(tmp_path.glob("*.prom*")) == []


@pytest.mark.parametrize(
    ("name", "value", "check", "message"),
    [
        ("ICP_SYNC_NOTIFY", "nonsense://SECRET", "notify", "address 1 of ICP_SYNC_NOTIFY is of no service"),
        ("ICP_SYNC_METRICS", "/no/such/folder/SECRET.prom", "metrics", "cannot be written"),
    ],
)
def test_what_would_tell_nobody_is_a_fault(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str, check: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    ended = icp_sync("doctor", "--json")
    (failed,) = [one for one in ended.document["checks"] if not one["ok"]]
    assert (ended.code, failed["name"]) == (1, check)
    assert message in failed["message"]
    assert name != "ICP_SYNC_NOTIFY" or "SECRET" not in ended.out + ended.err


def test_a_missing_extra_is_a_fault(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_NOTIFY", "json://127.0.0.1")
    monkeypatch.setitem(sys.modules, "apprise", None)
    (failed,) = [one for one in icp_sync("doctor", "--json").document["checks"] if not one["ok"]]
    assert failed["fix"] == "pip install 'icp-sync[notify]'"


def _what_stands(icp_sync: Command) -> tuple[str, str]:
    check = icp_sync("doctor", "--json").document["checks"][1]
    assert (check["name"], check["ok"]) == ("overrides", True)
    return check["message"], check["fix"]


def _first_check(icp_sync: Command) -> tuple[str, str, str]:
    check = icp_sync("doctor", "--json").document["checks"][0]
    assert check["ok"]
    return check["name"], check["message"], check["fix"]
