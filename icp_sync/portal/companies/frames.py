"""Builds company frames from HubSpot's JSON records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID, company_frame
from icp_sync.companies.snapshot import MODIFIED, keep_latest

Results = list[Any]
_ROWS_PER_FRAME: Final = 2_000
# Records are transposed in slices that fit the processor's cache; larger ones are fetched again for every property.
_ROWS_PER_PASS: Final = 100


def frame_from_records(results: Results, names: Sequence[str]) -> pl.DataFrame:
    """Return a company frame (`id` Int64, one String column for each of `names`) in the order of `results`."""
    columns = _RecordColumns(names)
    for start in range(0, len(results), _ROWS_PER_PASS):
        columns.add(results[start : start + _ROWS_PER_PASS])
    return columns.frame()


class FrameBuilder:
    """Collects pages of records into one company frame, in chunks of 2,000 rows.

    A frame for each page of 100 would cost as much to set up as to fill.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._pending = _RecordColumns(names)
        self._frames: list[pl.DataFrame] = []

    def add(self, results: Results) -> None:
        """Add the records of a page."""
        self._pending.add(results)
        if len(self._pending) >= _ROWS_PER_FRAME:
            self._flush()

    def add_frame(self, companies: pl.DataFrame) -> None:
        """Add an existing company frame, which has at least the same properties."""
        self._frames.append(companies.select(ID, *self._names))

    def build(self, *others: pl.DataFrame) -> pl.DataFrame:
        """Return all rows added, and those of `others`, as one frame sorted by id with unique ids (`sort_unique`)."""
        self._flush()
        return sort_unique([*self._frames, *others])

    def _flush(self) -> None:
        self._frames.append(self._pending.frame())
        self._pending = _RecordColumns(self._names)


class _RecordColumns:
    """Ids and texts by property of the records added; the records themselves, which take much memory, are dropped."""

    def __init__(self, names: Sequence[str]) -> None:
        self._ids: list[int] = []
        self._texts: dict[str, list[object]] = {name: [] for name in names}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, results: Results) -> None:
        if not results:
            return
        # HubSpot sends record ids as text, and every property value as text or null.
        self._ids += [int(company["id"]) for company in results]
        for column, texts in zip(self._texts.values(), _texts_by_property(results, list(self._texts)), strict=True):
            column.extend(texts)

    def frame(self) -> pl.DataFrame:
        return company_frame(self._ids, self._texts)


def _texts_by_property(results: Results, names: Sequence[str]) -> Iterable[Iterable[object]]:
    """Transpose records: the texts of each property in turn."""
    properties = [company["properties"] for company in results]
    if len(names) > 1:
        try:
            return zip(*map(itemgetter(*names), properties), strict=True)
        except KeyError:
            # HubSpot leaves out properties it does not know, rather than sending null.
            pass
    return [[company.get(name) for company in properties] for name in names]


def sort_unique(chunks: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Concatenate frames, sorted by id; of an id's several rows the one modified last stays, else the last one."""
    companies = pl.concat(chunks, rechunk=True)
    if _is_sorted_unique(companies):
        return companies
    return keep_latest(companies) if MODIFIED in companies.columns else companies.unique(ID, keep="last").sort(ID)


def _is_sorted_unique(companies: pl.DataFrame) -> bool:
    """Whether ids are sorted and unique already, as they usually are."""
    return bool((companies[ID].diff().drop_nulls() > 0).all())
