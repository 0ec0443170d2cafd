"""`icp-sync shopping-list` on a portal in a box: offline, over the last reading, with the profile as it is on disk."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import PROFILES, Command

UNDECIDED = {
    "name": ["=Alpha()", "Beta", "Gamma", "Delta"],
    "domain": ["", "beta.de", "gamma.de", "@delta"],
    "country": ["", "Atlantis", "", ""],
    "numberofemployees": ["800", "900", "5", "700"],
    "type": [""] * 4,
}
"""Under small.yaml none of these has a country that can be read; Gamma is too small for tier 1."""
KNOWN = 60
"""Companies whose country is known: every third is in Germany."""


@pytest.fixture
def portal() -> SandboxPortal:
    known = {
        "name": [f"Known {n}" for n in range(KNOWN)],
        "domain": [f"known{n}.com" for n in range(KNOWN)],
        "country": ["Germany", "Chad", "Peru"] * (KNOWN // 3),
        "numberofemployees": ["800"] * KNOWN,
        "type": [""] * KNOWN,
    }
    portal = SandboxPortal()
    portal.add_companies(pl.concat([pl.DataFrame(UNDECIDED), pl.DataFrame(known)]))
    return portal


@pytest.fixture
def read(icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The portal was read by a plan; from then on there is no token and no call."""
    assert icp_sync("plan").code == 0
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    portal.calls.reset()
    return icp_sync


PLACE = ["hs_country_code", "country", "hs_state_code", "state", "city"]


@pytest.mark.slow
def test_a_purchase_is_told_with_what_it_lifts_and_settles_and_what_is_unreadable(
    read: Command, portal: SandboxPortal
) -> None:
    ended = read("shopping-list", "--json")

    assert ended.code == 0, ended.err
    place = {
        "properties": PLACE, "criteria": ["country"], "missing": 4, "lifts": {"tier_1": 3, "tier_2": 1}, "settles": 4,
        "expected": 1.3, "unreadable": 1,
    }  # fmt: skip
    size = {
        "properties": ["numberofemployees"], "criteria": ["employees"], "missing": 0, "lifts": {}, "settles": 0,
        "expected": 0.0, "unreadable": 0,
    }  # fmt: skip
    order = [{"properties": PLACE, "expected": 1.3, "still_undecided": 0}]
    assert ended.document == {"undecided": 4, "groups": [place, size], "order": order, "raises": []}
    assert portal.calls.total == 0


def test_it_says_so_in_words_with_what_is_free_and_how_to_go_on(read: Command) -> None:
    text = read("shopping-list").out

    assert "Too little is known to decide 4 of 64 companies. As read from HubSpot at " in text
    assert "Bought: hs_country_code, country, hs_state_code, state, city (Germany): about 1 into a tier" in text
    assert "Correct in HubSpot first, that is free: values that cannot be read, 1 in hs_country_code +4." in text
    assert "Which: icp-sync shopping-list --unreadable" in text
    assert "Which companies: icp-sync shopping-list --property hs_country_code --csv hs_country_code.csv" in text
    assert "numberofemployees" not in text, "nobody undecided lacks it"


@pytest.mark.slow
def test_the_table_has_the_best_potential_first_no_domain_last_and_no_formulas(read: Command, tmp_path: Path) -> None:
    ended = read("shopping-list", "--csv", tmp_path / "buy.csv")

    with (tmp_path / "buy.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [*rows[0]] == ["id", "domain", "name", "country", "property", "tier", "score", "potential", "reasons"]
    assert [(row["domain"], row["name"], row["tier"]) for row in rows] == [
        ("beta.de", "Beta", "tier_1"),
        ("'@delta", "Delta", "tier_1"),
        ("gamma.de", "Gamma", "tier_2"),
        ("", "'=Alpha()", "tier_1"),
    ]
    assert {row["property"] for row in rows} == {";".join(PLACE)}
    assert rows[0]["country"] == "Atlantis"
    assert rows[0]["reasons"].startswith("Not decided (40)")
    assert "buy.csv: 4 rows, best potential first; 1 without a domain last." in ended.out


@pytest.mark.slow
def test_options_narrow_it_to_a_property_a_tier_and_so_many_rows(read: Command, tmp_path: Path) -> None:
    ended = read("shopping-list", "--property", "city", "--tier", "tier_2", "--csv", tmp_path / "buy.csv", "--json")
    assert [group["lifts"] for group in ended.document["groups"]] == [{"tier_2": 1}]
    assert ended.document["csv"] == {"file": str(tmp_path / "buy.csv"), "rows": 1, "without_domain": 0}

    assert read("shopping-list", "--csv", tmp_path / "two.csv", "--limit", "2").code == 0
    assert (tmp_path / "two.csv").read_text().count("\n") == 3


def test_values_nobody_can_read_are_listed_with_a_link_to_each_record(
    read: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    ended = read("shopping-list", "--unreadable", "--csv", tmp_path / "correct.csv", "--json")

    (value,) = ended.document["values"]
    beta = {"name": "Beta", "domain": "beta.de", "property": "country", "value": "Atlantis", "tier": "tier_1"}
    assert beta.items() <= value.items()
    assert value["link"] == f"https://app-eu1.hubspot.com/contacts/{portal.portal_id}/record/0-2/{value['id']}"
    assert ended.document["companies"] == 1
    assert ended.document["csv"] == {"file": str(tmp_path / "correct.csv"), "rows": 1}
    (row,) = csv.DictReader((tmp_path / "correct.csv").read_text(encoding="utf-8").splitlines())
    assert row == value
    assert portal.calls.total == 0

    text = read("shopping-list", "--unreadable").out
    assert "1 value of 1 undecided company cannot be read. To correct them in HubSpot is free." in text
    assert read("shopping-list", "--unreadable", "--tier", "tier_2").out.startswith("Nothing stands there")


@pytest.mark.slow
def test_the_profile_counts_as_it_is_on_disk(read: Command, tmp_path: Path) -> None:
    edited = tmp_path / "edited.yaml"
    edited.write_text((PROFILES / "small.yaml").read_text().replace("at_least: 100", "at_least: 1"))
    ended = read("shopping-list", "--profile", edited, "--json")

    assert ended.document["groups"][0]["lifts"] == {"tier_1": 4}


REFUSED = {
    ("--property", "numberofemployes"): (2, "did you mean numberofemployees?"),
    ("--property", "type"): (2, "no criterion that can be unknown reads it; it can be one of hs_country_code, "),
    ("--tier", "tier_3"): (2, "the profile has no such tier; it has tier_1, tier_2"),
    ("--tier", "tier_9"): (2, "'tier_9' is not one of 'tier_1', 'tier_2', 'tier_3'"),
    ("--limit", "5"): (2, "name a file with --csv too"),
    ("--csv", "nowhere/buy.csv"): (2, "there is no folder nowhere; make it"),
}


@pytest.mark.slow
def test_what_cannot_be_answered_is_said_with_the_remedy(read: Command) -> None:
    # One test, since each would read the portal first.
    for arguments, (code, message) in REFUSED.items():
        ended = read("shopping-list", *arguments)
        assert (ended.code, ended.out) == (code, "")
        assert message in " ".join(ended.err.split())


def test_before_any_reading_it_says_what_to_run(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    ended = icp_sync("shopping-list")

    assert (ended.code, ended.out) == (1, "")
    assert "run icp-sync plan first" in ended.err


def test_where_nobody_is_undecided_nothing_needs_to_be_bought(read: Command, tmp_path: Path) -> None:
    known = tmp_path / "known.yaml"
    known.write_text((PROFILES / "small.yaml").read_text().replace("weight: 60,", "weight: 60, missing: miss,"))
    ended = read("shopping-list", "--profile", known)

    assert ended.code == 0
    assert "0 of 64 companies." in ended.out
    assert "Nothing needs to be bought" in ended.out


@pytest.mark.slow
def test_companies_in_a_lower_tier_that_a_value_would_lift_are_counted_and_listed(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    # In Germany and of unknown size: tier 2 under small.yaml.
    row = {"name": ["Omega"], "domain": ["omega.de"], "country": ["Germany"], "numberofemployees": [""], "type": [""]}
    portal.add_companies(pl.DataFrame(row))
    assert icp_sync("plan").code == 0
    raises = [{"properties": ["numberofemployees"], "tiers": {"tier_1": 1}}]
    document = icp_sync("shopping-list", "--json").document
    assert (document["raises"], document["undecided"]) == (raises, 4)
    assert "numberofemployees: 1 into tier 1" in icp_sync("shopping-list").out
    table = tmp_path / "tiered.csv"
    assert icp_sync("shopping-list", "--tiered", "--csv", table).code == 0
    with table.open(encoding="utf-8", newline="") as file:
        (listed,) = csv.DictReader(file)
    assert (listed["name"], listed["tier"], listed["property"]) == ("Omega", "tier_1", "numberofemployees")
    assert icp_sync("shopping-list", "--tiered").code == 2
