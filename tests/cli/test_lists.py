"""Lists: only ours, found again, kept by difference, whatever happens to them in HubSpot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from starlette.types import Scope

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.faults.fault_injection import FaultHit
from icp_sync.sandbox.http.api_types import ApiResponse
from icp_sync.sandbox.http.endpoint import Endpoint
from icp_sync.sandbox.lists import lists as sandbox_lists
from icp_sync.sandbox.lists.lists import CrmList
from tests.cli.conftest import PROFILES, Command


@pytest.mark.slow
def test_a_company_that_leaves_the_tier_leaves_the_list(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("run")
    portal.edit_company(named(portal, "Alpha"), {"numberofemployees": "5"})
    portal.edit_company(named(portal, "Beta"), {"country": "Germany"})
    document = icp_sync("run", "--json").document
    assert (
        document["changes"]["lists"]["Small Tier 1"]["add"],
        document["changes"]["lists"]["Small Tier 1"]["remove"],
    ) == (1, 1)
    assert portal.list_members("Small Tier 1") == [named(portal, "Beta")]


WHERE = """
lists:
  - name: Small in Saxony
    kind: static
    where:
      hits: {all: [country], full: true}
      match: {all: [{region: [DE-SN, AT-9]}, {property: web_technologies, has_any: [sap, jira]}]}
"""


@pytest.mark.slow
def test_a_list_asks_the_whole_match_language_of_what_no_criterion_reads(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    for name, city, uses in (("Alpha", "Dresden", "jira"), ("Delta", "Leipzig", "aws"), ("Beta", "Vienna", "jira")):
        portal.edit_company(named(portal, name), {"city": city, "web_technologies": uses})
    small = (PROFILES / "small.yaml").read_text(encoding="utf-8")
    profile = tmp_path / "where.yaml"
    profile.write_text(small[: small.index("lists:")] + WHERE, encoding="utf-8")
    planned = icp_sync("plan", "--json", "--profile", profile).document["changes"]["lists"]["Small in Saxony"]
    assert [(one["where"], one["companies"]) for one in planned["clauses"]] == [
        ("hits", 2), ("match.all[0]", 3), ("match.all[1]", 2),
    ]  # fmt: skip
    assert [one["name"] for one in planned["sample"]] == ["Alpha"]
    assert "the company lies in Sachsen or Wien: 3" in icp_sync("plan", "--profile", profile).out
    assert icp_sync("run", "--profile", profile).code == 0
    assert portal.list_members("Small in Saxony") == [named(portal, "Alpha")]
    portal.edit_company(named(portal, "Delta"), {"web_technologies": "aws;sap"})
    assert icp_sync("run", "--profile", profile).code == 0
    assert portal.list_members("Small in Saxony") == [named(portal, "Alpha"), named(portal, "Delta")]
    assert icp_sync("plan", "--profile", profile, "--exit-code").code == 0


@pytest.mark.slow
def test_a_stop_between_two_calls_for_one_list_comes_after_the_first_write(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    icp_sync("run")
    for name in ("Beta", "Gamma"):
        portal.edit_company(named(portal, name), {"country": "Germany"})
    monkeypatch.setattr("icp_sync.portal.lists.MEMBERS_PER_CALL", 1)
    portal.faults.add("429_daily", route="PUT /crm/lists", after_calls=1)
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (5, "daily_limit")
    portal.faults.clear()
    assert icp_sync("run").code == 0
    assert portal.list_members("Small Tier 1") == [named(portal, name) for name in ("Alpha", "Beta", "Gamma")]


@pytest.mark.slow
def test_a_renamed_list_keeps_being_kept(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("run")
    portal.lists.rename(str(tier_1(portal).id), "Top accounts", portal.now())
    portal.edit_company(named(portal, "Beta"), {"country": "Germany"})
    assert icp_sync("run").code == 0
    assert portal.list_members("Top accounts") == [named(portal, "Alpha"), named(portal, "Beta")]


@pytest.mark.slow
def test_without_the_state_lists_are_found_by_folder_and_name(
    icp_sync: Command, tmp_path: Path, portal: SandboxPortal
) -> None:
    icp_sync("run")
    (tmp_path / "state" / "ledger.db").unlink()
    portal.edit_company(named(portal, "Beta"), {"country": "Germany"})
    assert icp_sync("run").code == 0
    assert len(portal.list_members("Small Tier 1")) == 2


@pytest.mark.slow
@pytest.mark.parametrize("version", ["v3", "2026-03"])
def test_a_lost_state_directory_costs_one_full_reading_and_nothing_else(
    icp_sync: Command, tmp_path: Path, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("HUBSPOT_API_VERSION", version)
    assert portal.folders is not None
    above = portal.folders.create({"name": "Marketing"}, portal.now())
    portal.folders.create({"name": "icp_sync", "parentFolderId": str(above.id)}, portal.now())
    icp_sync("run")
    before = {entry.name: entry.id for entry in portal.lists.undeleted(portal.now())}
    shutil.rmtree(tmp_path / "state")
    assert icp_sync("plan", "--exit-code").code == 0
    assert icp_sync("run").code == 0
    assert {entry.name: entry.id for entry in portal.lists.undeleted(portal.now())} == before


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("count", [40, 260])
def test_any_number_of_lists_is_found_again_without_the_state(
    icp_sync: Command, tmp_path: Path, portal: SandboxPortal, count: int
) -> None:
    profile = tmp_path / "many.yaml"
    more = "".join(f"  - {{name: List {n}, kind: static, where: {{tier: [tier_2]}}}}\n" for n in range(count))
    profile.write_text((PROFILES / "small.yaml").read_text().replace("lists:\n", f"lists:\n{more}"))
    icp_sync("run", "--profile", profile)
    shutil.rmtree(tmp_path / "state")
    assert icp_sync("run", "--profile", profile).code == 0
    assert len(portal.lists.undeleted(portal.now())) == count + 2


@pytest.mark.slow
def test_a_renamed_folder_is_found_by_its_id(icp_sync: Command, tmp_path: Path, portal: SandboxPortal) -> None:
    icp_sync("run")
    assert portal.folders is not None
    folder = portal.folders.create({"name": "icp_sync "}, portal.now()).id - 1
    portal.folders.rename(folder, "Target accounts", portal.now())
    profile = tmp_path / "more.yaml"
    another = "  - {name: Another, kind: static, where: {tier: [tier_2]}}\n"
    profile.write_text((PROFILES / "small.yaml").read_text().replace("lists:\n", f"lists:\n{another}"))
    assert icp_sync("run", "--profile", profile).code == 0
    another_id = next(entry.id for entry in portal.lists.undeleted(portal.now()) if entry.name == "Another")
    assert another_id in portal.folders.get(folder).lists


@pytest.mark.slow
def test_a_changed_definition_mends_the_active_lists_filter(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    icp_sync("run")
    narrower = tmp_path / "narrower.yaml"
    text = (PROFILES / "small.yaml").read_text()
    narrower.write_text(
        text.replace("kind: active, where: {tier: [tier_1, tier_2]}", "kind: active, where: {tier: [tier_1]}")
    )
    assert icp_sync("plan", "--profile", narrower, "--exit-code").code == 3
    assert icp_sync("run", "--profile", narrower).code == 0
    assert portal.list_members("Small tiered") == [named(portal, "Alpha")]
    assert icp_sync("plan", "--profile", narrower, "--exit-code").code == 0


SHOWN: Final = {"by all answers": {"GET", "POST", "PUT"}, "by reads": {"GET"}, "by none": set[str]()}


def show_filters_in_another_form(monkeypatch: pytest.MonkeyPatch, methods: set[str]) -> None:
    """Let the portal keep filters in a form of its own; only answers to `methods` show them."""
    usual, handle = sandbox_lists.with_filter_defaults, Endpoint._handle_request

    def in_another_form(branch: Mapping[str, Any]) -> dict[str, Any]:
        form: dict[str, Any] = json.loads(json.dumps(usual(branch)).replace("IS_ANY_OF", "IS_EQUAL_TO_ANY"))
        return form

    def reply(endpoint: Endpoint, scope: Scope, content: bytes, hit: FaultHit | None) -> ApiResponse:
        given = handle(endpoint, scope, content, hit)
        if scope["method"] not in methods and isinstance(given.body, dict):
            for body in given.body.values():
                if isinstance(body, dict):
                    body.pop("filterBranch", None)
        return given

    monkeypatch.setattr(sandbox_lists, "with_filter_defaults", in_another_form)
    monkeypatch.setattr(Endpoint, "_handle_request", reply)


@pytest.mark.slow
@pytest.mark.parametrize("shown", SHOWN)
def test_a_filter_that_hubspot_shows_in_another_form_is_sent_once_and_still_guarded(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    show_filters_in_another_form(monkeypatch, SHOWN[shown])
    assert icp_sync("run").code == 0
    assert icp_sync("plan", "--exit-code").code == 0
    tiered = next(one for one in portal.lists.undeleted(portal.now()) if one.name == "Small tiered")
    by_hand = json.loads(json.dumps(tiered.branch).replace("tier_2", "tier_3"))
    if shown == "by none":  # then nobody can tell what stands there
        return
    portal.lists.replace_filter(str(tiered.id), by_hand, portal.now())
    assert icp_sync("plan", "--exit-code").code == 3
    assert icp_sync("run").code == 0
    assert icp_sync("plan", "--exit-code").code == 0
    assert tiered.branch != by_hand


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_creation_whose_answer_got_lost_is_still_ours(icp_sync: Command, portal: SandboxPortal, kind: str) -> None:
    portal.faults.add(kind, route="POST /crm/lists", times=1)
    assert icp_sync("run").code == 0
    assert portal.list_members("Small Tier 1") == [named(portal, "Alpha")]
    assert icp_sync("plan", "--exit-code").code == 0


@pytest.mark.slow
def test_a_portal_without_folders_keeps_lists_by_the_state_alone(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.folders = None
    assert icp_sync("run").code == 0
    assert icp_sync("plan", "--exit-code").code == 0


def test_a_list_of_contacts_with_that_name_is_refused_and_cannot_be_adopted(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    portal.lists.create({"name": "Small Tier 1", "objectTypeId": "0-1", "processingType": "MANUAL"}, portal.now())
    assert icp_sync("run", "--allow", "adopt-list:Small Tier 1").code == 1


def test_a_company_whose_write_was_refused_is_not_listed(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.faults.reject_company(named(portal, "Alpha"), "INVALID_OPTION", "not today")
    assert icp_sync("run").code == 5
    assert portal.list_members("Small Tier 1") == []


def tier_1(portal: SandboxPortal) -> CrmList:
    """The static list, as HubSpot holds it."""
    return portal.lists.get_by_name("Small Tier 1", "0-2", portal.now())


def named(portal: SandboxPortal, name: str) -> int:
    """The id of the company of that name."""
    return int(portal.companies_frame("name").filter(pl.col("name") == name)["id"].item())
