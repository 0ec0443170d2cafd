"""When two texts of a property are equal: by the value they stand for, not letter by letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar

import polars as pl

PropertyType = Literal["enumeration", "bool", "number", "string", "datetime"]
Texts = TypeVar("Texts", pl.Expr, pl.Series)


def texts_equal(left: Texts, right: Texts, kind: str) -> Texts:
    """Boolean column: whether two String columns hold the same value of a property of type `kind`.

    `80` equals `80.0`, `true` equals `TRUE`, and any two datetimes are equal: HubSpot answers one moment in several
    forms, and ours differs with every run. Null where either text is null, but for numbers and datetimes.
    """
    same_value = _SAME_VALUE.get(kind)
    return left == right if same_value is None else same_value(left, right) | (left == right)


def values_equal(left: str, right: str, kind: str) -> bool:
    """`texts_equal` for two Python strings."""
    if left == right or kind not in _SAME_VALUE:
        return left == right
    return _same_value(left, right, kind)


@lru_cache(maxsize=65_536)  # A plan of 100,000 companies has some thousand pairs of scores; each costs 10 us.
def _same_value(left: str, right: str, kind: str) -> bool:
    return bool(texts_equal(pl.Series([left]), pl.Series([right]), kind).item())


def _same_number(left: Texts, right: Texts) -> Texts:
    """False where either text is no number; what is a number is what Polars casts to Float64."""
    equal = left.cast(pl.Float64, strict=False) == right.cast(pl.Float64, strict=False)
    return equal.fill_null(value=False)


def _same_bool(left: Texts, right: Texts) -> Texts:
    return left.str.to_lowercase() == right.str.to_lowercase()


def _any_two_datetimes_equal(left: Texts, right: Texts) -> Texts:
    return left.is_null() | left.is_not_null() | right.is_null()


_SAME_VALUE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "number": _same_number,
    "bool": _same_bool,
    "datetime": _any_two_datetimes_equal,
}
"""How texts that are not the same may still be equal; other types are equal by text alone."""
