"""Numbers as people type them: the interval they say, or unknown, never a wrong one."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.parse.numbers.grammar import parse_interval
from icp_sync.companies.parse.numbers.interval_columns import parse_intervals

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
    ("$1.125M", 1.125e6, 1.125e6),
    ("USD 1.125M", 1.125e6, 1.125e6),
    ("1.125M GBP", 1.125e6, 1.125e6),
    ("XL (1000+)", 1000, INF),
    ("XS (1-10)", 1, 10),
    ("kr50", 50, 50),
    ("£2.125 m", 2.125e6, 2.125e6),
    ("500²", 500, 500),
    ("500 employees (2022)³", 500, 500),
    ("11-50²", 11, 50),
    ("1 200¹", 1200, 1200),
    ("500①", 500, 500),
    ("1k-5000", 1000, 5000),
]


@pytest.mark.parametrize(("text", "low", "high"), SAID)
def test_a_number_is_the_interval_it_says(text: str, low: float, high: float) -> None:
    assert parse_interval(text) == pytest.approx((low, high), rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "-", "#####", "Jan-50", "50-Jan", "1/24/33", "2021-03-04", "12:30", "1-1-2020",
        "Not Provided", "NA", "nan", "inf", "1_000", "12.500 Mitarbeiter", "1,234 Mio", "1.234 Mrd",
        "0,500", "1,2,3", "10 mil", "50%", "24/7", "10x", "3rd", "B2B", "Covid-19", "½", "10 to 5",
        "40 people in 3 countries", "50 countries", "founded 1999", "JPY 0 11 trillion (2013)",
        "1,229 in Belgium and 955 in Germany", "116 (2025) 49,480 (2025)", "$5M in millions", "10 years",
        "up to 10-50", "1" + " or more" * 40, "814,0000", "1,2345", "+1500 (2023)", "1000-", "12.500", "1.234",
        "$.5M", "500~", "Fortune 500", "Top 1000", "8 figures", "5k/quarter", "€500/Monat", "2 500 mil", "02. Okt",
        "Mai 50", "10-févr", "02/out", "alle 50", "not 50", "No. 500", "at least 10-50", "at most 50 or more", "M€",
        "10 T", "5 k m", "not up to 50", "3 und 4", "founded in 1999 with 50 employees", "250 in 3 countries",
        "500 by 2030", "1.5-2.125", "-12.500", "+12.500", "1.500 M€", "1.500 M", "1.200 k€", "1.200-5000 k€",
        "1.200-5.000 k€", "1.500 mln EUR", "500 m²", "10⁶", "5 10²", "2023 (500 employees)", "2023 (500)",
        "- 500 Mitarbeiter", "– 500", "C3", "AB1", "Size 2", "Q4: $5M", "q1 (500)", "US: 500", "DE (50)", "10M-50",
        "1億2000-3000",
    ],
)  # fmt: skip
def test_what_could_mean_something_else_is_unknown(text: str) -> None:
    assert parse_interval(text) is None


@given(st.one_of(st.text(), st.from_regex(r"[$€<>~ ]?[0-9.,' ]{1,12}[-+ kKmMbn%/]{0,3}[0-9.,]{0,6}[ a-z()0-9]{0,8}")))
def test_any_text_is_an_interval_or_unknown(text: str) -> None:
    interval = parse_interval(text)

    assert interval is None or interval[0] <= interval[1]


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_whole_number_with_separators_is_itself(number: int) -> None:
    assert parse_interval(f"{number:,}") == parse_interval(str(number)) == (number, number)


@pytest.mark.parametrize(
    "text",
    [
        "A remote team of 40 people scattered around the globe.",
        "50 or so we think",
        "250 Kunden",
        "500 clients",
        "50 lbs",
    ],
)
def test_a_number_with_words_left_over_that_nobody_knows_is_unknown(text: str) -> None:
    assert parse_interval(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("250 employees or more", 250, INF),
        ("50 people or fewer", 0, 50),
        ("50 & under", 0, 50),
        ("Large (501-1,000)", 501, 1000),
        ("Level 2 (51-200)", 51, 200),
        ("Tier 1 (1000+ employees)", 1000, INF),
        ("3. Medium: 51-200", 51, 200),
        ("B: 51-200", 51, 200),
        ("[51-200]", 51, 200),
        ("(1,200)", -1200, -1200),
        ("FY2023: 500", 500, 500),
        ("2023年度: 500名", 500, 500),
        ("$10M per year", 1e7, 1e7),
        ("500 employees [12]", 500, 500),
    ],
)
def test_labels_and_words_that_are_known_leave_the_number_readable(text: str, low: float, high: float) -> None:
    assert parse_interval(text) == (low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("less then ~50", 0, 49),
        ("north of 250", 251, INF),
        ("less than or equal to 50", 0, 50),
        ("upwards of 250", 250, INF),
        ("weniger als 50 Mitarbeiter", 0, 49),
        ("höchstens 50", 0, 50),
        ("50 und mehr", 50, INF),
        ("moins de 50 salariés", 0, 49),
        ("jusqu’à 50 salariés", 0, 50),
        ("10 000 salariés et plus", 10_000, INF),
        ("MÁS DE 500 empleados", 501, INF),
        ("50 o menos", 0, 50),
        ("Mais de 500 funcionários", 501, INF),
        ("até 50", 0, 50),
        ("più di 500 dipendenti", 501, INF),
        ("fino a 50", 0, 50),
        ("meer dan 500", 501, INF),
        ("färre än 50 anställda", 0, 49),
        ("mniej niż 50", 0, 49),
        ("co najmniej 50 osób", 50, INF),
        ("более 500 сотрудников", 501, INF),
        ("50 и более", 50, INF),
        ("50人未満", 0, 49),
        ("500名以上", 500, INF),
        ("超过500人", 501, INF),
        ("500명 이상", 500, INF),
        ("trên 500 người", 501, INF),
    ],
)
def test_bounds_are_read_in_the_languages_of_the_vocabulary(text: str, low: float, high: float) -> None:
    assert parse_interval(text) == (low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("not less than 50", 50, INF),
        ("no fewer than 50", 50, INF),
        ("not exceeding 50", 0, 50),
        ("nicht weniger als 50", 50, INF),
        ("nicht über 50", 0, 50),
        ("pas plus de 50", 0, 50),
        ("no más de 50", 0, 50),
        ("não menos de 50", 50, INF),
        ("niet meer dan 50", 0, 50),
        ("не более 50", 0, 50),
        ("不少于50人", 50, INF),
        ("不超过 50", 0, 50),
    ],
)
def test_a_negated_bound_is_the_bound_of_the_other_side(text: str, low: float, high: float) -> None:
    assert parse_interval(text) == (low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("51~200", 51, 200),
        ("51 a 200", 51, 200),
        ("von 51 bis 200 Mitarbeiter", 51, 200),
        ("de 51 à 200 salariés", 51, 200),
        ("zwischen 51 und 200", 51, 200),
        ("tussen 51 en 200", 51, 200),
        ("от 51 до 200", 51, 200),
        ("51人から200人", 51, 200),
        ("1.001-5.000", 1001, 5000),
        ("501 - 1.000 empleados", 501, 1000),
        ("entre 10 et 50 M€", 1e7, 5e7),
        ("₹1 Cr - ₹5 Cr", 1e7, 5e7),
        ("10 a 50 millones de euros", 1e7, 5e7),
        ("1-5億円", 1e8, 5e8),
        ("€500k - €1M", 5e5, 1e6),
        ("MEUR 10-50", 1e7, 5e7),
        ("MUSD 10 - 50", 1e7, 5e7),
        ("TEUR 500-1000", 5e5, 1e6),
        ("TEUR 10.000-50.000", 1e7, 5e7),
        ("T€ 500-1000", 5e5, 1e6),
        ("zwischen MEUR 10 und 50", 1e7, 5e7),
    ],
)
def test_ranges_are_joined_in_many_ways(text: str, low: float, high: float) -> None:
    assert parse_interval(text) == pytest.approx((low, high), rel=1e-15)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50 MUSD", 5e7),
        ("MEUR 1,5", 1.5e6),
        ("TEUR 10.000", 1e7),
        ("10.000 T€", 1e7),
        ("$1.2T", 1.2e12),
        ("10 mkr", 1e7),
        ("1,5 Md€", 1.5e9),
        ("3 Mds d’euros", 3e9),
        ("1.500 Mio. €", 1.5e9),
        ("R$ 5 milhões", 5e6),
        ("20 mil millones", 2e10),
        ("$10 mil.", 1e7),
        ("5 млн", 5e6),
        ("20 миллиардов долларов", 2e10),
        ("5000 tis. Kč", 5e6),
        ("10 triệu", 1e7),
        ("10 مليون", 1e7),
        ("10 εκατ. €", 1e7),
        ("50 lac", 5e6),
        ("Rs. 50 Cr.", 5e8),
        ("1,000万円", 1e7),
        ("1億2000万円", 1.2e8),
        ("1000만 원", 1e7),
        ("3조 5000억", 3.5e12),
        ("約500名", 500),
        ("従業員数：500名", 500),
    ],
)
def test_units_and_counts_are_read_in_the_languages_of_the_vocabulary(text: str, value: float) -> None:
    assert parse_interval(text) == pytest.approx((value, value), rel=1e-15)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("12,5 (Mio. €)", 12.5e6, 12.5e6),
        ("12,5 （in Mio. EUR）", 12.5e6, 12.5e6),
        ("10 [million]", 1e7, 1e7),
        ("500 (TEUR)", 5e5, 5e5),
        ("1,234 ($M)", 1.234e9, 1.234e9),
        ("50 (lakhs)", 5e6, 5e6),
        ("100 (億円)", 1e10, 1e10),
        ("500 (or more)", 500, INF),
        ("500 (min)", 500, INF),
        ("500 (max)", 0, 500),
        ("500 (or more) (2023)", 500, INF),
    ],
)
def test_a_bracket_behind_a_number_is_read_as_if_it_stood_in_line(text: str, low: float, high: float) -> None:
    assert parse_interval(text) == pytest.approx((low, high), rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        "500 (employees)", "500 (Stand 31.12.2023)", "500 (Dezember 2023)", "500 (2022/23)", "500 (FY26)", "500 (est.)",
        "500 (incl. 20 contractors)", "500 (per year)", "500 [a]", "500 [citation needed]", "SEK 500 (US$ 48)",
        "Revenue (2023): 500",
    ],
)  # fmt: skip
def test_a_remark_in_brackets_leaves_the_number_as_it_is(text: str) -> None:
    assert parse_interval(text) == (500, 500)


@pytest.mark.parametrize(
    "text",
    [
        "$10K (per month)", "$10K (monthly)", "€500 (pro Monat)", "$100K (per employee)", "$10K (MRR)", "500 (?)",
        "500 (unconfirmed)", "500 (customers)", "$10M (funding)", "US$ 225M ( Q2 2016 )", "500 (H1 2023)",
        "500 (customers, 2023)", "$10K (per employee, 2023)", "$10K (2023) (per month)", "$10K (per month) (2023)",
        "500 (2023) per month", "500 (2019), 800", "1 (500)", "10 (-50)", "10 [-50]", "500 [b]",
    ],
)  # fmt: skip
def test_a_bracket_that_nobody_knows_makes_the_number_unknown(text: str) -> None:
    assert parse_interval(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "($5.2M)", "($5.2 million)", "(5.2M USD)", "USD (5.2M)", "(5.2M €)", "(5,2 Mio. €)", "(5.200.000 €)",
        "(USD 5,200,000)", "($ 5.2M)", "(5.2M) USD", "(5.2) million", "TEUR (5.200)",
    ],
)  # fmt: skip
def test_an_amount_in_brackets_is_negative_whatever_its_unit_and_currency(text: str) -> None:
    assert parse_interval(text) == (-5.2e6, -5.2e6)


@pytest.mark.parametrize(
    "text",
    [
        "Employees – 200", "Employees - 200", "Employees -200", "Mitarbeiter - 200", "Headcount – 1,200", "Size - 200",
        "Revenue - $10M", "Revenue -$10M", "ca. -200", "Employees:- 200", "$ - 200", "-(500)",
    ],
)  # fmt: skip
def test_a_dash_behind_a_label_is_no_minus(text: str) -> None:
    assert parse_interval(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("$-5M", -5e6, -5e6), ("-$5M", -5e6, -5e6), ("EUR -5", -5, -5), ("~-5", -5, -5), ("less than -5", -INF, -6)],
)
def test_a_minus_is_glued_to_its_amount(text: str, low: float, high: float) -> None:
    assert parse_interval(text) == (low, high)


def test_a_column_reads_each_text_as_it_reads_alone() -> None:
    texts = ["12.5", "12.500", "12.000", "5.0", "812.125", "0.125", "1200.125", "51-200", "moins de 50", None]
    low, high = parse_intervals(pl.Series("p", texts, dtype=pl.String), "low", "high")

    assert low.to_list() == [12.5, None, None, 5.0, None, 0.125, 1200.125, 51, 0, None]
    assert high.to_list() == [12.5, None, None, 5.0, None, 0.125, 1200.125, 200, 49, None]
