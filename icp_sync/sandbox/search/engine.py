"""The search endpoint's answers: an index that lags behind the records, a ceiling, and the oddities of both."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import polars as pl

from icp_sync.sandbox.api.read import Companies, Shown
from icp_sync.sandbox.faults.faults import Strike
from icp_sync.sandbox.refusals import invalid
from icp_sync.sandbox.search.filter_expr import SEARCHED, matching
from icp_sync.sandbox.search.query import CEILING, MODIFIED, Query, bounds, widened
from icp_sync.sandbox.search.typed_columns import LIVE_ROW, ROW, row_frame, whole_frame
from icp_sync.sandbox.seeded_random import scrambled
from icp_sync.sandbox.store.history import Past
from icp_sync.sandbox.store.records import Records
from icp_sync.sandbox.store.schema import Schema
from icp_sync.sandbox.timestamps import iso

NEIGHBOURS = 1000
_FEW = 4  # of so many rows one: what is cheaper gathered than looked through whole
_MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class _Hits:
    """How many hits there are, and the rows of the first of them in order: all that can be paged to."""

    total: int
    rows: pl.Series


class Searching:
    """Answers queries from the live records as they stood `lag` milliseconds ago.

    With `disorder` (hits) every hit may stand that far from its place; with `capped` no total exceeds 10,000.
    """

    def __init__(self, records: Records, schema: Schema, companies: Companies, lag: int) -> None:
        self._records = records
        self._schema = schema
        self._companies = companies
        self.disorder = 0
        self.capped = False
        self._kept: dict[bytes, _Hits] = {}
        self._kept_version = -1
        self.lag = lag

    @property
    def lag(self) -> int:
        """Milliseconds the index stays behind."""
        return self._records.memory.span

    @lag.setter
    def lag(self, milliseconds: int) -> None:
        self._records.memory.span = milliseconds

    def answer(self, query: Query, limit: int, now: int, strike: Strike | None = None) -> Shown:
        """One page of at most `limit` records, bent by a strike of one of the search's own kinds."""
        kind = strike.kind if strike else ""
        if strike and kind == "outside_window":
            query = widened(query, round(strike.seconds * 1000))
        past = self._records.before(now - self.lag) if self.lag else {}
        hits = self._found(query, now, past)
        disorder = self.disorder or (NEIGHBOURS if kind == "out_of_order" else 0)
        viewed = _disordered(hits.rows, disorder, strike.seed if strike else 0) if disorder else hits.rows
        page = viewed.slice(query.after, limit).to_list()
        shown = self._companies.shown(page, query.names)
        if kind == "stale_hits":
            _set_back(page, shown, past)
        total = min(hits.total, CEILING) if self.capped else hits.total
        body: Shown = {"total": total, "results": shown}
        following = query.after + len(page)
        if following < hits.total:
            body["paging"] = {"next": {"after": str(following)}}
        return body

    def _found(self, query: Query, now: int, past: Past) -> _Hits:
        """The hits; kept for the next pages, as long as nothing is written."""
        if self.lag and self._records.changed_at > now - self.lag:
            return self._searched(query, past, now - self.lag)
        if self._kept_version != self._records.version or len(self._kept) > _MOST_KEPT:
            self._kept, self._kept_version = {}, self._records.version
        key = orjson.dumps([query.groups, query.text, query.sort, query.descending, self.disorder])
        if key not in self._kept:
            self._kept[key] = self._searched(query, {}, None)
        return self._kept[key]

    def _searched(self, query: Query, past: Past, seen: int | None) -> _Hits:
        """The hits; what was created after `seen` is not in the index yet."""
        named = [str(one.get("propertyName")) for group in query.groups for one in group]
        for name in (*named, query.sort):
            if name not in self._schema.definitions:
                raise invalid(f'There was a problem with the request: property "{name}" does not exist.')
        extra = [*(SEARCHED if query.text else ()), *(() if seen is None else ("createdate",))]
        names = [*named, *extra, query.sort]
        rows = self._candidates(query, past)
        if rows is None:
            frame = whole_frame(self._records, self._schema, names, past)
        else:
            frame = row_frame(self._records, self._schema, names, rows, past)
        indexed = pl.lit(True) if seen is None else pl.col("createdate") <= seen
        hits = frame.lazy().filter(pl.col(LIVE_ROW), indexed, matching(query, self._schema))
        return self._sorted(query, hits.select(list(dict.fromkeys([ROW, query.sort]))).collect())

    def _sorted(self, query: Query, hits: pl.DataFrame) -> _Hits:
        """The hits in order. Rows stand in the order of their ids, so what keeps it breaks ties by id."""
        viewed = CEILING + max(self.disorder, NEIGHBOURS)
        if query.sort == "hs_object_id":
            rows = hits[ROW].reverse() if query.descending else hits[ROW]
            return _Hits(len(hits), rows.head(viewed))
        first = hits
        if len(hits) > 2 * viewed:
            first = hits.bottom_k(viewed, by=[query.sort, ROW], reverse=[query.descending, False])
        order = first.sort(query.sort, ROW, descending=[query.descending, False], nulls_last=True)
        return _Hits(len(hits), order[ROW])

    def _candidates(self, query: Query, past: Past) -> pl.Series | None:
        """Rows among which all hits are, ascending; None when there are too many to pick them out."""
        records, few = self._records, len(self._records) // _FEW
        first, last = records.span(*bounds(query, "hs_object_id"))
        low, high = bounds(query, MODIFIED)
        changed = few + 1
        if low is not None or high is not None:
            changed = records.recency.sized(low, high, records.whole_updated) + len(past)
        if last - first <= min(few, changed):
            return pl.int_range(first, last, dtype=pl.UInt32, eager=True)
        if changed > few:
            return None
        rows = records.recency.candidates(low, high, records.whole_updated)
        behind = pl.Series(list(past), dtype=pl.UInt32)
        return (pl.concat([rows, behind]).unique() if past else rows).sort()


def _disordered(rows: pl.Series, spread: int, seed: int) -> pl.Series:
    """The hits that can be paged to, shuffled within runs of `spread`; always the same way for the same hits."""
    viewed = rows.head(CEILING + spread)
    places = pl.int_range(len(viewed), dtype=pl.Int64, eager=True).alias("place")
    # The runs begin half a run early, so that one of them lies across the ceiling.
    run, mixed = ((places + spread // 2) // spread).alias("run"), scrambled(viewed, seed).alias("mixed")
    return pl.DataFrame([viewed.alias(ROW), run, mixed]).sort("run", "mixed")[ROW]


def _set_back(rows: list[int], shown: list[Shown], past: Past) -> None:
    """Show hits as the lagging index holds them."""
    for row, record in zip(rows, shown, strict=True):
        if row in past:
            moment, values = past[row]
            properties: Mapping[str, str | None] = {**record["properties"], MODIFIED: iso(moment)}
            olds = {name: values.get(name, value) for name, value in properties.items()}
            record.update(properties=olds, updatedAt=olds[MODIFIED])
