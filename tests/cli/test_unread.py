"""A company that HubSpot cannot show stops no night, is not written, and is told."""

from __future__ import annotations

import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import DAY, Command, company_ids
from tests.unread import REASON, hide_records

TIER = "hs_ideal_customer_profile"


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
