"""Companies that say the same are read once: a million rows hold a few thousand different addresses or industries."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import polars as pl

Tell = Callable[[pl.DataFrame], pl.DataFrame]
"""Makes one row of each row; it must not matter to it which rows stand together."""

_FEWEST: Final = 8_192
_MOST: Final = 131_072
"""Rows worked on at a time: fewer are not worth the effort, and what is made of more takes memory on the way."""


def once(texts: pl.DataFrame, tell: Tell) -> pl.DataFrame:
    """What `tell` makes of each row of texts, and of those that are the same only once."""
    if not _repeats(texts):
        return in_slices(texts, tell)
    different = texts.unique()
    told = in_slices(different, tell)
    both = pl.concat([different, told], how="horizontal")
    return texts.join(both, on=texts.columns, how="left", nulls_equal=True, maintain_order="left").select(told.columns)


def in_slices(rows: pl.DataFrame, tell: Tell) -> pl.DataFrame:
    """What `tell` makes of each row, on all cores."""
    cores = pl.thread_pool_size()
    slices = list(rows.iter_slices(min(max(-(-rows.height // cores), _FEWEST), _MOST))) or [rows]
    with ThreadPoolExecutor(cores) as pool:
        return pl.concat(pool.map(tell, slices), rechunk=True)


def _repeats(texts: pl.DataFrame) -> bool:
    """Whether finding the different rows is worth it; a row without any text is no work either way."""
    row = pl.col(texts.columns[0]) if texts.width == 1 else pl.struct(pl.all()).hash()
    some = pl.any_horizontal(pl.all().is_not_null())
    different, filled = texts.select(row.approx_n_unique().alias("different"), some.sum().alias("filled")).row(0)
    return bool(different <= max(filled // 2, 1))
