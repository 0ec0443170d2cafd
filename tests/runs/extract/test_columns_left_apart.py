"""Of everybody only those columns are loaded that a verdict follows from, or whose a record is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.extract.preflight import properties_left_on_disk

WRITTEN: dict[str, Any] = {
    "tier": "icp_tier",
    "score": "icp_fit_score",
    "reasons": "icp_fit_reasons",
    "changed_at": "icp_fit_changed_at",
    "profile": "icp_fit_profile",
    "understood": {"country": "icp_country"},
}
SHOWN = {"name", "domain", "hubspot_owner_id", "createdate", "hs_lastmodifieddate"}
COMPARED = {"icp_fit_score", "icp_fit_reasons", "icp_country"}


def profile(reads: str = "numberofemployees", **more: Any) -> Profile:
    written = {
        "schema": 1,
        "profile": {"name": "apart", "kind": "icp"},
        "criteria": [{"id": "size", "property": reads, "weight": 100, "match": {"known": True}}],
        "tiers": [{"tier": "tier_1", "enter": 80}],
        "write": WRITTEN,
    }
    return parse_profile(json.dumps(written | more), "apart.yaml").profile


def test_what_is_shown_and_what_is_only_compared_is_left_on_disk() -> None:
    assert properties_left_on_disk(profile()) == SHOWN | COMPARED


@pytest.mark.parametrize("name", ["domain", "hs_lastmodifieddate"])
def test_what_a_criterion_reads_is_not(name: str) -> None:
    assert properties_left_on_disk(profile(name)) == (SHOWN | COMPARED) - {name}


def test_what_places_are_given_by_is_not() -> None:
    tier = {"tier": "tier_1", "enter": 80, "capacity": {"limit": 5, "per": "hubspot_owner_id"}}
    assert "hubspot_owner_id" not in properties_left_on_disk(profile(tiers=[tier, {"tier": "tier_2", "enter": 60}]))


def test_without_a_stamp_all_that_is_written_tells_whose_a_record_is() -> None:
    unstamped = {output: name for output, name in WRITTEN.items() if output != "profile"}
    assert properties_left_on_disk(profile(write=unstamped)) == SHOWN


def test_what_a_vendor_filled_is_told_by_what_is_written() -> None:
    vendor = {"source": "acme", "columns": {"Employees": "numberofemployees"}}
    assert properties_left_on_disk(profile(enrichment=[vendor])) == SHOWN
