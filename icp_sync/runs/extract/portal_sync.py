"""Full and delta sync of the portal's companies, checked against HubSpot's own count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from icp_sync.companies import snapshot as snapshot_frames
from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.errors import PortalUnavailable, RequestRejected
from icp_sync.plan.run_report import ExtractStats
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies import read as companies
from icp_sync.portal.companies import search as searching
from icp_sync.portal.companies.full_scan import Checkpoint, ScanResult
from icp_sync.portal.companies.search import RESULT_CAP, ShortSearch
from icp_sync.portal.companies.search_window import SearchWindow, fits_search_body
from icp_sync.runs.extract.archived_companies import archived_ids
from icp_sync.runs.extract.row_delta import RowDelta
from icp_sync.runs.extract.unread_companies import RowsById, UnreadCompanies
from icp_sync.runs.interfaces import Progress
from icp_sync.state.snapshot import NoSnapshot, Snapshot

# Search lags behind the records by moments, at times by up to an hour (docs/explain/what-a-run-reads.md).
SEARCH_OVERLAP: Final = dt.timedelta(hours=1)
# Where the portal does not tell its clock there is only ours, and two clocks differ.
CLOCK_SKEW: Final = dt.timedelta(minutes=10)
# Companies created or deleted while we read make the two counts differ a little on every busy portal.
COUNT_TOLERANCE: Final = 50
COUNT_TOLERANCE_SHARE: Final = 0.001


@dataclass(frozen=True, slots=True)
class Extract:
    """The company frame of the whole portal, with the properties asked for, but for those the snapshot left apart.

    `watermark`: the portal's time before the read began; the next delta starts there. `last_full_at`: the watermark
    of the last full read. `fetched`: companies read now. `is_full`: every company was read, not only what changed.
    `notes`: why the whole portal had to be read, and irregularities. `delta`: the rows of those who were read, where
    nobody else may have changed; else None.
    """

    companies: pl.DataFrame
    watermark: dt.datetime
    last_full_at: dt.datetime
    fetched: int
    is_full: bool
    notes: tuple[str, ...] = ()
    delta: RowDelta | None = None

    @property
    def stats(self) -> ExtractStats:
        """The figures for the run's report."""
        return ExtractStats(self.is_full, self.fetched, self.notes)


@dataclass(slots=True)
class PortalSync:
    """Reads one portal's companies with the properties `names`; `now` is our own clock, UTC.

    `save_checkpoint` gets an interrupted first read (a snapshot with `after`) before the error is raised.
    """

    connection: Connection
    progress: Progress
    names: Sequence[str]
    now: dt.datetime
    save_checkpoint: Callable[[Snapshot], None] = lambda _: None
    _watermark: dt.datetime = field(init=False)
    _unread: UnreadCompanies = field(init=False)
    _last_read: RowsById = field(init=False, default=lambda _: pl.DataFrame(schema={ID: pl.Int64}))

    def __post_init__(self) -> None:
        self._unread = UnreadCompanies(self.connection, self.progress)
        self.names = snapshot_frames.snapshot_property_names(self.names)
        self._watermark = self.connection.portal_time or self.now - CLOCK_SKEW

    def read(self, snapshot: Snapshot | NoSnapshot, columns_to_refetch: Collection[str] = (), *, full: bool) -> Extract:
        """Read what changed since `snapshot` and merge it in; read everything with `full` or without a snapshot.

        `columns_to_refetch`: properties read again for every company. Raises Unavailable where even a full read has
        fewer companies than HubSpot counts.
        """
        extract = self._read(snapshot, columns_to_refetch, full=full)
        return replace(extract, notes=(*extract.notes, *self._unread.notes()))

    def _read(self, snapshot: Snapshot | NoSnapshot, columns_to_refetch: Collection[str], *, full: bool) -> Extract:
        if isinstance(snapshot, NoSnapshot):
            return self._full_scan(snapshot.why)
        self._last_read = snapshot.rows_by_id
        if snapshot.after is not None:
            return self._resume(snapshot, snapshot.after, columns_to_refetch)
        if snapshot.read_from > self._watermark + CLOCK_SKEW:
            return self._full_scan("the snapshot is from later than the portal's clock says it is")
        try:
            if full:
                return self._refresh_known(snapshot)
            return self._rescan_if_count_differs(self._read_delta(snapshot, columns_to_refetch))
        except ShortSearch as short:
            return self._full_scan(short.message)

    def _rescan_if_count_differs(self, changed: Extract) -> Extract:
        """The delta if its height agrees with HubSpot's count, else a full read; deleted companies are dropped.

        A company merged or deleted for good leaves no trace in search, so only the count shows it.
        """
        counted, have = searching.count_records(self.connection), changed.companies.height
        if _counts_differ(counted, have):
            return self._full_scan(f"HubSpot counts {counted:,} companies, the snapshot has {have:,}")
        if counted >= have or counted == RESULT_CAP:
            return changed
        ids = changed.companies[ID]
        doubtful = searching.ids_in_windows(
            searching.mismatching_windows(self.connection, [(SearchWindow(), counted)], ids), ids
        )
        gone = {*doubtful} - self._unread.existing_ids(doubtful)
        return replace(changed, companies=snapshot_frames.drop_companies(changed.companies, gone))

    def _full_scan(self, why: str) -> Extract:
        """Every company, by the list endpoint, which shows also whom a batch could not, if its URL holds all names."""
        self._unread.reasons.clear()
        scan = self._scan_companies(self._watermark)
        return self._require_complete(scan.companies, (f"{why}; the whole portal was read", *scan.notes))

    def _resume(self, partial: Snapshot, after: str, columns_to_refetch: Collection[str]) -> Extract:
        """Complete an interrupted first read from its checkpoint, then read what changed since it began."""
        if {*self.names} - {*partial.columns}:
            return self._full_scan("the reading begun before lacks properties")
        try:
            scan = self._scan_companies(partial.read_from, Checkpoint(partial.whole(), after))
        except RequestRejected:
            return self._full_scan("HubSpot does not know the place any more where the last reading ended")
        note = f"the reading begun {partial.read_from:%Y-%m-%d %H:%M} UTC, cut short, was brought to its end"
        complete = Snapshot(scan.companies, partial.read_from, partial.read_from, partial.as_of)
        extract = self._read(complete, columns_to_refetch, full=False)
        notes = (note, *scan.notes, *extract.notes)
        # The delta is from where the reading ended, not from the snapshot there is.
        return replace(extract, fetched=scan.companies.height, notes=notes, delta=None)

    def _scan_companies(self, watermark: dt.datetime, partial: Checkpoint | None = None) -> ScanResult:
        def save(cut: Checkpoint) -> None:
            self.save_checkpoint(Snapshot(cut.companies, watermark, watermark, watermark, cut.after))

        self.progress.stage("pull", None)
        unread, on_page = dict[int, str](), self.progress.advance
        scan = companies.read_all(
            self.connection, self.names, on_page, checkpoint=partial, on_interrupt=save, on_unread=unread.update
        )
        return replace(scan, companies=self._unread.with_last_rows(scan.companies, unread, self._last_read))

    def _refresh_known(self, snapshot: Snapshot) -> Extract:
        """A full read by id: concurrent batch reads of every known company, and a search for new ones."""
        self.progress.stage("pull", snapshot.companies.height)
        # The list endpoint is read page after page; batch reads of known ids run side by side, 100 a call.
        ids = snapshot.companies[ID]
        rows = self._unread.read(ids.to_list(), self.names, snapshot.rows_by_id)
        # Record ids ascend with creation, so a search above the highest known id finds the new companies.
        highest = ids.max()
        known = replace(snapshot, companies=rows, stored=None)
        newest, *_ = self._fetch_delta([SearchWindow(low=highest + 1 if isinstance(highest, int) else None)], known)
        rows = snapshot_frames.upsert_rows(rows, newest)
        counted = searching.count_by_window(self.connection, rows[ID])
        unknown = sum(total for _, total in counted) - rows.height
        if unknown > COUNT_TOLERANCE:
            return self._full_scan(f"HubSpot counts {unknown:,} companies more than are known")
        if unknown > 0:
            # Restored from the recycle bin, which keeps the old modification date, or never seen by us.
            windows = searching.mismatching_windows(self.connection, counted, rows[ID])
            known = replace(snapshot, companies=rows, stored=None)
            rows = snapshot_frames.upsert_rows(rows, self._fetch_delta(windows, known)[0])
        return Extract(snapshot_frames.drop_merged(rows), self._watermark, self._watermark, rows.height, is_full=True)

    def _require_complete(self, rows: pl.DataFrame, notes: tuple[str, ...]) -> Extract:
        """The full read. Raises Unavailable when it has clearly fewer companies than HubSpot counts."""
        counted = searching.count_records(self.connection)
        if rows.height < counted and _counts_differ(counted, rows.height):
            raise PortalUnavailable(
                f"HubSpot counts {counted:,} companies but gave {rows.height:,}; nothing was written; run again later"
            )
        return Extract(rows, self._watermark, self._watermark, rows.height, is_full=True, notes=notes)

    def _read_delta(self, snapshot: Snapshot, columns_to_refetch: Collection[str]) -> Extract:
        """The snapshot with everything changed since its watermark; archived and merged companies are dropped."""
        self.progress.stage("pull", None)
        lacking = [name for name in self.names if name not in snapshot.columns or name in columns_to_refetch]
        at_hand = snapshot.whole() if lacking else snapshot.companies
        known = snapshot_frames.select_available_properties(at_hand, self.names)
        dates, since = snapshot.select(MODIFIED), snapshot.read_from - SEARCH_OVERLAP
        changed = snapshot_frames.ids_changed_since(dates, since)
        windows = searching.windows_modified_since(_epoch_ms(since), changed)
        unsure = snapshot_frames.ids_without_date(dates)
        fresh, gone, before = self._fetch_delta(windows, snapshot, unsure)
        rows = snapshot_frames.drop_companies(snapshot_frames.upsert_rows(known, fresh), gone)
        # Search never returns archived companies, so the recycle bin is read on its own.
        rows = snapshot_frames.drop_companies(rows, archived_ids(self.connection, rows[ID]))
        # A company merged away vanishes without being archived; only the survivor's hs_merged_object_ids names it.
        rows = snapshot_frames.drop_merged(self._backfill_columns(rows, lacking))
        delta = None if lacking else RowDelta(snapshot.read_from, before, fresh.sort(ID))
        return Extract(rows, self._watermark, snapshot.full_at, fresh.height, is_full=False, delta=delta)

    def _fetch_delta(
        self, windows: list[SearchWindow], snapshot: Snapshot, unsure: Collection[int] = ()
    ) -> tuple[pl.DataFrame, set[int], pl.DataFrame]:
        """Companies in the windows that are newer than in the snapshot, those `unsure` read again, and ids gone.

        Last the rows of the snapshot in whose place they come.
        Where not all properties fit into a search body, only dates are searched and what changed is read by id.
        """
        # HubSpot answers 400 to a search body of more than 3,000 characters; batch read has no such limit.
        fits = fits_search_body(self.names)
        columns = self.names if fits else [MODIFIED]
        hits = searching.fetch_search_windows(
            self.connection, windows, columns, snapshot.companies[ID], self.progress.advance
        )
        known = snapshot.rows_by_id(pl.concat([hits[ID], pl.Series(ID, list(unsure), dtype=pl.Int64)]))
        fresh = snapshot_frames.keep_latest(snapshot_frames.newer_rows(hits, known))
        unread = {*unsure} if fits else {*unsure, *fresh[ID]}
        if not unread:
            return fresh, set(), known
        reread = self._unread.read(unread, self.names, snapshot.rows_by_id)
        fresh = snapshot_frames.keep_latest(pl.concat([fresh, reread])) if fits else reread
        return fresh, unread.difference(reread[ID]), known

    def _backfill_columns(self, rows: pl.DataFrame, lacking: Sequence[str]) -> pl.DataFrame:
        """`rows` with columns they lack, or that must be read again, read for every company."""
        if not lacking:
            return rows
        self.progress.stage("pull new properties", rows.height)
        columns = self._unread.read(
            rows[ID].to_list(), lacking, lambda ids: rows.filter(pl.col(ID).is_in(ids.implode()))
        )
        existing = rows.join(columns.select(ID), on=ID, how="semi", maintain_order="left")
        whole = snapshot_frames.with_columns_from(existing, columns).select(ID, *self.names)
        return self._unread.without_dates(whole)


def _epoch_ms(moment: dt.datetime) -> int:
    """An aware time as epoch ms."""
    return int(moment.timestamp() * 1000)


def _counts_differ(counted: int, have: int) -> bool:
    """Whether HubSpot's count and ours differ too much; search caps its count at 10,000, which means at least that."""
    gap = max(0, counted - have) if counted == RESULT_CAP else abs(counted - have)
    return gap > COUNT_TOLERANCE + COUNT_TOLERANCE_SHARE * counted
