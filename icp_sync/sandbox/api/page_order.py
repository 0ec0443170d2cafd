"""The order in which the list endpoint pages through companies, and its cursors."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

import polars as pl

from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.seeded_random import hash_numbers
from icp_sync.sandbox.store.records import Records

ASCENDING, SHUFFLED = "ascending", "shuffled"


class PageOrder(Protocol):
    """An order; `page` returns up to `limit` rows behind a cursor, and the next cursor unless nothing follows."""

    def page(self, after: str | None, limit: int, state: int) -> tuple[Sequence[int], str | None]: ...


class AscendingOrder:
    """By record id; a cursor is the last id shown. What HubSpot does, though it does not say so."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def page(self, after: str | None, limit: int, state: int) -> tuple[Sequence[int], str | None]:
        last = after or "0"
        if not last.isdecimal():
            raise _bad_cursor_error(last)
        ids, rows = self._records.ids_and_rows(state)
        start = bisect_right(ids, int(last))
        shown = rows[start : start + limit]
        if start + limit >= len(ids):
            return shown, None
        return shown, str(self._records.ids[shown[-1]]) if shown else last


class ShuffledOrder:
    """By a hash of the id: a new company may sort anywhere, also before the cursor of a running scan."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._made_for = -1
        self._orders: dict[int, tuple[pl.Series, pl.Series]] = {}

    def page(self, after: str | None, limit: int, state: int) -> tuple[Sequence[int], str | None]:
        keys, rows = self._sorted_keys_and_rows(state)
        start = int(keys.search_sorted(_parse_cursor(after), side="right")) if after else 0
        shown: list[int] = rows.slice(start, limit).to_list()
        if start + limit >= len(keys):
            return shown, None
        return shown, f"c{keys[start + limit - 1]:016x}" if shown else after or f"c{0:016x}"

    def _sorted_keys_and_rows(self, state: int) -> tuple[pl.Series, pl.Series]:
        if self._made_for != self._records.states.version:
            self._made_for, self._orders = self._records.states.version, {}
        if state not in self._orders:
            rows = pl.Series(self._records.ids_and_rows(state)[1], dtype=pl.UInt32)
            keys = hash_numbers(self._records.id_column().gather(rows), 0)
            order = keys.arg_sort()
            self._orders[state] = (keys.gather(order), rows.gather(order))
        return self._orders[state]


def _parse_cursor(cursor: str) -> int:
    try:
        return int(cursor.removeprefix("c"), 16)
    except ValueError:
        raise _bad_cursor_error(cursor) from None


def _bad_cursor_error(cursor: str) -> Exception:
    return bad_request(f'Invalid paging cursor "{cursor}"')
