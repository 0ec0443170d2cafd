"""What the ledger remembers, on the command line: runs, one run, one company, what stands, and its release."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.state.home import StateHome
from icp_sync.state.ledger.overrides import Override
from icp_sync.state.ledger.pins import Pin
from icp_sync.state.store import StateStore
from tests.cli.conftest import PROFILES, Command
from tests.cli.test_undo import TIER, named
from tests.cli.twins import Twins
from tests.read_ledger import recorded_runs

NIGHT = dt.datetime(2026, 11, 3, 2, tzinfo=dt.UTC)


@pytest.fixture
def store(icp_sync: Command, portal: SandboxPortal, twins: Twins, tmp_path: Path) -> StateStore:
    """The state after a run."""

    def first_run() -> None:
        assert icp_sync("run", "--because", "the first one").code == 0

    twins.begin("run with a reason", portal, tmp_path / "state", first_run)
    run = recorded_runs(tmp_path / "state")[0].run
    return StateHome(tmp_path / "state").open(run.portal_id, run.profile)


@pytest.fixture
def tokenless(store: StateStore, monkeypatch: pytest.MonkeyPatch) -> StateStore:
    """The same where no token is set."""
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    return store


@pytest.mark.slow
def test_runs_are_listed_newest_first_without_a_token(
    icp_sync: Command, store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    icp_sync("run")
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    second, first = icp_sync("history", "--json").document["runs"]
    assert (first["command"], first["exit_code"], first["changes"], first["held"]) == ("run", 0, 5, [])
    assert first["causes"] == {"first": 5}
    assert (second["changes"], second["causes"]) == (0, {})
    assert len(icp_sync("history", "--limit", "1", "--json").document["runs"]) == 1
    shown = icp_sync("history").out
    assert "5 first score" in shown
    assert store.runs.find("last").run_id in shown


@pytest.mark.slow
def test_a_companys_timeline_says_why(icp_sync: Command, portal: SandboxPortal, store: StateStore) -> None:
    alpha = named(portal, "Alpha")
    portal.edit_company(alpha, {"numberofemployees": "5"})
    assert icp_sync("run").code == 0
    newest, first = icp_sync("history", "--company", alpha, "--json").document["timeline"]
    assert (newest["tier_before"], newest["tier_after"], newest["id"], newest["result"]) == (
        "tier_1", "tier_2", alpha, "written",
    )  # fmt: skip
    assert newest["sentence"].startswith("Tier 1 → Tier 2: ")
    assert (first["cause"], first["run_id"]) == ("first", store.runs.newest()[-1].run_id)
    assert "tier 1 → tier 2" in icp_sync("history", "--company", alpha).out


def test_a_run_is_shown_with_who_why_and_what_it_wrote(
    icp_sync: Command, tokenless: StateStore, tmp_path: Path
) -> None:
    run = tokenless.runs.newest()[0]
    document = icp_sync("show", "last", "--json").document
    facts = document["run"]
    assert (facts["run_id"], facts["because"], facts["written"], facts["causes"]) == (
        run.run_id, "the first one", 5, {"first": 5},
    )  # fmt: skip
    assert facts["os_user"]
    assert document["changes_total"] == 5
    assert {change["result"] for change in document["changes"]} == {"written"}
    assert [change["name"] for change in document["lists"]][-1] == "Small tiered"
    csv_text = icp_sync("show", run.run_id[:15], "--csv", tmp_path / "run.csv").out
    assert "because: the first one" in csv_text
    with (tmp_path / "run.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == len(document["changes"])
    assert {row["cause"] for row in rows} == {"first"}


HUGE = 2**63


@pytest.mark.parametrize("command", ["history --limit", "history --company", "show a --company", "undo a --company"])
def test_a_number_no_id_and_no_count_can_be_is_refused_by_name(icp_sync: Command, command: str) -> None:
    ended = icp_sync(*command.split(), HUGE)
    assert (ended.code, f"{HUGE} is larger than any id or count can be" in ended.err) == (2, True)


def test_no_run_is_named_by_nothing(icp_sync: Command, tokenless: StateStore) -> None:
    assert tokenless.runs.newest()
    ended = icp_sync("show", "")
    assert (ended.code, "name a run by its id, the beginning of one, or last" in ended.err) == (1, True)


def test_a_run_is_shown_for_one_company(icp_sync: Command, portal: SandboxPortal, tokenless: StateStore) -> None:
    alpha = named(portal, "Alpha")
    changes = icp_sync("show", "last", "--company", alpha, "--json").document["changes"]
    assert {change["id"] for change in changes} == {alpha}
    assert {"id": alpha, "property": TIER, "before": "", "after": "tier_1", "cause": "first", "result": "written",
            "reason": None} in changes  # fmt: skip
    assert tokenless.profile == "small"


@pytest.mark.slow
def test_a_held_run_is_the_last_one_and_names_how_to_go_on(
    icp_sync: Command, portal: SandboxPortal, store: StateStore, tmp_path: Path
) -> None:
    portal.edit_companies({named(portal, name): {"type": "PARTNER"} for name in ("Alpha", "Beta", "Gamma", "Delta")})
    profile = tmp_path / "strict.yaml"
    small = (PROFILES / "small.yaml").read_text(encoding="utf-8")
    profile.write_text(f"{small}\nguardrails: {{read_at_least: 100%}}\n", encoding="utf-8")
    portal.archive(named(portal, "Epsilon"))
    blocked = icp_sync("run", "--profile", profile, "--state", tmp_path / "state")
    run = store.runs.newest()[0]
    assert blocked.code == 4
    again = f"--profile {profile} --state {tmp_path / 'state'}"
    assert f"(icp-sync show {run.run_id} {again})" in blocked.err
    plan = tmp_path / "state" / "plans" / f"{run.run_id}.jsonl"
    assert f'icp-sync apply {plan} --allow read_at_least {again} --because "…"' in blocked.err
    shown = icp_sync("show")
    assert "held by read_at_least" in shown.out
    assert f"the held plan: {plan}" in shown.out
    assert icp_sync("history", "--json").document["runs"][0]["held"] == ["read_at_least"]


UNKNOWN = {
    ("show", "1999"): "the ledger knows no run 1999",
    ("show", "last", "--company", "1"): "did nothing to company 1",
    ("history", "--company", "1"): "wrote company 1",
    ("undo", "1999", "--yes"): "the ledger knows no run 1999",
}


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "sentence"), UNKNOWN.items())
def test_what_the_ledger_does_not_know_is_refused(
    icp_sync: Command, store: StateStore, arguments: tuple[str, ...], sentence: str
) -> None:
    ended = icp_sync(*arguments)
    assert ended.code == 1
    assert sentence in ended.err
    assert store.runs.last()


@pytest.mark.slow
def test_the_beginning_of_several_runs_is_refused(icp_sync: Command, store: StateStore) -> None:
    icp_sync("run")
    ended = icp_sync("show", "2")
    assert ended.code == 1
    assert "several runs begin with 2" in ended.err
    assert len(store.runs.newest()) == 2


@pytest.mark.parametrize("command", [("history",), ("show", "last"), ("overrides",), ("release", "--all", "--yes")])
def test_where_nothing_has_run_there_is_nothing_to_show_and_nothing_is_made(
    icp_sync: Command, tmp_path: Path, command: tuple[str, ...]
) -> None:
    ended = icp_sync(*command)
    assert ended.code == 1
    assert "has not run with this state yet" in ended.err
    assert not (tmp_path / "state").exists()


def invalid(folder: Path) -> Path:
    """The profile as somebody left it in the middle of an edit."""
    broken = folder / "broken.yaml"
    broken.write_text((PROFILES / "small.yaml").read_text(encoding="utf-8") + "hold: {days: -1}\n", encoding="utf-8")
    return broken


@pytest.mark.parametrize("command", [("history",), ("show", "last"), ("overrides",)])
@pytest.mark.usefixtures("tokenless")
def test_what_is_remembered_is_shown_beside_a_profile_that_is_invalid(
    icp_sync: Command, tmp_path: Path, command: tuple[str, ...]
) -> None:
    shown = icp_sync(*command).out
    broken = invalid(tmp_path)
    assert icp_sync("check", "--profile", broken).code == 2
    ended = icp_sync(*command, "--profile", broken)
    assert (ended.code, ended.out) == (0, shown)


def test_what_stands_is_released_beside_a_profile_that_is_invalid(
    icp_sync: Command, portal: SandboxPortal, tokenless: StateStore, tmp_path: Path
) -> None:
    tokenless.overrides.save_new([override(named(portal, "Alpha"))])
    assert icp_sync("release", "--all", "--yes", "--profile", invalid(tmp_path)).code == 0
    assert tokenless.overrides.list_open() == ()


def test_of_several_portals_one_has_to_be_named(
    icp_sync: Command, tokenless: StateStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = StateHome(tmp_path / "state").open(99, tokenless.profile)
    run = tokenless.runs.newest()[0]
    other.runs.save(
        type(run)(**{name: getattr(run, name) for name in run.__slots__} | {"portal_id": 99, "row_id": None})
    )
    ended = icp_sync("history")
    assert ended.code == 2
    assert f"has run on the portals 99, {tokenless.portal_id}" in ended.err
    monkeypatch.setenv("ICP_SYNC_PORTAL_ID", "99")
    assert len(icp_sync("history", "--json").document["runs"]) == 1


def override(company: str, **facts: object) -> Override:
    usual: dict[str, object] = {
        "company_id": int(company), "property": TIER, "value": "tier_3", "ours": "tier_1", "kind": "person",
        "since": NIGHT, "found_by": "a", "user_id": "77",
    }  # fmt: skip
    return Override(**(usual | facts))  # type: ignore[arg-type]


def test_what_stands_is_listed_with_who_and_since(
    icp_sync: Command, portal: SandboxPortal, tokenless: StateStore, tmp_path: Path
) -> None:
    alpha = named(portal, "Alpha")
    list_id = tokenless.lists.records()["Small Tier 1"].id
    assert list_id is not None
    tokenless.overrides.save_new([override(alpha)])
    tokenless.membership_pins.save_new([Pin(list_id, int(alpha), "in", NIGHT)])
    document = icp_sync("overrides", "--json").document
    assert document == {
        "overrides": [
            {"id": alpha, "property": TIER, "value": "tier_3", "wanted": "tier_1", "kind": "person", "user_id": "77",
             "by": None, "since": NIGHT.isoformat()}
        ],
        "held": [],
        "pins": [{"list": "Small Tier 1", "id": alpha, "side": "in", "since": NIGHT.isoformat()}],
    }  # fmt: skip
    csv_text = icp_sync("overrides", "--csv", tmp_path / "standing.csv").out
    assert "Alpha" in csv_text
    assert "1 override, 0 held inputs, 1 pin" in csv_text
    with (tmp_path / "standing.csv").open(encoding="utf-8", newline="") as table:
        first = next(csv.DictReader(table))
    assert first["link"].endswith(f"/contacts/{tokenless.portal_id}/record/0-2/{alpha}")
    assert int(first["days"]) > 0


def test_overrides_and_pins_are_released_by_company_all_or_list(
    icp_sync: Command, portal: SandboxPortal, store: StateStore
) -> None:
    alpha, beta, gamma = (named(portal, name) for name in ("Alpha", "Beta", "Gamma"))
    list_id = store.lists.records()["Small Tier 1"].id
    assert list_id is not None
    store.overrides.save_new([override(alpha), override(beta), override(gamma)])
    store.membership_pins.save_new([Pin(list_id, int(alpha), "in", NIGHT)])
    assert icp_sync("release", "--company", alpha, "--yes", "--json").document == {"released": 1}
    assert store.overrides.last_end_times() == {(int(alpha), TIER): NIGHT}
    assert icp_sync("release", "--all", "--yes", "--json").document == {"released": 2}
    assert icp_sync("release", "--pins", "Small Tier 1", "--yes", "--json").document == {"released": 1}
    assert (store.overrides.list_open(), store.membership_pins.list_open()) == ((), ())
    ended = icp_sync("release", "--all", "--yes")
    assert (ended.code, "nothing of that kind stands" in ended.err) == (1, True)


@pytest.mark.slow
def test_a_lost_input_is_released_and_decides_the_next_night(
    icp_sync: Command, portal: SandboxPortal, store: StateStore
) -> None:
    alpha = named(portal, "Alpha")
    portal.edit_company(alpha, {"numberofemployees": ""})
    assert icp_sync("run").code == 0
    assert portal.company(alpha)[TIER] == "tier_1"
    (hold,) = icp_sync("overrides", "--json").document["held"]
    assert (hold["id"], hold["property"], hold["was"]) == (alpha, "numberofemployees", "800")
    assert icp_sync("release", "--lost", "--property", "industry", "--yes").code == 1
    assert icp_sync("release", "--lost", "--yes", "--json").document == {"released": 1}
    assert icp_sync("overrides", "--json").document["held"] == []
    assert icp_sync("run").code == 0
    assert portal.company(alpha)[TIER] == "tier_2"
    assert store.profile == "small"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "say what to release"),
        (("--property", "industry", "--all"), "--property goes with --lost"),
        (("--company", "1", "--all"), "exclude each other"),
        (("--all",), "there is no terminal to ask on; add --yes"),
    ],
)
def test_a_release_that_says_too_little_is_refused(
    icp_sync: Command, store: StateStore, arguments: tuple[str, ...], sentence: str
) -> None:
    ended = icp_sync("release", *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert store.overrides.list_open() == ()
