"""Undo: what a run wrote is taken back, what others did since is left, and the next night may not redo it."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.companies.snapshot import MODIFIED
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import person_source
from icp_sync.state.home import StateHome
from icp_sync.state.snapshot import Snapshot
from tests.cli.conftest import DAY, Command, Ended, crowd
from tests.cli.twins import Twins
from tests.read_ledger import recorded_runs

TIER, FLAG, SCORE = "hs_ideal_customer_profile", "hs_is_target_account", "icp_fit_score"
OUTPUTS = (TIER, FLAG, SCORE, "icp_fit_outcome", "icp_fit_reasons", "icp_fit_profile")
LIST = "Small Tier 1"


def named(portal: SandboxPortal, name: str) -> str:
    """The id of a company."""
    return next(str(row["id"]) for row in portal.companies_frame("name").to_dicts() if row["name"] == name)


def texts(portal: SandboxPortal) -> dict[str, tuple[str, ...]]:
    """Company name → what stands in the properties a run writes."""
    rows = portal.companies_frame("name", *OUTPUTS).to_dicts()
    return {row["name"]: tuple(row[name] or "" for name in OUTPUTS) for row in rows}


def held_by(ended: Ended) -> list[str]:
    """The guardrails that held."""
    return [check["name"] for check in ended.document["guardrails"] if check["held"]]


@pytest.fixture
def scored(icp_sync: Command, portal: SandboxPortal, twins: Twins, tmp_path: Path) -> dict[str, tuple[str, ...]]:
    """What stands after the first run; a second one wrote Alpha, now small, and Beta, now in Germany."""

    def run_twice() -> dict[str, tuple[str, ...]]:
        assert icp_sync("run").code == 0
        before = texts(portal)
        portal.edit_company(named(portal, "Alpha"), {"numberofemployees": "5"})
        portal.edit_company(named(portal, "Beta"), {"country": "Germany"})
        assert icp_sync("run").code == 0
        assert texts(portal) != before
        return before

    return twins.begin("run twice", portal, tmp_path / "state", run_twice)


def test_what_the_last_run_wrote_is_taken_back(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]]
) -> None:
    ended = icp_sync("undo", "last", "--yes", "--json")
    assert ended.code == 0
    assert texts(portal) == scored
    assert portal.list_members(LIST) == [int(named(portal, "Alpha"))]
    document = ended.document
    assert (document["applied"]["companies"], document["causes"], document["left"]) == (2, {"undo": 2}, [])
    assert document["undoes"] == icp_sync("history", "--json").document["runs"][1]["run_id"]


def test_it_asks_and_takes_no_for_an_answer(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]]
) -> None:
    after = texts(portal)
    refused = icp_sync("undo", "last")
    assert (refused.code, texts(portal)) == (2, after)
    assert "add --yes, or --out FILE" in refused.err
    assert scored != after


@pytest.mark.slow
def test_the_next_night_is_held_until_the_profile_is_another(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]], tmp_path: Path
) -> None:
    assert icp_sync("undo", "last", "--yes").code == 0
    night = icp_sync("run", "--json")
    assert (night.code, held_by(night)) == (4, ["undone"])
    assert texts(portal) == scored
    profile = Path(__file__).parents[1] / "profiles" / "small.yaml"
    edited = tmp_path / "edited.yaml"
    edited.write_text(profile.read_text(encoding="utf-8").replace("100 or more employees", "many employees"))
    assert held_by(icp_sync("plan", "--json", "--profile", edited)) == []


def test_nor_what_a_plan_from_a_file_wrote(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    """What the plan stood on counted as data that had changed since, so the next night wrote all of it again."""
    assert icp_sync("run").code == 0
    before = texts(portal)
    portal.edit_company(named(portal, "Alpha"), {"numberofemployees": "5"})
    plan = tmp_path / "plan.jsonl"
    assert icp_sync("plan", "--out", plan).code == 0
    assert icp_sync("apply", plan).code == 0
    assert icp_sync("undo", "last", "--yes").code == 0
    night = icp_sync("run", "--json")
    assert (night.code, held_by(night)) == (4, ["undone"])
    assert texts(portal) == before


@pytest.mark.slow
def test_it_may_be_allowed_by_name_once_and_for_all(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]]
) -> None:
    after = texts(portal)
    assert icp_sync("undo", "last", "--yes").code == 0
    assert texts(portal) == scored
    assert icp_sync("run", "--allow", "undone", "--because", "it was right").code == 0
    assert texts(portal) == after
    assert icp_sync("run").code == 0


@pytest.mark.slow
def test_a_company_whose_data_changed_may_be_written_again(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]]
) -> None:
    assert icp_sync("undo", "last", "--yes").code == 0
    for name in ("Alpha", "Beta"):
        portal.edit_company(named(portal, name), {"numberofemployees": "7"})
    assert icp_sync("run").code == 0
    assert texts(portal) != scored


@pytest.mark.slow
def test_an_undo_undone_lifts_both(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]]
) -> None:
    after = texts(portal)
    assert icp_sync("undo", "last", "--yes").code == 0
    assert texts(portal) == scored
    assert icp_sync("undo", "last", "--yes").code == 0
    assert texts(portal) == after
    night = icp_sync("run", "--json").document
    assert (night["changes"]["companies"], [one for one in night["guardrails"] if one["held"]]) == (0, [])


def test_a_tier_a_person_changed_since_is_left_and_named(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]]
) -> None:
    beta = named(portal, "Beta")
    portal.edit_company(beta, {TIER: "tier_3"})
    kept = texts(portal)["Beta"]
    ended = icp_sync("undo", "last", "--yes", "--json")
    assert ended.code == 0
    assert texts(portal) == scored | {"Beta": kept}
    (left,) = ended.document["left"]
    assert (left["id"], left["property"], left["value"], left["why"], left["writer"]) == (
        beta, TIER, "tier_3", "moved", "person",
    )  # fmt: skip
    assert "Beta" not in ended.out


@pytest.mark.slow
def test_the_tier_of_a_person_outlives_the_undo_of_the_run_that_found_it(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]]
) -> None:
    beta = named(portal, "Beta")
    portal.edit_company(beta, {TIER: "tier_3"})
    assert icp_sync("run").code == 0
    assert icp_sync("undo", "last", "--yes").code == 0
    assert [one["kind"] for one in icp_sync("overrides", "--json").document["overrides"]] == ["person"]
    icp_sync("run", "--allow", "undone")
    assert texts(portal)["Beta"][0] == "tier_3"
    assert scored


@pytest.mark.slow
@pytest.mark.parametrize("named_alone", [False, True])
def test_a_tier_a_person_set_back_to_what_the_run_wrote_is_theirs(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]], *, named_alone: bool
) -> None:
    alpha, written = named(portal, "Alpha"), texts(portal)["Alpha"][0]
    run = icp_sync("history", "--json").document["runs"][0]["run_id"]
    for tier in ("tier_3", written):
        portal.edit_company(alpha, {TIER: tier}, person_source(12))
        assert icp_sync("run").code == 0
        portal.ahead += DAY
    ended = icp_sync("undo", run, "--yes", "--json", *(("--company", alpha) if named_alone else ()))
    assert ended.code == 0
    assert texts(portal)["Alpha"][0] == written != scored["Alpha"][0]
    assert (TIER, "person") in {(one["property"], one["writer"]) for one in ended.document["left"]}
    overrides = icp_sync("overrides", "--json").document["overrides"]
    assert [(one["value"], one["kind"]) for one in overrides] == [(written, "person")]


@pytest.mark.slow
def test_what_a_later_run_wrote_is_left_and_named(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("run")
    (first,) = icp_sync("history", "--json").document["runs"]
    portal.edit_company(named(portal, "Alpha"), {"numberofemployees": "5"})
    icp_sync("run")
    last = icp_sync("history", "--json").document["runs"][0]
    ended = icp_sync("undo", first["run_id"], "--yes", "--json")
    assert ended.code == 0
    alpha = [row for row in ended.document["left"] if row["id"] == named(portal, "Alpha")]
    assert {(row["writer"], row["writer_id"]) for row in alpha} == {("run", last["run_id"])}
    assert texts(portal)["Alpha"][0] == "tier_2"
    assert texts(portal)["Beta"] == ("",) * len(OUTPUTS)


@pytest.mark.slow
def test_an_edit_between_plan_and_write_is_left(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]], tmp_path: Path
) -> None:
    plan = tmp_path / "undo.jsonl"
    assert icp_sync("undo", "last", "--out", plan).code == 0
    portal.edit_company(named(portal, "Alpha"), {TIER: "tier_3"})
    ended = icp_sync("apply", plan, "--json")
    assert (ended.code, len(ended.document["skipped"])) == (0, 1)
    assert texts(portal)["Alpha"][0] == "tier_3"
    assert texts(portal)["Beta"] == scored["Beta"]


@pytest.mark.slow
def test_a_saved_undo_is_one_in_the_ledger_too(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]], tmp_path: Path
) -> None:
    plan = tmp_path / "undo.jsonl"
    after = texts(portal)
    assert icp_sync("undo", "last", "--out", plan).code == 0
    assert texts(portal) == after
    assert icp_sync("apply", plan).code == 0
    assert texts(portal) == scored
    assert icp_sync("run").code == 4


@pytest.mark.slow
def test_only_the_companies_named_get_back_their_values_and_keep_them(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]]
) -> None:
    after, alpha = texts(portal), named(portal, "Alpha")
    assert icp_sync("undo", "last", "--company", alpha, "--yes", "--because", "sales asked").code == 0
    assert texts(portal) == after | {"Alpha": scored["Alpha"]}
    overrides = icp_sync("overrides", "--json").document["overrides"]
    assert {(one["id"], one["property"], one["value"], one["kind"]) for one in overrides} == {
        (alpha, TIER, "tier_1", "undo"), (alpha, FLAG, "true", "undo"),
    }  # fmt: skip
    assert held_by(icp_sync("plan", "--json")) == []
    assert icp_sync("undo", "last", "--yes").code == 0
    assert icp_sync("overrides", "--json").document["overrides"] == []


@pytest.mark.usefixtures("scored")
def test_no_night_is_held_by_an_undo_of_one_company_that_moved_no_tier(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    profile = Path(__file__).parents[1] / "profiles" / "small.yaml"
    edited = tmp_path / "edited.yaml"
    edited.write_text(profile.read_text(encoding="utf-8").replace("100 or more employees", "many employees"))
    reworded = icp_sync("run", "--profile", edited, "--json").document
    assert (TIER in reworded["changes"]["properties"], reworded["changes"]["companies"] > 0) == (False, True)
    assert icp_sync("undo", "last", "--profile", edited, "--company", named(portal, "Alpha"), "--yes").code == 0
    assert icp_sync("run", "--profile", edited).code == 0


@pytest.mark.slow
def test_a_canary_that_may_write_again_what_was_undone_lets_nobody_else(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]]
) -> None:
    assert icp_sync("undo", "last", "--yes").code == 0
    assert icp_sync("backfill", "--limit", "1", "--allow", "undone", "--yes").code == 0
    assert len([name for name, kept in texts(portal).items() if kept != scored[name]]) == 1
    night = icp_sync("run", "--json")
    assert (night.code, held_by(night)) == (4, ["undone"])


@pytest.mark.usefixtures("scored")
def test_the_saved_plan_of_a_canary_lets_nobody_else_be_written_again(icp_sync: Command, tmp_path: Path) -> None:
    assert icp_sync("undo", "last", "--yes").code == 0
    canary = icp_sync("backfill", "--limit", "1", "--yes", "--json")
    assert (canary.code, held_by(canary)) == (4, ["undone"])
    (plan,) = tmp_path.rglob("plans/*.jsonl")
    assert icp_sync("apply", plan, "--allow", "undone").code == 0
    night = icp_sync("run", "--json")
    assert (night.code, held_by(night)) == (4, ["undone"])


@pytest.mark.slow
@pytest.mark.usefixtures("scored")
def test_a_retry_of_those_refused_lets_nobody_else_be_written_again(icp_sync: Command) -> None:
    assert icp_sync("undo", "last", "--yes").code == 0
    assert icp_sync("retry-failed", "--allow", "undone").code == 0
    assert held_by(icp_sync("run", "--json")) == ["undone"]


@pytest.mark.usefixtures("scored")
def test_what_never_arrived_of_a_later_run_keeps_nothing_from_being_undone(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    after, run = texts(portal), icp_sync("history", "--json").document["runs"][0]["run_id"]
    for name in ("Alpha", "Beta"):
        portal.edit_company(named(portal, name), {"numberofemployees": "900", "country": "Germany"})
    portal.faults.add("500", route="POST /crm/objects/companies/batch/update", times=10_000)
    assert icp_sync("run").code != 0
    portal.faults.clear()
    assert texts(portal) == after
    ended = icp_sync("undo", run, "--yes", "--json").document
    assert (ended["applied"]["companies"], ended["left"]) == (2, [])


@pytest.mark.slow
@pytest.mark.usefixtures("scored")
def test_what_was_edited_before_an_undo_is_read_by_the_next_run(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    alpha, beta = (int(named(portal, name)) for name in ("Alpha", "Beta"))
    portal.edit_company(alpha, {"numberofemployees": "900"})
    assert icp_sync("undo", "last", "--yes").code == 0
    snapshot = StateHome(tmp_path / "state").open(portal.portal_id, "small").snapshot.load()
    assert isinstance(snapshot, Snapshot)
    dates = dict(snapshot.companies.select("id", MODIFIED).iter_rows())
    # Without a date it is read whole, however many properties a profile reads.
    assert (dates[alpha], dates[beta]) == (None, portal.company(beta)[MODIFIED])


@pytest.mark.slow
@pytest.mark.usefixtures("scored")
def test_what_was_taken_back_of_one_company_and_released_is_written_as_released(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    after, alpha = texts(portal), named(portal, "Alpha")
    icp_sync("undo", "last", "--company", alpha, "--yes")
    icp_sync("run")
    icp_sync("release", "--company", alpha, "--yes")
    assert icp_sync("run", "--json").document["causes"] == {"released": 1}
    assert texts(portal) == after
    assert icp_sync("run", "--json").document["causes"] == {}


@pytest.mark.slow
def test_only_the_list_named_is_taken_back(
    icp_sync: Command, portal: SandboxPortal, scored: dict[str, tuple[str, ...]]
) -> None:
    after, members = texts(portal), [int(named(portal, "Alpha"))]
    assert portal.list_members(LIST) != members
    assert icp_sync("undo", "last", "--list", LIST, "--yes").code == 0
    assert (portal.list_members(LIST), texts(portal)) == (members, after)
    assert held_by(icp_sync("plan", "--json")) == ["undone"]
    assert scored != after


@pytest.mark.usefixtures("scored")
def test_no_night_moves_again_a_company_taken_back_on_a_list_alone(icp_sync: Command, portal: SandboxPortal) -> None:
    alpha = named(portal, "Alpha")
    assert icp_sync("undo", "last", "--list", LIST, "--company", alpha, "--yes").code == 0
    assert int(alpha) in portal.list_members(LIST)
    night = icp_sync("run", "--json")
    assert (night.code, held_by(night)) == (4, ["undone"])


MANY = 520
"""More than are read anew in any case."""


class TestOfMany:
    """An undo of many takes the snapshot's word for whom nobody moved, and looks again right before it writes."""

    @pytest.fixture
    def portal(self) -> SandboxPortal:
        return crowd(MANY)

    @pytest.mark.slow
    def test_each_company_is_read_once(self, icp_sync: Command, portal: SandboxPortal) -> None:
        assert icp_sync("run").code == 0
        edited = named(portal, "Firm 7")
        portal.edit_company(edited, {TIER: "tier_3"})
        portal.calls.reset()
        allowed = ("--allow", "changed", "--allow", "leaving_tiers", "--allow", "list_shrink")
        ended = icp_sync("undo", "last", "--yes", "--json", *allowed)
        assert ended.code == 0
        assert portal.calls.by_route["POST /crm/objects/companies/batch/read"] == -(-MANY // 100)
        assert [one["id"] for one in ended.document["skipped"]] == [edited]
        assert ended.document["applied"]["companies"] == MANY - 1
        assert portal.company(edited)[TIER] == "tier_3"
        assert icp_sync("run", "--allow", "undone", "--json").document["overrides"]["open"] == 1


REFUSED = {
    ("19990101",): "the ledger knows no run 19990101",
    ("last", "--company", "1"): "wrote nothing to company 1",
    ("last", "--list", "Nobody's"): "moved nobody on a list Nobody's; it changed Small Tier 1",
}


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED.items())
def test_what_cannot_be_taken_back_is_refused(
    icp_sync: Command,
    portal: SandboxPortal,
    scored: dict[str, tuple[str, ...]],
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    after = texts(portal)
    ended = icp_sync("undo", *arguments, "--yes")
    assert (ended.code, texts(portal)) == (1, after)
    assert sentence in ended.err
    assert scored != after


@pytest.mark.slow
def test_a_run_that_wrote_nothing_has_nothing_to_take_back(icp_sync: Command) -> None:
    icp_sync("run")
    icp_sync("run")
    ended = icp_sync("undo", "last", "--yes")
    assert ended.code == 1
    assert "wrote nothing that is still known" in ended.err


def test_who_and_why_stand_in_the_ledger(icp_sync: Command, tmp_path: Path, scored: dict[str, tuple[str, ...]]) -> None:
    undone = recorded_runs(tmp_path / "state")[-1].run
    icp_sync("undo", "last", "--yes", "--because", "a typo in the profile")
    run = recorded_runs(tmp_path / "state")[-1].run
    assert (run.command, run.undoes, run.because) == ("undo", undone.run_id, "a typo in the profile")
    assert run.os_user
    assert run.host
    assert not run.complete
    assert scored


def test_a_reason_is_short(icp_sync: Command) -> None:
    ended = icp_sync("run", "--because", "x" * 201)
    assert ended.code == 2
    assert "at most 200 are kept" in ended.err


@pytest.mark.slow
def test_what_the_profile_says_of_a_company_undone_is_its_own_word_the_night_after(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    assert icp_sync("run").code == 0
    alpha = named(portal, "Alpha")
    assert icp_sync("undo", "last", "--company", alpha, "--yes").code == 0
    says = {"hs_ideal_customer_profile": "tier_1", "hs_is_target_account": "true"}
    for _ in range(2):
        overrides = icp_sync("overrides", "--json").document["overrides"]
        assert {override["property"]: override["wanted"] for override in overrides} == says
        assert icp_sync("run").code == 0


def test_an_undo_leaves_no_report_and_the_message_says_what_tells_about_it(
    icp_sync: Command, scored: dict[str, tuple[str, ...]]
) -> None:
    assert scored
    assert icp_sync("undo", "last", "--yes").code == 0
    (undone, *_) = icp_sync("history", "--json").document["runs"]
    ended = icp_sync("report", undone["run_id"])
    assert ended.code == 1
    assert f"run {undone['run_id']} (undo) leaves no report; icp-sync show {undone['run_id']} tells" in ended.err
