"""Merges two companies: the loser's id disappears, the survivor fills its gaps and may get a new id."""

from icp_sync.sandbox.error_responses import not_found
from icp_sync.sandbox.store.history_sources import MERGE
from icp_sync.sandbox.store.property_history import EVERY
from icp_sync.sandbox.store.records import Records

MERGED = "hs_merged_object_ids"


def merge_companies(records: Records, primary: int, merged: int, now: int) -> int:
    """Fold `merged` into `primary`, which keeps its id; returns it."""
    winner, loser = _require_row(records, primary), _require_row(records, merged)
    values = {}
    for name in records.columns:
        inherited = records.value_at(loser, name)
        if name != MERGED and inherited and not records.value_at(winner, name):
            values[name] = inherited
    ids = [records.value_at(winner, MERGED), records.value_at(loser, MERGED), str(merged)]
    values[MERGED] = ";".join(part for part in ids if part)
    records.write(winner, values, now, MERGE)
    records.merge_away(loser, primary, now)
    return primary


def assign_new_id(records: Records, record_id: int, now: int) -> int:
    """Give a survivor a new id, as HubSpot does now and then; returns it."""
    row = _require_row(records, record_id)
    values = {name: records.value_at(row, name) or "" for name in records.columns}
    values[MERGED] = ";".join(part for part in (values.get(MERGED), str(record_id)) if part)
    fresh = records.append_records([values], now, MERGE)[0]
    records.history.copy_history(fresh, row)
    records.history.record_write(fresh, EVERY, {}, now, MERGE)
    records.created.set(fresh, records.created.get(row))
    records.merge_away(row, records.ids[fresh], now)
    return records.ids[fresh]


def _require_row(records: Records, record_id: int) -> int:
    row = records.row(record_id)
    if row is None:
        raise not_found(f"resource not found: {record_id}")
    return row
