"""A value that vanishes overnight costs nobody a tier before its hold ends, and comes back as if it never went."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import PERSON, SOURCES, ChangeSource
from tests.cli.conftest import DAY, Command, company_ids, germans

TIER = "hs_ideal_customer_profile"
REASONS = "icp_fit_reasons"


@pytest.fixture
def portal() -> SandboxPortal:
    """100 German companies of 100 to 199 employees, all in tier 1."""
    return germans(100)


def texts(portal: SandboxPortal, name: str) -> list[str | None]:
    return [portal.company(one)[name] for one in company_ids(portal)]


def blank(portal: SandboxPortal, count: int, source: ChangeSource = PERSON) -> list[int]:
    lost = company_ids(portal)[:count]
    for lost_id in lost:
        portal.edit_company(lost_id, {"numberofemployees": ""}, source)
    return lost


@pytest.mark.slow
def test_a_lost_value_costs_no_tier_and_the_reasons_say_so(written: Command, portal: SandboxPortal) -> None:
    blank(portal, 5)
    night = written("run", "--json")
    assert night.code == 0
    figures = night.document["held"]
    assert (figures["companies"], figures["properties"], figures["outages"]) == (5, {"numberofemployees": 5}, [])
    assert night.document["causes"] == {"held": 5}
    assert set(texts(portal, TIER)) == {"tier_1"}
    assert [str(text)[:10] for text in texts(portal, REASONS)[:6]] == ["Held since"] * 5 + ["Tier 1 (10"]


def test_a_hold_keeps_the_text_that_the_last_plan_from_a_file_stood_on(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    """It kept the text from before that plan, and the company went up a tier because a value vanished."""
    shrunk = company_ids(portal)[0]
    portal.edit_company(shrunk, {"numberofemployees": "50"})
    plan = tmp_path / "plan.jsonl"
    assert written("plan", "--out", plan).code == 0
    assert written("apply", plan).code == 0
    assert texts(portal, TIER)[0] == "tier_2"
    portal.edit_company(shrunk, {"numberofemployees": ""})
    night = written("run", "--json")
    assert (night.code, night.document["held"]["companies"]) == (0, 1)
    assert texts(portal, TIER)[0] == "tier_2"
    assert "numberofemployees was lost (50)" in str(texts(portal, REASONS)[0])


@pytest.mark.slow
def test_one_call_tells_when_and_by_what_inputs_were_emptied(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    lost = blank(portal, 70, SOURCES["integration"])
    portal.calls.reset()
    night = written("run", "--json")
    (emptied,) = night.document["held"]["emptied"]
    by = "the integration 3000033"
    assert (emptied["property"], emptied["companies"], emptied["by"]) == ("numberofemployees", 70, by)
    # The other batch read looks at the companies whose reasons change, right before they are written.
    assert portal.calls.by_route["POST /crm/objects/companies/batch/read"] == 2
    holds = written("overrides", "--json").document["held"]
    assert [row["emptied_by"] for row in holds].count(by) == 50
    sentence = (
        f"numberofemployees of 70 companies was emptied, first on {dt.datetime.fromisoformat(emptied['at']).day} "
    )
    assert sentence in " ".join(written("overrides").out.split())
    for run in (["last"], []):
        written("report", *run, "--out", tmp_path / "report.html")
        assert f"still counts: {sentence}" in (tmp_path / "report.html").read_text()
    assert f"emptied on {dt.datetime.fromisoformat(emptied['at']).day} " in written("explain", str(lost[0])).out
    portal.ahead += DAY
    portal.calls.reset()
    later = written("run")
    assert "numberofemployees of 70 companies was emptied, first on" in later.out
    assert "POST /crm/objects/companies/batch/read" not in portal.calls.by_route, "what is known is not asked again"


@pytest.mark.slow
def test_the_next_night_writes_nothing_anew_about_what_is_held(written: Command, portal: SandboxPortal) -> None:
    blank(portal, 5)
    written("run")
    portal.ahead += DAY
    night = written("run", "--json").document
    assert (night["held"]["companies"], night["applied"]["companies"]) == (5, 0)


@pytest.mark.long
@pytest.mark.slow
def test_a_value_that_returns_ends_the_hold(written: Command, portal: SandboxPortal) -> None:
    for blanked in blank(portal, 5):
        written("plan")
        portal.edit_company(blanked, {"numberofemployees": "150"})
    portal.ahead += DAY
    night = written("run", "--json").document
    assert night["held"]["companies"] == 0
    assert set(texts(portal, TIER)) == {"tier_1"}


@pytest.mark.slow
@pytest.mark.parametrize(("days", "tiers"), [(13.5, {"tier_1"}), (15, {"tier_1", "tier_2"})])
def test_a_hold_ends_after_its_days(written: Command, portal: SandboxPortal, days: float, tiers: set[str]) -> None:
    blank(portal, 4)
    written("run")
    portal.ahead += int(days * DAY)
    assert written("run").code == 0
    assert set(texts(portal, TIER)) == tiers


@pytest.mark.slow
def test_in_an_outage_the_days_stand_still(written: Command, portal: SandboxPortal) -> None:
    blank(portal, 30)
    assert written("run", "--json").document["held"]["outages"] == ["numberofemployees"]
    portal.ahead += 40 * DAY
    night = written("run", "--json")
    assert (night.code, night.document["held"]["companies"]) == (0, 30)
    assert set(texts(portal, TIER)) == {"tier_1"}
    refused = written("release", "--lost", "--yes")
    assert (refused.code, "icp-sync release --lost --property numberofemployees" in refused.err) == (1, True)
    assert written("release", "--lost", "--property", "numberofemployees", "--yes", "--json").document["released"] == 30


def test_after_a_lost_disk_history_tells_what_was_lost(written: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    blank(portal, 5)
    shutil.rmtree(tmp_path / "state")
    night = written("run", "--json")
    assert (night.code, night.document["held"]["companies"]) == (0, 5)
    assert set(texts(portal, TIER)) == {"tier_1"}


def test_a_reading_that_is_cut_short_costs_no_hold(written: Command, portal: SandboxPortal) -> None:
    gone = company_ids(portal)[40:]
    portal.archive(*gone)
    assert written("run", "--allow", "read_at_least", "--allow", "list_shrink").code == 0
    blank(portal, 1)
    portal.ahead += DAY
    assert written("run", "--json").document["held"]["companies"] == 1
    # Restored ones keep their old date, so that only HubSpot's count shows them: the whole portal is read, two pages.
    portal.restore(*gone)
    portal.add_companies(pl.DataFrame({"name": ["New"] * 60}))
    remembered = written("overrides", "--json").document["held"]
    portal.faults.add("500", route="GET /crm/objects/companies", after_calls=2)
    assert written("plan").code == 1
    assert written("overrides", "--json").document["held"] == remembered


@pytest.mark.slow
def test_what_ended_on_one_host_of_a_ledger_is_held_by_no_other(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"sqlite:///{tmp_path}/ledger.db")

    def night(host: str) -> tuple[int, str | None]:
        portal.ahead += DAY
        ended = icp_sync("run", "--state", tmp_path / host, "--json")
        assert ended.code == 0
        return ended.document["held"]["companies"], portal.company(lost)[TIER]

    lost = company_ids(portal)[0]
    assert [night(host) for host in ("one", "two")] == [(0, "tier_1")] * 2
    blank(portal, 1)
    assert [night(host) for host in ("one", "two")] == [(1, "tier_1")] * 2
    released = icp_sync("release", "--lost", "--yes", "--state", tmp_path / "one", "--json").document
    assert released == {"released": 1}
    assert [night(host) for host in ("one", "two", "one", "two")] == [(0, "tier_2")] * 4


@pytest.mark.slow
def test_without_a_snapshot_a_release_says_what_is_lacking_and_outlasts_the_disk(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    (lost,) = blank(portal, 1)

    def lose_snapshot() -> None:
        portal.ahead += DAY
        for file in (tmp_path / "state").glob("snapshot.*"):
            file.unlink()

    lose_snapshot()
    refused = written("release", "--lost", "--yes")
    assert (refused.code, "run icp-sync plan here first" in refused.err) == (1, True)
    written("plan")
    assert written("release", "--lost", "--yes", "--json").document == {"released": 1}
    lose_snapshot()
    assert written("run").code == 0
    assert portal.company(lost)[TIER] == "tier_2"
