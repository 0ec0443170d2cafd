"""Record ids resolved from `idProperty`: HubSpot takes a unique property's value in place of a record id."""

from zlib import crc32

import polars as pl

from icp_sync.sandbox.error_responses import bad_request, not_found
from icp_sync.sandbox.record_store import RecordStore


def record_id(store: RecordStore, value: object, id_property: str | None, verb: str) -> int:
    """The record id: `value` itself, or that of the record whose `id_property` has it; negative without one."""
    if id_property:
        return find_by_unique_value(store, value, id_property, verb) or -1 - crc32(str(value).encode())
    text = str(value)
    if not text.isdecimal():
        raise bad_request(f"Object ID must be numeric, got {text}")
    return int(text)


def require_record_id(store: RecordStore, value: object, id_property: str | None, verb: str) -> int:
    """The record id; raises a 404 when no record has that value."""
    matching_id = record_id(store, value, id_property, verb)
    if matching_id < 0:
        raise not_found("resource not found")
    return matching_id


def find_by_unique_value(store: RecordStore, value: object, id_property: object, verb: str) -> int | None:
    """The id of the live record whose unique property has that value; None without one, 400 if it is not unique."""
    definition = store.schema.definitions.get(str(id_property))
    if definition is None or not definition.has_unique_value:
        raise bad_request(f"Unable to perform {verb} by non-unique {store.type.type_id} property {id_property}")
    ids, rows = store.records.live_ids_and_rows()
    is_equal = store.records.full_column(definition.name).gather(pl.Series(rows, dtype=pl.UInt32)) == str(value)
    matching_ids = pl.Series(ids, dtype=pl.Int64).filter(is_equal.fill_null(False))
    return int(matching_ids[0]) if len(matching_ids) else None
