"""The records of one kind, stored by column: ids, states, values, times of change."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from icp_sync.sandbox.store.edited_column import Column
from icp_sync.sandbox.store.history_sources import LOADED, OWN, RESTORE, ChangeSource
from icp_sync.sandbox.store.modified_index import ModifiedIndex
from icp_sync.sandbox.store.property_history import EVERY, PropertyHistory, PropertyVersion
from icp_sync.sandbox.store.record_states import ARCHIVED, LIVE, MERGED_AWAY, IdsAndRows, RecordStates
from icp_sync.sandbox.store.search_lag_values import OverwrittenValues, Past
from icp_sync.sandbox.timestamps import format_iso, format_iso_column

FIRST_ID = 9_999_999_001  # ids grow from ten to eleven digits early, so sorting them as text shows at once
MOMENTS = {
    "createdate": "created",
    "hs_createdate": "created",
    "hs_lastmodifieddate": "updated",
    "lastmodifieddate": "updated",
}
_OWN = {"hs_object_id", *MOMENTS}


class Records:
    """Rows are in ascending id order. Times are epoch milliseconds."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.states = RecordStates()
        self.columns: dict[str, Column] = {}
        self.created = Column.empty(0, pl.Int64)
        self.updated = Column.empty(0, pl.Int64)
        self.archived_at: dict[int, int] = {}
        self.merged_into: dict[int, int] = {}
        self.version = 0
        self.changed_at = 0
        self.overwritten = OverwrittenValues()
        self.history = PropertyHistory()
        self.modified_index = ModifiedIndex()
        self._ids = pl.Series([], dtype=pl.Int64)

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, record_id: int, state: int = LIVE) -> int | None:
        """The row of a record in that state."""
        row = bisect_left(self.ids, record_id)
        exists = row < len(self.ids) and self.ids[row] == record_id and self.states[row] == state
        return row if exists else None

    def live_ids_and_rows(self) -> IdsAndRows:
        """Ids and rows of the live records."""
        return self.ids_and_rows(LIVE)

    def rows_not_live(self) -> pl.Series:
        """The rows (UInt32) that are not live."""
        return self.states.rows_not_live(self.ids)

    def next_id(self) -> int:
        return self.ids[-1] + 1 if self.ids else FIRST_ID

    def row_values(self, rows: Sequence[int], names: Iterable[str]) -> dict[str, list[Any]]:
        """The named properties of some rows as lists of text or None."""
        start, count = (rows[0], len(rows)) if rows else (0, 0)
        if count and all(row == start + place for place, row in enumerate(rows)):
            return {name: self._slice_column(name, start, count) for name in names}
        index = pl.Series(rows, dtype=pl.UInt32)
        return {name: self._gather(name, rows, index) for name in names}

    def value_at(self, row: int, name: str) -> str | None:
        value: str | None = self.row_values([row], [name])[name][0]
        return value

    def full_column(self, name: str) -> pl.Series:
        """A property of all rows as text."""
        if name == "hs_object_id":
            return self.id_column().cast(pl.String)
        if name in MOMENTS:
            return format_iso_column(self.moments_column(name))
        return self.columns[name].series() if name in self.columns else Column.empty(len(self)).series()

    def id_column(self) -> pl.Series:
        known = len(self._ids)
        if known < len(self.ids):
            self._ids = pl.concat([self._ids, pl.Series(self.ids[known:], dtype=pl.Int64)])
        return self._ids

    def values_at(self, name: str, index: pl.Series) -> pl.Series:
        """A property of the rows in `index` as stored: ids and timestamps Int64, all else text."""
        if name == "hs_object_id":
            return self.id_column().gather(index)
        column = getattr(self, MOMENTS[name]) if name in MOMENTS else self.columns.get(name)
        return column.values_at(index) if column else Column.empty(len(index)).series()

    def last_modified_column(self) -> pl.Series:
        return self.updated.series()

    def row_range_of_ids(self, low: int | None, high: int | None) -> tuple[int, int]:
        """The first row, and the one behind the last, of the ids from `low` to `high`; None is no bound."""
        first = 0 if low is None else bisect_left(self.ids, low)
        last = len(self) if high is None else bisect_right(self.ids, high)
        return first, max(first, last)

    def moments_column(self, name: str) -> pl.Series:
        column: Column = getattr(self, MOMENTS[name])
        return column.series()

    def _slice_column(self, name: str, start: int, count: int) -> list[Any]:
        if name == "hs_object_id":
            return [str(record_id) for record_id in self.ids[start : start + count]]
        if name in MOMENTS:
            return [format_iso(moment) for moment in getattr(self, MOMENTS[name]).slice(start, count)]
        column = self.columns.get(name)
        return column.slice(start, count) if column else [None] * count

    def _gather(self, name: str, rows: Sequence[int], index: pl.Series) -> list[Any]:
        if name == "hs_object_id":
            return [str(self.ids[row]) for row in rows]
        if name in MOMENTS:
            return [format_iso(moment) for moment in getattr(self, MOMENTS[name]).gather(rows, index)]
        column = self.columns.get(name)
        return column.gather(rows, index) if column else [None] * len(rows)

    def property_versions(self, row: int, name: str) -> list[PropertyVersion]:
        """The history of a property, newest first; empty where it never had a value."""
        source = OWN if name in _OWN else LOADED
        created = PropertyVersion("", self.created.get(row), source)
        return list(self.history.versions(row, name, self.value_at(row, name), created))

    def write(self, row: int, values: Mapping[str, str], now: int, source: ChangeSource) -> None:
        """Set properties (`""` clears) and the last-modified moment; what changes becomes history."""
        columns = {name: self._column(name) for name in values}
        olds = {name: column.get(row) for name, column in columns.items()}
        if self.overwritten.span:
            self.overwritten.record(now, row, self.updated.get(row), olds)
        changed = [name for name, value in values.items() if (value or None) != olds[name]]
        self.history.record_write(row, changed, {name: olds[name] for name in changed if olds[name]}, now, source)
        for name in changed:
            columns[name].set(row, values[name] or None)
        self.mark_modified(row, now)

    def set_calculated(self, row: int, values: Mapping[str, str | None], now: int) -> None:
        """Set what HubSpot works out itself, which is no edit: last-modified moment and history stay."""
        for name, value in values.items():
            self._column(name).set(row, value)
        self._bump_version(now)

    def _column(self, name: str) -> Column:
        """The column of a property, a new one for a new property."""
        column = self.columns.get(name)
        if column is None:
            column = self.columns[name] = Column.empty(len(self))
        return column

    def mark_modified(self, row: int, now: int) -> None:
        """Set the last-modified moment."""
        self.updated.set(row, now)
        self.modified_index.mark_modified(row)
        self._bump_version(now)

    def append_frame(
        self, ids: Sequence[int], frame: pl.DataFrame, created: pl.Series, updated: pl.Series, now: int
    ) -> None:
        """New live records; `frame` holds their properties as text."""
        count, ascending = len(ids), all(a < b for a, b in pairwise(ids))
        in_order = ascending and (not self.ids or not count or ids[0] > self.ids[-1])
        for name in frame.columns:
            self.columns.setdefault(name, Column.empty(len(self)))
        for name, column in self.columns.items():
            column.append(frame[name] if name in frame.columns else Column.empty(count).series())
        self.created.append(created)
        self.updated.append(updated)
        self.ids.extend(ids)
        self.states.append(ids)
        self.history.make_room_for_rows(count)
        self._index_new_rows(range(len(self) - count, len(self)), in_order=in_order)
        self._bump_version(now)

    def append_records(self, companies: Sequence[Mapping[str, str]], now: int, source: ChangeSource) -> list[int]:
        """New live records of checked values under the next ids; returns their rows."""
        names = dict.fromkeys(name for values in companies for name in values)
        columns = {name: [values.get(name) or None for values in companies] for name in names}
        moments = pl.repeat(now, len(companies), dtype=pl.Int64, eager=True)
        first, start = self.next_id(), len(self)
        ids = range(first, first + len(companies))
        self.append_frame(ids, pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)), moments, moments, now)
        for row, values in enumerate(companies, start):
            self.history.record_write(row, [name for name, value in values.items() if value], {}, now, source)
        return list(range(start, len(self)))

    def archive(self, row: int, now: int) -> None:
        self._set_state(row, ARCHIVED)
        self.archived_at[self.ids[row]] = now
        self._bump_version(now)

    def restore(self, row: int, now: int) -> None:
        """Take a record out of the recycle bin; its last-modified moment stays as it was."""
        self._set_state(row, LIVE)
        self.history.record_write(row, EVERY, {}, now, RESTORE)
        del self.archived_at[self.ids[row]]
        self._bump_version(now)

    def merge_away(self, row: int, survivor: int, now: int) -> None:
        """Remove the loser of a merge; unlike an archived record it is listed nowhere."""
        self._set_state(row, MERGED_AWAY)
        self.merged_into[self.ids[row]] = survivor
        self._bump_version(now)

    def survivor_id(self, record_id: int) -> int:
        """The id a merged-away id lives on under; any other id is its own."""
        while record_id in self.merged_into:
            record_id = self.merged_into[record_id]
        return record_id

    def values_before(self, moment: int) -> Past:
        """By row: the last-modified time and the values at `moment` (ms) that were overwritten since."""
        return self.overwritten.values_before(moment)

    def _bump_version(self, now: int) -> None:
        self.version += 1
        self.changed_at = now

    def _index_new_rows(self, rows: range, *, in_order: bool) -> None:
        """Add new rows to the index, or re-sort everything when their ids are not the highest."""
        if not in_order:
            self._sort_by_id()
        self.modified_index.append(rows)

    def _set_state(self, row: int, state: int) -> None:
        self.states.set_state(row, self.ids[row], state)

    def ids_and_rows(self, state: int) -> IdsAndRows:
        """Ids and rows of the records in one state, ascending."""
        return self.states.ids_and_rows(state, self.ids)

    def _sort_by_id(self) -> None:
        order = self.id_column().arg_sort()
        for column in (*self.columns.values(), self.created, self.updated):
            column.reorder_rows(order)
        self.states.reorder_rows(order)
        self.history.reorder_rows(order)
        self.ids = array("q", sorted(self.ids))
        self._ids = self._ids.clear()
        self.overwritten.clear()
        self.modified_index.clear()
