"""The labels companies arrive with: LinkedIn's newer list, GICS and enrichment, each under HubSpot's own value."""

from __future__ import annotations

from collections import Counter

import pytest

from icp_sync.vocabulary.aliases_and_groups import read_shipped_csv, split_members
from icp_sync.vocabulary.industries import company_aliases, implied_industries, industries
from icp_sync.vocabulary.text_keys import text_key


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Software Development", "COMPUTER_SOFTWARE"),
        ("IT Services and IT Consulting", "INFORMATION_TECHNOLOGY_AND_SERVICES"),
        ("Technology, Information and Internet", "INFORMATION_TECHNOLOGY_AND_SERVICES"),
        ("Motor Vehicle Manufacturing", "AUTOMOTIVE"),
        ("Hospitals and Health Care", "HOSPITAL_HEALTH_CARE"),
        ("Hospitals & Health Care", "HOSPITAL_HEALTH_CARE"),
        ("Venture Capital and Private Equity Principals", "VENTURE_CAPITAL_PRIVATE_EQUITY"),
        ("Non-profit Organizations", "NON_PROFIT_ORGANIZATION_MANAGEMENT"),
        ("Semiconductors & Semiconductor Equipment", "SEMICONDUCTORS"),
        ("Truck Transportation", "TRANSPORTATION_TRUCKING_RAILROAD"),
        ("Marketing &amp; Advertising", "MARKETING_AND_ADVERTISING"),
    ],
)
def test_a_newer_label_is_hubspots_value(label: str, value: str) -> None:
    assert company_aliases()[text_key(label)] == text_key(value)


def test_no_label_stands_for_two_industries() -> None:
    labels = Counter(
        pair
        for row in read_shipped_csv("industry_labels.csv")
        for pair in {(text_key(label), row["name"]) for label in split_members(row["labels"])}
    )

    assert [label for label, count in Counter(label for label, _ in labels).items() if count > 1] == []


def test_every_value_of_the_table_is_one_of_hubspots() -> None:
    assert {row["name"] for row in read_shipped_csv("industry_labels.csv")} == {
        row["name"] for row in read_shipped_csv("industries.csv")
    }


def test_a_company_that_says_software_is_in_computer_software_and_the_group_covers_it() -> None:
    assert company_aliases()["software"] == "computer software"
    assert "computer software" in industries().members("software")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Software (SaaS)", ["Software", "SaaS"]),
        ("Fabricated Metal Products Manufacturing", ["manufacturing"]),
        ("Zorg Manufacturing", ["manufacturing"]),
        ("Motor Vehicle Manufacturing", []),
        ("Zorg (Herding)", []),
    ],
)
def test_what_a_text_says_beside_its_own_name(text: str, expected: list[str]) -> None:
    assert list(implied_industries(text)) == expected
