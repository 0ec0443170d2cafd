"""What we remember of the lists we made."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from icp_sync.errors import StateUnusable
from icp_sync.state.ledger.address import sqlite_address
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.schema import document
from icp_sync.state.list_ids import ListRecord, ListStore

NIGHT = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
ANNOUNCED = ListRecord("Tier 1", "static", NIGHT)
MADE = ListRecord("Tier 1", "static", NIGHT, "77")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(sqlite_address(tmp_path / "ledger.db"))


def test_nothing_is_known_at_first(ledger: Ledger) -> None:
    assert ListStore(ledger, 1).records() == {}


def test_an_announcement_becomes_a_list_with_an_id(ledger: Ledger) -> None:
    ListStore(ledger, 1).save(ANNOUNCED)
    assert ListStore(ledger, 1).records() == {"Tier 1": ANNOUNCED}
    ListStore(ledger, 1).save(MADE)
    assert ListStore(ledger, 1).records() == {"Tier 1": MADE}


def test_each_portal_has_lists_of_its_own(ledger: Ledger) -> None:
    ListStore(ledger, 1).save(MADE)
    ListStore(ledger, 2).save(ANNOUNCED)
    ListStore(ledger, 2).save(ListRecord("Tiered", "active", ANNOUNCED.announced_at))
    assert ListStore(ledger, 1).records() == {"Tier 1": MADE}
    assert {*ListStore(ledger, 2).records()} == {"Tier 1", "Tiered"}


@pytest.mark.parametrize(
    "body",
    [
        [],
        7,
        "x",
        {"Tier 1": 7},
        {"Tier 1": []},
        {"Tier 1": {"name": "Tier 1", "kind": "static", "announced_at": "2026-11-21T03:00:00Z", "id": 77}},
        {"Tier 1": {"name": "Tier 1", "kind": "static", "announced_at": "lately"}},
        {"Tier 1": {"name": "Tier 1"}},
    ],
)
def test_a_damaged_document_is_said_with_its_remedy_and_left_as_it_is(ledger: Ledger, body: object) -> None:
    with ledger.write_transaction() as connection:
        connection.execute(insert(document).values(portal_id=1, name="lists", body=body, version=1))
    with pytest.raises(StateUnusable, match="is damaged; delete that row of the table document"):
        ListStore(ledger, 1).records()
    with pytest.raises(StateUnusable):
        ListStore(ledger, 1).save(MADE)


def test_a_list_is_asked_for_by_name_and_told_by_id_with_the_run_that_changed_it(ledger: Ledger) -> None:
    lists = ListStore(ledger, 1)
    lists.save(replace(MADE, changed_by="run-1"))
    lists.save(replace(ANNOUNCED, name="Tier 2"))
    assert (lists.get("Tier 2"), lists.get("Tier 3")) == (replace(ANNOUNCED, name="Tier 2"), None)
    assert lists.last_changing_runs() == {"77": "run-1"}


def test_a_forgotten_list_is_known_no_longer_and_one_never_known_changes_nothing(ledger: Ledger) -> None:
    lists = ListStore(ledger, 1)
    lists.save(MADE)
    lists.forget("Tier 2")
    assert lists.records() == {"Tier 1": MADE}
    lists.forget("Tier 1")
    assert lists.records() == {}
