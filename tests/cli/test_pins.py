"""Members that people put on a static list, or take off it, stay so: nights of one portal, end to end."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import PROFILES, Command

DAY = 86_400
LIST = "Small Tier 1"
MEMBERS = "GET /crm/lists/{listId}/memberships"
NAMES = "ABCDEFGH"


@pytest.fixture
def portal() -> SandboxPortal:
    """A to D fit the list Small Tier 1, the best first by no difference but their ids; E to H do not fit."""
    portal = SandboxPortal(searches=1_000)
    frame = {
        "name": list(NAMES),
        "country": ["Deutschland"] * 4 + ["USA"] * 4,
        "numberofemployees": ["800"] * 8,
        "type": ["PROSPECT"] * 8,
    }
    portal.add_companies(pl.DataFrame(frame))
    return portal


@pytest.fixture
def written(after_first_run: Command, portal: SandboxPortal) -> Command:
    """The morning after the first run, which made the list of A, B, C and D."""
    assert on_list(portal) == "ABCD"
    portal.ahead += DAY
    portal.calls.reset()
    return after_first_run


def ids(portal: SandboxPortal, names: str) -> list[int]:
    by_name = dict(portal.companies_frame("name").select("name", "id").iter_rows())
    return [by_name[name] for name in names]


def on_list(portal: SandboxPortal) -> str:
    names = dict(portal.companies_frame("name").iter_rows())
    return "".join(sorted(names[company] for company in portal.list_members(LIST)))


def by_hand(portal: SandboxPortal, add: str = "", remove: str = "") -> None:
    """Move members an hour after our last call: within a minute HubSpot's times do not tell who did it."""
    portal.ahead += 3_600
    portal.change_list_members(LIST, ids(portal, add), ids(portal, remove))


def pins(command: Command, portal: SandboxPortal, *arguments: object) -> tuple[int, int]:
    """The open pins after a run, which goes well, a day later."""
    portal.ahead += DAY
    ended = command("run", "--json", *arguments)
    assert ended.code == 0, ended.err
    return ended.document["pins"]["in"], ended.document["pins"]["out"]


def profile_with(folder: Path, was: str, now: str) -> Path:
    text = (PROFILES / "small.yaml").read_text().partition("tests:")[0]
    assert was in text
    (folder / "icp.yaml").write_text(text.replace(was, now))
    return folder / "icp.yaml"


@pytest.mark.slow
def test_who_is_put_on_stays_and_who_is_taken_off_stays_off_night_after_night(
    written: Command, portal: SandboxPortal
) -> None:
    by_hand(portal, add="E", remove="AB")
    for _ in range(3):
        assert (pins(written, portal), on_list(portal)) == ((1, 2), "CDE")
    assert written("plan", "--exit-code").code == 0


@pytest.mark.parametrize("new_id", [False, True])
def test_a_merge_that_puts_the_survivor_on_the_list_is_nobodys_wish(
    written: Command, portal: SandboxPortal, new_id: bool
) -> None:
    """E does not fit; HubSpot gives it the place of D, which was merged into it."""
    (gone, kept) = ids(portal, "DE")
    portal.ahead += 3_600
    survivor = portal.merge(kept, gone, new_id=new_id)
    portal.change_list_members(LIST, [survivor], [gone])
    assert on_list(portal) == "ABCE"
    assert (pins(written, portal, "--allow", "read_at_least"), on_list(portal)) == ((0, 0), "ABC")


@pytest.mark.slow
def test_a_merge_that_hubspot_does_not_date_is_nobodys_wish_either(written: Command, portal: SandboxPortal) -> None:
    pins(written, portal)
    (gone, kept) = ids(portal, "DE")
    portal.ahead += 3_600
    crm_list = portal.lists.require_by_id_or_name(LIST, portal.now())
    dates = crm_list.added_at, crm_list.removed_at
    portal.merge(kept, gone)
    # The list keeps its size and its dates, and shows the survivor in place of the other.
    crm_list.members[kept] = portal.now()
    crm_list.added_at, crm_list.removed_at = dates
    assert on_list(portal) == "ABCE"
    assert (pins(written, portal, "--allow", "read_at_least"), on_list(portal)) == ((0, 0), "ABC")
    assert (pins(written, portal), on_list(portal)) == ((0, 0), "ABC")


@pytest.mark.slow
def test_a_swap_that_leaves_the_size_is_seen_the_next_night(written: Command, portal: SandboxPortal) -> None:
    pins(written, portal)
    assert MEMBERS not in portal.calls.by_route
    by_hand(portal, add="E", remove="A")
    assert (pins(written, portal), on_list(portal)) == ((1, 1), "BCDE")
    portal.calls.reset()
    assert (pins(written, portal), on_list(portal)) == ((1, 1), "BCDE")
    assert MEMBERS not in portal.calls.by_route


@pytest.mark.slow
def test_moves_of_people_between_a_run_and_its_undo_are_found_by_the_next_run(
    written: Command, portal: SandboxPortal
) -> None:
    (moved,) = ids(portal, "C")
    portal.edit_company(moved, {"country": "USA"})
    assert (pins(written, portal, "--allow", "changed"), on_list(portal)) == ((0, 0), "ABD")
    by_hand(portal, add="E", remove="A")
    assert written("undo", "last", "--company", moved, "--yes").code == 0
    assert on_list(portal) == "BCDE"
    assert (pins(written, portal), on_list(portal)) == ((1, 1), "BCDE")


@pytest.mark.slow
def test_an_undo_puts_nobody_on_whom_people_took_off_since_our_last_change(
    written: Command, portal: SandboxPortal
) -> None:
    (moved,) = ids(portal, "C")
    portal.edit_company(moved, {"country": "USA"})
    assert (pins(written, portal, "--allow", "changed"), on_list(portal)) == ((0, 0), "ABD")
    run = written("history", "--json").document["runs"][0]["run_id"]
    portal.edit_company(moved, {"country": "Deutschland"})
    assert (pins(written, portal, "--allow", "changed"), on_list(portal)) == ((0, 0), "ABCD")
    by_hand(portal, remove="C")
    # Where the first of the two runs left C; a person did, not that run.
    ended = written("undo", run, "--list", LIST, "--yes", "--json")
    assert (ended.code, on_list(portal)) == (0, "ABD")
    assert ended.document["left_members"][LIST]["moved"] == 1


@pytest.fixture
def hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """The options of two hosts with one ledger and a disk each."""
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"sqlite:///{tmp_path}/ledger.db")
    return [("--state", tmp_path / name, "--allow", "changed") for name in ("one", "two")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moved", "country", "moves"),
    [
        pytest.param("E", "Deutschland", ("add", "remove"), id="put on and taken off, wanted"),
        pytest.param("A", "USA", ("remove", "add"), id="taken off and put on, not wanted"),
    ],
)
def test_the_last_word_about_a_member_is_known_to_every_host_of_a_ledger(
    icp_sync: Command, portal: SandboxPortal, hosts: list[tuple[object, ...]], moved: str, country: str,
    moves: tuple[str, str],
) -> None:  # fmt: skip
    """Between two runs of one host somebody moves a company, and moves it back after the run of another.

    The other one wanted the first move anyway, so that no pin tells of it.
    """
    for host in hosts:
        pins(icp_sync, portal, *host)
    portal.edit_company(ids(portal, moved)[0], {"country": country})
    by_hand(portal, **{moves[0]: moved})
    assert pins(icp_sync, portal, *hosts[1]) == (0, 0)
    by_hand(portal, **{moves[1]: moved})
    assert (sum(pins(icp_sync, portal, *hosts[0])), on_list(portal)) == (1, "ABCD")


@pytest.mark.slow
def test_what_people_undo_ends(written: Command, portal: SandboxPortal) -> None:
    by_hand(portal, add="E", remove="A")
    pins(written, portal)
    by_hand(portal, add="A", remove="E")
    assert (pins(written, portal), on_list(portal)) == ((0, 0), "ABCD")
    portal.edit_company(ids(portal, "A")[0], {"country": "USA"})
    assert (pins(written, portal), on_list(portal)) == ((0, 0), "BCD")


@pytest.mark.slow
def test_what_is_released_follows_the_profile_again(written: Command, portal: SandboxPortal) -> None:
    by_hand(portal, add="E", remove="A")
    pins(written, portal)
    assert written("release", "--pins", LIST, "--yes").code == 0
    assert (pins(written, portal), on_list(portal)) == ((0, 0), "ABCD")


@pytest.mark.slow
def test_a_pin_ends_with_its_company(written: Command, portal: SandboxPortal) -> None:
    by_hand(portal, add="E", remove="A")
    pins(written, portal)
    portal.archive(*ids(portal, "AE"))
    assert (pins(written, portal, "--allow", "read_at_least"), on_list(portal)) == ((0, 0), "BCD")


def test_a_pin_ends_with_its_company_though_the_profile_keeps_the_list_no_more(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    by_hand(portal, add="E", remove="A")
    pins(written, portal)
    listless = tmp_path / "icp.yaml"
    listless.write_text((PROFILES / "small.yaml").read_text().partition("lists:")[0])
    portal.archive(*ids(portal, "A"))
    written("run", "--profile", listless, "--allow", "read_at_least")
    assert [pin["side"] for pin in written("overrides", "--json").document["pins"]] == ["in"]


def test_pins_end_with_their_list(written: Command, portal: SandboxPortal) -> None:
    by_hand(portal, add="E", remove="A")
    pins(written, portal)
    portal.lists.delete("1", portal.now())
    assert (pins(written, portal), on_list(portal)) == ((0, 0), "ABCD")
    assert written("overrides", "--json").document["pins"] == []


def test_pins_of_a_list_that_is_given_up_end(written: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    by_hand(portal, add="E", remove="A")
    pins(written, portal)
    portal.lists.delete("1", portal.now())
    listless = tmp_path / "icp.yaml"
    listless.write_text((PROFILES / "small.yaml").read_text().partition("lists:")[0])
    assert written("run", "--profile", listless, "--allow", f"forget-list:{LIST}").code == 0
    assert written("overrides", "--json").document["pins"] == []


@pytest.mark.slow
def test_a_company_that_fits_no_more_stays_while_pinned_and_others_leave(
    written: Command, portal: SandboxPortal
) -> None:
    by_hand(portal, add="E")
    pins(written, portal)
    portal.edit_company(ids(portal, "B")[0], {"country": "USA"})
    assert (pins(written, portal), on_list(portal)) == ((1, 0), "ACDE")


@pytest.mark.slow
def test_a_limit_does_not_count_pins(written: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    limited = profile_with(tmp_path, "name: Small Tier 1,", "name: Small Tier 1, limit: 2,")
    night = ("--profile", limited)
    assert (pins(written, portal, *night), on_list(portal)) == ((0, 0), "AB")
    by_hand(portal, add="E", remove="A")
    assert (pins(written, portal, *night), on_list(portal)) == ((1, 1), "BCE")
    by_hand(portal, remove="C")
    assert (pins(written, portal, *night), on_list(portal)) == ((1, 2), "BDE")


@pytest.mark.slow
def test_a_plan_between_saves_no_pins_and_forgets_nothing(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    by_hand(portal, add="E", remove="A")
    for _ in range(2):
        planned = written("plan", "--json", "--out", tmp_path / "plan.jsonl").document
        change = planned["changes"]["lists"][LIST]
        assert (planned["pins"], change["add"], change["remove"]) == ({"in": 1, "out": 1}, 0, 0)
    assert "stay on it by hand: 1 · stay off it by hand: 1" in written("plan").out
    assert (pins(written, portal), on_list(portal)) == ((1, 1), "BCDE")


@pytest.mark.slow
def test_a_refused_run_saves_no_pins(written: Command, portal: SandboxPortal) -> None:
    by_hand(portal, add="E", remove="A")
    portal.archive(*ids(portal, "FGH"))
    assert written("run").code == 4
    assert written("overrides", "--json").document["pins"] == []
    assert pins(written, portal, "--allow", "read_at_least") == (1, 1)


@pytest.mark.slow
def test_a_list_emptied_by_hand_holds_the_run_until_somebody_approves(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.add_companies(pl.DataFrame({"country": ["Deutschland"] * 20, "numberofemployees": ["800"] * 20}))
    assert icp_sync("run").code == 0
    members = portal.list_members(LIST)
    portal.ahead += DAY
    portal.change_list_members(LIST, remove=members[:14])
    blocked = icp_sync("run", "--json")
    assert (blocked.code, blocked.document["pins"]["out"]) == (4, 14)
    why, saved = blocked.document["error"]["details"]
    assert why == "list_taken_off of list Small Tier 1: 14 of 24 is 58.3%, at most 50.0% is allowed"
    assert portal.list_members(LIST) == members[14:], "nobody is put on again unasked"
    assert icp_sync("apply", saved["plan"], "--allow", "list_taken_off").code == 0
    assert (pins(icp_sync, portal), portal.list_members(LIST)) == ((0, 14), members[14:])
    assert icp_sync("release", "--pins", LIST, "--yes").code == 0
    assert (pins(icp_sync, portal, "--allow", "list_growth"), portal.list_members(LIST)) == ((0, 0), members)


@pytest.mark.slow
def test_what_a_plan_from_a_file_moved_is_ours(written: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    portal.edit_company(ids(portal, "A")[0], {"country": "USA"})
    portal.edit_company(ids(portal, "E")[0], {"country": "Deutschland"})
    written("plan", "--out", tmp_path / "plan.jsonl")
    assert written("apply", tmp_path / "plan.jsonl").code == 0
    assert on_list(portal) == "BCDE"
    by_hand(portal, remove="E")
    portal.edit_company(ids(portal, "B")[0], {"country": "USA"})
    assert (pins(written, portal), on_list(portal)) == ((0, 1), "CD")


@pytest.mark.slow
def test_what_an_interrupted_run_moved_is_ours(
    written: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, country in (("A", "USA"), ("E", "Deutschland"), ("F", "Deutschland")):
        portal.edit_company(ids(portal, name)[0], {"country": country})
    monkeypatch.setattr("icp_sync.portal.lists.MEMBERS_PER_CALL", 1)
    portal.faults.add("429_daily", route="PUT /crm/lists", after_calls=1)
    assert written("run").code == 5
    portal.faults.clear()
    assert on_list(portal) == "BCDE"
    # What it had moved is no longer wanted by the next night.
    portal.edit_company(ids(portal, "A")[0], {"country": "Deutschland"})
    portal.edit_company(ids(portal, "E")[0], {"country": "USA"})
    written("plan")
    assert (pins(written, portal), on_list(portal)) == ((0, 0), "ABCDF")


def test_after_a_lost_disk_members_whose_record_fits_are_ours_and_others_are_pinned(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    by_hand(portal, add="E")
    portal.edit_company(ids(portal, "A")[0], {"country": "USA"})
    shutil.rmtree(tmp_path / "state")
    assert (pins(written, portal), on_list(portal)) == ((1, 0), "BCDE")


def test_members_whom_a_canary_demotes_after_a_lost_disk_leave_the_list_with_the_next_run(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "state")
    for company in ids(portal, "AB"):
        portal.edit_company(company, {"country": "USA"})
    by_hand(portal, add="E")
    assert written("backfill", "--limit", "2", "--yes").code == 0
    assert (pins(written, portal), on_list(portal)) == ((1, 0), "CDE")


def lose_snapshot(state: Path) -> None:
    """A container without a disk, whose ledger is in PostgreSQL, keeps what the ledger tells."""
    for file in state.glob("snapshot.*"):
        file.unlink()


@pytest.mark.slow
def test_without_a_snapshot_the_ledger_tells_whom_people_took_off(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    portal.edit_company(ids(portal, "B")[0], {"country": "USA"})
    pins(written, portal)
    by_hand(portal, add="E", remove="A")
    for _ in range(2):
        lose_snapshot(tmp_path / "state")
        assert (pins(written, portal), on_list(portal)) == ((1, 1), "CDE")


@pytest.mark.slow
def test_without_a_snapshot_a_released_pin_stays_released(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    by_hand(portal, add="E", remove="A")
    pins(written, portal)
    assert written("release", "--pins", LIST, "--yes").code == 0
    lose_snapshot(tmp_path / "state")
    assert (pins(written, portal), on_list(portal)) == ((0, 0), "ABCD")
    by_hand(portal, remove="A")
    lose_snapshot(tmp_path / "state")
    assert (pins(written, portal), on_list(portal)) == ((0, 1), "BCD")


@pytest.mark.slow
def test_members_of_a_list_taken_over_stay(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.lists.create({"name": LIST, "objectTypeId": "0-2", "processingType": "MANUAL"}, portal.now())
    by_hand(portal, add="E")
    assert (pins(icp_sync, portal, "--allow", f"adopt-list:{LIST}"), on_list(portal)) == ((1, 0), "ABCDE")


def test_a_report_for_people_counts_them(written: Command, portal: SandboxPortal) -> None:
    by_hand(portal, add="E", remove="A")
    assert "static lists as people left them: 1 stay on, 1 stay off" in written("run").out
