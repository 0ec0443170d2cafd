"""Texts → intervals: plain numbers are cast, common amounts parsed in Polars, and the rest in Python.

Amounts in another currency are converted after parsing.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.companies.parse.numbers.common_amounts import common_amount
from icp_sync.companies.parse.numbers.currencies import (
    Currencies,
    exchange_rates,
    parse_currency_codes,
    strip_currency_codes,
)
from icp_sync.companies.parse.numbers.grammar import parse_interval
from icp_sync.companies.parse.numbers.numerals import is_ambiguous

_THOUSAND: Final = 1000
_DIGITS: Final = 6
"""What a converted amount is rounded to, so that 3 × 1.1 is 3.3."""


def parse_intervals(texts: pl.Series, low: str, high: str, *, typed: bool = False) -> list[pl.Series]:
    """Parses texts to the columns `low` and `high` (Float64), both null or neither.

    `typed`: the property is of HubSpot's type `number`, so `12.500` is 12.5; in free text it may be 12,500.
    """
    plain = texts.cast(pl.Float64, strict=False)
    finite = plain.set(~plain.is_finite(), None)
    quick = finite if typed else _drop_doubtful_numbers(texts, finite)
    if quick.null_count() == texts.null_count():
        return [quick.alias(low), quick.alias(high)]
    quick = texts.to_frame().select(pl.coalesce(quick, common_amount(pl.col(texts.name)))).to_series()
    parsed = [
        (text, *ends) for text in _unparsed_texts(texts, quick).unique() if (ends := parse_interval(text)) is not None
    ]
    if not parsed:
        return [quick.alias(low), quick.alias(high)]
    table = pl.DataFrame(parsed, schema={texts.name: pl.String, low: pl.Float64, high: pl.Float64}, orient="row")
    joined = texts.to_frame().join(table, on=texts.name, how="left", maintain_order="left")
    return [quick.zip_with(quick.is_not_null(), joined[end]).alias(end) for end in (low, high)]


def _drop_doubtful_numbers(texts: pl.Series, plain: pl.Series) -> pl.Series:
    """The plain numbers, null where the text is one like `12.500` or `12.000`; few numbers are even looked at."""
    pointed = (plain.abs() < _THOUSAND) & texts.str.contains(".", literal=True)
    doubtful = [text for text in texts.filter(pointed).unique() if is_ambiguous(text.strip())]
    return plain.set(texts.is_in(doubtful), None) if doubtful else plain


def convert_currency(
    texts: pl.Series, beside: pl.Series | None, ends: list[pl.Series], by: Currencies
) -> list[pl.Series]:
    """Converts the intervals `ends` (low, high) to `by.own`; null where the named currency has no rate.

    `beside`: the values of the property that holds the currency of these texts, or None.
    """
    rates = exchange_rates(parse_currency_codes(texts, beside, by), by).alias("rate")
    rate_of, frame = pl.col("rate"), pl.DataFrame([*_retry_without_codes(texts, ends, by), rates])
    columns = (pl.col(end.name) for end in ends)
    worth = (pl.when(rate_of == 1).then(end).otherwise((end * rate_of).round(_DIGITS)) for end in columns)
    return frame.select(worth).get_columns()


def _retry_without_codes(texts: pl.Series, ends: list[pl.Series], by: Currencies) -> list[pl.Series]:
    """The intervals, with texts that parse only without a currency code parsed again without it."""
    left = texts.filter(ends[0].is_null() & texts.is_not_null()).unique()
    text_without_code = {text: rest for text in left if (rest := strip_currency_codes(text, by)) != text}
    if not text_without_code:
        return ends
    names = [end.name for end in ends]
    replaced = texts.replace_strict(
        list(text_without_code), list(text_without_code.values()), default=None, return_dtype=pl.String
    )
    return [
        end.zip_with(end.is_not_null(), retried)
        for end, retried in zip(ends, parse_intervals(replaced, *names), strict=True)
    ]


def _unparsed_texts(texts: pl.Series, parsed: pl.Series) -> pl.Series:
    """The texts that are not parsed yet."""
    return texts.filter(parsed.is_null() & texts.is_not_null())
