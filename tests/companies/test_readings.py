"""What a text means, reading by reading; null is unknown."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.frame import company_frame
from icp_sync.companies.parse.parse import Need, Reading, column, high, low, read
from icp_sync.companies.parse.unrecognised import Unrecognised, failed, unrecognised

ALL = [("p", reading) for reading in Reading]


def reading_of(text: str | None, reading: Reading) -> object:
    return read(company_frame([1], {"p": [text]}), [("p", reading)])[column("p", reading)].to_list()[0]


def unrecognised_of(frame: pl.DataFrame, needs: list[Need]) -> dict[str, Unrecognised]:
    return unrecognised(frame.with_columns(failed(needs)), needs)


@pytest.mark.parametrize(
    ("reading", "text", "expected"),
    [
        (Reading.MEMBERS, "Jira;Node.js; C++ ;;jira", ["jira", "node.js", "c++"]),
        (Reading.MEMBERS, "COMPUTER_SOFTWARE", ["computer software"]),
        (Reading.MEMBERS, "n/a", None),
        (Reading.TECHNOLOGIES, "Node.js;nodejs;Gira;acme_suite;GCP", ["node.js", "jira", "acme suite", "google cloud"]),
        (Reading.TECHNOLOGIES, "-", None),
        (Reading.INDUSTRIES, "Softwareentwicklung", ["computer software"]),
        (Reading.INDUSTRIES, "COMPUTER_SOFTWARE", ["computer software"]),
        (Reading.INDUSTRIES, "Zorg Herding; Banken", ["zorg herding", "banking"]),
        (Reading.WORDS, "Makes C++ & C# tools.", "makes c++ and c# tools"),
        (Reading.WORDS, "-", None),
        (Reading.PROSE, "Makes C++ & C# tools.", "Makes C++ & C# tools."),
        (Reading.PROSE, "-", None),
        (Reading.TEXT, " As Found ", " As Found "),
        (Reading.TEXT, "Not provided", None),
        (Reading.TRUTH, "true", True),
        (Reading.TRUTH, "Yes", True),
        (Reading.TRUTH, "0", False),
        (Reading.TRUTH, "perhaps", None),
        (Reading.COUNTRY, "Deutschland", "DE"),
        (Reading.COUNTRY, "NA", "NA"),
        (Reading.COUNTRY, "Zembla", None),
        (Reading.DATE, "2024-05-31", dt.date(2024, 5, 31)),
        (Reading.DATE, "2024-05-31T12:00:00.250Z", dt.date(2024, 5, 31)),
        (Reading.DATE, "1717113600000", dt.date(2024, 5, 31)),
        (Reading.DATE, "April 1, 1965", dt.date(1965, 4, 1)),
        (Reading.DATE, "2026-13-45", None),
        (Reading.DATE, "1998", None),
        (Reading.YEAR, "1998", 1998),
        (Reading.YEAR, "2024.0", 2024),
        (Reading.YEAR, "2013 (1888)", 2013),
        (Reading.YEAR, "2024-05-31", 2024),
        (Reading.YEAR, "soon", None),
        (Reading.KNOWN, "0", True),
        (Reading.KNOWN, "#####", True),
        (Reading.KNOWN, "N/A", False),
        (Reading.KNOWN, None, False),
    ],
)
def test_a_text_is_read(reading: Reading, text: str | None, expected: object) -> None:
    assert reading_of(text, reading) == expected


@pytest.mark.parametrize("reading", [reading for reading in Reading if reading not in {Reading.NUMBER, Reading.KNOWN}])
def test_an_empty_value_is_unknown(reading: Reading) -> None:
    assert reading_of(None, reading) is None


def test_plain_and_odd_numbers_stand_side_by_side_in_their_rows() -> None:
    frame = read(company_frame([3, 1, 2, 9], {"p": ["11-50", "7", "#####", None]}), [("p", Reading.NUMBER)])

    assert frame.select("id", low("p"), high("p")).rows() == [
        (3, 11, 50),
        (1, 7, 7),
        (2, None, None),
        (9, None, None),
    ]


def test_rows_and_columns_stay_as_they_were() -> None:
    frame = company_frame([3, 1, 2], {"p": ["b", "a", "b"], "q": ["x", None, "y"]})

    assert read(frame, ALL).select(frame.columns).equals(frame)


def test_texts_not_understood_are_counted_with_the_commonest_first() -> None:
    frame = read(company_frame([1, 2, 3, 4, 5], {"p": ["?!x", "abc", "abc", "12", "N/A"]}), [("p", Reading.NUMBER)])

    assert unrecognised_of(frame, [("p", Reading.NUMBER)]) == {"p": Unrecognised(3, ("abc", "?!x"))}


def test_a_country_not_recognised_is_counted_with_the_nearest_known_one() -> None:
    frame = read(company_frame([1, 2], {"p": ["Germny", "xyzzy"]}), [("p", Reading.COUNTRY)])

    assert unrecognised_of(frame, [("p", Reading.COUNTRY)]) == {
        "p": Unrecognised(2, ("Germny", "xyzzy"), (("Germny", "Germany"),))
    }


def test_a_yes_or_no_not_recognised_is_counted_with_the_nearest_one() -> None:
    needs = [("p", Reading.TRUTH)]
    frame = read(company_frame([1, 2, 3], {"p": ["flase", "perhaps", "true"]}), needs).with_columns(failed(needs))

    assert unrecognised(frame, needs) == {"p": Unrecognised(2, ("flase", "perhaps"), (("flase", "false"),))}


@pytest.mark.parametrize("reading", [Reading.TECHNOLOGIES, Reading.INDUSTRIES, Reading.WORDS, Reading.TEXT])
def test_text_is_taken_as_it_is_and_never_unrecognised(reading: Reading) -> None:
    frame = read(company_frame([1], {"p": ["Zorg Herdng"]}), [("p", reading)])

    assert unrecognised(frame, [("p", reading)]) == {}


def test_a_bare_year_is_recognised_where_years_are_asked_for_and_not_where_days_are() -> None:
    frame = read(company_frame([1], {"p": ["1998"]}), [("p", Reading.DATE), ("p", Reading.YEAR)])

    assert unrecognised_of(frame, [("p", Reading.DATE), ("p", Reading.YEAR)]) == {}
    assert unrecognised_of(frame, [("p", Reading.DATE)]) == {"p": Unrecognised(1, ("1998",))}


def test_an_industry_that_no_table_knows_is_counted_and_still_compared_literally() -> None:
    texts = ["Zorg Herding", "Software Development", "N/A", "Zorg Herding;Banking", None]

    frame = company_frame(range(5), {"industry": texts, "lifecyclestage": texts})
    needs = [("industry", Reading.INDUSTRIES), ("lifecyclestage", Reading.INDUSTRIES)]

    assert unrecognised_of(read(frame, needs), needs) == {"industry": Unrecognised(1, ("Zorg Herding",))}


def test_empty_words_are_not_counted_as_unrecognised() -> None:
    needs = [("p", Reading.COUNTRY), ("p", Reading.NUMBER), ("p", Reading.TRUTH)]
    frame = read(company_frame([1, 2, 3], {"p": [None, "n/a", "-"]}), needs)

    assert unrecognised_of(frame, needs) == {}


@given(st.lists(st.one_of(st.none(), st.text(), st.text("0123456789,.-+ €kmKM;"))))
def test_any_texts_at_all_can_be_read_as_anything(texts: list[str | None]) -> None:
    frame = read(company_frame(range(len(texts)), {"p": texts}), ALL)

    assert frame.height == len(texts)
    assert frame.select(pl.col(low("p")).is_null() == pl.col(high("p")).is_null()).to_series().all()
    assert not frame[column("p", Reading.KNOWN)].has_nulls()
