"""Overrides and pins: one open for a company and property, and what ended stays known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.overrides import Override, OverrideStore
from icp_sync.state.ledger.pins import Pin, PinStore
from tests.state.ledger.conftest import NIGHT, PORTAL, PROFILE

DAY = dt.timedelta(days=1)
BY_HAND = Override(
    company_id=17, property="icp_tier", value="tier_3", ours="tier_1", kind="person", since=NIGHT, found_by="a",
    source="CRM_UI", source_id="userId:42", user_id="42", note="asked for by sales",
)  # fmt: skip
EMPTIED = Override(company_id=9, property="icp_tier", value="", ours=None, kind="automation", since=NIGHT, found_by="a")


@pytest.fixture
def overrides(ledger: Ledger) -> OverrideStore:
    return OverrideStore(ledger, PORTAL, PROFILE)


def test_open_ones_come_back_by_company(overrides: OverrideStore, ledger: Ledger) -> None:
    overrides.save_new([BY_HAND, EMPTIED])
    assert overrides.list_open() == (EMPTIED, BY_HAND)
    assert OverrideStore(ledger, PORTAL, "other").list_open() == ()


def test_a_new_one_on_the_same_property_ends_the_old_one(overrides: OverrideStore) -> None:
    later = Override(
        company_id=17,
        property="icp_tier",
        value="tier_2",
        ours="tier_1",
        kind="person",
        since=NIGHT + DAY,
        found_by="b",
    )
    overrides.save_new([BY_HAND])
    overrides.save_new([later])
    assert overrides.list_open() == (later,)
    assert overrides.last_end_times() == {(17, "icp_tier"): NIGHT + DAY}


def test_ended_ones_are_remembered_with_the_moment_of_the_portal(overrides: OverrideStore) -> None:
    overrides.save_new([BY_HAND, EMPTIED])
    assert overrides.end({(17, "icp_tier"): NIGHT + DAY, (99, "icp_tier"): NIGHT}, "released") == 1
    assert overrides.end({(17, "icp_tier"): NIGHT + 2 * DAY}, "released") == 0
    assert overrides.list_open() == (EMPTIED,)
    assert overrides.last_end_times() == {(17, "icp_tier"): NIGHT + DAY}


def test_of_undos_that_were_released_the_value_is_remembered(overrides: OverrideStore) -> None:
    overrides.save_new(
        [BY_HAND, replace(BY_HAND, company_id=18, kind="undo"), replace(BY_HAND, company_id=19, kind="undo")]
    )
    overrides.end({(17, "icp_tier"): NIGHT, (18, "icp_tier"): NIGHT}, "released")
    overrides.end({(19, "icp_tier"): NIGHT}, "replaced")
    assert overrides.released_undos() == {(18, "icp_tier"): BY_HAND.value}


def test_a_pin_stands_until_it_is_ended(ledger: Ledger) -> None:
    pins = PinStore(ledger, PORTAL)
    inside, outside = Pin("7", 17, "in", NIGHT), Pin("7", 18, "out", NIGHT)
    pins.save_new([outside, inside])
    assert (pins.list_open(), PinStore(ledger, 99).list_open()) == ((inside, outside), ())
    assert pins.end("7", [17, 99], NIGHT + DAY, "released") == 1
    assert pins.list_open() == (outside,)
    pins.save_new([inside])
    assert pins.list_open() == (inside, outside)
