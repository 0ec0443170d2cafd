"""Searches id ranges from the highest id downwards, while the list's cursor reads upwards.

A range counts as complete only while its pages come in descending order and its count falls by as many companies as
each page brought; otherwise it is searched once more and then left to the cursor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from threading import Condition
from typing import Final

import polars as pl

from icp_sync.errors import PortalError
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies.frames import Results, frame_from_records
from icp_sync.portal.companies.search import OnPage, SearchPage, fetch_page
from icp_sync.portal.companies.search_window import SearchWindow

# Companies in a range; the first search of a larger one only measures it and splits it by id.
_SPLIT_ABOVE: Final = 4_000
# HubSpot's ids lie in clusters (imports), so a range is split by id into parts of uneven size, and again as needed.
_TARGET_SIZE: Final = 2_000
_MAX_PARTS: Final = 8
_MAX_ATTEMPTS: Final = 2


@dataclass(slots=True, eq=False)
class _IdRange:
    """Ids from `low` to `high`, both inclusive; those from `read_from` on are read."""

    low: int
    high: int
    read_from: int = field(init=False)
    attempts: int = 0

    def __post_init__(self) -> None:
        self.read_from = self.high + 1


class DescendingSearch:
    """Id ranges searched from the highest downwards by several threads, each running `work`.

    `frames`: a company frame for each complete range; `error`: what ended the search early, None if nothing did.
    """

    def __init__(self, connection: Connection, names: Sequence[str], on_page: OnPage, low: int, high: int) -> None:
        self.frames: list[pl.DataFrame] = []
        self.error: PortalError | None = None
        self._connection, self._names, self._on_page = connection, names, on_page
        self._cursor = low - 1
        self._changed = Condition()
        self._waiting = [_IdRange(low, high)]
        self._in_progress: list[_IdRange] = []
        self._given_up: list[_IdRange] = []
        self._stopped = False

    def search_until_done(self) -> None:
        """Search range after range until none is left, the cursor has met them, or `stop` was called."""
        try:
            while (id_range := self._take_waiting_range()) is not None:
                self._search_range(id_range)
                self._mark_range_done(id_range)
        except PortalError as error:
            # Search only saves time: the cursor reads the rest without it, and raises a lasting error itself.
            self.error = error
            self.stop()
        except BaseException:
            self.stop()
            raise

    def advance_cursor(self, last_id: int) -> bool:
        """Record that the cursor has read every id up to `last_id`; returns whether all ids above it are read."""
        with self._changed:
            self._cursor = last_id
            if self.error is not None:
                return False
            unread = [id_range.read_from - 1 for id_range in (*self._waiting, *self._in_progress)]
            return all(highest <= last_id for highest in [*unread, *(id_range.high for id_range in self._given_up)])

    def stop(self) -> None:
        """Make every thread return after its current call."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _take_waiting_range(self) -> _IdRange | None:
        """Take the highest waiting range, without the ids the cursor has read; None when the search is over."""
        with self._changed:
            while not self._stopped:
                while self._waiting:
                    id_range = self._waiting.pop()
                    id_range.low = max(id_range.low, self._cursor + 1)
                    if id_range.low <= id_range.high:
                        self._in_progress.append(id_range)
                        return id_range
                if not self._in_progress:
                    break
                self._changed.wait()
            self._stopped = True
            self._changed.notify_all()
            return None

    def _search_range(self, id_range: _IdRange) -> None:
        results: Results = []
        expected_total: int | None = None
        while not self._has_met_cursor(id_range):
            result_page = fetch_page(
                self._connection, SearchWindow(None, id_range.low, id_range.read_from - 1), self._names, descending=True
            )
            if expected_total is None and result_page.total > _SPLIT_ABOVE:
                return self._split_range(id_range, result_page)
            if not result_page.total:
                id_range.read_from = id_range.low
                break
            # HubSpot's search sends short pages and breaks its order; both show here, before ids are missed.
            as_expected = expected_total in {None, result_page.total}
            if not (as_expected and _is_descending(result_page, id_range)):
                return self._retry_or_give_up(id_range)
            expected_total = result_page.total - len(result_page.results)
            results += result_page.results
            self._on_page(len(result_page.results))
            with self._changed:
                id_range.read_from = int(result_page.results[-1]["id"]) if expected_total else id_range.low
        with self._changed:
            self.frames.append(frame_from_records(results, self._names))
        return None

    def _has_met_cursor(self, id_range: _IdRange) -> bool:
        with self._changed:
            return self._stopped or id_range.read_from <= max(id_range.low, self._cursor + 1)

    def _split_range(self, id_range: _IdRange, result_page: SearchPage) -> None:
        parts = min(_MAX_PARTS, ceil(result_page.total / _TARGET_SIZE))
        width = id_range.high - id_range.low + 1
        ends = sorted({id_range.low + width * place // parts for place in range(parts + 1)})
        with self._changed:
            self._waiting += [_IdRange(low, high - 1) for low, high in pairwise(ends)]
            id_range.read_from = id_range.low
            self._changed.notify_all()

    def _retry_or_give_up(self, id_range: _IdRange) -> None:
        """Search a range once more from its top, as a deletion changes its count; then leave it to the cursor."""
        retry = _IdRange(id_range.low, id_range.high, attempts=id_range.attempts + 1)
        with self._changed:
            (self._waiting if retry.attempts < _MAX_ATTEMPTS else self._given_up).append(retry)

    def _mark_range_done(self, id_range: _IdRange) -> None:
        with self._changed:
            self._in_progress.remove(id_range)
            self._changed.notify_all()


def _is_descending(result_page: SearchPage, id_range: _IdRange) -> bool:
    """Whether a page has records, descending, all inside the unread part of the range."""
    ids = [int(record["id"]) for record in result_page.results]
    falling = all(before > after for before, after in pairwise(ids))
    return bool(ids) and falling and ids[0] < id_range.read_from and ids[-1] >= id_range.low
