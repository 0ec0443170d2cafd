"""Companies as HubSpot tells them, turned into company frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID, company_frame
from icp_sync.companies.snapshot import MODIFIED, keep_latest

Results = list[Any]
_CHUNK: Final = 2_000
# So many companies are taken apart at a time: of more, the processor would fetch each from memory for every property.
_PAGE: Final = 100


def frame_of(results: Results, names: Sequence[str]) -> pl.DataFrame:
    """A company frame of told companies, in the order told, with the properties `names`."""
    columns = _Columns(names)
    for start in range(0, len(results), _PAGE):
        columns.add(results[start : start + _PAGE])
    return columns.frame()


class FrameBuilder:
    """Gathers told companies into frames of some thousands: a frame a page would cost as much to set up as to fill."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._held = _Columns(names)
        self._frames: list[pl.DataFrame] = []

    def add(self, results: Results) -> None:
        """One more page."""
        self._held.add(results)
        if len(self._held) >= _CHUNK:
            self._frame()

    def add_frame(self, companies: pl.DataFrame) -> None:
        """A frame made earlier, with the same properties."""
        self._frames.append(companies.select(ID, *self._names))

    def build(self, *others: pl.DataFrame) -> pl.DataFrame:
        """Everything gathered, and `others`, in the order of ids, a row an id: its latest reading."""
        self._frame()
        return sort_unique([*self._frames, *others])

    def _frame(self) -> None:
        self._frames.append(self._held.frame())
        self._held = _Columns(self._names)


class _Columns:
    """The texts of told companies by property; the companies themselves, which take much memory, are let go."""

    def __init__(self, names: Sequence[str]) -> None:
        self._ids: list[int] = []
        self._texts: dict[str, list[object]] = {name: [] for name in names}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, results: Results) -> None:
        if not results:
            return
        self._ids += [int(one["id"]) for one in results]
        for column, texts in zip(self._texts.values(), _by_property(results, list(self._texts)), strict=True):
            column.extend(texts)

    def frame(self) -> pl.DataFrame:
        return company_frame(self._ids, self._texts)


def _by_property(results: Results, names: Sequence[str]) -> Iterable[Iterable[object]]:
    """The texts of each property in turn."""
    told = [one["properties"] for one in results]
    if len(names) > 1:
        try:
            return zip(*map(itemgetter(*names), told), strict=True)
        except KeyError:
            # A property that HubSpot does not know is not told as empty, it is not told.
            pass
    return [[one.get(name) for one in told] for name in names]


def sort_unique(chunks: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One frame in the order of ids, a row an id: its latest reading."""
    whole = pl.concat(chunks, rechunk=True)
    if _ascending(whole):
        return whole
    return keep_latest(whole) if MODIFIED in whole.columns else whole.unique(ID, keep="last").sort(ID)


def _ascending(companies: pl.DataFrame) -> bool:
    """Whether no id came twice or out of order, as is usual."""
    return bool((companies[ID].diff().drop_nulls() > 0).all())
