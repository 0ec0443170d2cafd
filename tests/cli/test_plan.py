"""`plan` shows and saves; it makes and writes nothing in the portal."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import Command


def test_plan_only_reads(icp_sync: Command, portal: SandboxPortal) -> None:
    assert icp_sync("plan").code == 0
    writing = [
        route
        for route in portal.calls.by_route
        if not route.startswith("GET") and not route.endswith(("search", "batch/read"))
    ]
    assert writing == []


@pytest.mark.slow
def test_the_exit_code_tells_of_pending_changes_only_when_asked(icp_sync: Command) -> None:
    assert icp_sync("plan").code == 0
    assert icp_sync("plan", "--exit-code").code == 3
    icp_sync("run")
    assert icp_sync("plan", "--exit-code").code == 0


@pytest.mark.slow
def test_it_says_what_changes_and_why(icp_sync: Command) -> None:
    plan_text = icp_sync("plan").out
    assert "5 companies change (5 first score)" in plan_text
    assert "no tier → tier 1: 1" in plan_text
    assert "HubSpot workflows" in plan_text
    assert "Alpha" in plan_text
    assert "Tier 1 (100): Germany, 100 or more employees." in plan_text
    assert "calls" in plan_text


def test_a_saved_plan_is_for_its_owner_only(icp_sync: Command, tmp_path: Path) -> None:
    icp_sync("plan", "--out", tmp_path / "plan.jsonl")
    assert stat.S_IMODE((tmp_path / "plan.jsonl").stat().st_mode) == 0o600


def test_the_table_names_the_company_and_links_to_its_record(icp_sync: Command, tmp_path: Path) -> None:
    icp_sync("plan", "--csv", tmp_path / "plan.csv")
    row = pl.read_csv(tmp_path / "plan.csv", infer_schema=False).filter(pl.col("name") == "Alpha").row(0, named=True)
    assert row["link"].endswith(f"/record/0-2/{row['id']}")
    assert (row["tier_before"], row["tier_after"], row["score_after"]) == ("", "tier_1", "100.0")


@pytest.mark.slow
def test_text_a_spreadsheet_would_run_is_defused(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    portal.create_company({"name": "=HYPERLINK(1)", "country": "DE"})
    icp_sync("plan", "--csv", tmp_path / "plan.csv")
    names = pl.read_csv(tmp_path / "plan.csv", infer_schema=False)["name"].to_list()
    assert "'=HYPERLINK(1)" in names


@pytest.mark.slow
def test_a_held_plan_exits_4_only_when_asked_and_names_where_it_lies(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    hold(icp_sync, portal)
    shown = icp_sync("plan", "--json")
    assert shown.code == 0
    assert shown.document["error"]["code"] == "guardrail_held"
    asked = icp_sync("plan", "--json", "--exit-code")
    assert asked.code == 4
    saved = tmp_path / "state" / "plans" / f"{asked.document['run_id']}.jsonl"
    assert saved.exists()
    assert str(saved) in asked.document["error"]["message"]
    assert {"plan": str(saved)} in asked.document["error"]["details"]


def hold(icp_sync: Command, portal: SandboxPortal) -> None:
    """Thirty companies of ours, then twenty of them shrink: `changed` is far beyond its limit."""
    many = {"name": [f"Firm {n}" for n in range(30)], "country": ["DE"] * 30, "numberofemployees": ["500"] * 30}
    portal.add_companies(pl.DataFrame(many))
    assert icp_sync("run").code == 0
    firms = portal.companies_frame("name").filter(pl.col("name").str.starts_with("Firm"))["id"].to_list()
    for firm in firms[:20]:
        portal.edit_company(firm, {"numberofemployees": "3"})


@pytest.mark.parametrize("option", ["--out", "--csv"])
def test_a_file_that_cannot_be_written_is_refused_before_the_first_call(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, option: str
) -> None:
    ended = icp_sync("plan", option, tmp_path / "missing" / "plan")
    assert (ended.code, portal.calls.total) == (2, 0)
    assert f"there is no folder {tmp_path / 'missing'}; make it, or name a file in another" in ended.err
