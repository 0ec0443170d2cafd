"""Searching companies by when they changed and by id, in windows that no search can answer in part unnoticed.

HubSpot's search gives 10,000 results at most, keeps no order it promised, and sends short pages. So a window is
believed only when it brought as many companies as it counts; a larger one is cut by id, a short one asked again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import Any, Final

import polars as pl

from icp_sync.companies.snapshot import MODIFIED
from icp_sync.errors import Unavailable
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import COMPANY_SEARCH
from icp_sync.portal.companies.frames import Results, frame_of

PAGE: Final = 200
CEILING: Final = 10_000
# HubSpot answers 500 for 1970-01-01T00:00:00.
EARLIEST: Final = 1_000
LONGEST_BODY: Final = 3_000
_RECORD_ID: Final = "hs_object_id"
# Everything that changed is asked in several windows at a time: one alone would wait for every answer.
_LARGE: Final = 4_000
_LARGEST: Final = 9_000
_PART: Final = 3_000
_COUNTED: Final = 8_000
_TRIES: Final = 3

OnPage = Callable[[int], None]


class ShortSearch(Unavailable):
    """The search keeps answering fewer companies than it counts."""


@dataclass(frozen=True, slots=True)
class Window:
    """Companies changed at `since` or later (epoch ms; None: ever) with ids from `low` to `high` (None: open)."""

    since: int | None = None
    low: int | None = None
    high: int | None = None
    attempts: int = 0

    @property
    def unbounded(self) -> bool:
        """Whether no id bounds it."""
        return self.low is None and self.high is None

    def body(self, names: Sequence[str], *, limit: int = PAGE, descending: bool = False) -> dict[str, Any]:
        """The search for it, in the order of ids."""
        since = None if self.since is None else max(self.since, EARLIEST)
        bounds = [(MODIFIED, "GTE", since), (_RECORD_ID, "GTE", self.low), (_RECORD_ID, "LTE", self.high)]
        filters = [
            {"propertyName": name, "operator": operator, "value": str(value)}
            for name, operator, value in bounds
            if value is not None
        ]
        direction = "DESCENDING" if descending else "ASCENDING"
        return {
            "filterGroups": [{"filters": filters}] if filters else [],
            "sorts": [{"propertyName": _RECORD_ID, "direction": direction}],
            "properties": list(names),
            "limit": limit,
        }

    def split(self, after: Sequence[int]) -> list[Window]:
        """The same companies in windows of their own, each ending with one of the ids `after`."""
        lows = [self.low, *(one + 1 for one in after)]
        highs = [*after, self.high]
        return [replace(self, low=low, high=high, attempts=0) for low, high in zip(lows, highs, strict=True)]


Counted = tuple[Window, int]
"""A window and how many companies HubSpot counts in it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: how many companies the window counts, these of them, and where the next ones are."""

    total: int
    results: Results
    after: str | None


@dataclass(frozen=True, slots=True)
class _Answered:
    """What asking a window brought, and the windows that are still to be asked."""

    found: pl.DataFrame
    further: list[Window]


def body_fits(names: Sequence[str]) -> bool:
    """Whether a search may ask for all of `names`; beyond 3,000 characters HubSpot refuses the body."""
    widest = Window(10**13, 10**12, 10**12)
    return len(json.dumps(widest.body(names) | {"after": "10000"})) < LONGEST_BODY


def count(connection: Connection, window: Window = Window()) -> int:
    """The companies of a window (the whole portal), as the index knows them; 10,000 may stand for more."""
    return page(connection, window, [_RECORD_ID], limit=1).total


def windows(since: int, expected: pl.Series) -> list[Window]:
    """What changed since, in windows that the companies `expected` among it (ids, ascending) fill evenly."""
    whole = Window(since)
    size = max(_LARGE // 2, min(_LARGE * 2, ceil(expected.len() / 3 / PAGE) * PAGE))
    return whole.split(expected.gather_every(size, offset=size - 1).to_list()) if expected.len() > size else [whole]


def search(
    connection: Connection, asked: Collection[Window], names: Sequence[str], known: pl.Series, on_page: OnPage
) -> pl.DataFrame:
    """The companies in the windows `asked`: a company frame; one may stand in it more than once.

    `known` are ids (ascending) that companies are likely to have: windows are cut along them. Raises ShortSearch.
    """
    found: list[pl.DataFrame] = [frame_of([], names)]
    pending = list(asked)
    while pending:
        answers = list(
            connection.map_concurrent(lambda one: _fetch_window(connection, one, names, known, on_page), pending)
        )
        found += [one.found for one in answers]
        pending = [window for one in answers for window in one.further]
    return pl.concat(found, rechunk=True)


def count_by_window(connection: Connection, known: pl.Series) -> list[Counted]:
    """How many companies HubSpot counts, at once; where it counts to 10,000 only, along `known` (ids, ascending)."""
    total = count(connection)
    if total != CEILING:
        return [(Window(), total)]
    windows = Window().split(known.gather_every(_COUNTED, offset=_COUNTED - 1).to_list())
    return list(zip(windows, connection.map_concurrent(lambda one: count(connection, one), windows), strict=True))


def mismatching_windows(connection: Connection, counted: Sequence[Counted], known: pl.Series) -> list[Window]:
    """Windows of a page at most that count more or fewer companies than `known` (ids, ascending) has in them.

    Each company too many or too few takes some fifteen calls to find, by halves.
    """
    found: list[Window] = []
    pending = list(counted)
    while pending:
        window, total = pending.pop()
        inside = known.filter(_within(known, window))
        if total == inside.len():
            continue
        if max(total, inside.len()) <= PAGE or inside.len() < 2:
            found.append(window)
            continue
        left, right = window.split([inside.gather([inside.len() // 2 - 1]).item()])
        in_left = count(connection, left)
        pending += [(left, in_left), (right, total - in_left)]
    return found


def ids_in(windows: Collection[Window], known: pl.Series) -> list[int]:
    """The ids of `known` that lie in the windows."""
    return [one for window in windows for one in known.filter(_within(known, window))]


def page(
    connection: Connection,
    window: Window,
    names: Sequence[str],
    *,
    after: str | None = None,
    limit: int = PAGE,
    descending: bool = False,
) -> Page:
    """One page of a window."""
    body = window.body(names, limit=limit, descending=descending)
    told = connection.call(COMPANY_SEARCH, body=body if after is None else body | {"after": after})
    following = ((told.get("paging") or {}).get("next") or {}).get("after")
    results = told["results"]
    return Page(int(told.get("total") or len(results)), results, None if following is None else str(following))


def _fetch_window(
    connection: Connection, window: Window, names: Sequence[str], known: pl.Series, on_page: OnPage
) -> _Answered:
    first = page(connection, window, names)
    if first.total > (_LARGE if window.unbounded and not window.attempts else _LARGEST):
        cuts = _split_points(connection, window, first, known)
        if cuts:
            return _Answered(frame_of(first.results, names), window.split(cuts))
    results: Results = []
    for told in _following(connection, window, names, first):
        on_page(len(told))
        results += told
    missing = first.total - len({one["id"] for one in results})
    return _Answered(frame_of(results, names), _retry_window(connection, window, first, known) if missing > 0 else [])


def _following(connection: Connection, window: Window, names: Sequence[str], first: Page) -> Iterator[Results]:
    """Every page of a window: short and empty ones may name a next, and only the one that names none is the last."""
    asked: Counter[str] = Counter()
    told = first
    yield told.results
    # An empty page may name itself as the next.
    while told.after is not None and not _past_cap(told.after) and asked[told.after] < _TRIES:
        asked[told.after] += 1
        told = page(connection, window, names, after=told.after)
        yield told.results


def _retry_window(connection: Connection, window: Window, first: Page, known: pl.Series) -> list[Window]:
    """A window that brought less than it counts is asked in halves, and one page of it as it is, a few times."""
    if window.attempts + 1 >= _TRIES:
        raise ShortSearch("HubSpot's search keeps answering fewer companies than it counts")
    halves = window.split(_split_points(connection, window, first, known)[:1]) if first.total > PAGE else [window]
    return [replace(one, attempts=window.attempts + 1) for one in halves]


def _split_points(connection: Connection, window: Window, first: Page, known: pl.Series) -> list[int]:
    """Ids along which a window falls into parts of a few thousand companies; where they lie decides only the cost."""
    parts = max(3, ceil(first.total / _PART))
    inside = known.filter(_within(known, window))
    if inside.len() >= first.total // 2 and inside.len() >= parts:
        return inside.gather([inside.len() * place // parts for place in range(1, parts)]).to_list()
    ends = [int(one["id"]) for one in first.results]
    last = page(connection, window, [_RECORD_ID], limit=1, descending=True)
    low, high = min(ends, default=window.low or 0), max(int(one["id"]) for one in [*last.results, *first.results])
    cuts = [low + (high - low) * place // parts for place in range(1, parts)]
    return [one for before, one in pairwise([low - 1, *cuts]) if before < one < high]


def _within(ids: pl.Series, window: Window) -> pl.Series:
    return (ids >= (window.low or 0)) & (ids <= (window.high or ids.max() or 0))


def _past_cap(after: str) -> bool:
    """Whether a next page lies where HubSpot answers 400."""
    return after.isdigit() and int(after) >= CEILING
