"""Night after night: a run reads what changed, keeps what it wrote in mind, and asks for nothing it can avoid."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import DAY, Command

LIST = "GET /crm/objects/companies"
READ = "POST /crm/objects/companies/batch/read"
SEARCH = "POST /crm/objects/companies/search"
UPDATE = "POST /crm/objects/companies/batch/update"
MEMBERS = "GET /crm/lists/{listId}/memberships"


@pytest.fixture
def portal() -> SandboxPortal:
    """450 companies that change at their own pace, in a portal whose search never makes anybody wait."""
    portal = SandboxPortal(searches=1_000)
    rows = range(450)
    frame = {
        "name": [f"C{row}" for row in rows],
        "domain": [f"c{row}.de" for row in rows],
        "country": ["Deutschland" if row % 3 else "USA" for row in rows],
        "numberofemployees": [str(100 + 13 * row) for row in rows],
        "type": ["PROSPECT"] * 450,
    }
    portal.add_companies(pl.DataFrame(frame))
    return portal


def snapshot_of(tmp_path: Path) -> pl.DataFrame:
    (file,) = (tmp_path / "state").glob("snapshot.*.parquet")
    return pl.read_parquet(file)


@pytest.mark.slow
def test_the_second_night_sees_its_own_writes_once_and_the_third_not_at_all(
    written: Command, portal: SandboxPortal
) -> None:
    second = written("run", "--json").document
    assert (second["changes"]["companies"], second["applied"]["companies"]) == (0, 0)
    assert {UPDATE, READ, MEMBERS}.isdisjoint(portal.calls.by_route)
    assert portal.calls.by_route[SEARCH] == 3 + 1
    assert second["calls"]["total"] <= 12 + 450 // 195
    portal.ahead += DAY
    third = written("run", "--json").document
    assert third["calls"]["total"] <= 12
    assert third["changes"]["companies"] == 0


@pytest.mark.slow
def test_an_edit_overnight_costs_its_own_batch_and_no_more(written: Command, portal: SandboxPortal) -> None:
    (company,) = portal.companies_frame("name").filter(pl.col("name") == "C200")["id"]
    portal.edit_company(company, {"country": "USA"})
    portal.ahead += DAY
    written("run")
    portal.calls.reset()
    portal.ahead += DAY
    portal.edit_company(company, {"country": "Deutschland"})
    run = written("run", "--json").document
    assert run["companies"]["read"] == 450
    assert run["applied"]["companies"] == 1
    assert (portal.calls.by_route[READ], portal.calls.by_route[UPDATE]) == (1, 1)
    assert LIST in portal.calls.by_route
    assert portal.calls.by_route[LIST] == 1


@pytest.mark.slow
def test_an_edit_in_the_instant_before_our_write_is_seen_the_night_after(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    (company,) = portal.companies_frame("name").filter(pl.col("name") == "C50")["id"]

    def edit_just_before_the_write(_: int, route: str, phase: str) -> None:
        if (route, phase) == (UPDATE, "before") and portal.company(company)["country"] != "USA":
            portal.edit_company(company, {"country": "USA"})

    end = portal.add_call_hook(edit_just_before_the_write)
    assert icp_sync("run").code == 0
    end()
    portal.ahead += DAY
    run = icp_sync("run", "--json").document
    assert (run["reading"]["whole"], run["applied"]["companies"]) == (False, 1)
    assert dict(snapshot_of(tmp_path).select("id", "country").iter_rows())[company] == "USA"


def test_the_snapshot_is_the_portal(written: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    kept = snapshot_of(tmp_path)
    names = [name for name in kept.columns if name != "id" and not name.startswith("list:")]
    live = portal.companies_frame(*names)
    assert kept.select("id", *names).equals(live)
    assert written("plan", "--exit-code").code == 0


@pytest.mark.slow
def test_a_changed_profile_is_scored_without_reading_anybody(
    written: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(__file__).parents[1] / "profiles" / "small.yaml"
    changed = tmp_path / "changed.yaml"
    changed.write_text(source.read_text().replace("enter: 90", "enter: 85"))
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(changed))
    assert changed.read_text() != source.read_text()
    plan = written("plan", "--json").document
    assert plan["companies"]["read"] == 450
    assert portal.calls.by_route.keys() & {READ, LIST} == {LIST}
    assert portal.calls.by_route[LIST] == 1


@pytest.mark.slow
def test_full_reads_everybody_by_batches_and_lists_whole(written: Command, portal: SandboxPortal) -> None:
    run = written("run", "--full", "--json").document
    assert run["changes"]["companies"] == 0
    assert portal.calls.by_route[READ] == 5
    assert portal.calls.by_route[MEMBERS] >= 1
    assert run["reading"] == {"whole": True, "companies": 450, "notes": []}


@pytest.mark.slow
def test_a_damaged_snapshot_is_said_and_everything_read(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    (file,) = (tmp_path / "state").glob("snapshot.*.parquet")
    file.write_bytes(b"PAR1")
    ended = written("run", "--json")
    assert ended.document["reading"]["notes"] == ["the snapshot is damaged; the whole portal was read"]
    assert ended.document["changes"]["companies"] == 0
    assert ended.code == 0
    assert portal.calls.by_route[LIST] == 5


def test_a_list_that_nobody_else_changed_costs_one_search(written: Command, portal: SandboxPortal) -> None:
    written("run")
    assert portal.calls.by_route["POST /crm/lists/search"] == 1
    assert MEMBERS not in portal.calls.by_route


@pytest.mark.slow
def test_a_property_of_ours_deleted_and_made_anew_is_filled_again(written: Command, portal: SandboxPortal) -> None:
    del portal.schema.definitions["icp_fit_score"]
    portal.records.columns.pop("icp_fit_score")
    assert written("run", "--json").document["applied"]["companies"] == 450
    portal.ahead += DAY
    assert written("plan", "--exit-code").code == 0


@pytest.mark.slow
def test_lists_changed_by_a_plan_from_a_file_are_looked_at_again(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    inside = portal.list_members("Small Tier 1")[0]
    outside = portal.companies_frame("country").filter(pl.col("country") == "USA")["id"][-1]
    portal.edit_company(inside, {"country": "USA"})
    portal.edit_company(outside, {"country": "Deutschland"})
    written("plan", "--out", tmp_path / "plan.jsonl")
    assert written("apply", tmp_path / "plan.jsonl").code == 0
    assert outside in portal.list_members("Small Tier 1")
    assert written("plan", "--exit-code").code == 0


@pytest.mark.slow
def test_a_property_of_ours_that_comes_back_with_its_old_values_is_no_edit_of_anybodys(
    written: Command, portal: SandboxPortal
) -> None:
    company = portal.companies_frame("country").filter(pl.col("country") == "USA")["id"][-1]
    portal.edit_company(company, {"country": "Deutschland"})
    del portal.schema.definitions["icp_fit_score"]
    run = written("run", "--json").document
    assert run["skipped"] == []
    assert portal.company(company)["icp_fit_score"] == "100"
    assert written("plan", "--exit-code").code == 0
