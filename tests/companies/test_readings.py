"""What a text means, reading by reading; null is unknown."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.frame import company_frame
from icp_sync.companies.readings import Reading, Unrecognised, column, high, low, read, unrecognised

ALL = [("p", reading) for reading in Reading]


def reading_of(text: str | None, reading: Reading) -> object:
    return read(company_frame([1], {"p": [text]}), [("p", reading)])[column("p", reading)].to_list()[0]


@pytest.mark.parametrize(
    ("reading", "text", "expected"),
    [
        (Reading.MEMBERS, "Jira;Node.js; C++ ;;jira", ["jira", "node.js", "c++"]),
        (Reading.MEMBERS, "COMPUTER_SOFTWARE", ["computer software"]),
        (Reading.MEMBERS, "n/a", None),
        (Reading.WORDS, "Makes C++ & C# tools.", "makes c++ c# tools"),
        (Reading.WORDS, "-", None),
        (Reading.TEXT, " As Found ", " As Found "),
        (Reading.TEXT, "Not provided", None),
        (Reading.TRUTH, "true", True),
        (Reading.TRUTH, "Yes", True),
        (Reading.TRUTH, "0", False),
        (Reading.TRUTH, "perhaps", None),
        (Reading.COUNTRY, "Deutschland", "DE"),
        (Reading.COUNTRY, "NA", "NA"),
        (Reading.COUNTRY, "Atlantis", None),
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

    assert unrecognised(frame, [("p", Reading.NUMBER)]) == {"p": Unrecognised(3, ("abc", "?!x"))}


def test_empty_words_are_not_counted_as_unrecognised() -> None:
    needs = [("p", Reading.COUNTRY), ("p", Reading.NUMBER), ("p", Reading.TRUTH)]
    frame = read(company_frame([1, 2, 3], {"p": [None, "n/a", "-"]}), needs)

    assert unrecognised(frame, needs) == {}


@given(st.lists(st.one_of(st.none(), st.text(), st.text("0123456789,.-+ €kmKM;"))))
def test_any_texts_at_all_can_be_read_as_anything(texts: list[str | None]) -> None:
    frame = read(company_frame(range(len(texts)), {"p": texts}), ALL)

    assert frame.height == len(texts)
    assert frame.select(pl.col(low("p")).is_null() == pl.col(high("p")).is_null()).to_series().all()
    assert not frame[column("p", Reading.KNOWN)].has_nulls()
