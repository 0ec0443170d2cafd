"""Mixed-radix encoding of all results, so that each distinct combination is scored once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import polars as pl

FrameTransform = Callable[[pl.DataFrame], pl.DataFrame]
"""Makes one row of each row; it must not matter to it which rows stand together."""

_FEWEST: Final = 8_192
_MOST: Final = 131_072
"""Rows worked on at a time: fewer are not worth the effort, and what is made of more takes memory on the way."""


def map_distinct(texts: pl.DataFrame, transform: FrameTransform) -> pl.DataFrame:
    """What `transform` makes of each row of texts, and of those that are the same only once."""
    if not _worth_deduplicating(texts):
        return map_slices(texts, transform)
    distinct = texts.unique()
    transformed = map_slices(distinct, transform)
    both = pl.concat([distinct, transformed], how="horizontal")
    # Empty properties are null, and two rows with the same nulls are the same row: without nulls_equal they get none.
    joined = texts.join(both, on=texts.columns, how="left", nulls_equal=True, maintain_order="left")
    return joined.select(transformed.columns)


def map_slices(rows: pl.DataFrame, transform: FrameTransform) -> pl.DataFrame:
    """What `transform` makes of each row, on all cores."""
    cores = pl.thread_pool_size()
    slices = list(rows.iter_slices(min(max(-(-rows.height // cores), _FEWEST), _MOST))) or [rows]
    # Threads are enough: Polars lets go of the interpreter's lock while it works.
    if len(slices) == 1:
        return transform(rows).rechunk()
    with ThreadPoolExecutor(cores) as pool:
        return pl.concat(pool.map(transform, slices), rechunk=True)


def _worth_deduplicating(texts: pl.DataFrame) -> bool:
    """Whether finding the different rows is worth it; a row without any text is no work either way."""
    # An estimate is enough and takes a fraction of `unique`; descriptions, nearly all different, are told at once.
    row = pl.col(texts.columns[0]) if texts.width == 1 else pl.struct(pl.all()).hash()
    some = pl.any_horizontal(pl.all().is_not_null())
    different, filled = texts.select(row.approx_n_unique().alias("different"), some.sum().alias("filled")).row(0)
    return bool(different <= max(filled // 2, 1))


Digits = Mapping[str, int]
"""The columns that make a signature, and how many different values, from 0, each can hold."""

_ROOM: Final = 2**63  # one bit less than UInt64 holds, so that no sum of digits can overflow


def pack_signature(digits: Digits, columns: Collection[str]) -> list[pl.Expr]:
    """The columns `signature.0`, `signature.1`, … (UInt64), mixed-radix numbers, as far as these columns make them.

    What all columns together make is the sum; a number they have no digit in is left out.
    """
    ours = {
        name: [pl.col(column).cast(pl.UInt64) * stride for column, stride in worth.items() if column in columns]
        for name, worth in _packed_columns(digits).items()
    }
    return [pl.sum_horizontal(parts).alias(name) for name, parts in ours.items() if parts]


def unpack_signature(digits: Digits) -> list[pl.Expr]:
    """The digits again, each as UInt8, from the columns of `pack_signature`."""
    return [
        (pl.col(name) // stride % digits[column]).cast(pl.UInt8).alias(column)
        for name, worth in _packed_columns(digits).items()
        for column, stride in worth.items()
    ]


def signature_names(digits: Digits) -> list[str]:
    """The names of the columns of `pack_signature`."""
    return list(_packed_columns(digits))


def _packed_columns(digits: Digits) -> dict[str, dict[str, int]]:
    """As many numbers as the digits need, each with its columns and the worth of 1 in them."""
    numbers: dict[str, dict[str, int]] = {}
    stride = _ROOM
    for column, kinds in digits.items():
        if stride * kinds > _ROOM:
            numbers[f"signature.{len(numbers)}"] = {}
            stride = 1
        numbers[f"signature.{len(numbers) - 1}"][column] = stride
        stride *= kinds
    return numbers
