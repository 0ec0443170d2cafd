"""A run leaves a document, and `report` draws or prints it: offline, and with a sentence for whatever is wrong."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it ships no types

from icp_sync.plan.document.profile_figures import PropertyFigures
from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import DAY, PROFILES, Command
from tests.cli.test_lists import named
from tests.cli.test_plan import hold
from tests.marks import with_slow

TIER, TIERS = "hs_ideal_customer_profile", ("tier_1", "tier_2", "tier_3")
SHARED = (
    "run_id", "companies", "outcomes", "tiers", "changes", "put_back", "applied", "already", "made", "calls", "allowed",
    "unrecognised", "held", "overrides", "pins", "guardrails",
)  # fmt: skip


def reports(folder: Path) -> list[Path]:
    """The saved documents, the oldest first; ids of one second sort by chance."""
    return sorted((folder / "state" / "reports").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)


@pytest.fixture
def tokenless(written: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch) -> Command:
    """After a first run: no token, and a portal that must not be called."""
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    portal.calls.reset()
    return written


@pytest.mark.slow
@pytest.mark.parametrize("command", with_slow([("run",)], [("plan",), ("backfill", "--yes")]))
def test_a_run_leaves_the_document_that_json_prints_and_more(
    icp_sync: Command, tmp_path: Path, command: tuple[str, ...]
) -> None:
    printed = icp_sync(*command, "--json").document
    (file,) = reports(tmp_path)
    saved = json.loads(file.read_bytes())
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stem == saved["run_id"]
    assert {name: saved[name] for name in SHARED if name != "guardrails"} == {
        name: printed[name] for name in SHARED if name != "guardrails"
    }
    assert [{key: check[key] for key in check if key != "list" or check[key]} for check in saved["guardrails"]] == (
        printed["guardrails"]
    )
    assert (saved["command"], saved["state"]) == (command[0], "planned" if command[0] == "plan" else "written")
    assert saved["account"] == {"ui_domain": "app-eu1.hubspot.com", "time_zone": "Europe/Berlin", "currency": "EUR"}


@pytest.mark.slow
def test_every_saved_document_validates_by_the_schema_that_is_printed(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    schema = icp_sync("schema", "--report").document
    icp_sync("plan", "--out", tmp_path / "plan.jsonl")
    assert icp_sync("apply", tmp_path / "plan.jsonl").code == 0
    portal.ahead += DAY
    hold(icp_sync, portal)
    assert icp_sync("run").code == 4
    documents = [json.loads(file.read_bytes()) for file in reports(tmp_path)]
    assert {document["state"] for document in documents} >= {"planned", "written", "held"}
    for document in [*documents, icp_sync("report", "--json").document]:
        Draft202012Validator(schema).validate(document)


def test_the_report_asks_nobody(tokenless: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    saved = json.loads(reports(tmp_path)[-1].read_bytes())
    assert tokenless("report", "last", "--json").document == saved
    assert tokenless("report", saved["run_id"][:17], "--json").document == saved
    assert tokenless("report", "--json").code == 0
    assert portal.calls.total == 0


@pytest.mark.slow
def test_the_report_is_a_page_where_it_is_asked_for(tokenless: Command, tmp_path: Path) -> None:
    beside = tokenless("report", "last").out.removeprefix("Wrote ").strip()
    assert Path(beside) == reports(tmp_path)[-1].with_suffix(".html")
    assert tokenless("report", "last", "--out", "here.html", "--quiet").out == ""
    assert (tmp_path / "here.html").read_text().startswith("<!doctype html>")
    assert (tmp_path / "here.html").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_without_a_run_the_last_reading_is_scored_by_the_profile_as_it_is_now(
    tokenless: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tokenless("report", "--json").document["next_command"] is None, "all is as the profile wants it"
    edited = tmp_path / "edited.yaml"
    edited.write_text((PROFILES / "small.yaml").read_text().replace("enter: 60", "enter: 61").partition("tests:")[0])
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(edited))
    document = tokenless("report", "--json").document
    # Delta's 60 points are no tier 2 any more, and neither are Beta's 70 less.
    assert document["tiers"] == {"tier_1": 1, "tier_2": 1, "tier_3": 0}
    assert (document["command"], document["run_id"], document["state"]) == ("report", None, "planned")
    assert document["offline"]["edited"] is True
    assert document["causes"][0]["cause"] == "profile"
    assert document["next_command"] == "icp-sync plan"
    assert len(reports(tmp_path)) == 1


def test_with_neither_run_nor_reading_the_next_step_is_named(icp_sync: Command, tmp_path: Path) -> None:
    ended = icp_sync("report", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "unknown_run")
    assert "run icp-sync plan first" in ended.err
    assert not (tmp_path / "state").exists()


@pytest.mark.slow
def test_an_unknown_run_names_near_ones(tokenless: Command, tmp_path: Path) -> None:
    (file,) = reports(tmp_path)
    ended = tokenless("report", "2025", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "unknown_run")
    assert f"no report of a run 2025 is kept; near ones are {file.stem}" in ended.err


@pytest.mark.slow
def test_the_beginning_of_several_runs_is_refused(written: Command) -> None:
    written("run")
    ended = written("report", "2", "--json")
    assert ended.code == 1
    assert "several runs begin with 2" in ended.err


def test_a_document_nobody_can_read_is_refused_by_name(tokenless: Command, tmp_path: Path) -> None:
    (file,) = reports(tmp_path)
    file.write_bytes(file.read_bytes()[:1_000])
    ended = tokenless("report", "last", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "report_unusable")
    assert f"the report {file} is damaged; run icp-sync plan for a new one" in ended.err


@pytest.mark.slow
def test_a_page_that_cannot_be_drawn_is_refused_before_the_first_call(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icp_sync.cli.extras.find_spec", lambda name: None if name == "altair" else object())
    for command in (("run",), ("plan",), ("backfill", "--yes")):
        ended = icp_sync(*command, "--report", "page.html")
        assert ended.code == 2
        assert "this needs altair, which is not installed; pip install 'icp-sync[report]'" in ended.err
    assert portal.calls.total == 0
    assert icp_sync("run").code == 0
    assert icp_sync("report", "last").code == 2
    assert icp_sync("report", "last", "--json").code == 0


@pytest.mark.slow
def test_one_page_is_of_one_profile(icp_sync: Command, tmp_path: Path, portal: SandboxPortal) -> None:
    shutil.copy(PROFILES / "small.yaml", tmp_path / "other.yaml")
    profiles = ("--profile", PROFILES / "small.yaml", "--profile", tmp_path / "other.yaml")
    ended = icp_sync("run", *profiles, "--report", "page.html")
    assert (ended.code, portal.calls.total) == (2, 0)
    assert "--report is for one profile" in ended.err


def test_a_report_that_cannot_be_saved_costs_a_warning(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "reports").write_text("no folder")
    ended = icp_sync("run")
    assert ended.code == 0
    assert "warning: the report of this run was not saved" in ended.err
    assert portal.company(named(portal, "Alpha"))["hs_ideal_customer_profile"] == "tier_1"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "warning"),
    [
        ("icp_sync.plan.document.plan_figures.count_properties", "its companies could not be counted"),
        ("icp_sync.runs.report.run_document", "this run leaves no report"),
    ],
)
def test_a_number_that_fits_no_report_costs_a_warning_and_no_run(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, warning: str
) -> None:
    monkeypatch.setattr(broken, lambda *_: PropertyFigures(name="industry", filled=0, read=-1, unrecognised=0))
    page = tmp_path / "page.html"
    ended = icp_sync("run", "--report", page)
    assert ended.code == 0
    assert warning in ended.err
    assert "PropertyFigures, read: Input should be greater than or equal to 0" in ended.err
    assert icp_sync("plan", "--exit-code").code == 0, "all was written"
    assert page.exists() is ("report" not in warning)
    assert not page.exists() or "Target accounts were not counted for this run." in page.read_text()


@pytest.mark.slow
def test_a_page_that_cannot_be_written_is_refused_before_the_first_call(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    ended = icp_sync("run", "--report", tmp_path / "nowhere" / "page.html")
    assert (ended.code, portal.calls.total) == (2, 0)
    assert icp_sync("run", "--report", tmp_path / "page.html").code == 0
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


@pytest.mark.slow
def test_a_night_with_edits_tells_who_moved_and_why(written: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    """Delta's head count is filled in (60 → 100 points), Alpha goes to Austria (100 → 70); worked out by hand."""
    alpha, delta = named(portal, "Alpha"), named(portal, "Delta")
    portal.edit_company(delta, {"numberofemployees": "300"})
    portal.edit_company(alpha, {"country": "Austria"})
    assert written("run").code == 0
    document = json.loads(reports(tmp_path)[-1].read_bytes())
    (up,), (down,) = document["movers"]["up"], document["movers"]["down"]
    assert (up["id"], up["tier_before"], up["tier_after"], up["points"]) == (str(delta), "tier_2", "tier_1", 40.0)
    assert (down["id"], down["tier_before"], down["tier_after"], down["points"]) == (
        str(alpha),
        "tier_1",
        "tier_2",
        -30.0,
    )
    assert up["sentence"] == "Tier 2 → Tier 1: numberofemployees went from empty to 300 (+40.0)"
    assert [piece["criterion"] for piece in down["pieces"]] == ["country"]
    assert [(cause["cause"], cause["companies"]) for cause in document["causes"]] == [("data", 2)]
    assert {(move["before"], move["after"]): move["companies"] for move in document["matrix"] if move["companies"]} == {
        ("tier_1", "tier_2"): 1, ("tier_2", "tier_1"): 1, ("tier_2", "tier_2"): 1, ("none", "none"): 2,
    }  # fmt: skip


@pytest.mark.slow
def test_a_company_that_drifted_counts_where_it_stands(written: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    alpha = named(portal, "Alpha")
    portal.edit_company(alpha, {"country": "Austria"})
    assert written("plan", "--out", tmp_path / "plan.jsonl").code == 0
    portal.edit_company(alpha, {TIER: "tier_3"})
    assert written("apply", tmp_path / "plan.jsonl").code == 0
    assert written("report", "last", "--out", tmp_path / "page.html").code == 0
    stands = Counter(record.get(TIER) for record in portal.filled_values().values())
    document = json.loads(reports(tmp_path)[-1].read_bytes())
    assert document["written_tiers"] == {tier: stands[tier] for tier in TIERS}
    assert document["written_tiers"]["tier_3"] == 1
    page = (tmp_path / "page.html").read_text()
    assert "1 company was not written (Skipped says why)" in page


@pytest.mark.slow
def test_a_plan_applied_elsewhere_says_what_was_not_counted(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert icp_sync("plan", "--out", tmp_path / "plan.jsonl").code == 0
    monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / "elsewhere"))
    assert icp_sync("apply", tmp_path / "plan.jsonl").code == 0
    assert icp_sync("report", "last", "--out", tmp_path / "page.html").code == 0
    page = (tmp_path / "page.html").read_text()
    assert page.count("counted for this run") == 5
    assert "Responsible for the profile: <b>tests</b>" in page
    for untrue in ("writes no tier", "No company is in a tier", "nobody named", "write no committee", "names no day"):
        assert untrue not in page


@pytest.mark.slow
@pytest.mark.parametrize("command", ["plan", "run"])
def test_an_option_that_people_add_to_the_tier_fails_no_run(
    written: Command, portal: SandboxPortal, command: str
) -> None:
    theirs = {"name": ["Zeta"], "country": ["Germany"], "numberofemployees": ["800"], TIER: ["prospect"]}
    portal.add_companies(pl.DataFrame(theirs), open_options=(TIER,))
    portal.edit_company(named(portal, "Alpha"), {TIER: "prospect"})
    assert written(command).code == 0
    document = written("report", "last", "--json").document
    assert [account["name"] for account in document["target_accounts"]] == ["Beta", "Delta"]
    assert sum(move["companies"] for move in document["matrix"]) == document["companies"]["scored"]


@pytest.mark.slow
def test_a_portal_without_companies_has_a_report(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.archive(*portal.filled_values())
    document = icp_sync("plan", "--json").document
    assert document["companies"]["read"] == 0
    report = icp_sync("report", "last", "--json").document
    assert (report["scores"], report["target_accounts"]) == ({"fit": [], "potential": []}, [])
    assert icp_sync("report", "--json").code == 0
