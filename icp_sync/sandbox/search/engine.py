"""The search engine: an index that lags behind the records, the ceiling of 10,000, and HubSpot's known oddities."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import polars as pl

from icp_sync.sandbox.api.record_reads import RecordReads, Shown
from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.faults.fault_injection import FaultHit
from icp_sync.sandbox.search.filter_expr import filter_expr
from icp_sync.sandbox.search.search_request import CEILING, MODIFIED, SearchQuery, property_bounds, widen_window
from icp_sync.sandbox.search.typed_columns import LIVE_ROW, ROW, all_rows_frame, selected_rows_frame
from icp_sync.sandbox.seeded_random import hash_numbers
from icp_sync.sandbox.store.property_schema import PropertySchema
from icp_sync.sandbox.store.records import Records
from icp_sync.sandbox.store.search_lag_values import Past
from icp_sync.sandbox.timestamps import format_iso

NEIGHBOURS = 1000
_FEW_SHARE = 4  # of so many rows one: what is cheaper gathered than looked through whole
_MAX_CACHED_QUERIES = 8


@dataclass(frozen=True, slots=True)
class _Hits:
    """The number of hits, and the ordered rows of those that can be paged to."""

    total: int
    rows: pl.Series


class SearchEngine:
    """Answers queries from the live records as they stood `lag` milliseconds ago.

    With `disorder` (hits) every hit may stand that far from its place; with `capped` no total exceeds 10,000.
    """

    def __init__(self, records: Records, schema: PropertySchema, reads: RecordReads) -> None:
        self._records = records
        self._schema = schema
        self._reads = reads
        self.disorder = 0
        self.capped = False
        self._cache: dict[bytes, _Hits] = {}
        self._cache_version = -1

    @property
    def lag(self) -> int:
        """Milliseconds the index stays behind."""
        return self._records.overwritten.span

    @property
    def lag_seconds(self) -> float:
        """The same in seconds."""
        return self.lag / 1000

    @lag_seconds.setter
    def lag_seconds(self, seconds: float) -> None:
        self._records.overwritten.span = round(seconds * 1000)

    def search_page(self, query: SearchQuery, limit: int, now: int, hit: FaultHit | None = None) -> Shown:
        """One page of at most `limit` records, changed by a hit of a search-only fault kind."""
        kind = hit.kind if hit else ""
        if hit and kind == "outside_window":
            query = widen_window(query, round(hit.seconds * 1000))
        past = self._records.values_before(now - self.lag) if self.lag else {}
        hits = self._cached_hits(query, now, past)
        disorder = self.disorder or (NEIGHBOURS if kind == "out_of_order" else 0)
        viewed = _shuffle_hits(hits.rows, disorder, hit.seed if hit else 0) if disorder else hits.rows
        page = viewed.slice(query.after, limit).to_list()
        shown = self._reads.records_json(page, query.names)
        if kind == "stale_hits":
            _overwrite_with_indexed(page, shown, past)
        total = min(hits.total, CEILING) if self.capped else hits.total
        body: Shown = {"total": total, "results": shown}
        following = query.after + len(page)
        if following < hits.total:
            body["paging"] = {"next": {"after": str(following)}}
        return body

    def _cached_hits(self, query: SearchQuery, now: int, past: Past) -> _Hits:
        """The hits, cached for the next pages until something is written."""
        if self.lag and self._records.changed_at > now - self.lag:
            return self._search(query, past, now - self.lag)
        if self._cache_version != self._records.version or len(self._cache) > _MAX_CACHED_QUERIES:
            self._cache, self._cache_version = {}, self._records.version
        key = orjson.dumps([query.groups, query.text, query.sort, query.descending, self.disorder])
        if key not in self._cache:
            self._cache[key] = self._search(query, {}, None)
        return self._cache[key]

    def _search(self, query: SearchQuery, past: Past, seen: int | None) -> _Hits:
        """The hits; what was created after `seen` is not in the index yet."""
        named = [str(one.get("propertyName")) for group in query.groups for one in group]
        for name in (*named, query.sort):
            if name not in self._schema.definitions:
                raise bad_request(f'There was a problem with the request: property "{name}" does not exist.')
        extra = [*(self._schema.object_type.searched if query.text else ()), *(() if seen is None else ("createdate",))]
        names = [*named, *extra, query.sort]
        rows = self._candidate_rows(query, past)
        if rows is None:
            frame = all_rows_frame(self._records, self._schema, names, past)
        else:
            frame = selected_rows_frame(self._records, self._schema, names, rows, past)
        indexed = pl.lit(True) if seen is None else pl.col("createdate") <= seen
        hits = frame.lazy().filter(pl.col(LIVE_ROW), indexed, filter_expr(query, self._schema))
        return self._sort_hits(query, hits.select(list(dict.fromkeys([ROW, query.sort]))).collect())

    def _sort_hits(self, query: SearchQuery, hits: pl.DataFrame) -> _Hits:
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

    def _candidate_rows(self, query: SearchQuery, past: Past) -> pl.Series | None:
        """A superset of the rows of all hits, ascending; None when a scan of all rows is cheaper."""
        records, few = self._records, len(self._records) // _FEW_SHARE
        first, last = records.row_range_of_ids(*property_bounds(query, "hs_object_id"))
        low, high = property_bounds(query, self._schema.object_type.modified)
        changed = few + 1
        if low is not None or high is not None:
            changed = records.modified_index.count(low, high, records.last_modified_column) + len(past)
        if last - first <= min(few, changed):
            return pl.int_range(first, last, dtype=pl.UInt32, eager=True)
        if changed > few:
            return None
        rows = records.modified_index.candidates(low, high, records.last_modified_column)
        behind = pl.Series(list(past), dtype=pl.UInt32)
        return (pl.concat([rows, behind]).unique() if past else rows).sort()


def _shuffle_hits(rows: pl.Series, spread: int, seed: int) -> pl.Series:
    """The hits that can be paged to, shuffled within runs of `spread`, deterministically."""
    viewed = rows.head(CEILING + spread)
    places = pl.int_range(len(viewed), dtype=pl.Int64, eager=True).alias("place")
    # The runs begin half a run early, so that one of them lies across the ceiling.
    run, mixed = ((places + spread // 2) // spread).alias("run"), hash_numbers(viewed, seed).alias("mixed")
    return pl.DataFrame([viewed.alias(ROW), run, mixed]).sort("run", "mixed")[ROW]


def _overwrite_with_indexed(rows: list[int], shown: list[Shown], past: Past) -> None:
    """Show hits as the lagging index holds them."""
    for row, record in zip(rows, shown, strict=True):
        if row in past:
            moment, values = past[row]
            properties: Mapping[str, str | None] = {**record["properties"], MODIFIED: format_iso(moment)}
            old_values = {name: values.get(name, value) for name, value in properties.items()}
            record.update(properties=old_values, updatedAt=old_values[MODIFIED])
