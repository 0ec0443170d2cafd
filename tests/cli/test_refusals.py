"""Refusals of HubSpot's: what can be written is, what cannot is listed, and a systemic one stops the run early."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.auth import EVERY_SCOPE
from tests.cli.conftest import Command

UPDATE = "POST /crm/objects/companies/batch/update"


@pytest.fixture
def portal() -> SandboxPortal:
    """Five hundred companies: five batches."""
    portal = SandboxPortal()
    portal.add_companies(pl.DataFrame({"name": [f"Firm {n}" for n in range(500)], "country": ["DE"] * 500}))
    return portal


def test_a_systemic_refusal_stops_after_the_second_batch(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.faults.reject_property("icp_fit_outcome", "INVALID_OPTION")
    ended = icp_sync("run", "--json")
    assert ended.code == 5
    assert ended.document["applied"]["companies"] == 0
    assert portal.calls.by_route[UPDATE] == 2
    assert "icp_fit_outcome" in ended.document["error"]["message"]
    assert "INVALID_OPTION" in ended.document["error"]["message"]


@pytest.mark.slow
def test_scattered_refusals_cost_only_themselves(icp_sync: Command, portal: SandboxPortal) -> None:
    ids = portal.companies_frame("name")["id"].to_list()
    for company_id in ids[::100]:
        portal.faults.reject_company(company_id, "INVALID_OPTION", "not this one")
    document = icp_sync("run", "--json").document
    assert (document["applied"]["companies"], document["rejected_total"]) == (495, 5)


def test_a_token_that_may_not_write_ends_before_the_first_write(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.tokens["pat-eu1-reader"] = EVERY_SCOPE - {"crm.objects.companies.write"}
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "pat-eu1-reader")
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "missing_scope")
    assert "POST /crm/properties/companies" not in portal.calls.by_route


@pytest.mark.slow
def test_the_daily_limit_stops_the_run_and_the_next_one_finishes(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.faults.add("429_daily", route=UPDATE, after_calls=2)
    first = icp_sync("run", "--json")
    assert first.code == 5
    assert 0 < first.document["applied"]["companies"] < 500
    portal.faults.clear()
    assert icp_sync("run").code == 0
    assert icp_sync("plan", "--exit-code").code == 0
