"""`backtest --judged`: companies as they were when their deals opened, and the tiers we had written by then."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from math import ceil
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal, generate_deals
from icp_sync.sandbox.faults.hooks import KillHook
from tests.cli.conftest import DAY, PROFILES, Command, Ended

READ = "POST /crm/objects/companies/batch/read"
COMPANIES = 300


@pytest.fixture
def portal() -> SandboxPortal:
    """300 German companies, a third of them large, on record for four years."""
    portal = SandboxPortal(searches=1_000)
    created = pl.repeat(portal.now() - 4 * 365 * DAY * 1_000, COMPANIES, eager=True).cast(pl.Datetime("ms"))
    frame = {
        "name": [f"C{row}" for row in range(COMPANIES)],
        "numberofemployees": ["800" if row % 3 == 0 else "20" for row in range(COMPANIES)],
        "country": ["Deutschland"] * COMPANIES,
        "createdate": created,
    }
    portal.add_companies(pl.DataFrame(frame))
    return portal


def add_deals(portal: SandboxPortal, won: list[bool], opened: int) -> None:
    """A deal for each of the first companies, opened so many days ago and closed today."""
    moments = {"createdate": portal.now() - opened * DAY * 1_000, "closedate": portal.now() - 1_000}
    frame = {
        "hs_is_closed": ["true"] * len(won),
        "hs_is_closed_won": [str(one).lower() for one in won],
        **{name: pl.Series([moment] * len(won)).cast(pl.Datetime("ms")) for name, moment in moments.items()},
    }
    portal.add_records("deals", pl.DataFrame(frame), [[one] for one in portal.companies_frame()["id"][: len(won)]])


def tiers(document: dict[str, object]) -> dict[str, tuple[int, int]]:
    rows = document["tiers"]
    assert isinstance(rows, list)
    return {row["tier"]: (row["decided"], row["won"]) for row in rows if row["decided"]}


@pytest.fixture
def grown(icp_sync: Command, portal: SandboxPortal) -> Command:
    """Everybody won has grown large since the deal opened, 60 days ago: today's tiers know the outcome."""
    won = [row % 2 == 0 for row in range(COMPANIES)]
    add_deals(portal, won, opened=60)
    ids = portal.companies_frame()["id"]
    portal.edit_companies({ids[row]: {"numberofemployees": "900"} for row in range(COMPANIES) if won[row]})
    assert icp_sync("plan").code == 0
    portal.calls.reset()
    return icp_sync


@pytest.mark.slow
def test_companies_are_judged_as_they_were_when_the_deal_opened(grown: Command) -> None:
    assert tiers(grown("backtest", "--json").document) == {
        "tier_1": (200, 150), "tier_2": (100, 0), "all": (300, 150),
    }  # fmt: skip
    document = grown("backtest", "--judged", "opened", "--yes", "--json").document
    assert tiers(document) == {"tier_1": (100, 50), "tier_2": (200, 100), "all": (300, 150)}
    assert (document["judged"], document["verdict"]["code"]) == ("opened", "no_difference")
    assert document["past"] == {"companies": 300, "calls": 6, "values": 600, "not_that_far_back": 0}


@pytest.mark.slow
def test_it_takes_a_call_for_fifty_companies(grown: Command, portal: SandboxPortal) -> None:
    grown("backtest")
    portal.calls.reset()
    grown("backtest", "--judged", "opened", "--yes")
    assert portal.calls.by_route[READ] == ceil(COMPANIES / 50)
    assert portal.calls.total == portal.calls.by_route[READ] + 1  # whose token it is


def test_without_a_terminal_nothing_is_asked_of_hubspot(grown: Command, portal: SandboxPortal) -> None:
    ended = grown("backtest", "--judged", "opened")
    assert (ended.code, portal.calls.total) == (2, 0)
    assert "add --yes" in ended.err


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "calls"), [("y\n", 6), ("n\n", 0)])
def test_at_a_terminal_it_says_how_many_calls_and_asks(
    grown: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, answer: str, calls: int
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: answer.strip())
    ended = grown("backtest", "--judged", "opened")
    assert "The history of 300 companies takes 6 calls" in ended.err
    assert portal.calls.by_route.get(READ, 0) == calls
    assert ended.code == (0 if calls else 1)


@pytest.mark.slow
def test_a_deal_older_than_every_version_knows_nothing_of_its_company(icp_sync: Command, portal: SandboxPortal) -> None:
    add_deals(portal, [True] * 100, opened=5 * 365)
    icp_sync("plan")
    document = icp_sync("backtest", "--judged", "opened", "--yes", "--json").document
    assert tiers(document) == {"insufficient_data": (100, 100), "all": (100, 100)}
    assert document["past"]["not_that_far_back"] == 200
    shown = icp_sync("backtest", "--judged", "opened", "--yes").out
    assert "100 % of what is on record of them was not there yet" in shown


@pytest.mark.slow
def test_faults_on_the_way_change_no_number(grown: Command, portal: SandboxPortal) -> None:
    clean = grown("backtest", "--judged", "opened", "--yes", "--json").document
    portal.faults.add("mixed", rate=0.2, seed=3)
    assert grown("backtest", "--judged", "opened", "--yes", "--json").document == clean


@pytest.mark.slow
@pytest.mark.parametrize("command", [("backtest", "--judged", "opened"), ("discover", "--all-properties")])
def test_killed_while_it_reads_nothing_of_it_is_kept(
    grown: Command, portal: SandboxPortal, tmp_path: Path, command: tuple[str, ...]
) -> None:
    grown("backtest")
    before = {path: path.read_bytes() for path in (tmp_path / "state").rglob("*.parquet")}
    portal.calls.reset()
    portal.latency = 0.3
    child = subprocess.Popen(
        [sys.executable, "-m", "icp_sync", *command, "--yes"],
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    portal.hooks.kills.append(KillHook(portal.calls, child.pid, 2, route=READ))
    assert child.wait(60) == -9
    assert {path: path.read_bytes() for path in (tmp_path / "state").rglob("*.parquet")} == before
    portal.hooks.clear()
    portal.latency = 0.0
    assert grown(*command, "--yes").code == 0


@pytest.mark.slow
def test_a_deal_of_a_company_merged_away_is_judged_by_its_survivor(grown: Command, portal: SandboxPortal) -> None:
    ids = portal.companies_frame()["id"]
    portal.merge(ids[0], ids[1])
    assert grown("plan").code == 0
    document = grown("backtest", "--judged", "opened", "--yes", "--fresh", "--json").document
    assert document["past"]["companies"] == 299
    assert tiers(document)["tier_1"] == (100, 50)


@pytest.fixture
def written(icp_sync: Command, portal: SandboxPortal) -> Command:
    """The first run wrote a tier on everybody; deals opened a month later, and another month on all are large."""
    assert icp_sync("run").code == 0
    portal.ahead += 90 * DAY
    add_deals(portal, [row % 3 == 0 for row in range(COMPANIES)], opened=60)
    everybody = portal.companies_frame()["id"]
    portal.edit_companies({one: {"numberofemployees": "900"} for one in everybody})
    icp_sync("plan")
    # What is read offline is judged by this machine's clock, three months behind the portal's.
    today = dt.datetime.fromtimestamp(portal.now() / 1_000, dt.UTC).date() + dt.timedelta(days=31)

    def backtest(*options: object) -> Ended:
        return icp_sync("backtest", "--json", "--as-of", today, *options)

    return backtest


@pytest.mark.slow
def test_the_tier_we_had_written_by_then_counts(written: Command) -> None:
    document = written("--judged", "written", "--yes").document
    assert tiers(document) == {"tier_1": (100, 100), "tier_2": (200, 0), "all": (300, 100)}
    assert (document["judged"], document["verdict"]["code"]) == ("written", "wins_more")
    assert tiers(written().document) == {"tier_1": (300, 100), "all": (300, 100)}


@pytest.mark.slow
def test_what_others_wrote_there_is_not_ours(written: Command, portal: SandboxPortal) -> None:
    first = portal.companies_frame()["id"][0]
    portal.edit_company(first, {"hs_ideal_customer_profile": "tier_3"})
    portal.ahead += 30 * DAY
    portal.archive_record("deals", portal.objects["deals"].records.ids[0])
    portal.create_record(
        "deals", {"hs_is_closed": "true", "hs_is_closed_won": "true", "closedate": portal.now()}, [first]
    )
    portal.ahead += DAY  # HubSpot's search shows a new record only some seconds later
    document = written("--judged", "written", "--yes", "--fresh").document
    assert tiers(document) == {"tier_1": (100, 100), "tier_2": (200, 0), "all": (300, 100)}


@pytest.mark.slow
def test_under_a_hundred_such_deals_there_is_no_verdict(icp_sync: Command, portal: SandboxPortal) -> None:
    assert icp_sync("run").code == 0
    add_deals(portal, [True, False] * 50, opened=60)
    ended = icp_sync("backtest", "--judged", "written", "--yes", "--json")
    assert (ended.document["verdict"]["code"], ended.document["verdict"]["more_deals"]) == ("too_few", 100)
    assert ended.document["left_out"] == {"nothing_written_then": 100}


def test_a_profile_that_writes_no_tier_cannot_be_judged_by_it(grown: Command, tmp_path: Path) -> None:
    text = (PROFILES / "small.yaml").read_text(encoding="utf-8").partition("lists:")[0]
    lines = [line for line in text.splitlines() if "hs_ideal" not in line and "target_account" not in line]
    profile = tmp_path / "untiered.yaml"
    profile.write_text("\n".join(lines).replace("name: small", "name: small"), encoding="utf-8")
    ended = grown("backtest", "--judged", "written", "--yes", "--json", "--profile", profile)
    assert (ended.code, "writes no tier" in ended.out) == (2, True)


@pytest.mark.slow
def test_judging_by_the_past_removes_what_selling_filled_in(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    generate_deals(portal, 600, "leak")
    asking = (PROFILES / "small.yaml").read_text(encoding="utf-8").replace(
        "disqualifiers:", "  - {id: tools, label: tools, property: web_technologies, weight: 50, "
        "match: {has_any: [docker]}, evidence: none}\ndisqualifiers:", 1)  # fmt: skip
    profile = tmp_path / "tools.yaml"
    profile.write_text(asking.partition("tests:")[0], encoding="utf-8")
    icp_sync("plan", "--profile", profile)
    now = icp_sync("backtest", "--profile", profile, "--json").document
    assert [(leak["criterion"], leak["kind"]) for leak in now["leaks"]] == [("tools", "filled_by_selling")]
    assert now["with_leaks"] is not None
    opened = icp_sync("backtest", "--profile", profile, "--judged", "opened", "--yes", "--json").document
    assert (opened["leaks"], opened["with_leaks"]) == ([], None)
