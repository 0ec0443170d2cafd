"""One column of the portal: an immutable Polars series under a thin layer of edits, cheap to page through."""

from collections.abc import Sequence
from typing import Any

import polars as pl

_SMALLEST_LAYER = 4096


class Column:
    """Values by row number; edits are folded into the series when they grow or when it is asked for whole."""

    def __init__(self, series: pl.Series) -> None:
        self._series = series
        self._edits: dict[int, Any] = {}

    @classmethod
    def empty(cls, length: int, dtype: type[pl.DataType] = pl.String) -> "Column":
        return cls(pl.repeat(None, length, dtype=dtype, eager=True))

    def get(self, row: int) -> Any:
        return self._edits[row] if row in self._edits else self._series[row]

    def set(self, row: int, value: object) -> None:
        self._edits[row] = value
        if len(self._edits) > max(_SMALLEST_LAYER, len(self._series) // 16):
            self.settled()

    def slice(self, start: int, length: int) -> list[Any]:
        values = self._series.slice(start, length).to_list()
        return self._edited(values, range(start, start + length)) if self._edits else values

    def gather(self, rows: Sequence[int], index: pl.Series) -> list[Any]:
        """Values of `rows`; `index` is the same rows as a series, made once for many columns."""
        values = self._series.gather(index).to_list()
        return self._edited(values, rows) if self._edits else values

    def append(self, values: pl.Series) -> None:
        self._series = pl.concat([self.settled(), values.cast(self._series.dtype)], rechunk=False)
        if self._series.n_chunks() > 32:
            self._series = self._series.rechunk()

    def reorder(self, index: pl.Series) -> None:
        self._series = self.settled().gather(index)

    def settled(self) -> pl.Series:
        """The whole column, edits included."""
        if self._edits:
            length, edits = len(self._series), self._edits
            rows = pl.Series(list(edits), dtype=pl.UInt32)
            news = pl.Series(list(edits.values()), dtype=self._series.dtype)
            places = pl.int_range(length, length + len(edits), dtype=pl.UInt32, eager=True)
            index = pl.int_range(length, dtype=pl.UInt32, eager=True).scatter(rows, places)
            self._series = pl.concat([self._series, news], rechunk=False).gather(index)
            self._edits = {}
        return self._series

    def _edited(self, values: list[Any], rows: Sequence[int]) -> list[Any]:
        edits = self._edits
        if edits.keys().isdisjoint(rows):
            return values
        return [edits.get(row, value) for row, value in zip(rows, values, strict=True)]
