"""What we remember of the companies HubSpot refused."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from icp_sync.errors import StateUnusable
from icp_sync.plan.quarantine import QuarantineEntry
from icp_sync.state.ledger.address import sqlite_address
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.schema import document
from icp_sync.state.quarantine import QuarantineStore

SINCE = "2026-11-21T03:00:00+00:00"
REFUSED = QuarantineEntry(
    7, "bad", "INVALID_OPTION", "tier", SINCE, "inputs", "profile", "rule", "2026-11-20T00:00:00Z"
)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(sqlite_address(tmp_path / "ledger.db"))


def test_nobody_is_in_quarantine_at_first(ledger: Ledger) -> None:
    assert QuarantineStore(ledger, 1, "icp").load() == {}


def test_it_is_kept_by_company_id(ledger: Ledger) -> None:
    QuarantineStore(ledger, 1, "icp").replace([REFUSED, replace(REFUSED, id=3, property=None, modified=None)])
    assert list(QuarantineStore(ledger, 1, "icp").load().items()) == [
        (3, replace(REFUSED, id=3, property=None, modified=None)),
        (7, REFUSED),
    ]


def test_each_portal_and_profile_has_its_own(ledger: Ledger) -> None:
    QuarantineStore(ledger, 1, "icp").replace([REFUSED])
    QuarantineStore(ledger, 2, "icp").replace([replace(REFUSED, id=8)])
    QuarantineStore(ledger, 1, "ecp").replace([])
    assert (set(QuarantineStore(ledger, 1, "icp").load()), set(QuarantineStore(ledger, 2, "icp").load())) == ({7}, {8})
    assert QuarantineStore(ledger, 1, "ecp").load() == {}


@pytest.mark.parametrize(
    "body",
    [[], 7, {"7": []}, {"7": {"id": 7}}, {"seven": asdict(REFUSED)}, {"7": {**asdict(REFUSED), "share": "much"}}],
)
def test_a_damaged_document_is_said_with_its_remedy_and_left_as_it_is(ledger: Ledger, body: object) -> None:
    with ledger.write_transaction() as connection:
        connection.execute(insert(document).values(portal_id=1, name="quarantine:icp", body=body, version=1))
    with pytest.raises(StateUnusable, match="is damaged; delete that row of the table document"):
        QuarantineStore(ledger, 1, "icp").load()
    with pytest.raises(StateUnusable):
        QuarantineStore(ledger, 1, "icp").replace([])
