"""What decides about a company packed into a few integers, so that those that are alike can be judged once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

Digits = Mapping[str, int]
"""The columns that make a pattern, and how many different values, from 0, each can hold."""

_ROOM: Final = 2**63


def codes(digits: Digits, columns: Collection[str]) -> list[pl.Expr]:
    """The columns `pattern.0`, `pattern.1`, … (UInt64), mixed-radix numbers, as far as these columns make them.

    What all columns together make is the sum; a number they have no digit in is left out.
    """
    ours = {
        name: [pl.col(column).cast(pl.UInt64) * stride for column, stride in worth.items() if column in columns]
        for name, worth in _numbers(digits).items()
    }
    return [pl.sum_horizontal(parts).alias(name) for name, parts in ours.items() if parts]


def decoded(digits: Digits) -> list[pl.Expr]:
    """The digits again, each as UInt8, from the columns of `codes`."""
    return [
        (pl.col(name) // stride % digits[column]).cast(pl.UInt8).alias(column)
        for name, worth in _numbers(digits).items()
        for column, stride in worth.items()
    ]


def names(digits: Digits) -> list[str]:
    """The names of the columns of `codes`."""
    return list(_numbers(digits))


def _numbers(digits: Digits) -> dict[str, dict[str, int]]:
    """As many numbers as the digits need, each with its columns and the worth of 1 in them."""
    numbers: dict[str, dict[str, int]] = {}
    stride = _ROOM
    for column, kinds in digits.items():
        if stride * kinds > _ROOM:
            numbers[f"pattern.{len(numbers)}"] = {}
            stride = 1
        numbers[f"pattern.{len(numbers) - 1}"][column] = stride
        stride *= kinds
    return numbers
