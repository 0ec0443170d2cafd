"""The company frame: one row a company, its numeric `id`, and every HubSpot property as text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import polars as pl

ID: Final = "id"


def company_frame(ids: Sequence[int], columns: Mapping[str, Sequence[object]]) -> pl.DataFrame:
    """A company frame of `id` (Int64) and one String column for each property, in the order given.

    Null is the one way to be empty, so `""`, which HubSpot answers for a cleared property, becomes null.
    A number or Boolean that arrives where HubSpot documents a string is kept as text.
    Raises ValueError when a property is called `id` or the columns differ in length.
    """
    if ID in columns:
        raise ValueError(f"a property cannot be called {ID!r}: the company's record id has that name")
    texts = [pl.Series(name, values, dtype=pl.String, strict=False) for name, values in columns.items()]
    frame = pl.DataFrame([pl.Series(ID, ids, dtype=pl.Int64), *texts])
    return frame.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)))


def with_missing_columns(frame: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
    """The frame with an all-null String column for each of `names` that it lacks; duplicates are allowed."""
    absent = dict.fromkeys(name for name in names if name not in frame.columns)
    return frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
