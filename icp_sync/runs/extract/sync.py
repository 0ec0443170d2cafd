"""Reading the portal: only what changed since the snapshot, or all of it, and proof that nothing is short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from icp_sync.companies import snapshot as replica
from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.errors import Rejected, Unavailable
from icp_sync.plan.report import ExtractStats
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import scan_companies
from icp_sync.portal.companies import read as companies
from icp_sync.portal.companies import search as searching
from icp_sync.portal.companies.full_scan import Checkpoint, ScanResult
from icp_sync.portal.companies.search import RESULT_CAP, ShortSearch
from icp_sync.portal.companies.window import Window, body_fits
from icp_sync.runs.progress import Progress
from icp_sync.state.snapshot import NoSnapshot, Snapshot

# Search lags behind the records by moments, at times by up to an hour (docs/explain/what-a-run-reads.md).
LOOK_BACK: Final = dt.timedelta(hours=1)
# Where the portal does not tell its clock there is only ours, and two clocks differ.
CLOCK_SKEW: Final = dt.timedelta(minutes=10)
MOST_BIN_PAGES: Final = 50
TOLERATED: Final = 50
TOLERATED_SHARE: Final = 0.001


@dataclass(frozen=True, slots=True)
class Extract:
    """The portal's companies now, a company frame with the properties asked for.

    `read_from`: the portal's time before it began. `full_at`: when every company was last read. `fresh`: how many
    were read now. `notes`: why the whole portal had to be read, and what was odd on the way.
    """

    companies: pl.DataFrame
    read_from: dt.datetime
    full_at: dt.datetime
    fresh: int
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every company was read, not only what changed."""
        return self.full_at == self.read_from

    @property
    def intake(self) -> ExtractStats:
        """What a report says of it."""
        return ExtractStats(self.whole, self.fresh, self.notes)


@dataclass(slots=True)
class PortalSync:
    """Reads one portal for the properties `names`; `now` is our own clock, UTC.

    `keep_begun` is handed a first reading that was cut short (a snapshot with `after`) before the fault is raised.
    """

    connection: Connection
    watch: Progress
    names: Sequence[str]
    now: dt.datetime
    keep_begun: Callable[[Snapshot], None] = lambda _: None
    _read_from: dt.datetime = field(init=False)

    def __post_init__(self) -> None:
        self.names = replica.required_properties(self.names)
        self._read_from = self.connection.portal_time or self.now - CLOCK_SKEW

    def read(self, held: Snapshot | NoSnapshot, stale: Collection[str] = (), *, full: bool) -> Extract:
        """What changed since `held`, merged into it; or everything: when asked (`full`), or without a snapshot.

        `stale` names properties to be read anew for every company. Raises Unavailable where even a reading of
        everything holds fewer companies than HubSpot counts.
        """
        if isinstance(held, NoSnapshot):
            return self._listed(held.why)
        if held.after is not None:
            return self._went_on(held, held.after, stale)
        if held.read_from > self._read_from + CLOCK_SKEW:
            return self._listed("the snapshot is from later than the portal's clock says it is")
        try:
            return self._known(held) if full else self._counted(self._changed(held, stale))
        except ShortSearch as short:
            return self._listed(short.message)

    def _counted(self, changed: Extract) -> Extract:
        """What changed, if HubSpot counts as many companies; a few that are gone unnoticed are found and left out."""
        counted, have = searching.count(self.connection), changed.companies.height
        if _differ(counted, have):
            return self._listed(f"HubSpot counts {counted:,} companies, the snapshot has {have:,}")
        if counted >= have or counted == RESULT_CAP:
            return changed
        ids = changed.companies[ID]
        doubtful = searching.ids_in(searching.mismatching_windows(self.connection, [(Window(), counted)], ids), ids)
        there = companies.read(self.connection, doubtful, [MODIFIED])
        return replace(changed, companies=replica.drop(changed.companies, {*doubtful}.difference(there[ID])))

    def _listed(self, why: str) -> Extract:
        """Every company, by the list."""
        pulled = self._pulled(self._read_from)
        return self._checked(pulled.companies, (f"{why}; the whole portal was read", *pulled.notes))

    def _went_on(self, begun: Snapshot, after: str, stale: Collection[str]) -> Extract:
        """A first reading that was cut short, brought to its end, and then what changed since it began."""
        if {*self.names} - {*begun.companies.columns}:
            return self._listed("the reading begun before lacks properties")
        try:
            pulled = self._pulled(begun.read_from, Checkpoint(begun.companies, after))
        except Rejected:
            return self._listed("HubSpot does not know the place any more where the last reading ended")
        note = f"the reading begun {begun.read_from:%Y-%m-%d %H:%M} UTC, cut short, was brought to its end"
        whole = Snapshot(pulled.companies, begun.read_from, begun.read_from, begun.as_of)
        reading = self.read(whole, stale, full=False)
        return replace(reading, fresh=pulled.companies.height, notes=(note, *pulled.notes, *reading.notes))

    def _pulled(self, read_from: dt.datetime, begun: Checkpoint | None = None) -> ScanResult:
        def keep(cut: Checkpoint) -> None:
            self.keep_begun(Snapshot(cut.companies, read_from, read_from, read_from, cut.after))

        self.watch.stage("pull", None)
        return companies.pull(self.connection, self.names, self.watch.advance, checkpoint=begun, on_interrupt=keep)

    def _known(self, held: Snapshot) -> Extract:
        """Every company known, by batch reads side by side, and those that are new."""
        self.watch.stage("pull", held.companies.height)
        ids = held.companies[ID]
        found = companies.read(self.connection, ids.to_list(), self.names, self.watch.advance)
        highest = ids.max()
        newest, _ = self._news([Window(low=highest + 1 if isinstance(highest, int) else None)], found)
        found = replica.upsert(found, newest)
        counted = searching.count_by_window(self.connection, found[ID])
        unknown = sum(total for _, total in counted) - found.height
        if unknown > TOLERATED:
            return self._listed(f"HubSpot counts {unknown:,} companies more than are known")
        if unknown > 0:
            # Back from the recycle bin with the date they had, or never known to us.
            windows = searching.mismatching_windows(self.connection, counted, found[ID])
            found = replica.upsert(found, self._news(windows, found)[0])
        return Extract(replica.drop_merged(found), self._read_from, self._read_from, found.height)

    def _checked(self, found: pl.DataFrame, notes: tuple[str, ...]) -> Extract:
        """A reading of everything, which must not be short."""
        counted = searching.count(self.connection)
        if found.height < counted and _differ(counted, found.height):
            raise Unavailable(
                f"HubSpot counts {counted:,} companies but gave {found.height:,}; nothing was written; run again later"
            )
        return Extract(found, self._read_from, self._read_from, found.height, notes)

    def _changed(self, held: Snapshot, stale: Collection[str]) -> Extract:
        """The snapshot, brought up to date."""
        self.watch.stage("pull", None)
        known, since = replica.select_present(held.companies, self.names), _since(held)
        windows = searching.windows(since, replica.changed_since(known, since))
        fresh, gone = self._news(windows, known, replica.without_date(known))
        found = replica.drop(replica.upsert(known, fresh), gone)
        found = replica.drop(found, self._archived(found[ID]))
        found = replica.drop_merged(self._complete(found, stale))
        return Extract(found, self._read_from, held.full_at, fresh.height)

    def _news(
        self, windows: list[Window], known: pl.DataFrame, unsure: Collection[int] = ()
    ) -> tuple[pl.DataFrame, set[int]]:
        """What the windows tell beyond `known`, and how the companies `unsure` are; and ids that turn out to be gone.

        Where a search cannot ask for all properties it is asked for dates, and what changed is read by id.
        """
        fits = body_fits(self.names)
        asked = self.names if fits else [MODIFIED]
        hits = searching.search(self.connection, windows, asked, known[ID], self.watch.advance)
        fresh = replica.keep_latest(replica.newer_rows(hits, known))
        unread = {*unsure} if fits else {*unsure, *fresh[ID]}
        if not unread:
            return fresh, set()
        read = companies.read(self.connection, unread, self.names, self.watch.advance)
        fresh = replica.keep_latest(pl.concat([fresh, read])) if fits else read
        return fresh, unread.difference(read[ID])

    def _archived(self, known: pl.Series) -> list[int]:
        """Known companies that lie in the recycle bin, which is read until a page holds none of them."""
        found: list[int] = []
        pages = scan_companies(self.connection, ["hs_object_id"], archived=True)
        for _, page in zip(range(MOST_BIN_PAGES), pages, strict=False):
            here = known.filter(known.is_in([int(one["id"]) for one in page]))
            if here.is_empty():
                break
            found.extend(here.to_list())
        return found

    def _complete(self, found: pl.DataFrame, stale: Collection[str]) -> pl.DataFrame:
        """`found` with the properties it lacks, or holds from before they were made anew, read for everyone."""
        lacking = [name for name in self.names if name not in found.columns or name in stale]
        if not lacking:
            return found
        self.watch.stage("pull new properties", found.height)
        columns = companies.read(self.connection, found[ID].to_list(), lacking, self.watch.advance)
        there = found.join(columns.select(ID), on=ID, how="semi", maintain_order="left")
        return replica.with_columns_from(there, columns).select(ID, *self.names)


def _since(held: Snapshot) -> int:
    """From when on a search has to look, in epoch ms."""
    return int((held.read_from - LOOK_BACK).timestamp() * 1000)


def _differ(counted: int, have: int) -> bool:
    """Whether HubSpot's count and ours lie too far apart; a count of 10,000 says only that it is not less."""
    gap = max(0, counted - have) if counted == RESULT_CAP else abs(counted - have)
    return gap > TOLERATED + TOLERATED_SHARE * counted
