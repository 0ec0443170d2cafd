"""Full scan of all companies from both ends: the list's cursor from the lowest id, searches from the highest.

The cursor is sequential: 100 companies for each round trip. Searches of id ranges need no cursor and run beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from operator import lt
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.errors import PortalError, RunStopped
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import PageIterator, scan_companies
from icp_sync.portal.companies.descending_search import DescendingSearch
from icp_sync.portal.companies.frames import FrameBuilder, frame_from_records
from icp_sync.portal.companies.search import OnPage, fetch_page, fetch_search_windows
from icp_sync.portal.companies.search_window import ALL_COMPANIES, SearchWindow, fits_search_body

# Five searches of 200 companies a second are the most HubSpot allows; a cursor whose pages take less than this
# reads 2,000 a second alone.
SEARCH_PAYS_ABOVE_S: Final = 0.05
# The cursor reads a smaller portal (30 pages) before the searches have split its ids.
MIN_COMPANIES_TO_SEARCH: Final = 3_000
_TIMED_PAGES: Final = 3
_SEARCH_THREADS: Final = 3


@dataclass(frozen=True, slots=True)
class ScanResult:
    """A company frame sorted by id, and notes for the report on how the scan had to be made."""

    companies: pl.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """An interrupted scan: the companies the cursor had read, and HubSpot's cursor of the next page."""

    companies: pl.DataFrame
    after: str


OnInterrupt = Callable[[Checkpoint], None]


@dataclass(slots=True)
class _CursorScan:
    """The list's cursor: companies read so far, the last id, and whether ids were ascending throughout."""

    pages: PageIterator
    on_page: OnPage
    builder: FrameBuilder
    last_id: int = 0
    ascending: bool = True

    def start_from(self, companies: pl.DataFrame) -> None:
        """Start with the companies of a checkpoint, sorted by id."""
        self.builder.add_frame(companies)
        highest = companies[ID].max()
        self.last_id = highest if isinstance(highest, int) else 0

    def read_next_page(self) -> bool:
        """Read the next page; False at the end of the list."""
        results = next(self.pages, None)
        if results is None:
            return False
        self.on_page(len(results))
        ids = [self.last_id, *(int(record["id"]) for record in results)]
        # HubSpot does not document the list's order; in practice ids ascend.
        self.ascending = self.ascending and all(map(lt, ids, ids[1:]))
        self.last_id = ids[-1]
        self.builder.add(results)
        return True


def scan_all(
    connection: Connection,
    names: Sequence[str],
    on_page: OnPage,
    *,
    checkpoint: Checkpoint | None = None,
    on_interrupt: OnInterrupt = lambda _: None,
    min_page_s: float = SEARCH_PAYS_ABOVE_S,
) -> ScanResult:
    """Return every live company that the list endpoint has, resumed from `checkpoint` where one is passed.

    Searches help only where a page of the list takes `min_page_s` seconds or more and its ids are ascending;
    otherwise the cursor reads alone. `on_page(number of companies)` is called for each page, from several threads.
    Raises PortalError or Stopped rather than return part of a portal; `on_interrupt` then gets a checkpoint first.
    """
    cursor = _CursorScan(
        scan_companies(connection, names, after=checkpoint.after if checkpoint else None), on_page, FrameBuilder(names)
    )
    if checkpoint is not None:
        cursor.start_from(checkpoint.companies)
    try:
        return _scan_adaptively(connection, names, cursor, min_page_s)
    except (PortalError, RunStopped):
        # In practice HubSpot's cursor is a record id, so it stays valid for a later run.
        if cursor.ascending and cursor.pages.after is not None:
            on_interrupt(Checkpoint(cursor.builder.build(), cursor.pages.after))
        raise


def _scan_adaptively(
    connection: Connection, names: Sequence[str], cursor: _CursorScan, min_page_s: float
) -> ScanResult:
    # The fastest of a few pages: a single slow one says nothing about the rest.
    fastest_page_s = min(_read_and_time_page(connection, cursor) for _ in range(_TIMED_PAGES))
    if not (fastest_page_s >= min_page_s and cursor.ascending and fits_search_body(names)):
        return _scan_by_cursor(cursor)
    top_page = fetch_page(connection, ALL_COMPANIES, names, descending=True)
    highest = max((int(record["id"]) for record in top_page.results), default=0)
    if top_page.total < MIN_COMPANIES_TO_SEARCH or highest <= cursor.last_id:
        return _scan_by_cursor(cursor)
    return _scan_both_ends(connection, names, cursor, highest)


def _read_and_time_page(connection: Connection, cursor: _CursorScan) -> float:
    """Read the next page of the list and return the seconds it took; 0 where there is none."""
    started = connection.clock_seconds()
    return connection.clock_seconds() - started if cursor.read_next_page() else 0.0


def _scan_both_ends(connection: Connection, names: Sequence[str], cursor: _CursorScan, highest: int) -> ScanResult:
    descending = DescendingSearch(connection, names, cursor.on_page, cursor.last_id + 1, highest)
    with ThreadPoolExecutor(_SEARCH_THREADS, thread_name_prefix="search") as threads:
        workers = [threads.submit(descending.search_until_done) for _ in range(_SEARCH_THREADS)]
        try:
            has_met = _scan_until_met(cursor, descending)
        finally:
            descending.stop()
    for worker in workers:
        worker.result()
    if not has_met:
        return _scan_by_cursor(cursor, descending.error.message if descending.error else None)
    # Up to the cursor's last id the list decides: the search index may lag behind and still have deleted companies.
    above = pl.concat([frame_from_records([], names), *descending.frames]).filter(pl.col(ID) > cursor.last_id)
    newest = fetch_search_windows(connection, [SearchWindow(low=highest + 1)], names, above[ID].head(0), cursor.on_page)
    return ScanResult(cursor.builder.build(above, newest))


def _scan_until_met(cursor: _CursorScan, descending: DescendingSearch) -> bool:
    """Read pages until the two ends meet; False when the cursor has read the whole list before."""
    while cursor.read_next_page():
        if not cursor.ascending:
            descending.stop()
        elif descending.advance_cursor(cursor.last_id):
            return True
    return False


def _scan_by_cursor(cursor: _CursorScan, search_error: str | None = None) -> ScanResult:
    while cursor.read_next_page():
        pass
    notes = []
    if not cursor.ascending:
        notes.append("HubSpot's list is not in the order of ids; it was read by its cursor alone, which takes longer")
    if search_error:
        notes.append(f"searching failed ({search_error}); the portal was read by the list's cursor alone")
    return ScanResult(cursor.builder.build(), tuple(notes))
