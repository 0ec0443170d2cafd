"""`discover --all-properties` and `--judged`: what no run reads is forecast, asked for, and read of the decided."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import DAY, Command

READ = "POST /crm/objects/companies/batch/read"
COMPANIES, DECIDED = 300, 240
GROUPS = ("retail", "logistics", "banking", "energy")


@pytest.fixture
def portal() -> SandboxPortal:
    """Companies whose own property `line` tells won from lost ones; its value was there before their deals."""
    portal = SandboxPortal(searches=1_000)
    for name in ("line", "story"):
        portal.add_property(name)
    created = portal.now() - 4 * 365 * DAY * 1_000
    frame = {
        "name": [f"C{row}" for row in range(COMPANIES)],
        "country": [("Deutschland", "Austria", "Spain")[row % 3] for row in range(COMPANIES)],
        "numberofemployees": [str(20 + row * 37 % 900) for row in range(COMPANIES)],
        "line": [GROUPS[row % 4] for row in range(COMPANIES)],
        "createdate": pl.repeat(created, COMPANIES, eager=True).cast(pl.Datetime("ms")),
    }
    portal.add_companies(pl.DataFrame(frame))
    add_deals(portal)
    return portal


def won(row: int) -> bool:
    """Of retailers seven of ten, of others three."""
    return row // 4 % 10 < (7 if row % 4 == 0 else 3)


def add_deals(portal: SandboxPortal) -> None:
    """A deal for each of the first companies, opened sixty days ago."""
    moments = {"createdate": portal.now() - 60 * DAY * 1_000, "closedate": portal.now() - 1_000}
    frame = {
        "hs_is_closed": ["true"] * DECIDED,
        "hs_is_closed_won": [str(won(row)).lower() for row in range(DECIDED)],
        **{name: pl.Series([moment] * DECIDED).cast(pl.Datetime("ms")) for name, moment in moments.items()},
    }
    portal.add_records("deals", pl.DataFrame(frame), [[one] for one in portal.companies_frame()["id"][:DECIDED]])


def since_then(portal: SandboxPortal, **texts: str) -> None:
    """Since their deals were opened, all who bought have got these texts."""
    ids = portal.companies_frame()["id"]
    portal.edit_companies({ids[row]: texts for row in range(DECIDED) if won(row)})


@pytest.fixture
def planned(icp_sync: Command, portal: SandboxPortal) -> Command:
    assert icp_sync("plan").code == 0
    assert icp_sync("backtest").code == 0
    portal.calls.reset()
    return icp_sync


def distinct(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(trait["property"], trait["trait"]) for trait in document["found"] if trait["distinct"]]


def test_a_property_the_profile_does_not_read_is_found_and_drafted(
    planned: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    assert distinct(planned("discover", "--json").document) == []
    assert portal.calls.total == 0
    out = tmp_path / "draft.yaml"
    document = planned("discover", "--all-properties", "--yes", "--out", out, "--json").document
    assert distinct(document) == [("line", "line is retail")]
    assert portal.calls.by_route[READ] == ceil(DECIDED / 100)
    assert portal.calls.total == portal.calls.by_route[READ] + 2  # whose token it is, and which properties there are
    assert sum(tier["companies"] for tier in document["draft"]["tiers"]) <= DECIDED
    assert "no run has read line of the others yet" in " ".join(
        out.read_text(encoding="utf-8").replace("#", "").split()
    )
    checked = planned("check", "--profile", out, "--json").document
    assert [finding for finding in checked["findings"] if finding["severity"] == "error"] == []
    assert [test["ok"] for test in checked["tests"]] == [True] * len(checked["tests"])
    assert planned("plan", "--profile", out).code == 0


def test_without_a_terminal_nothing_is_read(planned: Command, portal: SandboxPortal) -> None:
    ended = planned("discover", "--all-properties")
    assert (ended.code, portal.calls.total) == (2, 0)
    assert "add --yes" in ended.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "forecast"),
    [
        (["--all-properties"], "Every property of 240 companies takes 4 calls"),
        (["--judged", "opened"], "The history of 240 companies takes 5 calls"),
        (["--judged", "opened", "--all-properties"], "The history of every property of 240 companies takes 6 calls"),
    ],
)
def test_at_a_terminal_it_says_what_it_takes_and_reads_nothing_after_a_no(
    planned: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, options: list[str], forecast: str
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "n")
    ended = planned("discover", *options)
    assert (ended.code, portal.calls.by_route.get(READ, 0)) == (1, 0)
    assert forecast in ended.err


@pytest.mark.slow
def test_what_deals_write_what_we_write_and_what_selling_fills_is_left_out(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    assert icp_sync("run").code == 0
    since_then(portal, lifecyclestage="customer", story="told", icp_fit_score="99")
    assert icp_sync("plan").code == 0
    document = icp_sync("discover", "--all-properties", "--yes", "--json").document
    assert distinct(document) == [("line", "line is retail")]
    assert ["story"] in [leak["properties"] for leak in document["leaks"]]


@pytest.mark.slow
def test_what_was_filled_in_since_the_deal_opened_is_unknown_then(planned: Command, portal: SandboxPortal) -> None:
    since_then(portal, line="champions")
    assert planned("plan").code == 0
    now = planned("discover", "--all-properties", "--yes", "--json").document
    assert ("line", "line is champions") in [(trait["property"], trait["trait"]) for trait in now["found"]]
    portal.calls.reset()
    document = planned("discover", "--judged", "opened", "--all-properties", "--yes", "--json").document
    assert distinct(document) == [("line", "line is retail")]
    assert portal.calls.by_route[READ] == ceil(DECIDED / 50)
    assert (document["judged"], document["past"]["companies"]) == ("opened", DECIDED)
    shown = planned("discover", "--judged", "opened", "--all-properties", "--yes").out
    assert "Compared as companies were when their deals opened" in shown


@pytest.mark.slow
def test_by_what_we_had_written_only_later_deals_count(icp_sync: Command, portal: SandboxPortal) -> None:
    assert icp_sync("run").code == 0
    icp_sync("backtest")
    ended = icp_sync("discover", "--judged", "written", "--yes", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "too_few")
    portal.ahead += 90 * DAY
    for deal in list(portal.objects["deals"].records.ids):
        portal.archive_record("deals", deal)
    add_deals(portal)
    icp_sync("plan")
    as_of = ("--as-of", "2027-12-31")
    document = icp_sync("discover", "--judged", "written", "--yes", "--fresh", *as_of, "--json").document
    assert (document["judged"], document["won"] + document["lost"]) == ("written", DECIDED)


@pytest.mark.slow
def test_faults_on_the_way_change_no_number(planned: Command, portal: SandboxPortal) -> None:
    clean = planned("discover", "--all-properties", "--yes", "--json").document
    portal.faults.add("mixed", rate=0.2, seed=3)
    assert planned("discover", "--all-properties", "--yes", "--json").document == clean


def test_a_list_is_not_judged_by_deals(planned: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    ended = planned("discover", "--customers", tmp_path / "list.csv", "--judged", "opened", "--yes", "--json")
    assert (ended.code, portal.calls.total) == (2, 0)
    assert "leave one of them out" in ended.document["error"]["message"]
