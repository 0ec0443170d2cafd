"""Numbers as people type them: the interval they say, or unknown, never a wrong one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.numbers import interval

INF = math.inf

SAID = [
    ("0", 0, 0),
    ("800", 800, 800),
    (" 800 ", 800, 800),
    ("-5", -5, -5),
    ("3.0", 3, 3),
    ("1.0E7", 1e7, 1e7),
    ("1,200", 1200, 1200),
    ("1'200", 1200, 1200),
    ("1 200 000", 1_200_000, 1_200_000),
    ("1.234.567", 1_234_567, 1_234_567),
    ("1.234,5", 1234.5, 1234.5),
    ("1,234.5", 1234.5, 1234.5),
    ("12,34,567", 1_234_567, 1_234_567),
    ("-1,200", -1200, -1200),
    ("10,001+", 10001, INF),
    ("20,000 or more", 20000, INF),
    ("at least 50", 50, INF),
    (">500", 501, INF),
    ("more than 500", 501, INF),
    ("Less than 250", 0, 249),
    ("< 10", 0, 9),
    ("up to 50", 0, 50),
    ("under 0", -INF, -1),
    ("50 or fewer", 0, 50),
    ("11-50", 11, 50),
    ("1 - 10", 1, 10),
    ("501–1,000", 501, 1000),
    ("1000 to 4999", 1000, 4999),
    ("5000 to 19,999", 5000, 19999),
    ("between 10 and 20", 10, 20),
    ("Approximately 200-300 employees.", 200, 300),
    ("€10M", 1e7, 1e7),
    ("10M€", 1e7, 1e7),
    ("USD10m", 1e7, 1e7),
    ("$10MM", 1e7, 1e7),
    ("$1.2bn", 1.2e9, 1.2e9),
    ("1,5 Mio", 1.5e6, 1.5e6),
    ("5 crore", 5e7, 5e7),
    ("$10M-$50M", 1e7, 5e7),
    ("10-50m", 1e7, 5e7),
    ("500-1m", 500, 1e6),
    ("€ -149.9 mio", -149.9e6, -149.9e6),
    ("~40", 40, 40),
    ("c. 1,000 (2022)", 1000, 1000),
    ("3,167 (average, 2021)", 3167, 3167),
    ("190,820 (Dec. 2025)", 190_820, 190_820),
    ("2013 (1888)", 2013, 2013),
    ("€ 149.9 mio (2017)", 149.9e6, 149.9e6),
    ("4.7 billion Euro (2024)", 4.7e9, 4.7e9),
    ("¥ 1,375,589,000,000 ( FY 2022)", 1_375_589_000_000, 1_375_589_000_000),
    ("¥ 2.939 trillion (2024) ¥ 2.769 trillion (2023)", 2.939e12, 2.939e12),
    ("¥ 2.769 trillion (2023) ¥ 2.939 trillion (2024)", 2.939e12, 2.939e12),
    ("SEK 74.1 billion (2024) ( US$ 7.01 billion )", 74.1e9, 74.1e9),
    ("c.250 (2024)", 250, 250),
    ("ca.250", 250, 250),
    ("10,000 employees as of February 22, 2022", 10_000, 10_000),
    ("$2.5 billion in 2023", 2.5e9, 2.5e9),
    ("as of 2021: 500", 500, 500),
    ("500 in 2019, 800 in 2023", 800, 800),
    ("Large (501–1,000 employees)", 501, 1000),
    ("€ 1 Mio. - 5 Mio.", 1e6, 5e6),
    ("3,5 Mrd. EUR", 3.5e9, 3.5e9),
    ("$1.2 trillion", 1.2e12, 1.2e12),
    ("£500k+", 500_000, INF),
    ("CA$10 million", 1e7, 1e7),
]


@pytest.mark.parametrize(("text", "low", "high"), SAID)
def test_a_number_is_the_interval_it_says(text: str, low: float, high: float) -> None:
    assert interval(text) == pytest.approx((low, high), rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "-", "#####", "Jan-50", "50-Jan", "1/24/33", "2021-03-04", "12:30", "1-1-2020",
        "Not Provided", "NA", "nan", "inf", "1_000", "12.500 Mitarbeiter", "1,234 Mio", "1.234 Mrd",
        "0,500", "1,2,3", "10 mil", "50%", "24/7", "10x", "3rd", "B2B", "Covid-19", "½", "10 to 5",
        "40 people in 3 countries", "50 countries", "founded 1999", "JPY 0 11 trillion (2013)",
        "1,229 in Belgium and 955 in Germany", "116 (2025) 49,480 (2025)", "$5M in millions", "10 years",
        "up to 10-50", "1" + " or more" * 40, "814,0000", "1,2345", "+1500 (2023)", "1000-", "R$ 5 milhões", "5 万",
        "5 млн", "founded in 1999 with 50 employees", "250 in 3 countries", "500 by 2030",
    ],
)  # fmt: skip
def test_what_could_mean_something_else_is_unknown(text: str) -> None:
    assert interval(text) is None


@given(st.one_of(st.text(), st.from_regex(r"[$€<>~ ]?[0-9.,' ]{1,12}[-+ kKmMbn%/]{0,3}[0-9.,]{0,6}[ a-z()0-9]{0,8}")))
def test_any_text_is_an_interval_or_unknown(text: str) -> None:
    found = interval(text)

    assert found is None or found[0] <= found[1]


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_whole_number_with_separators_is_itself(number: int) -> None:
    assert interval(f"{number:,}") == interval(str(number)) == (number, number)


@pytest.mark.parametrize(
    "text",
    [
        "50 MUSD",
        "moins de 50 salariés",
        "Tier 1 (1000+ employees)",
        "north of 250",
        "50 & under",
        "Level 2 (51-200)",
        "A remote team of 40 people scattered around the globe.",
    ],
)
def test_a_number_with_words_left_over_that_nobody_knows_is_unknown(text: str) -> None:
    assert interval(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("250 employees or more", 250, math.inf),
        ("50 people or fewer", 0, 50),
        ("Large (501-1,000)", 501, 1000),
        ("(1,200)", -1200, -1200),
    ],
)
def test_words_that_are_known_leave_the_number_readable(text: str, low: float, high: float) -> None:
    assert interval(text) == (low, high)
