"""Which records are live, in the recycle bin or merged away."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence

import polars as pl

LIVE, ARCHIVED, MERGED_AWAY = 0, 1, 2

IdsAndRows = tuple["array[int]", "array[int]"]


class RecordStates:
    """The state of each row, and by state the ids and rows, ascending; `version` grows with every change."""

    def __init__(self) -> None:
        self.version = 0
        self._states = bytearray()
        self._by_state: dict[int, IdsAndRows] = {}
        self._gone: tuple[int, pl.Series] = (-1, pl.Series([], dtype=pl.UInt32))

    def __getitem__(self, row: int) -> int:
        return self._states[row]

    def append(self, ids: Sequence[int]) -> None:
        """New live rows behind all others, whose ids are the highest so far, or `reorder_rows` follows."""
        start = len(self._states)
        self._states.extend(bytes(len(ids)))
        self.version += 1
        if LIVE in self._by_state:
            live_ids, live_rows = self._by_state[LIVE]
            live_ids.extend(ids)
            live_rows.extend(range(start, len(self._states)))

    def set_state(self, row: int, record_id: int, state: int) -> None:
        """Change a row's state, and update the ids and rows in place."""
        old, self._states[row] = self._states[row], state
        self.version += 1
        if old in self._by_state:
            ids, rows = self._by_state[old]
            place = bisect_left(rows, row)
            del ids[place], rows[place]
        if state in self._by_state:
            ids, rows = self._by_state[state]
            place = bisect_left(rows, row)
            ids.insert(place, record_id)
            rows.insert(place, row)

    def reorder_rows(self, order: pl.Series) -> None:
        """Rows in another order: `order` holds the old row of each new one."""
        self._states = bytearray(self._states[row] for row in order)
        self._by_state.clear()

    def ids_and_rows(self, state: int, ids: Sequence[int]) -> IdsAndRows:
        """Ids and rows of the records in one state, ascending; `ids` are those of all rows."""
        if state not in self._by_state:
            rows = array("q", (row for row, row_state in enumerate(self._states) if row_state == state))
            self._by_state[state] = (array("q", (ids[row] for row in rows)), rows)
        return self._by_state[state]

    def rows_not_live(self, ids: Sequence[int]) -> pl.Series:
        """The rows (UInt32) that are not live."""
        if self._gone[0] != self.version:
            rows = [*self.ids_and_rows(ARCHIVED, ids)[1], *self.ids_and_rows(MERGED_AWAY, ids)[1]]
            self._gone = (self.version, pl.Series(rows, dtype=pl.UInt32))
        return self._gone[1]
