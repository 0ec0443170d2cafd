"""The currency an amount names, and what the amount is worth in the profile's own."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.companies.parse.numbers.currencies import Currencies, parse_currency_codes
from icp_sync.companies.parse.parsed_columns import ValueKind, high_column, low_column, parse_properties
from icp_sync.companies.parse.portal_conventions import Conventions

EURO = Currencies("EUR", {"USD": 0.9, "JPY": 0.0062, "THB": 0.026}, {"amount": "amount_currency"})


def code_of(text: str | None, beside: str | None = None, by: Currencies = EURO) -> str | None:
    """The currency one amount names."""
    texts, others = (pl.Series("amount", [one], dtype=pl.String) for one in (text, beside))
    code: str | None = parse_currency_codes(texts, others, by).item()
    return code


def worth(text: str, beside: str | None = None, by: Currencies = EURO) -> tuple[float | None, float | None]:
    """What one amount comes to, as the ends of an interval."""
    frame = pl.DataFrame(
        {"amount": [text], "amount_currency": [beside]}, schema_overrides={"amount_currency": pl.String}
    )
    parsed = parse_properties(frame, [("amount", ValueKind.NUMBER)], Conventions(currencies=by))
    return parsed[low_column("amount")].item(), parsed[high_column("amount")].item()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("€50M", "EUR"), ("50 Mio. €", "EUR"), ("50 k€", "EUR"), ("EUR 50", "EUR"), ("TEUR 50", "EUR"),
        ("50 MUSD", "USD"), ("50MUSD", "USD"), ("USD50M", "USD"), ("$50M", "USD"), ("$m 50", "USD"), ("US$ 5bn", "USD"),
        ("US$5M USD", "USD"), ("$5M CAD", "CAD"), ("C$5M", "CAD"), ("A$ 5", "AUD"),
        ("R$ 5", "BRL"), ("US $5", "USD"), ("c. $5M", "USD"), ("HK$5", "HKD"),
        ("£5m", "GBP"), ("¥5,000", "JPY"), ("5000万円", "JPY"), ("5 MSEK", "SEK"), ("5 CHF", "CHF"),
        ("₹ 5 crore", "INR"), ("5 THB", "THB"), ("5 mkr", "unclear"), ("Rs. 5", "unclear"), ("€5 / $6", "unclear"),
        ("5,000", None), ("250 employees", None), ("top 100", None), ("Krakow 5", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_the_text_names_a_currency(text: str | None, code: str | None) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("text", "beside", "code"),
    [
        ("5,000", "JPY", "JPY"),
        ("5000000", " usd ", "USD"),
        ("€5M", "JPY", "EUR"),
        ("$5M", "CAD", "CAD"),
        ("5 mkr", "NOK", "NOK"),
        ("5,000", "n/a", None),
        (None, "JPY", None),
    ],
)
def test_the_property_beside_it_names_it_where_the_text_does_not(
    text: str | None, beside: str, code: str | None
) -> None:
    assert code_of(text, beside) == code


@pytest.mark.parametrize(
    ("own", "text", "code"),
    [("CAD", "$5M", "CAD"), ("CNY", "¥5", "CNY"), ("SEK", "5 mkr", "SEK"), ("USD", "5 kr", "unclear")],
)
def test_a_sign_of_several_currencies_is_the_profiles_own_where_it_may_be(own: str, text: str, code: str) -> None:
    assert code_of(text, by=Currencies(own)) == code


@pytest.mark.parametrize(
    ("text", "beside", "ends"),
    [
        ("$10M", None, (9e6, 9e6)),
        ("10000000", "USD", (9e6, 9e6)),
        ("€10M", None, (1e7, 1e7)),
        ("10,000", None, (1e4, 1e4)),
        ("$1M - $10M", None, (9e5, 9e6)),
        ("$10M+", None, (9e6, float("inf"))),
        ("less than $10M", None, (0.0, 8_999_999.1)),
        ("¥1,000,000", None, (6200.0, 6200.0)),
        ("-5", "USD", (-4.5, -4.5)),
        ("10 THB", None, (0.26, 0.26)),
        ("£10M", None, (None, None)),
        ("10", "GBP", (None, None)),
        ("5 mkr", None, (None, None)),
        ("nobody knows", "USD", (None, None)),
    ],
)
def test_amounts_are_converted_once_they_are_read(
    text: str, beside: str | None, ends: tuple[float | None, float | None]
) -> None:
    assert worth(text, beside) == ends


def test_a_converted_amount_does_not_miss_its_bound_by_a_hair() -> None:
    assert worth("3", "USD", Currencies("EUR", {"USD": 1.1}, EURO.beside)) == (3.3, 3.3)


def test_american_dollars_are_none_of_the_profiles_own() -> None:
    assert [code_of(text, by=Currencies("CAD")) for text in ("US $5", "US$ 5", "$5")] == ["USD", "USD", "CAD"]
