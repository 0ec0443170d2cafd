"""`apply` writes exactly a saved plan, or less."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import orjson
import polars as pl
import pytest

from icp_sync.plan import plan_file
from icp_sync.plan.guardrails import NAMES
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import person_source
from tests.cli.conftest import PROFILES, Command
from tests.cli.test_plan import hold


@pytest.fixture
def saved(icp_sync: Command, tmp_path: Path) -> Path:
    """A plan of everything, saved."""
    path = tmp_path / "plan.jsonl"
    assert icp_sync("plan", "--out", path).code == 0
    return path


@pytest.mark.slow
def test_apply_writes_what_the_plan_shows(icp_sync: Command, saved: Path) -> None:
    ended = icp_sync("apply", saved, "--json")
    assert ended.code == 0
    assert ended.document["applied"] == {"companies": 5, "lists": 2, "failed": 0}
    assert icp_sync("plan", "--exit-code").code == 0


@pytest.mark.slow
def test_the_document_tells_which_run_applied_and_what_stands(
    icp_sync: Command, portal: SandboxPortal, saved: Path
) -> None:
    planned = orjson.loads(saved.read_bytes().splitlines()[0])["origin"]["run_id"]
    applied = icp_sync("apply", saved, "--json").document
    assert applied["plan_of"] == planned != applied["run_id"]
    assert icp_sync("show", applied["run_id"], "--json").code == 0
    assert (applied["overrides"]["open"], applied["held"]["companies"]) == (0, 0)
    (first, *_) = sorted(portal.filled_values())
    portal.edit_company(int(first), {"hs_ideal_customer_profile": "tier_3"}, person_source(12))
    assert icp_sync("run").code == 0
    portal.create_company({"country": "Germany"})
    icp_sync("plan", "--out", saved)
    assert icp_sync("apply", saved, "--json").document["overrides"]["open"] == 1


@pytest.mark.slow
def test_applying_twice_writes_once(icp_sync: Command, saved: Path) -> None:
    icp_sync("apply", saved)
    again = icp_sync("apply", saved, "--json")
    assert again.code == 0
    assert again.document["applied"]["companies"] == 0
    assert again.document["skipped"] == []


def test_a_company_somebody_edited_since_is_skipped_and_said(
    icp_sync: Command, portal: SandboxPortal, saved: Path
) -> None:
    alpha = portal.companies_frame("name").filter(pl.col("name") == "Alpha")["id"].item()
    portal.edit_company(alpha, {"hs_ideal_customer_profile": "tier_3"})
    ended = icp_sync("apply", saved, "--json")
    assert ended.code == 0
    assert [one["id"] for one in ended.document["skipped"]] == [str(alpha)]
    assert "hs_ideal_customer_profile" in ended.document["skipped"][0]["reason"]
    assert portal.company(alpha)["hs_ideal_customer_profile"] == "tier_3"
    assert portal.list_members("Small Tier 1") == []


@pytest.mark.slow
def test_a_tier_that_a_person_set_first_as_the_plan_wants_it_is_theirs(
    icp_sync: Command, portal: SandboxPortal, saved: Path
) -> None:
    icp_sync("apply", saved)
    alpha = portal.companies_frame("name").filter(pl.col("name") == "Alpha")["id"].item()
    portal.edit_company(alpha, {"numberofemployees": "5"})
    icp_sync("plan", "--out", saved)
    portal.edit_company(alpha, {"hs_ideal_customer_profile": "tier_2"}, person_source(12))
    ended = icp_sync("apply", saved, "--json").document
    assert [one["id"] for one in ended["skipped"]] == [str(alpha)]
    assert icp_sync("run", "--json").document["overrides"]["opened"] == 1
    # Once the profile says something else, what the person said stands.
    portal.edit_company(alpha, {"numberofemployees": "800"})
    assert icp_sync("run").code == 0
    assert portal.company(alpha)["hs_ideal_customer_profile"] == "tier_2"


@pytest.mark.slow
def test_a_company_archived_since_is_skipped(icp_sync: Command, portal: SandboxPortal, saved: Path) -> None:
    alpha = portal.companies_frame("name").filter(pl.col("name") == "Alpha")["id"].item()
    portal.archive(alpha)
    ended = icp_sync("apply", saved, "--json")
    assert (ended.code, ended.document["applied"]["companies"]) == (0, 4)


def test_a_plan_cut_short_or_edited_is_refused(icp_sync: Command, portal: SandboxPortal, saved: Path) -> None:
    saved.write_bytes(saved.read_bytes().replace(b'"tier_1"', b'"tier_2"'))
    ended = icp_sync("apply", saved, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "plan_unusable")
    assert not [route for route in portal.calls.by_route if "update" in route]


@pytest.mark.slow
def test_a_plan_of_another_profile_is_refused(icp_sync: Command, saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text((PROFILES / "small.yaml").read_text().replace("enter: 60", "enter: 50"))
    ended = icp_sync("apply", saved, "--profile", other, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "plan_unusable")


def test_a_file_that_is_no_plan_is_refused_in_one_sentence(icp_sync: Command, tmp_path: Path) -> None:
    (tmp_path / "plan.jsonl").write_text("not a plan")
    ended = icp_sync("apply", tmp_path / "plan.jsonl")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert icp_sync("apply", tmp_path / "missing.jsonl").code == 1


@pytest.mark.slow
def test_a_held_plan_goes_on_with_the_named_override(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    hold(icp_sync, portal)
    blocked = icp_sync("run", "--json")
    assert blocked.code == 4
    (plan,) = (tmp_path / "state" / "plans").glob("*.jsonl")
    assert plan.with_suffix(".csv").read_text().startswith("id,name,")
    assert icp_sync("apply", plan).code == 4
    names = sorted({one["name"] for one in blocked.document["guardrails"] if one["held"]})
    allowed = [word for name in names for word in ("--allow", name)]
    assert icp_sync("apply", plan, *allowed).code == 0
    assert icp_sync("plan", "--exit-code").code == 0


@pytest.mark.slow
def test_the_report_of_a_held_plan_counts_the_tiers_that_stand(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    hold(icp_sync, portal)
    tier_1 = portal.companies_frame("hs_ideal_customer_profile")["hs_ideal_customer_profile"].to_list().count("tier_1")
    assert tier_1 == 31
    standing = ["tier", "1", "31", "=", "31"]
    assert standing in [line.split() for line in icp_sync("run").out.splitlines()]
    (plan,) = (tmp_path / "state" / "plans").glob("*.jsonl")
    assert standing in [line.split() for line in icp_sync("apply", plan).out.splitlines()]
    done = icp_sync("apply", plan, *(word for name in NAMES for word in ("--allow", name))).out
    assert ["tier", "1", "31", "↓", "11", "−20"] in [line.split() for line in done.splitlines()]


@pytest.mark.slow
def test_a_day_old_plan_needs_a_word(icp_sync: Command, saved: Path) -> None:
    with saved.open("rb") as lines:
        plan = plan_file.parse_plan_file(lines)
    made, day = plan.origin.created_at - dt.timedelta(hours=25), plan.origin.as_of - dt.timedelta(days=1)
    aged = replace(plan.origin, created_at=made, as_of=day)
    saved.write_bytes(b"".join(plan_file.plan_file_lines(replace(plan, origin=aged))))
    assert icp_sync("apply", saved).code == 1
    assert icp_sync("apply", saved, "--allow", "stale").code == 0


@pytest.mark.slow
def test_a_plan_as_of_another_day_is_for_looking_only(icp_sync: Command, tmp_path: Path) -> None:
    path = tmp_path / "future.jsonl"
    assert icp_sync("plan", "--as-of", "2030-01-01", "--out", path).code == 0
    assert icp_sync("apply", path).code == 1


@pytest.mark.slow
def test_a_held_plan_that_was_approved_is_held_nowhere_any_more(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    hold(icp_sync, portal)
    names = sorted({one["name"] for one in icp_sync("run", "--json").document["guardrails"] if one["held"]})
    (plan,) = (tmp_path / "state" / "plans").glob("*.jsonl")
    assert names == ["changed", "leaving_tier_1", "leaving_tiers", "list_shrink"]
    partly = icp_sync("apply", plan, "--allow", names[0], "--json").document
    assert sorted({one["name"] for one in partly["guardrails"] if one["held"]}) == names[1:]
    # What is typed next lets the whole plan through, also what this command allowed already.
    assert [f"--allow {name}" in partly["error"]["message"] for name in names] == [True] * 4
    applied = icp_sync("apply", plan, *(word for name in names for word in ("--allow", name)), "--json").document
    assert [one["name"] for one in applied["guardrails"] if one["held"]] == []
    assert applied["allowed"] == names
    document = icp_sync("report", "last", "--json").document
    assert (document["state"], [one["name"] for one in document["guardrails"] if one["held"]]) == ("written", [])
    (run, *_) = icp_sync("history", "--json").document["runs"]
    assert (run["held"], run["allowed"]) == ([], names)
    shown = icp_sync("show", "last").out
    assert f"20 written (allowed: {', '.join(names)})" in shown
    assert ("HELD" in shown, "the held plan" in shown) == (False, False)
    assert "went well" in icp_sync("doctor").out
    page = tmp_path / "page.html"
    assert icp_sync("report", "last", "--out", page).code == 0
    assert "allowed by hand" in page.read_text()
    assert "held by the guardrail" not in page.read_text()


@pytest.mark.slow
def test_what_is_worked_out_without_a_call_right_after_apply_knows_what_it_wrote(
    icp_sync: Command, portal: SandboxPortal, saved: Path
) -> None:
    assert icp_sync("apply", saved).code == 0
    tiers = portal.companies_frame("name", "hs_ideal_customer_profile")
    tier_1 = tiers["hs_ideal_customer_profile"].to_list().count("tier_1")
    offline = icp_sync("report", "--json").document
    assert (offline["live_tiers"]["tier_1"], offline["changes"]["companies"], tier_1) == (1, 0, 1)
    beta = tiers.filter(pl.col("name") == "Beta")["id"].item()
    assert icp_sync("undo", "last", "--company", beta, "--out", saved).code == 0
    assert orjson.loads(saved.read_bytes().splitlines()[0])["population"]["live_tiers"]["tier_1"] == tier_1


@pytest.mark.parametrize("reason", ["…", "...", "<…>"])
def test_a_reason_pasted_as_it_was_printed_is_refused_before_the_first_call(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, reason: str
) -> None:
    ended = icp_sync("apply", tmp_path / "plan.jsonl", "--because", reason)
    assert (ended.code, portal.calls.total) == (2, 0)
    assert f'{reason} stands for your reason; write why, such as --because "agreed with sales"' in ended.err


def test_a_file_named_as_it_was_printed_is_refused(icp_sync: Command, tmp_path: Path) -> None:
    ended = icp_sync("show", "--csv", tmp_path / "FILE")
    assert (ended.code, (tmp_path / "FILE").exists()) == (2, False)
    assert "FILE stands for the name of a file of yours; write one" in ended.err
