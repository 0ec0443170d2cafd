"""`check` names every problem and runs the profile's tests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.state.backtest_verdicts import BacktestVerdict, VerdictStore
from icp_sync.state.directory import StateDirectory
from tests.cli.conftest import PROFILES, Command

SMALL = (PROFILES / "small.yaml").read_text()


def test_a_good_profile_passes_without_a_call(icp_sync: Command, portal: SandboxPortal) -> None:
    ended = icp_sync("check", "--json")
    assert ended.code == 0
    assert ended.document["ok"] is True
    assert [test["ok"] for test in ended.document["tests"]] == [True]
    assert portal.calls.total == 0


def test_every_problem_comes_with_its_line_and_path(icp_sync: Command, tmp_path: Path) -> None:
    bad = SMALL.replace("weight: 40", "weight: heavy").replace("tier_2, enter: 60", "tier_2, enter: 95")
    document = icp_sync("check", "--profile", write(tmp_path, bad), "--json").document
    line_of_path = {one["path"]: one["line"] for one in document["findings"] if one["severity"] == "error"}
    lines = bad.splitlines()
    assert "heavy" in lines[line_of_path["criteria[1].weight"] - 1]
    assert any("95" in lines[line - 1] for path, line in line_of_path.items() if path.startswith("tiers"))
    assert (document["ok"], document["error"]["code"]) == (False, "profile_invalid")


def test_a_failing_test_shows_what_was_expected_and_what_came_out(icp_sync: Command, tmp_path: Path) -> None:
    path = write(tmp_path, SMALL.replace("score: 100", "score: 99"))
    ended = icp_sync("check", "--profile", path)
    assert ended.code == 2
    assert "score: expected 99.0, got 100.0" in ended.out


def test_warnings_pass_unless_strict(icp_sync: Command, tmp_path: Path) -> None:
    path = write(tmp_path, SMALL.replace("owner: tests, ", ""))
    assert icp_sync("check", "--profile", path).code == 0
    assert icp_sync("check", "--profile", path, "--strict").code == 2


def test_against_the_portal_a_missing_property_is_an_error_with_its_line(icp_sync: Command, tmp_path: Path) -> None:
    path = write(tmp_path, SMALL.replace("property: hs_lead_status", "property: hs_lead_statu"))
    ended = icp_sync("check", "--profile", path, "--portal", "--json")
    finding = next(one for one in ended.document["findings"] if one["rule"] == "portal")
    assert ended.code == 2
    assert "hs_lead_statu" in SMALL.splitlines()[finding["line"] - 1]
    assert "did you mean hs_lead_status" in finding["message"]


def write(folder: Path, text: str) -> Path:
    """A profile file with that text."""
    path = folder / "profile.yaml"
    path.write_text(text)
    return path


def test_a_backtest_that_said_wins_less_wants_a_review(icp_sync: Command, tmp_path: Path) -> None:
    less = BacktestVerdict(dt.date(2026, 11, 1), "wins_less", "Tier 1 wins less.", "c0ffee123456")
    VerdictStore(StateDirectory.open(tmp_path / "state"), 26112026, "small").save(less)
    rules = [finding["rule"] for finding in icp_sync("check", "--json").document["findings"]]
    assert "wins-less" in rules
    signed = SMALL.replace("review_by: 2027", "reviews: [{date: 2026-11-02, by: Anna}], review_by: 2027")
    answered = icp_sync("check", "--json", "--profile", write(tmp_path, signed), "--as-of", "2026-11-30").document
    assert [finding["rule"] for finding in answered["findings"] if finding["severity"] == "warning"] == []


def test_without_a_home_nothing_is_remembered_and_nothing_fails(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless(_: str) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("ICP_SYNC_STATE")
    monkeypatch.setattr("icp_sync.cli.check.platformdirs.user_state_path", homeless)
    assert icp_sync("check").code == 0
