"""Searching down from the highest id while the list's cursor climbs: its ranges, and what of them is read.

The cursor is sequential, so it waits for every answer; searches need no cursor of the list. A range is believed only
while its pages come in order and its count falls by as many as came; otherwise it is left to the cursor.
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
from icp_sync.portal.companies.frames import Results, frame_of
from icp_sync.portal.companies.search import OnPage, Page, Window, page

# A search of a larger range is spent on cutting it.
_LARGEST: Final = 4_000
_PART: Final = 2_000
_MOST_PARTS: Final = 8
_TRIES: Final = 2


@dataclass(slots=True, eq=False)
class _Range:
    """Ids from `low` to `high`; those from `reached` on are read."""

    low: int
    high: int
    reached: int = field(init=False)
    tries: int = 0

    def __post_init__(self) -> None:
        self.reached = self.high + 1


class DescendingSearch:
    """Ranges of ids searched from the highest down by several threads, each running `work`."""

    def __init__(self, connection: Connection, names: Sequence[str], on_page: OnPage, low: int, high: int) -> None:
        self.found: list[pl.DataFrame] = []
        self.fault: PortalError | None = None
        self._connection, self._names, self._on_page = connection, names, on_page
        self._climbed = low - 1
        self._news = Condition()
        self._waiting = [_Range(low, high)]
        self._working: list[_Range] = []
        self._left: list[_Range] = []
        self._ended = False

    def work(self) -> None:
        """Search one range after the other until none is left or the cursor has met us."""
        try:
            while (one := self._next()) is not None:
                self._search(one)
                self._done(one)
        except PortalError as fault:
            # Searching only saves time: without it the cursor reads what is left, and meets a lasting fault itself.
            self.fault = fault
            self.end()
        except BaseException:
            self.end()
            raise

    def climbed(self, to: int) -> bool:
        """The cursor has read every id up to `to`; true when nothing above it is left to read."""
        with self._news:
            self._climbed = to
            if self.fault is not None:
                return False
            unread = [one.reached - 1 for one in (*self._waiting, *self._working)]
            return all(highest <= to for highest in [*unread, *(one.high for one in self._left)])

    def end(self) -> None:
        """Let every thread stop after the answer it waits for."""
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _next(self) -> _Range | None:
        """The highest range nobody works on, cut to what the cursor has not read."""
        with self._news:
            while not self._ended:
                while self._waiting:
                    one = self._waiting.pop()
                    one.low = max(one.low, self._climbed + 1)
                    if one.low <= one.high:
                        self._working.append(one)
                        return one
                if not self._working:
                    break
                self._news.wait()
            self._ended = True
            self._news.notify_all()
            return None

    def _search(self, one: _Range) -> None:
        results: Results = []
        rest: int | None = None
        while not self._met(one):
            told = page(self._connection, Window(None, one.low, one.reached - 1), self._names, descending=True)
            if rest is None and told.total > _LARGEST:
                return self._cut(one, told)
            if not told.total:
                one.reached = one.low
                break
            if told.total != (told.total if rest is None else rest) or not _in_order(told, one):
                return self._leave(one)
            rest = told.total - len(told.results)
            results += told.results
            self._on_page(len(told.results))
            with self._news:
                one.reached = int(told.results[-1]["id"]) if rest else one.low
        with self._news:
            self.found.append(frame_of(results, self._names))
        return None

    def _met(self, one: _Range) -> bool:
        with self._news:
            return self._ended or one.reached <= max(one.low, self._climbed + 1)

    def _cut(self, one: _Range, told: Page) -> None:
        parts = min(_MOST_PARTS, ceil(told.total / _PART))
        width = one.high - one.low + 1
        ends = sorted({one.low + width * place // parts for place in range(parts + 1)})
        with self._news:
            self._waiting += [_Range(low, high - 1) for low, high in pairwise(ends)]
            one.reached = one.low
            self._news.notify_all()

    def _leave(self, one: _Range) -> None:
        """Once more from its top, since a company may have gone meanwhile; then the cursor has to read it."""
        again = _Range(one.low, one.high, tries=one.tries + 1)
        with self._news:
            (self._waiting if again.tries < _TRIES else self._left).append(again)

    def _done(self, one: _Range) -> None:
        with self._news:
            self._working.remove(one)
            self._news.notify_all()


def _in_order(told: Page, one: _Range) -> bool:
    """Whether a page has companies, from the top of what is not read downwards."""
    ids = [int(record["id"]) for record in told.results]
    falling = all(before > after for before, after in pairwise(ids))
    return bool(ids) and falling and ids[0] < one.reached and ids[-1] >= one.low
