"""Texts whose reading left something out or took something for granted."""

from __future__ import annotations

import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.scoring.reading_assumptions import reading_assumptions
from tests.scoring.profiles import profile_of

PLACE = ("hs_country_code", "country", "hs_state_code", "state", "city", "zip")


def of(match: dict[str, object], *texts: str | None) -> dict[str, str]:
    """What texts of the property `p` that a match reads were taken for."""
    profile = profile_of({"id": "c", "property": "p", "match": match})
    return reading_assumptions(company_frame(range(len(texts)), {"p": texts}), profile).get("p", {})


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("~250 employees (2023)", "250"),
        ("€10M", "10,000,000 EUR"),
        ("10,001 or more", "10,001 or more"),
        ("less than 50", "0 to 49"),
    ],
)
def test_a_number_that_took_some_reading_is_shown(text: str, understood: str) -> None:
    assert of({"at_least": 10}, text) == {text: understood}


@pytest.mark.parametrize(
    "text",
    ["250", "1,200", " 1 200 ", "-5", "12.5", "51 - 200", "1,001–5,000", "10,001+", "nobody knows", "", None],
)
def test_a_plain_number_and_what_cannot_be_read_are_not(text: str | None) -> None:
    assert of({"at_least": 10}, text) == {}


def test_five_texts_are_enough_and_those_that_lost_words_come_first() -> None:
    texts = [f"€{n}M" for n in range(1, 9)] + ["$9M"] * 3 + ["about 250 employees (2023)"]
    assumed = of({"at_least": 10}, *texts)
    assert len(assumed) == 5
    assert list(assumed)[:2] == ["about 250 employees (2023)", "$9M"]


def test_a_date_that_took_some_reading_is_shown() -> None:
    assert of({"age_years": [1, 10]}, "2019-05-01", "2019", "founded in 1998") == {"founded in 1998": "1998"}


def test_a_product_under_another_name_and_names_that_were_parted_are_shown() -> None:
    assert of({"has_any": ["jira"]}, "jira;aws", "Jira Software (Server)") == {"Jira Software (Server)": "jira"}
    parted = of({"in": ["BANKING"]}, "Banking", "Banking / Retail")
    assert parted == {"Banking / Retail": "banking; retail"}


def test_a_place_whose_country_was_inferred_is_shown() -> None:
    profile = profile_of({"id": "c", "match": {"region": "DACH"}})
    rows = [("DE", None, "Hamburg"), (None, None, "Hamburg"), (None, "Bavaria", None), (None, None, "Springfield")]
    columns: dict[str, list[str | None]] = {name: [None] * len(rows) for name in PLACE}
    columns["hs_country_code"], columns["state"], columns["city"] = map(list, zip(*rows, strict=True))
    assumed = reading_assumptions(company_frame(range(len(rows)), columns), profile)
    assert assumed == {"state": {"Bavaria": "DE"}, "city": {"Hamburg": "Hamburg, DE"}}


def test_a_country_read_from_a_longer_text_is_shown() -> None:
    profile = profile_of({"id": "c", "match": {"region": "DACH"}}, location={"country": ["land"]})
    frame = company_frame([1, 2], {"land": ["Germany", "Hamburg, Germany"]})
    assert reading_assumptions(frame, profile) == {"land": {"Hamburg, Germany": "DE"}}
