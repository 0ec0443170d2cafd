"""Texts → intervals: plain numbers are cast as they stand, amounts read at a glance, and Python reads the odd rest.

Amounts of another currency are converted once they are read.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.companies.parse.numbers.amounts import amount
from icp_sync.companies.parse.numbers.currencies import Currencies, currency_codes, rates_of, without_code
from icp_sync.companies.parse.numbers.grammar import parse_interval
from icp_sync.companies.parse.numbers.numerals import is_doubtful

_THOUSAND: Final = 1000
_DIGITS: Final = 6
"""What a converted amount is rounded to, so that 3 × 1.1 is 3.3."""


def parse_intervals(texts: pl.Series, low: str, high: str, *, typed: bool = False) -> list[pl.Series]:
    """The columns `low` and `high` (Float64) of what these texts say as numbers, both null or neither.

    `typed`: the property holds nothing but numbers, so `12.500` is 12.5; in any text it may be 12,500.
    """
    plain = texts.cast(pl.Float64, strict=False)
    finite = plain.set(~plain.is_finite(), None)
    quick = finite if typed else _without_doubtful(texts, finite)
    if _unparsed(texts, quick).is_empty():
        return [quick.alias(low), quick.alias(high)]
    quick = texts.to_frame().select(pl.coalesce(quick, amount(pl.col(texts.name)))).to_series()
    parsed = [(text, *ends) for text in _unparsed(texts, quick).unique() if (ends := parse_interval(text)) is not None]
    if not parsed:
        return [quick.alias(low), quick.alias(high)]
    table = pl.DataFrame(parsed, schema={texts.name: pl.String, low: pl.Float64, high: pl.Float64}, orient="row")
    joined = texts.to_frame().join(table, on=texts.name, how="left", maintain_order="left")
    return [quick.zip_with(quick.is_not_null(), joined[end]).alias(end) for end in (low, high)]


def _without_doubtful(texts: pl.Series, plain: pl.Series) -> pl.Series:
    """The plain numbers, null where the text is one like `12.500`; few numbers are even looked at."""
    fractions = (plain.abs() < _THOUSAND) & (plain != plain.floor())
    doubtful = [text for text in texts.filter(fractions).unique() if is_doubtful(text.strip())]
    return plain.set(texts.is_in(doubtful), None) if doubtful else plain


def convert(texts: pl.Series, beside: pl.Series | None, ends: list[pl.Series], by: Currencies) -> list[pl.Series]:
    """Intervals in `by.own`, null where the currency that is named has no rate; `ends` as `intervals` makes them.

    `beside`: the property that names the currency of these texts, where there is one.
    """
    rates = rates_of(currency_codes(texts, beside, by), by).alias("rate")
    rate_of, frame = pl.col("rate"), pl.DataFrame([*_retry_without_codes(texts, ends, by), rates])
    columns = (pl.col(end.name) for end in ends)
    worth = (pl.when(rate_of == 1).then(end).otherwise((end * rate_of).round(_DIGITS)) for end in columns)
    return frame.select(worth).get_columns()


def _retry_without_codes(texts: pl.Series, ends: list[pl.Series], by: Currencies) -> list[pl.Series]:
    """The intervals, also of texts that can be read once the codes rates are given for are taken away."""
    odd = texts.filter(ends[0].is_null() & texts.is_not_null()).unique()
    bare = {text: rest for text in odd if (rest := without_code(text, by)) != text}
    if not bare:
        return ends
    names = [end.name for end in ends]
    replaced = texts.replace_strict(list(bare), list(bare.values()), default=None, return_dtype=pl.String)
    return [
        end.zip_with(end.is_not_null(), retried)
        for end, retried in zip(ends, parse_intervals(replaced, *names), strict=True)
    ]


def _unparsed(texts: pl.Series, parsed: pl.Series) -> pl.Series:
    """The texts that have not been read yet."""
    return texts.filter(parsed.is_null() & texts.is_not_null())
