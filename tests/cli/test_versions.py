"""The whole job on every version of HubSpot's API, and the admin's rules that 2026-09 enforces."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import Command

EVERY = pytest.mark.parametrize("version", ["v3", "2026-03", "2026-09"])


@pytest.mark.slow
@EVERY
def test_every_version_writes_the_same_and_a_second_run_nothing(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("HUBSPOT_API_VERSION", version)
    assert icp_sync("run", "--json").document["applied"]["companies"] == 5
    tiers = portal.companies_frame("name", "hs_ideal_customer_profile").filter(pl.col("name") == "Alpha")
    assert tiers["hs_ideal_customer_profile"].item() == "tier_1"
    again = icp_sync("run", "--json")
    assert (again.code, again.document["changes"]["companies"]) == (0, 0)


@pytest.mark.slow
def test_a_rule_of_the_admin_refuses_one_record_and_says_what_is_missing(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUBSPOT_API_VERSION", "2026-09")
    companies = portal.companies_frame("name")
    alpha = int(companies.filter(pl.col("name") == "Alpha")["id"].item())
    for other in companies.filter(pl.col("name") != "Alpha")["id"]:
        portal.edit_company(int(other), {"phone": "+49 30 1"})
    portal.faults.add_conditional_property_rule("phone", because_of="icp_fit_score")
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["applied"]["companies"]) == (5, 4)
    (refused,) = ended.document["rejected"]
    assert refused["id"] == str(alpha)
    assert "phone, MISSING_CONDITIONAL_REQUIRED_PROPERTY: phone is required because of" in refused["reason"]
    portal.edit_company(alpha, {"phone": "+49 30 2"})
    assert icp_sync("run", "--json").document["applied"]["companies"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("version", ["v3", "2026-03"])
def test_older_versions_know_no_such_rule(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("HUBSPOT_API_VERSION", version)
    portal.faults.add_conditional_property_rule("phone", because_of="icp_fit_score")
    assert icp_sync("run", "--json").document["applied"]["companies"] == 5


@EVERY
def test_doctor_names_the_days_left_to_a_version(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("HUBSPOT_API_VERSION", version)
    checks = {check["name"]: check for check in icp_sync("doctor", "--json").document["checks"]}
    assert checks["API version"]["message"].startswith(f"{version}, supported by HubSpot until ")
    assert checks["API version"]["message"].endswith(" days)")
