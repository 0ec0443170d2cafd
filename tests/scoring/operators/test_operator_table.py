"""Every operator against a hit, a miss, nothing, something unreadable, and a range across the border."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_sync.profile.model import match
from icp_sync.scoring.operators.operator_table import OPERATORS
from tests.scoring.profiles import credit_of, credits_of, profile_of, scored

HIT, MISS = 1.0, 0.0
UNKNOWN = None

TABLE: list[tuple[dict[str, object], dict[str, float | None]]] = [
    ({"at_least": 500}, {"800": HIT, "500": HIT, "501-1,000": HIT, "499": MISS, "11-50": MISS, "0": MISS, "-5": MISS,
                         "100-600": UNKNOWN, "10,001+": HIT, "100+": UNKNOWN, "#####": UNKNOWN}),
    ({"at_most": 500}, {"500": HIT, "0": HIT, "Less than 250": HIT, "501": MISS, "10,001+": MISS, "100+": UNKNOWN,
                        "100-600": UNKNOWN, "abc": UNKNOWN}),
    ({"between": [500, 1000]}, {"500": HIT, "1000": HIT, "501-1,000": HIT, "499": MISS, "1001": MISS, "11-50": MISS,
                                "10,001+": MISS, "400-600": UNKNOWN, "900-1100": UNKNOWN, "100-5000": UNKNOWN,
                                "Jan-50": UNKNOWN}),
    ({"between": [None, 10]}, {"-5": HIT, "11": MISS, "5-15": UNKNOWN, "x": UNKNOWN}),
    ({"between": [10, None]}, {"10": HIT, "9": MISS, "5-15": UNKNOWN}),
    ({"is": "Computer Software"}, {"COMPUTER_SOFTWARE": HIT, "retail; computer software": HIT, "retail": MISS}),
    ({"is": "manufacturing"}, {"MACHINERY": HIT, "Automotive": HIT, "RETAIL": MISS, "Manufacturing": HIT}),
    ({"in": ["software"]}, {"COMPUTER_SOFTWARE": HIT, "Computer Software": HIT, "MACHINERY": MISS}),
    ({"not_in": ["software"]}, {"COMPUTER_SOFTWARE": MISS, "MACHINERY": HIT}),
    ({"is": ["C", "C#"]}, {"c": HIT, "C#": HIT, "C++": MISS}),
    ({"is": 12}, {"12": HIT, "13": MISS}),
    ({"in": ["PARTNER", "VENDOR"]}, {"Partner": HIT, "x;vendor": HIT, "PROSPECT": MISS}),
    ({"not_in": ["PARTNER", "VENDOR"]}, {"PROSPECT": HIT, "partner": MISS, "x;vendor": MISS}),
    ({"contains_any": ["cloud native", "C++"]}, {"Cloud-native things": HIT, "We write C++.": HIT, "cloudnative": MISS,
                                                "native cloud": MISS, "Cloud natives": MISS, "C": MISS}),
    ({"starts_with": ["stadtwerke", "Univ.", "C+"]}, {"Stadtwerke Bonn": HIT, "STADTWERKE": HIT, "Die Stadtwerke": MISS,
                                                      "Universität Bonn": HIT, "  (univ) Bonn": HIT, "C++": HIT,
                                                      "C": MISS, "Stadt Werke": MISS, "Stadtwerk": MISS}),
    ({"starts_with": ["Straßenbau Müller & Söhne"]}, {"strassenbau muller and sohne GmbH": HIT, "Strassenbau": MISS}),
    ({"starts_with": ["日本"]}, {"日本電気": HIT, "新日本": MISS}),
    ({"matches": "^acme .*gmbh$"}, {"ACME Tools GmbH": HIT, "The Acme GmbH": MISS}),
    ({"matches": "ops|devel"}, {"DevOps": HIT, "sales": MISS}),
    ({"has_any": ["Node.js", "jira"]}, {"nodejs;JIRA": HIT, "node.js": HIT, "postman": MISS}),
    ({"has_any": ["nodejs", "Gira"]}, {"Node.js": HIT, "node_js": HIT, "JIRA": HIT, "Postman": MISS}),
    ({"has_any": ["hyperscaler"]}, {"Amazon Web Services": HIT, "gcp": HIT, "hyperscaler": HIT, "heroku": MISS}),
    ({"has_any": ["hyperscaler", "jira", "postman"], "at_least": 2}, {"aws;jira": HIT, "aws;azure": MISS, "aws": MISS}),
    ({"has_any": ["hyperscaler", "aws"], "at_least": 2}, {"aws": HIT, "azure": MISS}),
    ({"has_any": ["hyperscaler", "jira"], "at_least": 2}, {"azure;gcp;Jira": HIT, "azure;gcp": MISS}),
    ({"has_all": ["hyperscaler", "jira"]}, {"azure;jira": HIT, "azure;gcp": MISS, "jira": MISS}),
    ({"has_none": ["hyperscaler"]}, {"jira": HIT, "jira;azure": MISS}),
    ({"has_any": ["jira", "postman", "go"], "at_least": 2}, {"go;jira": HIT, "jira;jira": MISS, "jira;x": MISS}),
    ({"has_all": ["jira", "postman"]}, {"postman;x;jira": HIT, "jira": MISS, "x": MISS}),
    ({"has_none": ["acme suite"]}, {"jira": HIT, "jira;ACME_SUITE": MISS}),
    ({"region": "DACH"}, {"Österreich": HIT, "CH": HIT, "France": MISS, "Zembla": UNKNOWN}),
    ({"region": ["NA", "EU"]}, {"Namibia": HIT, "NA": HIT, "España": HIT, "US": MISS}),
    ({"region": "US-CA"}, {"US": UNKNOWN, "Canada": MISS, "Germany": MISS, "xyzzy": UNKNOWN}),
    ({"region": ["Midwest", "CA"]}, {"US": UNKNOWN, "Canada": HIT, "Mexico": MISS}),
    ({"known": True}, {"x": HIT, "0": HIT}),
    ({"known": False}, {"x": MISS}),
    ({"within_days": 30}, {"2026-11-21": HIT, "2026-10-22": HIT, "2026-10-21": MISS, "2026-11-22": MISS,
                           "1999-01-01": MISS, "2026-11-21T23:59:59Z": HIT, "1795219200000": HIT,
                           "2026": UNKNOWN, "soon": UNKNOWN}),
    ({"within_days": 0}, {"2026-11-21": HIT, "2026-11-20": MISS, "2026-11-22": MISS}),
    ({"older_than_days": 30}, {"2026-10-21": HIT, "2026-10-22": MISS, "2026-11-22": MISS, "1999-01-01": HIT,
                               "2026-02-30": UNKNOWN}),
    ({"age_years": [2, 5]}, {"2024": HIT, "2021": HIT, "2025": MISS, "2020": MISS, "2024.0": HIT, "2030": MISS,
                             "2024-11-21": HIT, "2024-11-22": MISS, "2020-11-22": HIT, "2020-11-21": MISS,
                             "2019 (2023)": HIT, "long ago": UNKNOWN}),
    ({"age_years": [None, 5]}, {"2021": HIT, "2030": MISS, "2026-11-22": MISS, "2020": MISS,
                                "2020-11-22": HIT, "2020-11-21": MISS}),
    ({"age_years": [5, None]}, {"2021": HIT, "2022": MISS, "April 1, 1965 ; 60 years ago ( 1965-04-01 )": HIT}),
    ({"is_true": True}, {"true": HIT, "No": MISS, "maybe": UNKNOWN}),
    ({"is_false": True}, {"false": HIT, "yes": MISS, "maybe": UNKNOWN}),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("question", "texts"), TABLE)
def test_credit_of_a_value(question: dict[str, object], texts: dict[str, float | None]) -> None:
    assert dict(zip(texts, credits_of(question, [*texts]), strict=True)) == texts


@pytest.mark.parametrize("question", [question for question, _ in TABLE if "known" not in question])
def test_nothing_there_is_unknown(question: dict[str, object]) -> None:
    assert credits_of(question, [None, "", "N/A", "-", "not provided"]) == [UNKNOWN] * 5


@pytest.mark.parametrize("text", [None, "", "N/A", "-"])
def test_known_itself_is_never_unknown(text: str | None) -> None:
    assert credit_of({"known": True}, text) == MISS
    assert credit_of({"known": False}, text) == HIT


def test_the_first_property_that_can_be_read_answers() -> None:
    profile = profile_of({"id": "size", "properties": ["a", "b"], "match": {"at_least": 100}})

    frame = scored(profile, a=["500", "#####", None, None], b=["1", "101-200", "7", "x"]).frame

    assert frame["credit.size"].to_list() == [HIT, HIT, MISS, UNKNOWN]


def test_geography_reads_the_country_code_before_the_country() -> None:
    profile = profile_of({"id": "country", "match": {"region": "DE"}})

    frame = scored(profile, hs_country_code=["DE", None, "US"], country=["France", "Deutschland", "Germany"]).frame

    assert frame["credit.country"].to_list() == [HIT, HIT, MISS]


def test_the_table_of_operators_is_the_profile_s() -> None:
    assert tuple(OPERATORS) == tuple(match.OPERATORS)


def test_every_operator_stands_in_a_table() -> None:
    assert {next(iter(question)) for question, _ in TABLE} | {"city", "within_km"} == set(OPERATORS)


@pytest.mark.long
@pytest.mark.slow
@settings(max_examples=20)
@given(st.lists(st.one_of(st.none(), st.text(), st.text("0123456789,.-+;€ kmKM")), min_size=1))
def test_no_text_in_any_property_is_an_error(texts: list[str | None]) -> None:
    places = [{"city": "Berlin"}, {"within_km": {"of": "Berlin", "km": 50}}]
    questions = [*places, *(question for question, _ in TABLE)]
    every = [{"id": f"c{n}", "property": "p", "match": question} for n, question in enumerate(questions)]
    profile = profile_of(*every, location={"state": "p", "city": "p", "zip": "p"}, derive={"d": "p / p"})

    assert scored(profile, p=texts).frame.height == len(texts)
