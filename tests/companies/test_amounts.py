"""What is read at a glance is what the slow reading says, too."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.parse.numbers.common_amounts import common_amount
from icp_sync.companies.parse.numbers.grammar import parse_interval


def glance(text: str | None) -> float | None:
    amount: float | None = pl.select(common_amount(pl.lit(text, dtype=pl.String))).item()
    return amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1,234,567", 1_234_567), ("€ 12", 12), ("1,234.5", 1234.5), ("12.5M", 12.5e6), ("2.5 bn EUR", 2.5e9),
        ("US$3 million", 3e6), ("7k", 7000), ("GBP 1,000", 1000),
    ],
)  # fmt: skip
def test_plain_amounts_are_read(text: str, value: float) -> None:
    assert glance(text) == value


@pytest.mark.parametrize(
    "text", [None, "", "$12.345", "0,500", "1,23", "10-50", "10+", "5 mio", "a 5", "12,345,6", "1 2"]
)
def test_all_else_is_left(text: str | None) -> None:
    assert glance(text) is None


pieces = st.sampled_from(
    ["$", "€", "usd", "EUR ", " ", "1", "0", "23", "456", ",", ",789", ".", ".5", "k", "M", "bn", " million", "+", "-"]
)


@given(st.lists(pieces, max_size=7).map("".join))
def test_a_glance_never_says_another_thing(text: str) -> None:
    amount = glance(text)

    assert amount is None or parse_interval(text) == (amount, amount)


@given(
    st.sampled_from(["", "$", "US$", "eur ", "£ "]),
    st.integers(1, 10**15).map("{:,}".format) | st.decimals(1, 10**6, places=2).map("{:,}".format),
    st.sampled_from(["", "k", " M", "bn", " billion"]),
    st.sampled_from(["", " USD", "€"]),
)
def test_every_plain_amount_is_read_as_the_slow_reading_does(before: str, digits: str, unit: str, after: str) -> None:
    text = f"{before}{digits}{unit}{after}"
    amount = glance(text)

    assert parse_interval(text) == (amount, amount)
