"""Searches companies by modification date and id, in windows whose completeness is verified by count.

HubSpot's search returns at most 10,000 results, does not keep the order requested, and sends short pages. So a
window counts as complete only with as many companies as its `total`; larger ones are split by id, short ones retried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import Final

import polars as pl

from icp_sync.errors import PortalUnavailable
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.response_shapes import whole_number
from icp_sync.portal.client.routes import COMPANY_SEARCH, Route
from icp_sync.portal.companies.frames import Results, frame_from_records
from icp_sync.portal.companies.search_window import ALL_COMPANIES, PAGE_SIZE, RECORD_ID, SearchWindow

RESULT_CAP: Final = 10_000
# Companies in a window. One not bounded by ids is split early, so that its parts are fetched concurrently; any other
# one below the cap of 10,000, as companies may join it while it is read.
_SPLIT_UNBOUNDED_ABOVE: Final = 4_000
_SPLIT_ABOVE: Final = 9_000
_TARGET_SIZE: Final = 3_000
# Known ids in a window that is only counted; a `total` of 10,000 may stand for more.
_COUNT_CHUNK: Final = 8_000
_MAX_ATTEMPTS: Final = 3

OnPage = Callable[[int], None]


class ShortSearch(PortalUnavailable):
    """The search returned fewer companies than its `total`, in every attempt."""


WindowCount = tuple[SearchWindow, int]
"""A window and HubSpot's count of the companies in it."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page: HubSpot's count of the window, the records, and the cursor of the next page, None on the last."""

    total: int
    results: Results
    after: str | None


@dataclass(frozen=True, slots=True)
class _WindowResult:
    """The companies fetched of a window, and the windows still to be fetched for it."""

    companies: pl.DataFrame
    remaining: list[SearchWindow]


def count_records(connection: Connection, window: SearchWindow = ALL_COMPANIES) -> int:
    """Return the number of companies in a window (by default all) in the search index; 10,000 may stand for more."""
    return fetch_page(connection, window, [RECORD_ID], limit=1).total


def windows_modified_since(since: int, expected: pl.Series, route: Route = COMPANY_SEARCH) -> list[SearchWindow]:
    """Return windows of everything modified at `since` (epoch ms) or later, split evenly by the ids `expected`.

    `expected`: ids (Int64, ascending) likely to have been modified; they decide the cost, never the result.
    """
    whole = SearchWindow(since, route=route)
    size = max(
        _SPLIT_UNBOUNDED_ABOVE // 2, min(_SPLIT_UNBOUNDED_ABOVE * 2, ceil(expected.len() / 3 / PAGE_SIZE) * PAGE_SIZE)
    )
    return whole.split(expected.gather_every(size, offset=size - 1).to_list()) if expected.len() > size else [whole]


def fetch_search_windows(
    connection: Connection, targets: Collection[SearchWindow], names: Sequence[str], known: pl.Series, on_page: OnPage
) -> pl.DataFrame:
    """Return the companies in the windows `targets` as a company frame, unsorted, ids possibly repeated.

    `known`: ids (Int64, ascending) companies are likely to have, by which windows are split. Raises ShortSearch.
    """
    frames: list[pl.DataFrame] = [frame_from_records([], names)]
    pending = list(targets)
    while pending:
        fetched = list(
            connection.map_concurrent(lambda window: _fetch_window(connection, window, names, known, on_page), pending)
        )
        frames += [result.companies for result in fetched]
        pending = [window for result in fetched for window in result.remaining]
    return pl.concat(frames, rechunk=True)


def count_by_window(
    connection: Connection, known: pl.Series, everything: SearchWindow = ALL_COMPANIES
) -> list[WindowCount]:
    """Return HubSpot's count of all records of a kind in one window; by ranges of `known` ids where it ends at 10,000.

    `known`: ids (Int64, ascending); `everything`: all of the kind, companies unless said.
    """
    total = count_records(connection, everything)
    if total != RESULT_CAP:
        return [(everything, total)]
    windows = everything.split(known.gather_every(_COUNT_CHUNK, offset=_COUNT_CHUNK - 1).to_list())
    return list(
        zip(windows, connection.map_concurrent(lambda window: count_records(connection, window), windows), strict=True)
    )


def mismatching_windows(connection: Connection, counts: Sequence[WindowCount], known: pl.Series) -> list[SearchWindow]:
    """Return windows of at most a page in which HubSpot counts more or fewer companies than `known` has ids.

    `known`: ids (Int64, ascending). Binary search: some fifteen calls for each company too many or too few.
    """
    mismatching: list[SearchWindow] = []
    pending = list(counts)
    while pending:
        window, total = pending.pop()
        inside = window.ids_in(known)
        if total == inside.len():
            continue
        if max(total, inside.len()) <= PAGE_SIZE or inside.len() < 2:
            mismatching.append(window)
            continue
        left, right = window.split([inside.gather([inside.len() // 2 - 1]).item()])
        in_left = count_records(connection, left)
        pending += [(left, in_left), (right, total - in_left)]
    return mismatching


def ids_in_windows(windows: Collection[SearchWindow], known: pl.Series) -> list[int]:
    """Return the ids of `known` (Int64, ascending) that lie in the windows."""
    return [company_id for window in windows for company_id in window.ids_in(known)]


def fetch_page(
    connection: Connection,
    window: SearchWindow,
    names: Sequence[str],
    *,
    after: str | None = None,
    limit: int = PAGE_SIZE,
    descending: bool = False,
) -> SearchPage:
    """Fetch one page of a window, the first or the one at the cursor `after`."""
    body = window.request_body(names, limit=limit, descending=descending)
    response = connection.call(window.route, body=body if after is None else body | {"after": after})
    cursor = ((response.get("paging") or {}).get("next") or {}).get("after")
    results = response["results"]
    return SearchPage(
        whole_number(response.get("total")) or len(results), results, None if cursor is None else str(cursor)
    )


def _fetch_window(
    connection: Connection, window: SearchWindow, names: Sequence[str], known: pl.Series, on_page: OnPage
) -> _WindowResult:
    first = fetch_page(connection, window, names)
    if first.total > (_SPLIT_UNBOUNDED_ABOVE if window.is_unbounded and not window.attempts else _SPLIT_ABOVE):
        points = _split_points(connection, window, first, known)
        if points:
            return _WindowResult(frame_from_records(first.results, names), window.split(points))
    results: Results = []
    for page_results in _iter_pages(connection, window, names, first):
        on_page(len(page_results))
        results += page_results
    missing = first.total - len({record["id"] for record in results})
    return _WindowResult(
        frame_from_records(results, names), _retry_window(connection, window, first, known) if missing > 0 else []
    )


def _iter_pages(
    connection: Connection, window: SearchWindow, names: Sequence[str], first: SearchPage
) -> Iterator[Results]:
    """Yield the records of every page of a window; only a page without a next cursor ends it, not a short one."""
    fetches: Counter[str] = Counter()
    current = first
    yield current.results
    # An empty page may name itself as the next one.
    while current.after is not None and not _is_beyond_cap(current.after) and fetches[current.after] < _MAX_ATTEMPTS:
        fetches[current.after] += 1
        current = fetch_page(connection, window, names, after=current.after)
        yield current.results


def _retry_window(
    connection: Connection, window: SearchWindow, first: SearchPage, known: pl.Series
) -> list[SearchWindow]:
    """Return the windows that repeat an incomplete one: its halves, or itself if it is a page at most."""
    if window.attempts + 1 >= _MAX_ATTEMPTS:
        raise ShortSearch("HubSpot's search keeps answering fewer companies than it counts")
    # HubSpot's index lags behind writes, so a repeated search may be complete.
    halves = window.split(_split_points(connection, window, first, known)[:1]) if first.total > PAGE_SIZE else [window]
    return [replace(half, attempts=window.attempts + 1) for half in halves]


def _split_points(connection: Connection, window: SearchWindow, first: SearchPage, known: pl.Series) -> list[int]:
    """Return ids that split a window into parts of some 3,000 companies; they decide the cost, never the result."""
    parts = max(3, ceil(first.total / _TARGET_SIZE))
    inside = window.ids_in(known)
    if inside.len() >= first.total // 2 and inside.len() >= parts:
        return inside.gather([inside.len() * part // parts for part in range(1, parts)]).to_list()
    first_ids = [int(record["id"]) for record in first.results]
    last = fetch_page(connection, window, [RECORD_ID], limit=1, descending=True)
    low = min(first_ids, default=window.low or 0)
    high = max(int(record["id"]) for record in [*last.results, *first.results])
    points = [low + (high - low) * part // parts for part in range(1, parts)]
    return [point for before, point in pairwise([low - 1, *points]) if before < point < high]


def _is_beyond_cap(after: str) -> bool:
    """Whether a search cursor (an offset) lies beyond 10,000, where HubSpot answers 400."""
    return after.isdigit() and int(after) >= RESULT_CAP
