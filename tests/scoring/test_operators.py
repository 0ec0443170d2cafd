"""Every operator against a hit, a miss, nothing, something unreadable, and a range across the border."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.profile import match
from icp_sync.scoring.operators import OPERATORS
from tests.scoring.profiles import credit_of, profile_of, scored

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
    ({"is": "Computer Software"}, {"COMPUTER_SOFTWARE": HIT, "retail; computer software": HIT, "software": MISS}),
    ({"is": ["C", "C#"]}, {"c": HIT, "C#": HIT, "C++": MISS}),
    ({"is": 12}, {"12": HIT, "13": MISS}),
    ({"in": ["PARTNER", "VENDOR"]}, {"Partner": HIT, "x;vendor": HIT, "PROSPECT": MISS}),
    ({"not_in": ["PARTNER", "VENDOR"]}, {"PROSPECT": HIT, "partner": MISS, "x;vendor": MISS}),
    ({"contains_any": ["cloud native", "C++"]}, {"Cloud-native things": HIT, "We write C++.": HIT, "cloudnative": MISS,
                                                "native cloud": MISS, "Cloud natives": MISS, "C": MISS}),
    ({"matches": "^acme .*gmbh$"}, {"ACME Tools GmbH": HIT, "The Acme GmbH": MISS}),
    ({"matches": "ops|devel"}, {"DevOps": HIT, "sales": MISS}),
    ({"has_any": ["Node.js", "jira"]}, {"nodejs;JIRA": HIT, "node.js": HIT, "postman": MISS}),
    ({"has_any": ["jira", "postman", "go"], "at_least": 2}, {"go;jira": HIT, "jira;jira": MISS, "jira;x": MISS}),
    ({"has_all": ["jira", "postman"]}, {"postman;x;jira": HIT, "jira": MISS, "x": MISS}),
    ({"has_none": ["acme suite"]}, {"jira": HIT, "jira;ACME_SUITE": MISS}),
    ({"region": "DACH"}, {"Österreich": HIT, "CH": HIT, "France": MISS, "Atlantis": UNKNOWN}),
    ({"region": ["NA", "EU"]}, {"Namibia": HIT, "NA": HIT, "España": HIT, "US": MISS}),
    ({"known": True}, {"x": HIT, "0": HIT}),
    ({"known": False}, {"x": MISS}),
    ({"is_true": True}, {"true": HIT, "No": MISS, "maybe": UNKNOWN}),
    ({"is_false": True}, {"false": HIT, "yes": MISS, "maybe": UNKNOWN}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "text", "credit"),
    [(question, text, credit) for question, texts in TABLE for text, credit in texts.items()],
)
def test_credit_of_a_value(question: dict[str, object], text: str, credit: float | None) -> None:
    assert credit_of(question, text) == credit


@pytest.mark.parametrize("text", [None, "", "N/A", "-", "not provided"])
@pytest.mark.parametrize("question", [question for question, _ in TABLE if "known" not in question])
def test_nothing_there_is_unknown(question: dict[str, object], text: str | None) -> None:
    assert credit_of(question, text) is UNKNOWN


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
    assert tuple(OPERATORS) == match.OPERATORS


def test_every_operator_stands_in_the_table_above() -> None:
    assert {next(iter(question)) for question, _ in TABLE} == set(OPERATORS)


@given(st.lists(st.one_of(st.none(), st.text(), st.text("0123456789,.-+;€ kmKM")), min_size=1))
def test_no_text_in_any_property_is_an_error(texts: list[str | None]) -> None:
    every = [{"id": f"c{n}", "property": "p", "match": question} for n, (question, _) in enumerate(TABLE)]

    assert scored(profile_of(*every), p=texts).frame.height == len(texts)
