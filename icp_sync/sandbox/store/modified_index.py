"""An index of rows by last-modified time, so that a search for a window scans few of them."""

from collections.abc import Callable, Iterable
from typing import Literal

import polars as pl

_MOST_TOUCHED = 16_384
_END = 2**62

Moments = Callable[[], pl.Series]


class ModifiedIndex:
    """A sorted copy of the timestamps, plus the set of rows touched since it was built."""

    def __init__(self) -> None:
        self._moments: pl.Series | None = None
        self._rows = pl.Series([], dtype=pl.UInt32)
        self._touched: dict[int, None] = {}

    def mark_modified(self, row: int) -> None:
        if self._moments is not None:
            self._touched[row] = None

    def append(self, rows: Iterable[int]) -> None:
        """New rows at the end."""
        if self._moments is not None:
            self._touched |= dict.fromkeys(rows)

    def clear(self) -> None:
        """Start anew: rows changed places."""
        self._moments, self._touched = None, {}

    def count(self, low: int | None, high: int | None, moments: Moments) -> int:
        """How many rows `candidates` would return."""
        start, stop = self._position_range(low, high, moments)
        return stop - start + len(self._touched)

    def candidates(self, low: int | None, high: int | None, moments: Moments) -> pl.Series:
        """Every row changed from `low` to `high` (inclusive, None: unbounded), and some others, each once."""
        start, stop = self._position_range(low, high, moments)
        settled = self._rows.slice(start, stop - start)
        touched = pl.Series(list(self._touched), dtype=pl.UInt32)
        return pl.concat([settled, touched]).unique() if self._touched else settled

    def _position_range(self, low: int | None, high: int | None, moments: Moments) -> tuple[int, int]:
        """The places in the sorted copy; `moments` gives the whole column, for when that must be made."""
        if self._moments is None or len(self._touched) > _MOST_TOUCHED:
            whole = moments()
            self._rows = whole.arg_sort()
            self._moments, self._touched = whole.gather(self._rows), {}
        start = 0 if low is None else _sorted_place(self._moments, low, "left")
        stop = len(self._moments) if high is None else _sorted_place(self._moments, high, "right")
        return start, max(start, stop)


def _sorted_place(moments: pl.Series, moment: int, side: Literal["left", "right"]) -> int:
    return int(moments.search_sorted(max(-_END, min(moment, _END)), side=side))
