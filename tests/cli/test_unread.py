"""A company that HubSpot cannot show stops no night, is not written, and is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import DAY, Command, company_ids
from tests.cli.test_silent_faults import once
from tests.read_ledger import recorded_runs
from tests.unread import REASON, hide_records

TIER = "hs_ideal_customer_profile"
UPDATE = "POST /crm/objects/companies/batch/update"


@pytest.mark.slow
def test_nights_go_on_around_it_and_it_is_written_once_hubspot_shows_it(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha, beta = company_ids(portal)[:2]
    hidden = {beta}
    hide_records(monkeypatch, hidden)
    for night in range(3):
        ended = icp_sync("run", "--json")
        (skipped,) = ended.document["skipped"]
        assert (ended.code, skipped["id"]) == (0, str(beta))
        assert skipped["reason"] == f"left as it is, since HubSpot could not show it ({REASON})"
        assert (TIER in portal.company(alpha), TIER in portal.company(beta)) == (True, False)
        assert portal.list_members("Small Tier 1") == [alpha]
        assert ("HubSpot could not show 1 company" in str(ended.document["reading"]["notes"])) is (night > 0)
        portal.ahead += DAY
    assert icp_sync("run", "--full").code == 0
    hidden.clear()
    assert icp_sync("run").code == 0
    assert portal.company(beta)[TIER] == "tier_2"
    assert icp_sync("plan", "--exit-code").code == 0


def test_a_member_that_cannot_be_shown_stays_on_its_list(
    written: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha = company_ids(portal)[0]
    portal.edit_company(alpha, {"numberofemployees": "5"})
    hide_records(monkeypatch, {alpha})
    assert written("run").code == 0
    assert portal.list_members("Small Tier 1") == [alpha]


def test_of_one_that_was_sent_before_it_could_not_be_shown_the_ledger_says_that_nothing_is_known(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The answer to the write is lost, and what became of it cannot be looked up."""
    beta = company_ids(portal)[1]
    once(portal, UPDATE, lambda: hide_records(monkeypatch, {beta}))
    portal.faults.add("drop_after", times=1, route=UPDATE)
    ended = icp_sync("run", "--json")
    assert (ended.code, [one["id"] for one in ended.document["skipped"]]) == (0, [str(beta)])
    assert recorded_runs(tmp_path / "state")[0].by_result("unknown") == [beta]


def test_too_many_of_them_in_all_batches_of_a_run_end_it(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icp_sync.runs.apply.write_companies.MOST_UNREAD", 1)
    hide_records(monkeypatch, company_ids(portal)[:2])
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (5, "partly_applied")
    assert "HubSpot could not show 2 of the companies to write" in ended.err
