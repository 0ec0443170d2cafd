"""Texts → intervals: plain numbers are cast as they stand, amounts read at a glance, and Python reads the odd rest."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.companies.amounts import amount
from icp_sync.companies.numbers import interval
from icp_sync.companies.numerals import is_doubtful

_THOUSAND: Final = 1000


def intervals(texts: pl.Series, low: str, high: str) -> list[pl.Series]:
    """The columns `low` and `high` (Float64) of what these texts say as numbers, both null or neither."""
    plain = texts.cast(pl.Float64, strict=False)
    quick = _without_doubtful(texts, plain.set(~plain.is_finite(), None))
    if _left(texts, quick).is_empty():
        return [quick.alias(low), quick.alias(high)]
    quick = texts.to_frame().select(pl.coalesce(quick, amount(pl.col(texts.name)))).to_series()
    said = [(text, *ends) for text in _left(texts, quick).unique() if (ends := interval(text)) is not None]
    if not said:
        return [quick.alias(low), quick.alias(high)]
    table = pl.DataFrame(said, schema={texts.name: pl.String, low: pl.Float64, high: pl.Float64}, orient="row")
    found = texts.to_frame().join(table, on=texts.name, how="left", maintain_order="left")
    return [quick.zip_with(quick.is_not_null(), found[end]).alias(end) for end in (low, high)]


def _without_doubtful(texts: pl.Series, plain: pl.Series) -> pl.Series:
    """The plain numbers, null where the text is one like `12.500`; few numbers are even looked at."""
    fractions = (plain.abs() < _THOUSAND) & (plain != plain.floor())
    doubtful = [text for text in texts.filter(fractions).unique() if is_doubtful(text.strip())]
    return plain.set(texts.is_in(doubtful), None) if doubtful else plain


def _left(texts: pl.Series, read: pl.Series) -> pl.Series:
    """The texts that have not been read yet."""
    return texts.filter(read.is_null() & texts.is_not_null())
