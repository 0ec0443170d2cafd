"""The shipped names, and what a profile may add to them."""

from __future__ import annotations

import pytest

from icp_sync.vocabulary.name_suggestions import nearest_names
from icp_sync.vocabulary.vocabulary import SHIPPED, Vocabulary


def own(**kinds: dict[str, list[str]]) -> Vocabulary:
    return Vocabulary.from_own_terms(
        kinds.get("regions", {}), kinds.get("technologies", {}), kinds.get("industries", {})
    )


def test_an_own_region_may_hold_countries_regions_subdivisions_and_own_regions() -> None:
    vocabulary = own(regions={"nordics-plus": ["Nordics", "EE"], "sunny home": ["nordics-plus", "Spain", "US-CA"]})

    sunny = vocabulary.find_region("Sunny Home")
    assert sunny
    assert {"SE", "EE", "ES"} < sunny.countries
    assert sunny.subdivisions == {"US-CA"}


def test_an_own_technology_is_a_group_of_shipped_names_literals_and_own_groups() -> None:
    vocabulary = own(technologies={"house": ["Gira", "acme_suite"], "all": ["house", "hyperscaler"]})

    assert vocabulary.covered_technology_keys("ALL") == {
        "all",
        "house",
        "jira",
        "acme suite",
        *SHIPPED.covered_technology_keys("hyperscaler"),
    }
    assert vocabulary.knows_technology("house")
    assert not SHIPPED.knows_technology("house")


def test_an_own_industry_is_a_group_too() -> None:
    vocabulary = own(industries={"our market": ["BANKING", "Versicherungen", "zorg herding"]})

    assert vocabulary.covered_industry_keys("our market") == {"our market", "banking", "insurance", "zorg herding"}


@pytest.mark.parametrize(
    ("kinds", "complaint"),
    [
        ({"regions": {"EU": ["DE"]}}, "EU is a shipped name"),
        ({"regions": {"Germany": ["AT"]}}, "Germany is a shipped name"),
        ({"regions": {"US Midwest": ["US-OH"]}}, "US Midwest is a shipped name"),
        ({"technologies": {"jira": ["trello"]}}, "jira is a shipped name"),
        ({"technologies": {"HYPERSCALERS": ["aws"]}}, "HYPERSCALERS is a shipped name"),
        ({"industries": {"Software": ["BANKING"]}}, "Software is a shipped name"),
        ({"regions": {"a": ["b"], "b": ["a"]}}, "contains itself"),
        ({"technologies": {"one": ["two"], "two": ["three"], "three": ["one"]}}, "contains itself"),
        ({"regions": {"home": ["Atlantis"]}}, "Atlantis in home"),
    ],
)
def test_what_an_own_name_may_not_be(kinds: dict[str, dict[str, list[str]]], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        own(**kinds)


def test_names_of_names_cost_no_more_than_there_are_names() -> None:
    """Spelled out, sixty names that are each made of the next two would be more members than can be counted."""
    nested = {f"own {n}": [f"own {n + 1}", f"own {n + 2}"] for n in range(60)}
    vocabulary = own(
        regions={**nested, "own 60": ["DE"], "own 61": ["AT"]}, technologies={**nested, "own 60": ["jira"]}
    )

    covered = vocabulary.find_region("own 0")
    assert covered
    assert covered.countries == {"DE", "AT"}
    assert "jira" in vocabulary.covered_technology_keys("own 0")


def test_a_shipped_name_may_be_written_down_with_its_own_meaning() -> None:
    """The design's example spells hyperscaler out, as we ship it."""
    spelled_out = own(technologies={"hyperscaler": ["aws", "google_cloud", "azure"]})

    assert spelled_out.covered_technology_keys("hyperscaler") == SHIPPED.covered_technology_keys("hyperscaler")
    assert Vocabulary.is_name_taken("technologies", "hyperscaler")
    assert not Vocabulary.is_name_taken("technologies", "hyperscaler", ["aws", "gcp", "Azure"])
    assert Vocabulary.is_name_taken("technologies", "hyperscaler", ["aws"])


@pytest.mark.parametrize(
    ("near", "meant"),
    [
        (SHIPPED.suggest_regions("Nordcs"), "Nordics"),
        (SHIPPED.suggest_regions("DAHC"), "DACH"),
        (SHIPPED.suggest_regions("Germny"), "Germany"),
        (SHIPPED.suggest_regions("Euorpe"), "Europe"),
        (SHIPPED.suggest_regions("Midwst"), "Midwest"),
        (SHIPPED.suggest_regions("Bavari"), "Bavaria"),
        (SHIPPED.suggest_cities("Silicon Vally"), "Silicon Valley"),
        (SHIPPED.suggest_cities("Munchn"), "Munich"),
        (nearest_names("Prometeus", SHIPPED.technologies.spellings), "Prometheus"),
        (nearest_names("Computer Sofware", SHIPPED.industries.spellings), "Computer Software"),
        (own(regions={"heartland": ["DE"]}).suggest_regions("hartland"), "heartland"),
    ],
)
def test_a_misspelt_name_finds_the_one_that_was_meant(near: tuple[str, ...], meant: str) -> None:
    assert meant in near
