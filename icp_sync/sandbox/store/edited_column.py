"""One column of the portal: an immutable Polars series under a thin layer of edits, cheap to page through."""

from collections.abc import Sequence
from typing import Any

import polars as pl

_SMALLEST_LAYER = 4096


class Column:
    """Values by row number; edits are folded into the series when they grow or when it is asked for whole.

    A few new rows at the end are edits too: a column of a million values is not copied for one more.
    """

    def __init__(self, series: pl.Series) -> None:
        self._series = series
        self._length = len(series)
        self._edits: dict[int, Any] = {}

    @classmethod
    def empty(cls, length: int, dtype: type[pl.DataType] = pl.String) -> "Column":
        return cls(_nulls(length, dtype))

    def get(self, row: int) -> Any:
        if row in self._edits:
            return self._edits[row]
        return self._series[row] if row < len(self._series) else None

    def set(self, row: int, value: object) -> None:
        self._edits[row] = value
        self._fold_edits()

    def slice(self, start: int, length: int) -> list[Any]:
        values = self._series.slice(start, length).to_list() if start < len(self._series) else []
        values += [None] * (length - len(values))
        return self._with_edits(values, range(start, start + length)) if self._edits else values

    def gather(self, rows: Sequence[int], index: pl.Series) -> list[Any]:
        """Values of `rows`; `index` holds the same rows as a series, built once for many columns."""
        values = self._base_values(index).to_list()
        return self._with_edits(values, rows) if self._edits else values

    def values_at(self, index: pl.Series) -> pl.Series:
        """Values of the rows in `index` as a series, without folding any edits."""
        values, edits = self._base_values(index), self._edits
        if not edits:
            return values
        edited = [(place, edits[row]) for place, row in enumerate(index.to_list()) if row in edits]
        if not edited:
            return values
        new_values = pl.Series([value for _, value in edited], dtype=values.dtype)
        return values.clone().scatter([place for place, _ in edited], new_values)

    def append(self, values: pl.Series) -> None:
        """New rows at the end."""
        if len(values) <= _SMALLEST_LAYER < len(self._series):
            start, self._length = self._length, self._length + len(values)
            self._edits.update({start + n: value for n, value in enumerate(values) if value is not None})
            self._fold_edits()
            return
        self._series = pl.concat([self.series(), values.cast(self._series.dtype)], rechunk=False)
        self._length = len(self._series)
        if self._series.n_chunks() > 32:
            self._series = self._series.rechunk()

    def reorder_rows(self, index: pl.Series) -> None:
        self._series = self.series().gather(index)

    def series(self) -> pl.Series:
        """The whole column, edits included."""
        if self._length > len(self._series):
            self._series = pl.concat([self._series, _nulls(self._length - len(self._series), self._series.dtype)])
        if self._edits:
            rows = pl.Series(list(self._edits), dtype=pl.UInt32)
            new_values = pl.Series(list(self._edits.values()), dtype=self._series.dtype)
            self._series = self._series.clone().scatter(rows, new_values)
            self._edits = {}
        return self._series

    def _fold_edits(self) -> None:
        if len(self._edits) > max(_SMALLEST_LAYER, len(self._series) // 16):
            self.series()

    def _base_values(self, index: pl.Series) -> pl.Series:
        """The values under the edits; rows the series does not reach yet have none."""
        if self._length > len(self._series):
            index = index.set(index >= len(self._series), None)
        return self._series.gather(index)

    def _with_edits(self, values: list[Any], rows: Sequence[int]) -> list[Any]:
        edits = self._edits
        if edits.keys().isdisjoint(rows):
            return values
        return [edits.get(row, value) for row, value in zip(rows, values, strict=True)]


def _nulls(length: int, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    # `pl.repeat` plans and runs a query, 25 times as dear, and nobody filled most of a portal's two hundred properties.
    return pl.Series([None], dtype=dtype).new_from_index(0, length)
