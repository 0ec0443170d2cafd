"""A night must not end wrong in silence: what changes in the portal, the machine or the state while nobody looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from icp_sync.sandbox import SandboxPortal, serve_in_thread
from tests.cli.conftest import PROFILES, Command, crowd

UPDATE = "POST /crm/objects/companies/batch/update"
OUTCOME = "icp_fit_outcome"


def once(portal: SandboxPortal, route: str, change: Callable[[], object]) -> None:
    """Do `change` right before the first call of that route."""
    pending = [change]

    def hook(_number: int, called: str, phase: str) -> bool:
        if called == route and phase == "before" and pending:
            pending.pop()()
        return False

    portal.add_call_hook(hook)


# Refusals that are the portal's fault


@pytest.fixture
def many() -> SandboxPortal:
    return crowd(600)


@pytest.mark.slow
def test_an_option_removed_for_a_night_leaves_nobody_in_quarantine_for_ever(
    many: SandboxPortal, icp_sync: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_in_thread(many) as address:
        monkeypatch.setenv("HUBSPOT_BASE_URL", address.url)
        icp_sync("backfill", "--limit", "1", "--yes")
        whole = many.schema.definitions[OUTCOME].as_json()["options"]
        shorter = [option for option in whole if option["value"] != "tiered"]  # type: ignore[attr-defined]
        once(many, UPDATE, lambda: many.schema.update(OUTCOME, {"options": shorter}, many.now()))
        night = icp_sync("run", "--json")
        assert night.code == 5
        many.schema.update(OUTCOME, {"options": whole}, many.now())
        assert icp_sync("run").code == 0
        assert many.companies_frame(OUTCOME).drop_nulls(OUTCOME).height == 600
        assert icp_sync("plan", "--exit-code").code == 0


@pytest.mark.slow
def test_a_plan_refused_in_large_part_is_said_every_night_until_it_is_healed(
    many: SandboxPortal, icp_sync: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = many.companies_frame("name")["id"].to_list()
    for number, company in enumerate(ids[:60]):
        many.faults.reject_company(company, f"CODE_{number}", "a reason of its own")
    with serve_in_thread(many) as address:
        monkeypatch.setenv("HUBSPOT_BASE_URL", address.url)
        assert icp_sync("run").code == 5
        ended = icp_sync("run")
        assert (ended.code, "60 companies are still left alone" in ended.err) == (5, True)
        many.faults.clear()
        assert icp_sync("retry-failed").code == 0
        assert icp_sync("run").code == 0


# What is read


@pytest.mark.parametrize("name", ["numberofemployees", "country", "hs_lead_status"])
def test_a_property_archived_while_companies_are_read_ends_the_run_before_a_write(
    icp_sync: Command, portal: SandboxPortal, name: str
) -> None:
    once(portal, "GET /crm/objects/companies", lambda: portal.schema.definitions.pop(name))
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "preflight")
    assert name in str(ended.document["error"])
    assert portal.calls.by_route.get(UPDATE, 0) == 0


def test_a_property_retyped_while_companies_are_read_ends_the_run_before_a_write(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    definitions = portal.schema.definitions
    retyped = replace(definitions["numberofemployees"], type="string", field_type="text")
    once(portal, "GET /crm/objects/companies", lambda: definitions.update(numberofemployees=retyped))
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "preflight")
    assert portal.calls.by_route.get(UPDATE, 0) == 0


@pytest.mark.slow
def test_a_property_archived_and_restored_while_companies_are_read_ends_the_run_before_a_write(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    """It is as it was before and after, and the pages between told nothing of it."""
    portal.add_property("head_count", "number")
    draft = {"name": "head_count", "label": "Head count", "type": "number", "fieldType": "number"}
    profile = tmp_path / "profile.yaml"
    profile.write_text((PROFILES / "small.yaml").read_text().replace("numberofemployees", "head_count"))

    def blink() -> None:
        portal.schema.archive("head_count", portal.now())
        portal.schema.create({**draft, "groupName": "companyinformation"}, portal.now())

    once(portal, "GET /crm/objects/companies", blink)
    ended = icp_sync("run", "--json", "--profile", profile)
    assert (ended.code, ended.document["error"]["code"]) == (1, "preflight")
    assert "head_count disappeared from the portal, or was edited there" in ended.document["error"]["message"]
    assert portal.calls.by_route.get(UPDATE, 0) == 0
    assert icp_sync("run", "--profile", profile).code == 0


@pytest.mark.parametrize(("times", "read_again"), [(1, 0), (None, 3)])
def test_a_part_that_could_not_be_read_is_not_taken_for_deleted(
    written: Command, portal: SandboxPortal, tmp_path: Path, times: int | None, read_again: int
) -> None:
    """The profile asks for a property more, so every company is read again by id."""
    profile = tmp_path / "wider.yaml"
    more = "\n  - {id: gone, reason: gone, property: description, match: {is: gone}}\ntiers:"
    profile.write_text((PROFILES / "small.yaml").read_text().replace("\ntiers:", more))
    members = portal.list_members("Small Tier 1")
    portal.faults.add("partial_batch", times=times)
    assert written("run", "--profile", profile).code == 0
    assert portal.list_members("Small Tier 1") == members != []
    portal.faults.clear()
    document = written("run", "--profile", profile, "--json").document
    assert (document["companies"]["read"], document["reading"]["companies"]) == (5, read_again)


# Another portal


@pytest.mark.slow
@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_state_of_another_portal_is_refused_with_both_ids(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    icp_sync("run")
    other = SandboxPortal(portal_id=4711)
    with serve_in_thread(other) as address:
        monkeypatch.setenv("HUBSPOT_BASE_URL", address.url)
        ended = icp_sync(command, "--json")
        assert (ended.code, ended.document["error"]["code"]) == (1, "wrong_portal")
        assert "26112026" in ended.err
        assert "4711" in ended.err
        assert icp_sync(command, "--allow", "other-portal").code == 0


# The clock


def test_moments_are_the_portals_where_the_machine_runs_ahead(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.ahead = -600.0
    document = icp_sync("run", "--json").document
    written = (
        portal.companies_frame("icp_fit_changed_at").drop_nulls("icp_fit_changed_at")["icp_fit_changed_at"].to_list()
    )
    assert document["changes"]["companies"] == 5
    assert all(abs(moment_of(text) - portal.now()) < 60_000 for text in written)


def moment_of(text: str) -> int:
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


# Lists nobody keeps any more


@pytest.mark.slow
def test_a_list_dropped_from_the_profile_is_named_until_it_is_gone_or_forgotten(
    icp_sync: Command, tmp_path: Path
) -> None:
    icp_sync("run")
    profile = tmp_path / "renamed.yaml"
    profile.write_text((PROFILES / "small.yaml").read_text().replace("name: Small Tier 1", "name: Top"))
    sentence = "list Small Tier 1 (id 1) is no longer in the profile, still in HubSpot"
    assert sentence in icp_sync("plan", "--profile", profile).out
    assert sentence in icp_sync("run", "--profile", profile).out
    assert sentence in icp_sync("doctor", "--profile", profile).out
    assert icp_sync("plan", "--profile", profile, "--allow", "forget-list:Top").code == 2
    assert sentence not in icp_sync("run", "--profile", profile, "--allow", "forget-list:Small Tier 1").out
    assert sentence not in icp_sync("plan", "--profile", profile).out


@pytest.mark.slow
def test_a_list_renamed_in_hubspot_and_in_the_profile_is_no_dropped_one(
    icp_sync: Command, tmp_path: Path, portal: SandboxPortal
) -> None:
    icp_sync("run")
    profile = tmp_path / "renamed.yaml"
    profile.write_text((PROFILES / "small.yaml").read_text().replace("name: Small Tier 1", "name: Top"))
    portal.lists.rename("1", "Top", portal.now())
    ended = icp_sync("run", "--profile", profile)
    assert (ended.code, "no longer in the profile" in ended.out) == (0, False)
    assert len(portal.lists.undeleted(portal.now())) == 2


@pytest.mark.slow
def test_a_dropped_list_that_was_deleted_is_not_named(icp_sync: Command, tmp_path: Path, portal: SandboxPortal) -> None:
    icp_sync("run")
    profile = tmp_path / "renamed.yaml"
    profile.write_text((PROFILES / "small.yaml").read_text().replace("name: Small Tier 1", "name: Top"))
    portal.lists.delete("1", portal.now())
    assert "no longer in the profile" not in icp_sync("plan", "--profile", profile).out


@pytest.mark.slow
def test_the_lists_of_a_profile_that_was_renamed_are_named(icp_sync: Command, tmp_path: Path) -> None:
    icp_sync("run")
    profile = tmp_path / "renamed.yaml"
    text = (PROFILES / "small.yaml").read_text().replace("name: small,", "name: smaller,")
    profile.write_text(text.replace("name: Small Tier 1", "name: Top"))
    sentence = "list Small Tier 1 (id 1) belongs to the profile small, which has not run here since, still in HubSpot"
    assert sentence in icp_sync("plan", "--profile", profile).out
    assert sentence in icp_sync("run", "--profile", profile).out
    assert sentence in icp_sync("doctor", "--profile", profile).out
    assert "list Small tiered (id" not in icp_sync("plan", "--profile", profile).out
    assert sentence not in icp_sync("run", "--profile", profile, "--allow", "forget-list:Small Tier 1").out


@pytest.mark.slow
def test_another_profile_that_works_from_the_same_state_keeps_its_lists(icp_sync: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = (PROFILES / "small.yaml").read_text().replace("name: small,", "name: other,").replace("icp_fit", "icp_two")
    text = text.replace("hs_ideal_customer_profile", "icp_two_tier").replace("hs_is_target_account", "icp_two_target")
    other.write_text(text.replace("name: Small", "name: Other"))
    small = PROFILES / "small.yaml"
    assert icp_sync("run", "--profile", small, "--profile", other).code == 0
    assert "has not run here since" not in icp_sync("plan", "--profile", small, "--profile", other).out
    assert icp_sync("run", "--profile", small).code == icp_sync("run", "--profile", other).code == 0
    assert "has not run here since" not in icp_sync("plan", "--profile", small).out
    assert "has not run here since" not in icp_sync("plan", "--profile", other).out


# A property of ours in another group


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [{}, {"label": "Fit"}, {"description": "As an older release said it. Written by icp_sync; edits are overwritten."}],
)
def test_a_property_of_ours_moved_to_another_group_is_recognised(
    icp_sync: Command, portal: SandboxPortal, edit: dict[str, str]
) -> None:
    icp_sync("run")
    portal.schema.update("icp_fit_score", {"groupName": "companyinformation", **edit}, portal.now())
    ended = icp_sync("plan", "--exit-code")
    assert (ended.code, "icp_fit_score was moved to the group companyinformation" in ended.out) == (0, True)


def test_the_remedy_for_a_strangers_property_names_another_one(icp_sync: Command, portal: SandboxPortal) -> None:
    definition = {"name": "icp_fit_score", "label": "Theirs", "type": "number", "fieldType": "number"}
    portal.schema.create({**definition, "groupName": "companyinformation"}, portal.now())
    ended = icp_sync("plan")
    assert ended.code == 1
    assert "such as icp_fit_score_2" in ended.err


# Two hosts on their first night


@pytest.mark.slow
def test_a_second_host_on_the_same_night_finds_what_the_first_has_just_made(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    first_host_lists = {"name": "Small Tier 1", "objectTypeId": "0-2", "processingType": "MANUAL"}

    def make_list() -> None:
        assert portal.folders is not None
        made = portal.lists.create(first_host_lists, portal.now())
        now = portal.now()
        portal.folders.move_list(made.id, portal.folders.create({"name": "icp_sync"}, now).id, now)

    once(portal, "POST /crm/lists/folders", make_list)
    ended = icp_sync("run", "--json")
    assert ended.code == 0, orjson.loads(ended.out)["error"]
    assert len(portal.list_members("Small Tier 1")) == 1


@pytest.mark.slow
def test_a_profile_renamed_where_each_has_a_directory_of_its_own_is_told_of_the_old_one(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ICP_SYNC_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    assert icp_sync("run").code == 0
    profile = tmp_path / "renamed.yaml"
    profile.write_text((PROFILES / "small.yaml").read_text().replace("name: small,", "name: smaller,"))
    sentence = "this profile has not run on portal 26112026 yet, and small has; if it was called so, rename"
    assert sentence not in icp_sync("plan").out
    assert sentence in icp_sync("plan", "--profile", profile).out
    assert sentence in icp_sync("doctor", "--profile", profile).out
    assert sentence not in icp_sync("plan", "--profile", profile, "--profile", PROFILES / "small.yaml").out
