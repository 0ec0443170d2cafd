"""Record ids resolved from `idProperty`: HubSpot takes a unique property's value in place of a record id."""

from zlib import crc32

import polars as pl

from icp_sync.sandbox.error_responses import bad_request, not_found
from icp_sync.sandbox.portal import SandboxPortal


def record_id(portal: SandboxPortal, value: object, id_property: str | None, verb: str) -> int:
    """The record id: `value` itself, or that of the record whose `id_property` has it; negative without one."""
    if id_property:
        return find_unique(portal, value, id_property, verb) or -1 - crc32(str(value).encode())
    text = str(value)
    if not text.isdecimal():
        raise bad_request(f"Object ID must be numeric, got {text}")
    return int(text)


def existing_id(portal: SandboxPortal, value: object, id_property: str | None, verb: str) -> int:
    """The record id; raises a 404 when no record has that value."""
    matching_id = record_id(portal, value, id_property, verb)
    if matching_id < 0:
        raise not_found("resource not found")
    return matching_id


def find_unique(portal: SandboxPortal, value: object, id_property: object, verb: str) -> int | None:
    """The id of the live record whose unique property has that value; None without one, 400 if it is not unique."""
    definition = portal.schema.definitions.get(str(id_property))
    if definition is None or not definition.has_unique_value:
        raise bad_request(f"Unable to perform {verb} by non-unique 0-2 property {id_property}")
    frame = portal.companies(definition.name)
    ids = frame.filter(pl.col(definition.name) == str(value))["id"]
    return int(ids[0]) if len(ids) else None
