"""What a message says of a run: who it names, and in which order."""

from __future__ import annotations

import datetime as dt

from icp_sync.runs.notices.message_facts import companies_of_latest_overrides
from icp_sync.state.ledger.overrides import Override

NOON = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
MONDAY, TUESDAY = "20261123T020000Z-000001", "20261124T020000Z-000001"


def test_the_latest_run_comes_first_and_its_companies_by_record_id() -> None:
    overrides = [override(3, MONDAY, 0), override(2, TUESDAY, 5), override(1, TUESDAY, 4), override(7, TUESDAY, 9)]
    lines = companies_of_latest_overrides(overrides, None, "https://app.hubspot.com/{}".format)
    assert [line.id for line in lines] == [1, 2, 7, 3]


def override(company_id: int, run_id: str, milliseconds: int) -> Override:
    since = NOON + dt.timedelta(milliseconds=milliseconds)
    return Override(
        company_id=company_id, property="icp_tier", value="", ours="tier_1", kind="person", since=since, found_by=run_id
    )
