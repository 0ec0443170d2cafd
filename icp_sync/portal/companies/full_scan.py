"""The first reading of a portal from both ends: the list's cursor from the lowest id, searches from the highest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from operator import lt
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.errors import PortalError, Stopped
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import PageIterator, scan_companies
from icp_sync.portal.companies.frames import FrameBuilder, frame_of
from icp_sync.portal.companies.search import OnPage, Window, body_fits, page, search
from icp_sync.portal.companies.search_scan import DescendingSearch

# A page of the list that takes less is no slower than what searches could add (five times 200 companies a second).
WORTHWHILE: Final = 0.05
# Fewer pages than these are read before a second end has found its feet.
FEWEST: Final = 3_000
_TRIAL: Final = 3
_SEARCHERS: Final = 3


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Every company, in the order of ids, and what was odd on the way."""

    companies: pl.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A reading that was cut short: what the cursor had read, and the place HubSpot gave for what comes next."""

    companies: pl.DataFrame
    after: str


OnCut = Callable[[Checkpoint], None]


@dataclass(slots=True)
class _CursorScan:
    """The cursor's way up: what it read, how far, and whether ids kept rising."""

    pages: PageIterator
    on_page: OnPage
    read: FrameBuilder
    reached: int = 0
    rising: bool = True

    def go_on(self, companies: pl.DataFrame) -> None:
        """Take over what an earlier reading got, in the order of ids."""
        self.read.add_frame(companies)
        highest = companies[ID].max()
        self.reached = highest if isinstance(highest, int) else 0

    def step(self) -> bool:
        """Read one more page; false when there is none."""
        results = next(self.pages, None)
        if results is None:
            return False
        self.on_page(len(results))
        ids = [self.reached, *(int(one["id"]) for one in results)]
        self.rising = self.rising and all(map(lt, ids, ids[1:]))
        self.reached = ids[-1]
        self.read.add(results)
        return True


def pull(
    connection: Connection,
    names: Sequence[str],
    on_page: OnPage,
    *,
    begun: Checkpoint | None = None,
    on_cut: OnCut = lambda _: None,
    worthwhile: float = WORTHWHILE,
) -> ScanResult:
    """Every live company as the list has it, by whichever way is quicker; `begun` is gone on with.

    Where ids turn out not to rise in the list, its cursor reads alone; so it does where pages come quickly.
    `worthwhile` is the seconds a page has to take. Raises Unavailable rather than return a portal read in part; then
    `on_cut` has been told how far the cursor came.
    """
    climb = _CursorScan(
        scan_companies(connection, names, after=begun.after if begun else None), on_page, FrameBuilder(names)
    )
    if begun is not None:
        climb.go_on(begun.companies)
    try:
        return _pull(connection, names, climb, worthwhile)
    except (PortalError, Stopped):
        if climb.rising and climb.pages.after is not None:
            on_cut(Checkpoint(climb.read.build(), climb.pages.after))
        raise


def _pull(connection: Connection, names: Sequence[str], climb: _CursorScan, worthwhile: float) -> ScanResult:
    quickest = min(_seconds_of_a_page(connection, climb) for _ in range(_TRIAL))
    if not (quickest >= worthwhile and climb.rising and body_fits(names)):
        return _cursor_only(climb)
    top = page(connection, Window(), names, descending=True)
    highest = max((int(one["id"]) for one in top.results), default=0)
    if top.total < FEWEST or highest <= climb.reached:
        return _cursor_only(climb)
    return _scan_both_ends(connection, names, climb, highest)


def _seconds_of_a_page(connection: Connection, climb: _CursorScan) -> float:
    """How long the next page of the list takes; no time at all when there is none."""
    started = connection.seconds()
    return connection.seconds() - started if climb.step() else 0.0


def _scan_both_ends(connection: Connection, names: Sequence[str], climb: _CursorScan, highest: int) -> ScanResult:
    descent = DescendingSearch(connection, names, climb.on_page, climb.reached + 1, highest)
    with ThreadPoolExecutor(_SEARCHERS, thread_name_prefix="search") as threads:
        searching = [threads.submit(descent.work) for _ in range(_SEARCHERS)]
        try:
            met = _scan_until_met(climb, descent)
        finally:
            descent.end()
    for one in searching:
        one.result()
    if not met:
        return _cursor_only(climb, descent.fault.message if descent.fault else None)
    # Of ids the cursor has passed, the list knows which there are.
    above = pl.concat([frame_of([], names), *descent.found]).filter(pl.col(ID) > climb.reached)
    newest = search(connection, [Window(low=highest + 1)], names, above[ID].head(0), climb.on_page)
    return ScanResult(climb.read.build(above, newest))


def _scan_until_met(climb: _CursorScan, descent: DescendingSearch) -> bool:
    """Whether the two ends met; false when the cursor has read the whole list."""
    while climb.step():
        if not climb.rising:
            descent.end()
        elif descent.climbed(climb.reached):
            return True
    return False


def _cursor_only(climb: _CursorScan, trouble: str | None = None) -> ScanResult:
    while climb.step():
        pass
    notes = []
    if not climb.rising:
        notes.append("HubSpot's list is not in the order of ids; it was read by its cursor alone, which takes longer")
    if trouble:
        notes.append(f"searching failed ({trouble}); the portal was read by the list's cursor alone")
    return ScanResult(climb.read.build(), tuple(notes))
