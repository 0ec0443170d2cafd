"""`run`, as cron does it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import Command
from tests.read_ledger import recorded_runs


def tiers(portal: SandboxPortal) -> dict[str, str]:
    """Company name → the tier on its record."""
    frame = portal.companies_frame("name", "hs_ideal_customer_profile").fill_null("")
    return dict(frame.select("name", "hs_ideal_customer_profile").iter_rows())


@pytest.mark.slow
def test_a_first_run_writes_tiers_and_keeps_lists(icp_sync: Command, portal: SandboxPortal) -> None:
    ended = icp_sync("run", "--json")
    assert ended.code == 0
    assert tiers(portal) == {"Alpha": "tier_1", "Beta": "tier_2", "Gamma": "", "Delta": "tier_2", "Epsilon": ""}
    assert ended.document["outcomes"] == {"tiered": 3, "disqualified": 0, "not_icp": 1, "insufficient_data": 1}
    assert portal.list_members("Small Tier 1") == [_id(portal, "Alpha")]
    assert len(portal.list_members("Small tiered")) == 3


@pytest.mark.slow
def test_a_second_run_changes_nothing(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("run", "--json")
    portal.calls.reset()
    second = icp_sync("run", "--json")
    assert second.code == 0
    changes = second.document["changes"]
    assert (changes["companies"], changes["properties"]) == (0, {})
    assert {name: (found["add"], found["remove"], found["create"]) for name, found in changes["lists"].items()} == {
        "Small Tier 1": (0, 0, False),
        "Small tiered": (0, 0, False),
    }
    assert not [route for route in portal.calls.by_route if route.startswith(("PUT", "PATCH")) or "update" in route]


@pytest.mark.slow
def test_numbers_that_hubspot_writes_in_its_own_form_are_no_change(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("run")
    scores = portal.companies_frame("name", "icp_fit_score", "icp_fit_coverage")
    assert scores.filter(pl.col("name") == "Alpha").row(0)[-2:] == ("100", "1")  # sent as 100.0 and 1.0
    assert icp_sync("plan", "--exit-code").code == 0


@pytest.mark.slow
def test_the_document_has_every_key_of_the_contract(icp_sync: Command) -> None:
    document = icp_sync("run", "--json").document
    assert {
        "run_id", "portal_id", "profile", "companies", "outcomes", "tiers", "changes", "applied", "skipped", "rejected",
        "rejected_total", "calls", "seconds", "guardrails", "unrecognised",
    } <= document.keys()  # fmt: skip
    assert document["companies"] == {"read": 5, "scored": 5, "foreign": 0}
    assert document["applied"] == {"companies": 5, "lists": 2, "failed": 0}
    assert document["profile"]["name"] == "small"


@pytest.mark.slow
def test_reported_calls_are_the_calls_the_portal_counted(icp_sync: Command, portal: SandboxPortal) -> None:
    calls = icp_sync("run", "--json").document["calls"]
    assert calls["total"] == portal.calls.total
    assert calls["by_route"] == dict(portal.calls.by_route)


@pytest.mark.slow
def test_a_foreign_tier_is_kept_and_the_rest_is_written(icp_sync: Command, portal: SandboxPortal) -> None:
    gamma = _id(portal, "Gamma")
    portal.edit_company(gamma, {"hs_ideal_customer_profile": "tier_1"})
    document = icp_sync("run", "--json").document
    record = portal.company(gamma)
    assert document["companies"]["foreign"] == 1
    assert record["hs_ideal_customer_profile"] == "tier_1"
    assert record["icp_fit_outcome"] == "not_icp"
    assert not record.get("icp_fit_profile")


def test_adopt_takes_a_foreign_tier_over(icp_sync: Command, portal: SandboxPortal) -> None:
    gamma = _id(portal, "Gamma")
    portal.edit_company(gamma, {"hs_ideal_customer_profile": "tier_1"})
    icp_sync("run", "--json", "--allow", "adopt")
    assert not portal.company(gamma).get("hs_ideal_customer_profile")
    assert portal.company(gamma)["icp_fit_profile"].startswith("small@")


@pytest.mark.slow
def test_a_company_that_leaves_the_scope_is_cleared(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("run")
    alpha = _id(portal, "Alpha")
    portal.edit_company(alpha, {"type": "PARTNER"})
    assert icp_sync("run").code == 0
    record = portal.company(alpha)
    ours = {name: value for name, value in record.items() if name.startswith("icp_fit_") and value}
    assert ours == {}
    assert record["hs_is_target_account"] == "false"
    assert portal.list_members("Small Tier 1") == []


@pytest.mark.slow
def test_one_refused_record_is_listed_and_the_rest_lands(icp_sync: Command, portal: SandboxPortal) -> None:
    beta = _id(portal, "Beta")
    portal.faults.reject_company(beta, "MISSING_CONDITIONAL_REQUIRED_PROPERTY", "fill in the region first")
    ended = icp_sync("run", "--json")
    assert ended.code == 5
    assert ended.document["applied"]["companies"] == 4
    assert ended.document["rejected_total"] == 1
    assert ended.document["rejected"][0]["id"] == str(beta)
    assert "MISSING_CONDITIONAL_REQUIRED_PROPERTY" in ended.document["rejected"][0]["reason"]
    assert "error" in ended.document


@pytest.mark.slow
def test_quiet_is_silent_about_a_success(icp_sync: Command) -> None:
    ended = icp_sync("run", "--quiet")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


@pytest.mark.slow
def test_progress_off_a_terminal_is_json_lines_on_stderr(icp_sync: Command) -> None:
    lines = icp_sync("run").err.splitlines()
    assert [line for line in lines if '"stage": "pull"' in line]


def test_the_run_is_recorded(icp_sync: Command, tmp_path: Path) -> None:
    document = icp_sync("run", "--json").document
    run = recorded_runs(tmp_path / "state")[-1].run
    assert (run.run_id, run.read, run.changes, run.written, run.exit_code) == (document["run_id"], 5, 5, 5, 0)
    assert (run.command, run.complete, run.causes, run.error) == ("run", True, {"first": 5}, None)
    assert run.ended_at is not None


def _id(portal: SandboxPortal, name: str) -> int:
    return int(portal.companies_frame("name").filter(pl.col("name") == name)["id"].item())
