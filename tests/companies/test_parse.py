"""What a text means, reading by reading; null is unknown."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.frame import company_frame
from icp_sync.companies.parse.parsed_columns import (
    Input,
    ValueKind,
    high_column,
    low_column,
    parse_properties,
    parsed_column,
)
from icp_sync.companies.parse.unrecognised import UnrecognisedTexts, parse_failed_flags, unparsed_by_property

ALL = [("p", reading) for reading in ValueKind]


def reading_of(text: str | None, reading: ValueKind) -> object:
    return parse_properties(company_frame([1], {"p": [text]}), [("p", reading)])[parsed_column("p", reading)].to_list()[
        0
    ]


def unrecognised_of(frame: pl.DataFrame, needs: list[Input]) -> dict[str, UnrecognisedTexts]:
    return unparsed_by_property(frame.with_columns(parse_failed_flags(needs)), needs)


@pytest.mark.parametrize(
    ("reading", "text", "expected"),
    [
        (ValueKind.MEMBERS, "Jira;Node.js; C++ ;;jira", ["jira", "node.js", "c++"]),
        (ValueKind.MEMBERS, "COMPUTER_SOFTWARE", ["computer software"]),
        (ValueKind.MEMBERS, "n/a", None),
        (
            ValueKind.TECHNOLOGIES,
            "Node.js;nodejs;Gira;acme_suite;GCP",
            ["node.js", "jira", "acme suite", "google cloud"],
        ),
        (ValueKind.TECHNOLOGIES, "-", None),
        (ValueKind.INDUSTRIES, "Softwareentwicklung", ["computer software"]),
        (ValueKind.INDUSTRIES, "COMPUTER_SOFTWARE", ["computer software"]),
        (ValueKind.INDUSTRIES, "Zorg Herding; Banken", ["zorg herding", "banking"]),
        (ValueKind.KEY, "Makes C++ & C# tools.", "makes c++ and c# tools"),
        (ValueKind.KEY, "-", None),
        (ValueKind.RAW, "Makes C++ & C# tools.", "Makes C++ & C# tools."),
        (ValueKind.RAW, "-", None),
        (ValueKind.TEXT, " As Found ", " As Found "),
        (ValueKind.TEXT, "Not provided", None),
        (ValueKind.BOOLEAN, "true", True),
        (ValueKind.BOOLEAN, "Yes", True),
        (ValueKind.BOOLEAN, "0", False),
        (ValueKind.BOOLEAN, "perhaps", None),
        (ValueKind.COUNTRY, "Deutschland", "DE"),
        (ValueKind.COUNTRY, "NA", "NA"),
        (ValueKind.COUNTRY, "Zembla", None),
        (ValueKind.DATE, "2024-05-31", dt.date(2024, 5, 31)),
        (ValueKind.DATE, "2024-05-31T12:00:00.250Z", dt.date(2024, 5, 31)),
        (ValueKind.DATE, "1717113600000", dt.date(2024, 5, 31)),
        (ValueKind.DATE, "April 1, 1965", dt.date(1965, 4, 1)),
        (ValueKind.DATE, "2026-13-45", None),
        (ValueKind.DATE, "1998", None),
        (ValueKind.DATE, "0001-01-01", None),
        (ValueKind.DATE, "0001-01-01T00:00:00Z", None),
        (ValueKind.YEAR, "0001-01-01T00:00:00Z", None),
        (ValueKind.YEAR, "1998", 1998),
        (ValueKind.YEAR, "2024.0", 2024),
        (ValueKind.YEAR, "2013 (1888)", 2013),
        (ValueKind.YEAR, "2024-05-31", 2024),
        (ValueKind.YEAR, "soon", None),
        (ValueKind.PRESENT, "0", True),
        (ValueKind.PRESENT, "#####", True),
        (ValueKind.PRESENT, "N/A", False),
        (ValueKind.PRESENT, None, False),
    ],
)
def test_a_text_is_read(reading: ValueKind, text: str | None, expected: object) -> None:
    assert reading_of(text, reading) == expected


@pytest.mark.parametrize(
    "reading", [reading for reading in ValueKind if reading not in {ValueKind.NUMBER, ValueKind.PRESENT}]
)
def test_an_empty_value_is_unknown(reading: ValueKind) -> None:
    assert reading_of(None, reading) is None


def test_plain_and_odd_numbers_stand_side_by_side_in_their_rows() -> None:
    frame = parse_properties(
        company_frame([3, 1, 2, 9], {"p": ["11-50", "7", "#####", None]}), [("p", ValueKind.NUMBER)]
    )

    assert frame.select("id", low_column("p"), high_column("p")).rows() == [
        (3, 11, 50),
        (1, 7, 7),
        (2, None, None),
        (9, None, None),
    ]


def test_rows_and_columns_stay_as_they_were() -> None:
    frame = company_frame([3, 1, 2], {"p": ["b", "a", "b"], "q": ["x", None, "y"]})

    assert parse_properties(frame, ALL).select(frame.columns).equals(frame)


def test_texts_not_understood_are_counted_with_the_commonest_first() -> None:
    frame = parse_properties(
        company_frame([1, 2, 3, 4, 5], {"p": ["?!x", "abc", "abc", "12", "N/A"]}), [("p", ValueKind.NUMBER)]
    )

    assert unrecognised_of(frame, [("p", ValueKind.NUMBER)]) == {"p": UnrecognisedTexts(3, ("abc", "?!x"))}


def test_a_country_not_recognised_is_counted_with_the_nearest_known_one() -> None:
    frame = parse_properties(company_frame([1, 2], {"p": ["Germny", "xyzzy"]}), [("p", ValueKind.COUNTRY)])

    assert unrecognised_of(frame, [("p", ValueKind.COUNTRY)]) == {
        "p": UnrecognisedTexts(2, ("Germny", "xyzzy"), (("Germny", "Germany"),))
    }


def test_a_yes_or_no_not_recognised_is_counted_with_the_nearest_one() -> None:
    needs = [("p", ValueKind.BOOLEAN)]
    frame = parse_properties(company_frame([1, 2, 3], {"p": ["flase", "perhaps", "true"]}), needs).with_columns(
        parse_failed_flags(needs)
    )

    assert unparsed_by_property(frame, needs) == {
        "p": UnrecognisedTexts(2, ("flase", "perhaps"), (("flase", "false"),))
    }


@pytest.mark.parametrize("reading", [ValueKind.TECHNOLOGIES, ValueKind.INDUSTRIES, ValueKind.KEY, ValueKind.TEXT])
def test_text_is_taken_as_it_is_and_never_unrecognised(reading: ValueKind) -> None:
    frame = parse_properties(company_frame([1], {"p": ["Zorg Herdng"]}), [("p", reading)])

    assert unparsed_by_property(frame, [("p", reading)]) == {}


def test_a_bare_year_is_recognised_where_years_are_asked_for_and_not_where_days_are() -> None:
    frame = parse_properties(company_frame([1], {"p": ["1998"]}), [("p", ValueKind.DATE), ("p", ValueKind.YEAR)])

    assert unrecognised_of(frame, [("p", ValueKind.DATE), ("p", ValueKind.YEAR)]) == {}
    assert unrecognised_of(frame, [("p", ValueKind.DATE)]) == {"p": UnrecognisedTexts(1, ("1998",))}


def test_an_industry_that_no_table_knows_is_counted_and_still_compared_literally() -> None:
    texts = ["Zorg Herding", "Software Development", "N/A", "Zorg Herding;Banking", None]

    frame = company_frame(range(5), {"industry": texts, "lifecyclestage": texts})
    needs = [("industry", ValueKind.INDUSTRIES), ("lifecyclestage", ValueKind.INDUSTRIES)]

    assert unrecognised_of(parse_properties(frame, needs), needs) == {
        "industry": UnrecognisedTexts(1, ("Zorg Herding",))
    }


def test_empty_words_are_not_counted_as_unrecognised() -> None:
    needs = [("p", ValueKind.COUNTRY), ("p", ValueKind.NUMBER), ("p", ValueKind.BOOLEAN)]
    frame = parse_properties(company_frame([1, 2, 3], {"p": [None, "n/a", "-"]}), needs)

    assert unrecognised_of(frame, needs) == {}


@given(st.lists(st.one_of(st.none(), st.text(), st.text("0123456789,.-+ €kmKM;"))))
def test_any_texts_at_all_can_be_read_as_anything(texts: list[str | None]) -> None:
    frame = parse_properties(company_frame(range(len(texts)), {"p": texts}), ALL)

    assert frame.height == len(texts)
    assert frame.select(pl.col(low_column("p")).is_null() == pl.col(high_column("p")).is_null()).to_series().all()
    assert not frame[parsed_column("p", ValueKind.PRESENT)].has_nulls()
