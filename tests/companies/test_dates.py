"""Days and years as they stand in a CRM; unknown where a text leaves open which is meant."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.parse.dates import parse_written_day, parse_written_year

DAYS = {
    "1965-04-01": "1965-04-01|1965-04-01T00:00:00Z|1965-04-01T23:59:59.999Z|1965-04-01 08:00:00|April 1, 1965"
    "|1 April 1965|1. April 1965|1st of April 1965"
    "|Apr 1 1965|April 1, 1965 ; 60 years ago ( 1965-04-01 )|-149990400000",
    "2024-05-31": "2024-05-31|31/05/2024|31.05.2024|31.05.2024.|5/31/2024|2024/05/31|31. Mai 2024|1717113600000"
    "|2024-05-31T23:30:00-02:00[x]|founded May 31st, 2024",
    "2021-03-03": "3/3/2021|03.03.2021",
    "2021-04-03": "03.04.2021|3. 4. 2021|03.04.21|3-Apr-21",
    "2026-11-20": "20 de noviembre de 2026|20 de novembro de 2026|20.11.26|20 ноября 2026|20 listopada 2026"
    "|20 novembre 2026|1er novembre 2025, 20 nov. 2026"
    "|2026年11月20日|2026년 11월 20일|２０２６-１１-２０|20º de noviembre de 2026",
    "9999-12-31": "9999-12-31|9999-12-31T23:59:59Z|9999-12-31T23:59:59-05:00",
    "2005-02-01": "1 January 1999 (as Foo), 1 February 2005 (as Bar)",
}


@pytest.mark.parametrize(("text", "iso"), [(text, iso) for iso, texts in DAYS.items() for text in texts.split("|")])
def test_a_day_by_any_spelling(text: str, iso: str) -> None:
    assert parse_written_day(text) == dt.date.fromisoformat(iso)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1965",
        "2024.0",
        "May 2024",
        "3/4/2021",
        "31.02.2021",
        "2015-06",
        "01.02.2021.5",
        "2015/16",
        "2026-13-45",
        "2024-02-30",
        "#####",
        "soon",
        "60 years ago",
        "9" * 14,
        "0001-01-01",
        "0001-01-01T00:00:00+01:00",
        "1/1/0001 12:00:00 AM",
        "0000-12-31",
    ],
)
def test_what_is_no_certain_day_is_unknown(text: str) -> None:
    assert parse_written_day(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1998", 1998), ("2024.0", 2024), ("2013 (1888)", 2013), ("1988 ; 38 years ago ( 1988 )", 1988),
        ("1987, 2001", 2001), ("1999 (as Foo), 2005 (as Bar)", 2005), ("founded 1999", 1999), ("1609", 1609),
        ("April 1, 1965 ; 60 years ago ( 1965-04-01 )", 1965), ("3/4/2021", None), ("2024-05-31", 2024),
        ("1717113600000", 2024), ("c. 1850", 1850), ("est. 2010", 2010),
        ("", None), ("soon", None), ("12", None), ("45000", None), ("1,999", None), ("2000%", None),
        ("2026-13-45", None), ("45-13-2026", None),
        ("1999-2005", 2005), ("06/2015", 2015), ("2015/06", 2015), ("2015-06", 2015),
        ("15.06.2015.", 2015), ("01.06.2015", 2015), ("２０１５", 2015),
        ("2015,0", 2015), ("2015年", 2015), ("13/2015", None), ("1990s", None), ("1990's", None), ("années 1990", None),
        ("1990er Jahre", None),
        ("1990年代", None), ("1990", 1990),
    ],
)  # fmt: skip
def test_the_latest_year_a_text_says(text: str, expected: int | None) -> None:
    assert parse_written_year(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "before 2015", "<2015", "> 2015", "≥2015", "vor 2015", "avant 2015", "pre-2000", "after 2000", "2000+",
        "2010 or 2015", "between 2010 and 2015", "zwischen 2010 und 2015", "bis 2015", "2015 or later",
        "2015 oder später",
        "2015以上", "at least 2015", "+49 2015 123", "2015 employees", "€2015", "founded before 2015",
    ],
)  # fmt: skip
def test_a_bound_an_alternative_or_a_count_is_no_year(text: str) -> None:
    assert parse_written_year(text) is None


@pytest.mark.parametrize(
    "text",
    ["since 2015", "c. 2015", "1999 bis 2015", "1999 until 2015", "<p>2015</p>", "(2015)", "2010 and 2015", "in 2015"],
)
def test_a_year_beside_other_words_is_that_year(text: str) -> None:
    assert parse_written_year(text) == 2015


@given(st.one_of(st.text(), st.from_regex(r"[0-9/.\-T:Z ]{1,20}"), st.integers().map(str)))
def test_no_text_is_an_error(text: str) -> None:
    day = parse_written_day(text)

    assert day is None or parse_written_year(text) is not None
