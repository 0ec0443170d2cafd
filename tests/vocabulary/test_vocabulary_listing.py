"""The vocabulary to be looked through."""

from __future__ import annotations

import pytest

from icp_sync.vocabulary.vocabulary import Vocabulary
from icp_sync.vocabulary.vocabulary_listing import KINDS, Kind, find_entry, nearest_names_of_kind, shipped_names


@pytest.mark.parametrize(
    ("kind", "word", "name", "covers"),
    [
        ("technologies", "sap", "SAP", {"SAP Business One", "SAP S/4HANA"}),
        ("technologies", "salesforce", "Salesforce", {"Salesforce Live Agent"}),
        ("technologies", "hyperscaler", "hyperscaler", {"AWS", "Google Cloud", "Azure"}),
        ("industries", "Software", "software", {"Computer Software"}),
        ("regions", "dach", "DACH", {"DE Germany", "AT Austria", "CH Switzerland"}),
        ("regions", "Midwest", "Midwest", {"US-OH Ohio", "US-IL Illinois"}),
        ("regions", "England", "England", {"GB-BIR Birmingham"}),
    ],
)
def test_a_name_covers_its_products_and_members(kind: Kind, word: str, name: str, covers: set[str]) -> None:
    entry = find_entry(kind, word)
    assert entry is not None
    assert entry.name == name
    assert covers <= set(entry.covers)
    assert name not in entry.covers


@pytest.mark.parametrize(
    ("kind", "word", "name"),
    [
        ("technologies", "SAP Business One", "SAP Business One"),  # a product covers no other of its vendor
        ("technologies", "gcloud platform", None),
        ("industries", "COMPUTER_SOFTWARE", "Computer Software"),
        ("industries", "FINANCIAL_SERVICES", "Financial Services"),  # as stored, and not the group
        ("regions", "US-CA", "California"),
        ("regions", "Germany", "Germany"),
        ("countries", "Deutschland", "Germany"),
        ("countries", "DE", "Germany"),
        ("countries", "Midwest", None),
    ],
)
def test_a_name_that_is_one_thing_covers_nothing_else(kind: Kind, word: str, name: str | None) -> None:
    entry = find_entry(kind, word)
    assert (entry and entry.name) == name
    assert entry is None or entry.covers == ()


def test_a_name_tells_where_it_counts_in_and_how_else_it_is_written() -> None:
    jira, germany = find_entry("technologies", "jira"), find_entry("countries", "Germany")
    assert jira is not None
    assert "devops" in jira.within
    assert "jira cloud" in jira.spellings
    assert germany is not None
    assert "DACH" in germany.within
    assert {"de", "deutschland"} <= set(germany.spellings)


def test_own_names_are_told_like_shipped_ones() -> None:
    known = Vocabulary.from_own_terms({"our lands": ["DE", "US-CA"]}, {"our stack": ["aws", "jira"]}, {})
    stack, lands = find_entry("technologies", "our stack", known), find_entry("regions", "our lands", known)
    assert stack is not None
    assert {"AWS", "Jira"} <= set(stack.covers)
    assert lands is not None
    assert lands.covers == ("DE Germany", "US-CA California")


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_that_is_listed_is_found(kind: Kind) -> None:
    listed = shipped_names(kind)
    assert len(listed) == len(set(listed)) > 50
    assert [name for name in listed if find_entry(kind, name) is None] == []


def test_the_nearest_names_are_told() -> None:
    assert nearest_names_of_kind("technologies", "jirra")[0] == "Jira"
    assert nearest_names_of_kind("countries", "Germny")[0] == "Germany"
