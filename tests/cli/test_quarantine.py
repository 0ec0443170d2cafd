"""The quarantine from the command line: refused once, left alone, tried when something changed or when asked to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import delete, insert

from icp_sync.sandbox import SandboxPortal
from icp_sync.state.home import StateHome
from icp_sync.state.ledger.schema import document
from tests.cli.conftest import PROFILES, Command
from tests.cli.twins import Twins

UPDATE = "POST /crm/objects/companies/batch/update"


@pytest.fixture
def beta(portal: SandboxPortal) -> int:
    """A company HubSpot refuses."""
    beta_id = int(portal.companies_frame("name").filter(pl.col("name") == "Beta")["id"].item())
    portal.faults.reject_company(beta_id, "INVALID_OPTION", "no such option")
    return beta_id


@pytest.fixture
def refused(icp_sync: Command, beta: int, portal: SandboxPortal, twins: Twins, tmp_path: Path) -> dict[str, Any]:
    """The document of a run in which it was refused; calls are counted from here on."""

    def run() -> dict[str, Any]:
        return icp_sync("run", "--json").document

    document = twins.begin("run that is refused", portal, tmp_path / "state", run)
    assert document["rejected_total"] == 1
    assert document["rejected"][0]["id"] == str(beta)
    portal.calls.reset()
    return document


def writes(portal: SandboxPortal) -> int:
    return portal.calls.by_route.get(UPDATE, 0)


def heal(portal: SandboxPortal) -> None:
    portal.faults.clear()


def test_a_refused_company_is_remembered_with_its_reason_and_day(refused: dict[str, Any], beta: int) -> None:
    (entry,) = refused["quarantined"]
    assert (entry["id"], entry["reason"], refused["quarantined_total"]) == (
        str(beta), "hs_ideal_customer_profile, INVALID_OPTION: no such option", 1,
    )  # fmt: skip
    assert entry["since"][:10].replace("-", "") == refused["run_id"][:8]


def test_with_nobody_to_try_again_nothing_is_made_in_the_portal(icp_sync: Command, portal: SandboxPortal) -> None:
    ended = icp_sync("retry-failed", "--json")
    assert (ended.code, ended.document["changes"]["companies"]) == (0, 0)
    assert [route for route in portal.calls.by_route if route.startswith("POST /crm/properties")] == []


@pytest.mark.slow
def test_the_next_run_leaves_it_alone_says_so_and_ends_well(
    icp_sync: Command, refused: dict[str, Any], portal: SandboxPortal
) -> None:
    ended = icp_sync("run", "--json")
    assert (ended.code, writes(portal)) == (0, 0)
    assert ended.document["quarantined"] == refused["quarantined"]
    assert (ended.document["changes"]["companies"], ended.document["rejected_total"]) == (0, 0)


@pytest.mark.slow
@pytest.mark.usefixtures("refused")
@pytest.mark.parametrize("command", ["plan", "run", "backfill --yes"])
def test_people_are_told_though_nothing_else_happened(icp_sync: Command, beta: int, command: str) -> None:
    out = icp_sync(*command.split()).out
    assert "1 in quarantine: refused by HubSpot" in out
    assert f"quarantined {beta}: since " in out
    assert "icp-sync retry-failed" in out


@pytest.mark.usefixtures("refused")
def test_a_plan_leaves_it_out_too(icp_sync: Command, beta: int) -> None:
    ended = icp_sync("plan", "--json", "--exit-code")
    assert (ended.code, ended.document["changes"]["companies"]) == (0, 0)
    assert [one["id"] for one in ended.document["quarantined"]] == [str(beta)]


@pytest.mark.slow
@pytest.mark.usefixtures("refused")
def test_a_changed_input_lets_it_out_and_landing_ends_it(icp_sync: Command, portal: SandboxPortal, beta: int) -> None:
    heal(portal)
    portal.edit_company(beta, {"numberofemployees": "50"})
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["applied"]["companies"], ended.document["quarantined_total"]) == (0, 1, 0)
    assert portal.company(beta)["icp_fit_outcome"]


@pytest.mark.usefixtures("refused")
def test_a_text_the_profile_does_not_read_changes_nothing(icp_sync: Command, portal: SandboxPortal, beta: int) -> None:
    portal.edit_company(beta, {"phone": "123"})
    assert (icp_sync("run").code, writes(portal)) == (0, 0)


@pytest.mark.slow
def test_filling_in_what_was_missing_elsewhere_lets_it_out(icp_sync: Command, portal: SandboxPortal, beta: int) -> None:
    portal.faults.reject_company(beta, "MISSING_CONDITIONAL_REQUIRED_PROPERTY", "fill in the phone first")
    assert icp_sync("run").code == 5
    portal.calls.reset()
    assert (icp_sync("run").code, writes(portal)) == (0, 0)
    heal(portal)
    portal.edit_company(beta, {"phone": "123"})
    assert icp_sync("run", "--json").document["applied"]["companies"] == 1


@pytest.mark.slow
def test_refused_again_it_is_said_again_and_keeps_its_day(
    icp_sync: Command, portal: SandboxPortal, refused: dict[str, Any], beta: int
) -> None:
    portal.edit_company(beta, {"numberofemployees": "50"})
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["rejected_total"]) == (5, 1)
    assert [one["since"] for one in ended.document["quarantined"]] == [refused["quarantined"][0]["since"]]
    portal.calls.reset()
    assert (icp_sync("run").code, writes(portal)) == (0, 0)


@pytest.mark.usefixtures("refused")
@pytest.mark.slow
def test_refused_again_alone_and_without_a_word_on_why_it_stays(
    icp_sync: Command, portal: SandboxPortal, beta: int
) -> None:
    """All of a batch being refused for no reason named would be the portal's fault, were it not known already."""
    heal(portal)
    portal.edit_company(beta, {"numberofemployees": "50"})
    portal.faults.refuse_batch_naming_no_record(1)
    assert icp_sync("run", "--json").document["rejected_total"] == 1
    portal.calls.reset()
    assert (icp_sync("run").code, writes(portal)) == (0, 0)


@pytest.mark.slow
@pytest.mark.usefixtures("refused")
def test_another_profile_lets_it_out(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    heal(portal)
    other = tmp_path / "other.yaml"
    other.write_text((PROFILES / "small.yaml").read_text().replace("Germany, trait", "in Germany, trait"))
    assert icp_sync("run", "--profile", other, "--json").document["quarantined_total"] == 0


@pytest.mark.slow
@pytest.mark.usefixtures("refused")
def test_another_rule_of_the_portal_lets_it_out(icp_sync: Command, portal: SandboxPortal) -> None:
    heal(portal)
    tier = portal.schema.definitions["hs_ideal_customer_profile"]
    portal.schema.definitions[tier.name] = replace(tier, options=(*tier.options, replace(tier.options[0], value="new")))
    assert icp_sync("run", "--json").document["applied"]["companies"] == 1


@pytest.mark.slow
@pytest.mark.usefixtures("refused")
def test_a_company_that_left_the_portal_leaves_the_quarantine(
    icp_sync: Command, portal: SandboxPortal, beta: int
) -> None:
    portal.archive(beta)
    ended = icp_sync("run", "--json", "--allow", "read_at_least")
    assert (ended.code, ended.document["quarantined_total"]) == (0, 0)


@pytest.mark.slow
@pytest.mark.usefixtures("refused")
def test_retry_failed_tries_exactly_them(icp_sync: Command, portal: SandboxPortal, beta: int) -> None:
    heal(portal)
    portal.edit_company(_id(portal, "Alpha"), {"numberofemployees": "5"})
    ended = icp_sync("retry-failed", "--json")
    assert (ended.code, ended.document["applied"]["companies"], ended.document["quarantined_total"]) == (0, 1, 0)
    assert portal.company(beta)["hs_ideal_customer_profile"] == "tier_2"
    assert portal.company(_id(portal, "Alpha"))["hs_ideal_customer_profile"] == "tier_1"
    assert icp_sync("run", "--json").document["applied"]["companies"] == 1


@pytest.mark.slow
@pytest.mark.usefixtures("refused")
def test_retry_failed_moves_only_their_memberships(icp_sync: Command, portal: SandboxPortal, beta: int) -> None:
    heal(portal)
    portal.edit_company(_id(portal, "Alpha"), {"country": "France"})
    portal.edit_company(beta, {"country": "Germany"})
    assert icp_sync("retry-failed").code == 0
    assert portal.list_members("Small Tier 1") == [_id(portal, "Alpha"), beta]


@pytest.mark.slow
@pytest.mark.usefixtures("refused")
def test_retry_failed_says_who_is_refused_still(icp_sync: Command, portal: SandboxPortal) -> None:
    ended = icp_sync("retry-failed", "--json")
    assert (ended.code, ended.document["rejected_total"], ended.document["quarantined_total"]) == (5, 1, 1)
    assert writes(portal) == 1


@pytest.mark.slow
def test_retry_failed_has_nothing_to_do_where_nobody_was_refused(icp_sync: Command, portal: SandboxPortal) -> None:
    ended = icp_sync("retry-failed", "--json")
    assert (ended.code, ended.document["changes"]["companies"], writes(portal)) == (0, 0, 0)


@pytest.mark.slow
def test_an_applied_plan_remembers_who_was_refused(icp_sync: Command, beta: int, tmp_path: Path) -> None:
    plan = tmp_path / "plan.jsonl"
    icp_sync("plan", "--out", plan)
    ended = icp_sync("apply", plan, "--json")
    assert (ended.code, [one["id"] for one in ended.document["quarantined"]]) == (5, [str(beta)])
    assert icp_sync("run", "--json").document["rejected_total"] == 0


@pytest.mark.slow
def test_refusals_that_are_no_fault_of_the_companies_put_nobody_in_quarantine(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    portal.add_companies(pl.DataFrame({"name": [f"Firm {n}" for n in range(10)]}))
    portal.faults.reject_property("icp_fit_score")
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["quarantined_total"], ended.document["rejected_total"]) == (5, 0, 15)
    heal(portal)
    assert icp_sync("run", "--json").document["applied"]["companies"] == 15


def test_a_fault_of_hubspots_own_with_one_company_does_not_put_it_in_quarantine(
    icp_sync: Command, portal: SandboxPortal, beta: int
) -> None:
    portal.faults.reject_company(beta, "RATE_LIMITS", "later")
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["quarantined_total"], ended.document["rejected_total"]) == (5, 0, 1)
    heal(portal)
    assert icp_sync("run", "--json").document["applied"]["companies"] == 1


def damage(folder: Path, portal: SandboxPortal) -> None:
    """Put a quarantine into the ledger that no run has written."""
    row = {"portal_id": portal.portal_id, "name": "quarantine:small", "body": [], "version": 1}
    with StateHome(folder / "state").open(portal.portal_id, "small").ledger.write_transaction() as connection:
        connection.execute(delete(document))
        connection.execute(insert(document).values(row))


@pytest.mark.slow
@pytest.mark.parametrize("command", [["plan"], ["run"], ["retry-failed"]])
def test_a_damaged_quarantine_is_said_before_anything_is_written(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, command: list[str]
) -> None:
    damage(tmp_path, portal)
    ended = icp_sync(*command, "--json")
    assert (ended.code, ended.document["error"]["code"], writes(portal)) == (1, "state", 0)
    assert "delete that row" in ended.document["error"]["message"]


@pytest.mark.slow
def test_a_damaged_quarantine_stops_an_apply_before_anything_is_written(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.jsonl"
    icp_sync("plan", "--out", plan)
    damage(tmp_path, portal)
    ended = icp_sync("apply", plan, "--json")
    assert (ended.code, ended.document["error"]["code"], writes(portal)) == (1, "state", 0)


def _id(portal: SandboxPortal, name: str) -> int:
    return int(portal.companies_frame("name").filter(pl.col("name") == name)["id"].item())
