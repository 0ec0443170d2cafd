"""Companies as HubSpot tells them, turned into company frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID, company_frame
from icp_sync.companies.replica import MODIFIED, latest

Results = list[Any]
_CHUNK: Final = 2_000


def frame_of(results: Results, names: Sequence[str]) -> pl.DataFrame:
    """A company frame of told companies, in the order told, with the properties `names`."""
    texts: list[Mapping[str, object]] = [one["properties"] for one in results]
    columns = {name: [text.get(name) for text in texts] for name in names}
    return company_frame([int(one["id"]) for one in results], columns)


class Framing:
    """Gathers told companies into frames of some thousands: a frame a page would cost as much to set up as to fill."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._held: Results = []
        self._frames: list[pl.DataFrame] = []

    def add(self, results: Results) -> None:
        """One more page."""
        self._held += results
        if len(self._held) >= _CHUNK:
            self._frame()

    def take(self, companies: pl.DataFrame) -> None:
        """A frame made earlier, with the same properties."""
        self._frames.append(companies.select(ID, *self._names))

    def whole(self, *others: pl.DataFrame) -> pl.DataFrame:
        """Everything gathered, and `others`, in the order of ids, a row an id: its latest reading."""
        self._frame()
        return settled([*self._frames, *others])

    def _frame(self) -> None:
        self._frames.append(frame_of(self._held, self._names))
        self._held = []


def settled(chunks: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One frame in the order of ids, a row an id: its latest reading."""
    whole = pl.concat(chunks, rechunk=True)
    if _ascending(whole):
        return whole
    return latest(whole) if MODIFIED in whole.columns else whole.unique(ID, keep="last").sort(ID)


def _ascending(companies: pl.DataFrame) -> bool:
    """Whether no id came twice or out of order, as is usual."""
    return bool((companies[ID].diff().drop_nulls() > 0).all())
