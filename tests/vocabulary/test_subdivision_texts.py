"""Subdivisions as people type them beside a country: right or unknown, and never the country's own name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.vocabulary.subdivision_texts import parse_subdivision, parse_subdivision_with_country

RIGHT = {
    "US-CA": "CA|Calif.|CA, USA|California (CA)|Southern California|State of California|CA - California|US-CA",
    "US-NY": "N. Y.|NY State|New York State|Upstate New York|NY, United States",
    "US-WV": "W.Va.|W. Virginia|West Virginia",
    "US-ND": "No. Dakota|N. Dakota|ND",
    "US-HI": "Hawai\u2019i|Hawaii",
    "US-PA": "Commonwealth of Pennsylvania|Penna.",
    "CA-NT": "N.W.T.|NWT|Northwest Territories",
    "CA-QC": "P.Q.|Québec|Quebec, Canada|Province of Québec",
    "GB-HRT": "Herts|Hertfordshire|Herts.",
    "GB-NIR": "Co. Tyrone|County Down|Northern Ireland",
    "GB-ENG": "Merseyside|Yorkshire|West Midlands|East Anglia",
    "DE-NW": "N.R.W.|NRW|Nordrhein-Westfalen|Land Nordrhein-Westfalen",
    "ES-MD": "Comunidad de Madrid|Madrid, Comunidad de",
    "FR-75C": "75|Paris",
    "IN-UP": "U.P.|Uttar Pradesh",
    "IN-DL": "NCT of Delhi|Delhi",
    "BR-MG": "Estado de Minas Gerais|MG",
    "JP-14": "Kanagawa Prefecture|神奈川県|Kanagawa-ken",
    "KR-41": "경기도|Gyeonggi-do",
    "CN-GD": "广东省|Guangdong Province",
    "AE-DU": "Emirate of Dubai|Dubai",
    "MX-MEX": "Estado de México|Edo. de México|Edomex|MEX",
    "PL-14": "Województwo mazowieckie|Masovian Voivodeship",
    "IE-KY": "Co Kerry|County Kerry|Kerry",
}


@pytest.mark.parametrize(("text", "code"), [(text, code) for code, texts in RIGHT.items() for text in texts.split("|")])
def test_every_spelling_of_a_subdivision(text: str, code: str) -> None:
    assert parse_subdivision(code[:2], text) == code


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("MX", "Mexico"), ("MX", "México"), ("LU", "Luxembourg"), ("GT", "Guatemala"), ("PA", "Panamá"),
        ("DJ", "Djibouti"), ("BZ", "Belize"), ("US", "United States"), ("US", "Kansas City"), ("US", "LA County"),
        ("US", "Delaware County"), ("US", "CA / TX"), ("US", "Northern"), ("US", ""), ("DE", "California"),
    ],
)  # fmt: skip
def test_a_country_a_county_or_two_states_are_no_subdivision(country: str, text: str) -> None:
    assert parse_subdivision(country, text) is None


def test_a_state_with_its_country_needs_none_beside_it() -> None:
    assert [parse_subdivision_with_country(text) for text in ("Ontario, Canada", "TX, USA", "Ontario, CA", "TX")] == [
        "CA-ON",
        "US-TX",
        None,
        None,
    ]


@given(st.text(), st.sampled_from(["US", "JP", "MX"]))
def test_no_text_is_an_error(text: str, country: str) -> None:
    assert (parse_subdivision(country, text) or country).startswith(country)
