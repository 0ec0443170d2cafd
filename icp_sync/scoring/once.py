"""Companies that say the same are read once: a million rows hold a few thousand different addresses or industries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

_SLICE: Final = 65_536
"""Rows worked on at a time where texts hardly repeat: what is read of them fits the caches and is let go again."""


def once(texts: pl.DataFrame, tell: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """What `tell` makes of each row of texts, one row for each; it must not matter to it which rows stand together."""
    if not _repeats(texts):
        return _in_slices(texts, tell)
    different = texts.unique()
    told = _in_slices(different, tell)
    both = pl.concat([different, told], how="horizontal")
    return texts.join(both, on=texts.columns, how="left", nulls_equal=True, maintain_order="left").select(told.columns)


def _repeats(texts: pl.DataFrame) -> bool:
    """Whether finding the different rows is worth it; a row without any text is no work either way."""
    row = pl.col(texts.columns[0]) if texts.width == 1 else pl.struct(pl.all()).hash()
    some = pl.any_horizontal(pl.all().is_not_null())
    different, filled = texts.select(row.approx_n_unique().alias("different"), some.sum().alias("filled")).row(0)
    return bool(different <= max(filled // 2, 1))


def _in_slices(texts: pl.DataFrame, tell: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([tell(part) for part in texts.iter_slices(_SLICE)] or [tell(texts)], rechunk=True)
