"""What people and workflows set in HubSpot stands, is listed, and goes back when they give it back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import SOURCES, person_source
from tests.cli.conftest import DAY, PROFILES, Command, Ended, company_ids, germans
from tests.notify.server import inbox

TIER = "hs_ideal_customer_profile"
FLAG = "hs_is_target_account"
REASONS = "icp_fit_reasons"
LOCK = "icp_fit_lock"
BATCH_READ = "POST /crm/objects/companies/batch/read"

ALLOWED = [text for name in ("changed", "leaving_tier_1", "leaving_tiers", "list_shrink") for text in ("--allow", name)]


@pytest.fixture
def portal() -> SandboxPortal:
    """60 German companies of 100 to 159 employees, all in tier 1."""
    return germans(60)


def edited_profile(folder: Path, was: str, now: str) -> Path:
    """The small profile with one passage changed, and without its tests."""
    text = (PROFILES / "small.yaml").read_text().partition("tests:")[0]
    (folder / "icp.yaml").write_text(text.replace(was, now))
    return folder / "icp.yaml"


@pytest.mark.slow
@pytest.mark.parametrize("who", ["person", "bulk_edit", "workflow", "import", "integration", "enrichment"])
def test_a_tier_somebody_else_set_stands_and_the_reasons_name_both(
    written: Command, portal: SandboxPortal, who: str
) -> None:
    edited = company_ids(portal)[0]
    portal.edit_company(edited, {TIER: "tier_3"}, SOURCES[who])
    night = written("run", "--json")
    assert (night.code, night.document["overrides"]) == (0, {"open": 1, "opened": 1, "ended": 0})
    record = portal.company(edited)
    by = "by hand" if who in {"person", "bulk_edit"} else "by an automation"
    assert record[TIER] == "tier_3"
    assert record[REASONS].startswith(f"Tier set {by} on ")
    assert "; the profile says tier_1. " in record[REASONS]
    # The flag goes with the tier that stands.
    assert record[FLAG] == "false"
    assert night.document["causes"] == {"overridden": 1}
    (override,) = written("overrides", "--json").document["overrides"]
    words = {"workflow": "the workflow Workflow 11", "import": "the import companies.csv"}
    assert who not in words or override["by"] == words[who]
    assert who not in words or words[who] in written("overrides").out.replace("\n", " ")


@pytest.mark.slow
def test_a_tier_set_by_hand_that_takes_the_last_place_is_what_the_profile_says(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    limited = edited_profile(tmp_path, "{tier: tier_1, enter: 90}", "{tier: tier_1, enter: 90, capacity: 1}")
    allowed = [*ALLOWED, "--profile", limited]
    assert written("run", *allowed).code == 0
    overflowed = company_ids(portal)[1]
    assert portal.company(overflowed)[TIER] == "tier_2"
    portal.ahead += DAY
    portal.edit_company(overflowed, {TIER: "tier_1"}, person_source(12))
    assert written("run", *allowed).code == 0
    assert "the profile says" not in portal.company(overflowed)[REASONS]
    wanted = {one["property"]: one["wanted"] for one in written("overrides", "--json").document["overrides"]}
    assert wanted == {TIER: "tier_1"}
    assert written("plan", "--json", "--profile", limited).document["changes"]["companies"] == 0


@pytest.mark.slow
def test_the_night_after_asks_nobody_and_writes_nothing(written: Command, portal: SandboxPortal) -> None:
    portal.edit_company(company_ids(portal)[0], {TIER: "tier_3"}, person_source(12))
    written("run")
    portal.ahead += DAY
    written("run")
    portal.ahead += DAY
    portal.calls.reset()
    night = written("run", "--json").document
    assert (night["overrides"], night["applied"]["companies"]) == ({"open": 1, "opened": 0, "ended": 0}, 0)
    assert BATCH_READ not in portal.calls.by_route


@pytest.mark.slow
def test_what_the_profile_says_by_now_stands_beside_the_override(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    portal.edit_company(company_ids(portal)[0], {TIER: "tier_3"}, person_source(12))
    for bound, wanted in (("100", "tier_1"), ("1000", "tier_2")):
        profile = edited_profile(tmp_path, "{at_least: 100}", f"{{at_least: {bound}}}")
        assert written("run", "--profile", profile, *ALLOWED).code == 0
        (override,) = written("overrides", "--json").document["overrides"]
        assert (override["value"], override["wanted"]) == ("tier_3", wanted)


@pytest.mark.slow
def test_a_tier_changed_and_changed_back_counts_from_the_day_it_was(written: Command, portal: SandboxPortal) -> None:
    edited = company_ids(portal)[0]
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    written("run")
    (first,) = written("overrides", "--json").document["overrides"]
    portal.ahead += DAY
    portal.edit_company(edited, {TIER: "tier_1"}, person_source(12))
    portal.ahead += 60
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(13))
    portal.calls.reset()
    night = written("run", "--json")
    assert (night.code, night.document["overrides"]) == (0, {"open": 1, "opened": 1, "ended": 1})
    (again,) = written("overrides", "--json").document["overrides"]
    assert (first["user_id"], again["user_id"], again["value"]) == ("12", "13", "tier_3")
    assert again["since"] > first["since"]
    assert portal.company(edited)[TIER] == "tier_3"
    assert portal.calls.by_route[BATCH_READ] == 2, "one for its history, one right before its reasons are written"


def test_a_tier_of_ours_that_a_person_emptied_is_no_tier(written: Command, portal: SandboxPortal) -> None:
    edited = company_ids(portal)[0]
    portal.edit_company(edited, {TIER: ""}, person_source(12))
    written("run")
    assert not portal.company(edited).get(TIER)
    assert "Tier set by hand" in portal.company(edited)[REASONS]


@pytest.mark.slow
def test_an_override_that_is_emptied_is_given_back(written: Command, portal: SandboxPortal) -> None:
    edited = company_ids(portal)[0]
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    written("run")
    portal.ahead += DAY
    portal.edit_company(edited, {TIER: ""}, person_source(12))
    night = written("run", "--json").document
    assert (night["overrides"], portal.company(edited)[TIER]) == ({"open": 0, "opened": 0, "ended": 1}, "tier_1")
    assert night["causes"] == {"released": 1}


def test_a_flag_that_a_person_took_away_stays_away(written: Command, portal: SandboxPortal) -> None:
    edited = company_ids(portal)[0]
    portal.edit_company(edited, {FLAG: "false"}, person_source(12))
    written("run")
    assert (portal.company(edited)[FLAG], portal.company(edited)[TIER]) == ("false", "tier_1")


@pytest.mark.slow
def test_a_computed_value_that_a_person_edited_is_put_back(written: Command, portal: SandboxPortal) -> None:
    edited = company_ids(portal)[0]
    before = portal.company(edited)
    portal.edit_company(edited, {"icp_fit_score": "1", "icp_fit_outcome": "not_icp"}, person_source(12))
    night = written("run", "--json").document
    assert (night["overrides"]["open"], night["causes"]) == (0, {"put_back": 1})
    # It is as it was, the time of its last move too: it is not new this week.
    assert {**portal.company(edited), "hs_lastmodifieddate": ""} == {**before, "hs_lastmodifieddate": ""}


@pytest.mark.slow
def test_a_profile_that_puts_back_what_people_set_does(written: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    edited = company_ids(portal)[0]
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    written("run", "--profile", edited_profile(tmp_path, "schema: 1", "schema: 1\noverrides: {people: put_back}"))
    assert portal.company(edited)[TIER] == "tier_1"
    assert portal.company(edited)["icp_fit_changed_at"] == portal.company(company_ids(portal)[1])["icp_fit_changed_at"]


@pytest.mark.slow
def test_a_changed_profile_asks_for_nobodys_history(written: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    profile = edited_profile(tmp_path, "{at_least: 100}", "{at_least: 1000}")
    night = written("run", "--json", "--profile", profile, *ALLOWED)
    assert night.document["applied"]["companies"] == 60
    # One batch read looks at the companies right before they are written; none asks for history.
    assert portal.calls.by_route[BATCH_READ] == 1


@pytest.mark.slow
def test_after_an_edit_and_a_plan_a_changed_profile_asks_for_the_one_edited(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    portal.edit_company(company_ids(portal)[0], {TIER: "tier_3"}, person_source(12))
    assert written("plan").code == 0
    portal.calls.reset()
    portal.ahead += DAY
    night = written(
        "run", "--json", "--profile", edited_profile(tmp_path, "{at_least: 100}", "{at_least: 1000}"), *ALLOWED
    )
    assert (night.code, night.document["overrides"]["opened"]) == (0, 1)
    # The history of one company, and the look at the others before they are written.
    assert portal.calls.by_route[BATCH_READ] == 2


def test_after_a_lost_disk_what_a_run_will_ask_is_forecast(written: Command, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "state")
    profile = edited_profile(tmp_path, "{at_least: 100}", "{at_least: 1000}")
    # The second plan reads what changed, as the run does; the first one everything.
    written("plan", "--profile", profile)
    planned = written("plan", "--json", "--profile", profile).document
    assert planned["forecast"]["history"] == planned["calls"]["by_route"][BATCH_READ] == 2, "a call for 50 companies"
    shown = " ".join(written("plan", "--profile", profile).out.split())
    assert "Before, run asks HubSpot who set tiers and flags: 2 calls more." in shown
    run = written("run", "--json", "--profile", profile, *ALLOWED).document
    assert (run["applied"]["companies"], run["forecast"]["history"]) == (60, 2)
    assert run["calls"]["total"] == planned["calls"]["total"] + planned["forecast"]["calls"]


@pytest.mark.slow
def test_after_a_lost_disk_an_edit_of_the_same_day_stands(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    edited = company_ids(portal)[0]
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    shutil.rmtree(tmp_path / "state")
    night = written("run", "--json")
    assert (night.code, night.document["overrides"]["opened"]) == (0, 1)
    assert portal.company(edited)[TIER] == "tier_3"
    (override,) = written("overrides", "--json").document["overrides"]
    assert override["wanted"] == "tier_1", "what the profile says, since what we wrote is forgotten"


@pytest.mark.slow
def test_whoever_asked_is_told_once_of_values_that_stand(
    written: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = company_ids(portal)[:2]
    with inbox() as service:
        monkeypatch.setenv("ICP_SYNC_NOTIFY", f"json://{service.address}")
        for edited in (first, None, second):
            if edited is not None:
                portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
            assert written("run").code == 0
            portal.ahead += DAY
    messages = [json.loads(body) for _, _, body in service.requests]
    assert [message["title"].partition(":")[0] for message in messages] == ["icp_sync overrides new"] * 2
    assert [f"- {first} C0 " in message["message"] for message in messages] == [True, True]
    assert messages[1]["message"].startswith("2 tiers and target flags stand as people or automations set them")


@pytest.mark.slow
def test_another_host_with_another_branch_of_the_profile_holds_the_run(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    branch = edited_profile(tmp_path, "enter: 90", "enter: 95")
    other = written("run", "--profile", branch, "--state", tmp_path / "other", "--json")
    assert (other.code, other.document["applied"]["companies"]) == (0, 0)
    branch = edited_profile(tmp_path, "{at_least: 100}", "{at_least: 130}")
    assert written("run", "--profile", branch, "--state", tmp_path / "other", *ALLOWED).code == 0
    portal.ahead += DAY
    blocked = written("run", "--json")
    assert blocked.code == 4
    assert "other_writer" in blocked.err + blocked.out


@pytest.mark.slow
def test_another_branch_over_the_same_ledger_holds_the_run(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch = edited_profile(tmp_path, "{at_least: 100}", "{at_least: 130}")
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"sqlite:///{tmp_path}/ledger.db")

    def night(host: str, *arguments: object) -> Ended:
        portal.ahead += DAY
        monkeypatch.setattr("socket.gethostname", lambda: host)
        return icp_sync("run", "--state", tmp_path / host, *arguments)

    assert night("one").code == 0
    assert night("two", "--profile", branch, *ALLOWED).code == 0
    blocked = night("one")
    assert (blocked.code, "other_writer" in blocked.err) == (4, True)
    edited = night("one", "--profile", branch)
    assert edited.code == 0, "an edit that has reached both hosts is nobody else's"


@pytest.mark.slow
@pytest.mark.parametrize("between", ["nothing", "a plan"])
@pytest.mark.parametrize("ledger", ["shared", "each its own"])
def test_a_tier_set_after_another_host_wrote_stands_though_this_hosts_snapshot_shows_it(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: str, between: str
) -> None:
    edited = company_ids(portal)[0]
    if ledger == "shared":
        monkeypatch.setenv("ICP_SYNC_STATE_URL", f"sqlite:///{tmp_path}/ledger.db")
    assert icp_sync("run", "--state", tmp_path / "one").code == 0
    portal.ahead += DAY
    portal.edit_company(edited, {"numberofemployees": "10"})
    assert icp_sync("run", "--state", tmp_path / "two").code == 0
    assert portal.company(edited)[TIER] == "tier_2"
    portal.ahead += DAY
    # What the first host wrote, and has not seen otherwise since.
    portal.edit_company(edited, {TIER: "tier_1"}, person_source(12))
    if between == "a plan":
        # It moves the snapshot beyond what the second host has sent.
        assert icp_sync("plan", "--state", tmp_path / "one").code == 0
        portal.ahead += DAY
    night = icp_sync("run", "--state", tmp_path / "one", "--json")
    assert (night.code, night.document["overrides"]) == (0, {"open": 1, "opened": 1, "ended": 0})
    assert portal.company(edited)[TIER] == "tier_1"


@pytest.mark.slow
def test_explain_tells_who_set_a_tier_and_what_was_lost(written: Command, portal: SandboxPortal) -> None:
    edited, lost = company_ids(portal)[:2]
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    portal.edit_company(lost, {"numberofemployees": ""})
    written("run")
    (company,) = written("explain", edited, "--json").document["companies"]
    ((override,), lost_input) = company["override"], company["held"]
    assert (override["property"], override["value"], override["kind"], override["user_id"]) == (
        TIER,
        "tier_3",
        "person",
        "12",
    )
    assert lost_input == []
    (company,) = written("explain", lost, "--json").document["companies"]
    assert [(one["property"], one["was"]) for one in company["held"]] == [("numberofemployees", "101")]
    assert company["tier"] == "tier_1"
    assert "was set by hand to tier_3" in written("explain", edited).out
    portal.edit_company(edited, {TIER: "tier_2"}, SOURCES["workflow"])
    written("run")
    explained = written("explain", edited).out
    assert ("was set by the workflow Workflow 11 to tier_2" in explained, "(user" in explained) == (True, False)


@pytest.mark.slow
def test_the_report_says_what_stands_and_what_was_lost(written: Command, portal: SandboxPortal) -> None:
    edited, lost = company_ids(portal)[:2]
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    portal.edit_company(lost, {"numberofemployees": ""})
    printed = written("run").out
    assert "1 tier or flag stands as somebody else set it (1 new)" in printed
    assert "1 company keeps its verdict though a value vanished: numberofemployees of 1" in printed


@pytest.mark.slow
def test_a_tier_that_another_one_replaced_is_given_back_to_nobody(written: Command, portal: SandboxPortal) -> None:
    edited = company_ids(portal)[0]
    for tier in ("tier_3", "tier_2"):
        portal.edit_company(edited, {TIER: tier}, person_source(12))
        printed = written("run").out
        portal.ahead += DAY
    assert "1 tier or flag stands as somebody else set it (1 new), 1 ended;" in printed


def test_a_run_that_is_held_opens_nothing(written: Command, portal: SandboxPortal) -> None:
    edited, *others = company_ids(portal)
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    for other in others[:40]:
        portal.edit_company(other, {"numberofemployees": "10"})
    blocked = written("run", "--json")
    assert (blocked.code, blocked.document["overrides"]) == (4, {"open": 0, "opened": 0, "ended": 0})
    assert [moved["after"] for moved in blocked.document["tiers_set"]] == ["tier_3"]


def test_after_a_lost_disk_a_plan_hides_no_cause(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"sqlite:///{tmp_path}/ledger.db")
    assert icp_sync("run").code == 0
    portal.ahead += DAY
    for edited in company_ids(portal)[:3]:
        portal.edit_company(edited, {"numberofemployees": "10"})
    shutil.rmtree(tmp_path / "state")
    planned, night = (icp_sync(command, "--json", *ALLOWED).document for command in ("plan", "run"))
    assert (planned["causes"], night["causes"]) == ({"data": 3}, {"data": 3})


@pytest.mark.slow
def test_a_move_after_one_by_another_host_has_a_time_of_its_own(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"sqlite:///{tmp_path}/ledger.db")
    moved, times = company_ids(portal)[0], list[str | None]()
    for host, employees in (("one", "100"), ("other", "10"), ("one", "100")):
        monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / host))
        portal.edit_company(moved, {"numberofemployees": employees})
        assert icp_sync("run").code == 0
        times.append(portal.company(moved)["icp_fit_changed_at"])
        portal.ahead += DAY
    assert portal.company(moved)[TIER] == "tier_1"
    assert len({*times}) == 3


@pytest.mark.slow
def test_where_many_overrides_are_edited_every_night_each_has_its_turn(
    written: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icp_sync.runs.override_detection.MOST_TOUCHED", 1)
    edited = company_ids(portal)[:2]
    for company in edited:
        portal.edit_company(company, {TIER: "tier_3"}, person_source(12))
    written("run")
    portal.ahead += DAY
    for tier in ("tier_2", "tier_3"):
        portal.edit_company(edited[1], {TIER: tier}, person_source(13))
    for _ in range(2):
        for company in edited:
            portal.edit_company(company, {"phone": str(portal.ahead)})
        written("run")
        portal.ahead += DAY
    assert [
        override["user_id"]
        for override in written("overrides", "--json").document["overrides"]
        if override["property"] == TIER
    ] == ["12", "13"]


@pytest.mark.slow
def test_a_plan_after_a_lost_disk_makes_nobodys_tier_ours(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    edited = company_ids(portal)[0]
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    shutil.rmtree(tmp_path / "state")
    written("plan")
    night = written("run", "--json")
    assert (night.code, night.document["overrides"]["opened"]) == (0, 1)
    assert portal.company(edited)[TIER] == "tier_3"


@pytest.fixture
def merged(written: Command, portal: SandboxPortal) -> int:
    """A company that shows the tier a person gave to another, which was merged into it the day after a run."""
    survivor, other = company_ids(portal)[:2]
    portal.edit_company(other, {TIER: "tier_3"}, person_source(12))
    written("run")
    portal.ahead += DAY
    portal.edit_company(survivor, {TIER: "tier_3"}, SOURCES["workflow"])
    portal.merge(survivor, other)
    return survivor


@pytest.mark.slow
def test_of_merged_companies_only_the_survivor_has_an_override(written: Command, merged: int) -> None:
    night = written("run", "--json")
    assert (night.code, night.document["overrides"]["open"]) == (0, 1)
    assert [override["id"] for override in written("overrides", "--json").document["overrides"]] == [str(merged)]


@pytest.mark.slow
def test_a_survivor_that_shows_its_own_tier_no_more_goes_on_with_the_others(
    written: Command, portal: SandboxPortal
) -> None:
    emptied, other = company_ids(portal)[:2]
    portal.edit_company(emptied, {TIER: ""}, person_source(12))
    portal.edit_company(other, {TIER: "tier_2"}, person_source(13))
    written("run")
    portal.ahead += DAY
    portal.merge(emptied, other)
    night = written("run", "--json").document
    assert (portal.company(emptied)[TIER], night["overrides"]["open"]) == ("tier_2", 1)
    (override,) = written("overrides", "--json").document["overrides"]
    assert (override["id"], override["value"], override["kind"]) == (str(emptied), "tier_2", "person")


@pytest.mark.slow
def test_a_survivor_that_is_released_stays_so(written: Command, portal: SandboxPortal, merged: int) -> None:
    written("run")
    written("release", "--company", str(merged), "--yes")
    portal.ahead += DAY
    assert written("run", "--json").document["overrides"]["open"] == 0
    assert portal.company(merged)[TIER] == "tier_1"


@pytest.fixture
def scoped(tmp_path: Path) -> Path:
    """The small profile, for companies in Germany alone."""
    return edited_profile(tmp_path, "{not: {property: type, in: [PARTNER]}}", "{property: country, in: [Deutschland]}")


@pytest.fixture
def left_scope(written: Command, portal: SandboxPortal, scoped: Path) -> int:
    """A company that left the scope the day after a person set its tier."""
    edited = company_ids(portal)[0]
    written("run", "--profile", scoped)
    for texts in ({TIER: "tier_3"}, {"country": "Frankreich"}):
        portal.ahead += DAY
        portal.edit_company(edited, texts, person_source(12))
        assert written("run", "--profile", scoped, "--json").document["overrides"]["open"] == 1
    return edited


@pytest.mark.slow
def test_a_tier_that_stands_goes_on_standing_once_its_company_is_back_in_scope(
    written: Command, portal: SandboxPortal, scoped: Path, left_scope: int
) -> None:
    record = portal.company(left_scope)
    assert (record[TIER], record.get("icp_fit_outcome"), record.get(REASONS)) == ("tier_3", None, None)
    portal.ahead += DAY
    portal.edit_company(left_scope, {"country": "Deutschland"}, person_source(12))
    night = written("run", "--profile", scoped, "--json")
    assert (night.code, night.document["overrides"]) == (0, {"open": 1, "opened": 0, "ended": 0})
    record = portal.company(left_scope)
    assert (record[TIER], record[REASONS][:15]) == ("tier_3", "Tier set by han")
    written("release", "--company", left_scope, "--yes")
    written("run", "--profile", scoped)
    assert portal.company(left_scope)[TIER] == "tier_1"


@pytest.mark.slow
def test_a_tier_released_outside_the_scope_is_taken_off(
    written: Command, portal: SandboxPortal, scoped: Path, left_scope: int
) -> None:
    written("release", "--company", left_scope, "--yes")
    night = written("run", "--profile", scoped, "--json")
    assert (night.code, night.document["causes"]) == (0, {"left_scope": 1})
    record = portal.company(left_scope)
    assert (record.get(TIER), record.get("icp_fit_profile")) == (None, None)
    assert written("run", "--profile", scoped, "--json").document["changes"]["companies"] == 0


@pytest.mark.slow
def test_a_run_counts_what_is_open_and_not_only_what_it_asked_about(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    """A lock, and a profile that writes no flag, let overrides sleep; they stand all the same."""
    first, second = company_ids(portal)[:2]
    locking = edited_profile(tmp_path, "write:", f"lock: {{property: {LOCK}}}\nwrite:")
    written("run", "--profile", locking)
    portal.edit_company(first, {TIER: "tier_3"}, person_source(12))
    portal.edit_company(second, {FLAG: "false"}, person_source(12))
    written("run", "--profile", locking)
    portal.edit_company(first, {LOCK: "true"}, person_source(12))
    night = written("run", "--profile", locking, "--json").document
    assert night["overrides"]["open"] == len(written("overrides", "--json").document["overrides"]) == 2
    flagless = edited_profile(tmp_path, "  target_account: {property: hs_is_target_account, tiers: [tier_1]}\n", "")
    assert written("run", "--profile", flagless, "--json").document["overrides"]["open"] == 2


@pytest.mark.parametrize("full", [(), ("--full",)])
def test_an_override_ends_with_its_company(written: Command, portal: SandboxPortal, full: tuple[str, ...]) -> None:
    edited = company_ids(portal)[0]
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    written("run")
    portal.archive(edited)
    night = written("run", "--json", *full)
    assert (night.code, night.document["overrides"]) == (0, {"open": 0, "opened": 0, "ended": 1})
    assert written("overrides", "--json").document["overrides"] == []
    assert written("run", "--json", *full).document["overrides"] == {"open": 0, "opened": 0, "ended": 0}


@pytest.mark.slow
@pytest.mark.parametrize("released", [False, True])
def test_a_restored_company_is_judged_by_who_set_its_tier_before_it_went(
    written: Command, portal: SandboxPortal, *, released: bool
) -> None:
    edited = company_ids(portal)[0]
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    written("run")
    if released:
        written("release", "--company", edited, "--yes")
    portal.archive(edited)
    written("run")
    portal.ahead += DAY
    portal.restore(edited)
    night = written("run", "--json", "--full")
    assert (night.code, night.document["overrides"]["open"]) == (0, int(not released))
    assert portal.company(edited)[TIER] == ("tier_1" if released else "tier_3")


@pytest.mark.slow
def test_a_tier_set_while_its_company_is_locked_stands_once_the_lock_goes(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    edited, profile = company_ids(portal)[0], edited_profile(tmp_path, "write:", f"lock: {{property: {LOCK}}}\nwrite:")
    written("run", "--profile", profile)
    for texts in ({LOCK: "true"}, {TIER: "tier_3"}, {LOCK: "false"}):
        portal.ahead += DAY
        portal.edit_company(edited, texts, person_source(12))
        night = written("run", "--profile", profile, "--json")
    assert (night.code, night.document["overrides"]["open"]) == (0, 1)
    assert portal.company(edited)[TIER] == "tier_3"


@pytest.mark.slow
def test_a_tier_set_under_a_lock_before_the_disk_was_lost_stands_once_the_lock_goes(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    edited, profile = company_ids(portal)[0], edited_profile(tmp_path, "write:", f"lock: {{property: {LOCK}}}\nwrite:")
    written("run", "--profile", profile)
    portal.edit_company(edited, {LOCK: "true", TIER: "tier_3"}, person_source(12))
    shutil.rmtree(tmp_path / "state")
    for locked in ("true", "true", "false"):
        portal.ahead += DAY
        portal.edit_company(edited, {LOCK: locked}, person_source(12))
        night = written("run", "--profile", profile, "--json")
    assert (night.code, night.document["overrides"]["open"]) == (0, 1)
    assert portal.company(edited)[TIER] == "tier_3"


@pytest.mark.slow
def test_a_tier_from_before_us_that_is_emptied_under_a_lock_and_set_again_stands(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second host, which saw it emptied, left the tier alone: it never became ours."""
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"sqlite:///{tmp_path}/ledger.db")
    edited, profile = company_ids(portal)[0], edited_profile(tmp_path, "write:", f"lock: {{property: {LOCK}}}\nwrite:")
    portal.edit_company(edited, {TIER: "tier_3"}, person_source(12))
    icp_sync("run", "--profile", profile, "--state", tmp_path / "one")
    for texts, host in (({LOCK: "true", TIER: ""}, "two"), ({LOCK: "false", TIER: "tier_3"}, "one")):
        portal.ahead += DAY
        portal.edit_company(edited, texts, SOURCES["workflow"])
        assert icp_sync("run", "--profile", profile, "--state", tmp_path / host).code == 0
    assert portal.company(edited)[TIER] == "tier_3"


@pytest.mark.slow
def test_a_tier_from_before_us_that_another_host_found_emptied_stands_when_it_is_set_again(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second host wrote the record and no tier; to the first one the tier looks as it did before any stamp."""
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"sqlite:///{tmp_path}/ledger.db")
    edited = company_ids(portal)[0]
    none = {"numberofemployees": "1", "country": "France"}
    for texts, host in (({TIER: "tier_3"}, "one"), ({TIER: "", **none}, "two"), ({TIER: "tier_3"}, "one")):
        portal.ahead += DAY
        portal.edit_company(edited, texts, SOURCES["import"])
        assert icp_sync("run", "--profile", PROFILES / "small.yaml", "--state", tmp_path / host).code == 0
    assert portal.company(edited)[TIER] == "tier_3"


@pytest.mark.slow
def test_a_tier_that_a_plan_was_the_first_to_see_is_not_ours_when_it_comes_back(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    """What `release` gave back is the tier between, and not the one set again under a lock."""
    edited, profile = company_ids(portal)[0], edited_profile(tmp_path, "write:", f"lock: {{property: {LOCK}}}\nwrite:")
    portal.edit_company(edited, {TIER: "tier_2"}, SOURCES["integration"])
    other = ("--profile", profile, "--state", tmp_path / "other")
    written("plan", *other)
    for texts in ({TIER: "tier_3"}, {LOCK: "true", TIER: "tier_2"}):
        portal.ahead += DAY
        portal.edit_company(edited, texts, SOURCES["integration"])
        written("run", *other)
    assert written("release", "--company", edited, "--yes", *other).code == 0
    portal.ahead += DAY
    portal.edit_company(edited, {LOCK: "false"}, SOURCES["import"])
    assert written("run", *other).code == 0
    assert portal.company(edited)[TIER] == "tier_2"


def test_a_tier_that_a_plan_was_the_first_to_see_on_a_record_of_ours_stands(
    written: Command, portal: SandboxPortal
) -> None:
    survivor = portal.merge(*company_ids(portal)[:2], new_id=True)
    portal.edit_company(survivor, {TIER: "tier_3"}, person_source(12))
    written("plan")
    night = written("run", "--json")
    assert (night.code, night.document["overrides"]["opened"]) == (0, 1)
    assert portal.company(survivor)[TIER] == "tier_3"


@pytest.mark.slow
def test_an_edit_that_agrees_stands_though_a_run_died_and_a_plan_came_between(
    written: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = company_ids(portal)[0]
    smaller = edited_profile(tmp_path, "{at_least: 100}", "{at_least: 1000}")
    portal.edit_company(edited, {TIER: "tier_2"}, person_source(12))
    with monkeypatch.context() as patched:
        patched.setattr("icp_sync.runs.run.save_override_decisions", _die)
        assert written("run", "--profile", smaller, *ALLOWED).code == 130
    portal.ahead += DAY
    written("plan", "--profile", smaller, *ALLOWED)
    night = written("run", "--profile", smaller, *ALLOWED, "--json")
    assert (night.code, night.document["overrides"]["open"]) == (0, 1)


def _die(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.slow
def test_who_moves_a_tier_by_hand_is_counted_beside_what_the_profile_moves(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    taken_out, shrunk, *_ = company_ids(portal)
    portal.edit_company(taken_out, {TIER: "tier_3"}, person_source(31))
    portal.edit_company(shrunk, {"numberofemployees": "3", "country": "USA"})
    night = written("run", "--json").document
    by_hand = {"before": "tier_1", "after": "tier_3", "by": "user 31", "companies": 1}
    assert night["tiers_set"] == [by_hand]
    page = tmp_path / "page.html"
    assert written("report", "last", "--out", page).code == 0
    assert "none came in, 1 left" in page.read_text()
    assert "by the profile; 1 by user 31 (tier 1 → tier 3)" in page.read_text()
    document = written("report", "last", "--json").document
    assert document["tiers_set"] == [by_hand]
    falls = {mover["id"]: mover for mover in document["movers"]["down"]}
    assert set(falls) == {str(taken_out), str(shrunk)}
    mover = falls[str(taken_out)]
    assert (mover["tier_before"], mover["tier_after"]) == ("tier_1", "tier_3")
    assert mover["sentence"] == "Tier 1 → Tier 3: set by user 31, which stands"
    portal.ahead += DAY
    portal.edit_company(taken_out, {TIER: "tier_1"}, person_source(32))
    assert "tiers set by others since the last run: 1 by user 32 (tier 3 → tier 1)" in written("run").out
    portal.ahead += DAY
    assert written("run", "--json").document["tiers_set"] == []
