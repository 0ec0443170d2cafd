"""Reads which records are linked with which, a thousand a call; what a page cuts off is asked for again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from icp_sync.errors import PortalUnavailable
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import MAX_ASSOCIATION_INPUTS, Route

Row = Mapping[str, Any]
"""A page of one record's links: `from`, and `to` with each `toObjectId` and its `associationTypes`."""


def read_associations(connection: Connection, route: Route, ids: Sequence[int]) -> Iterator[Row]:
    """Yield the links of the records `ids`; a record without any has no row, one with many has several.

    Raises PortalError rather than leave out links that are there.
    """
    groups = [ids[start : start + MAX_ASSOCIATION_INPUTS] for start in range(0, len(ids), MAX_ASSOCIATION_INPUTS)]
    for rows in connection.map_concurrent(lambda group: _read_batch(connection, route, group), groups):
        yield from rows


def _read_batch(connection: Connection, route: Route, ids: Sequence[int]) -> list[Row]:
    rows: list[Row] = []
    inputs = [{"id": str(record_id)} for record_id in ids]
    seen: set[tuple[str, str]] = set()
    while inputs:
        page = connection.call(route, body={"inputs": inputs})["results"]
        rows += page
        # Links are paged by record: only those with more are asked again, each from its own place on.
        following = [
            {"id": str(row["from"]["id"]), "after": str(after)}
            for row in page
            if (after := _next_cursor(row)) is not None
        ]
        places = {(place["id"], place["after"]) for place in following}
        if not seen.isdisjoint(places):
            raise PortalUnavailable(f"HubSpot sent {route.label} round in a circle; run again later")
        seen |= places
        inputs = following
    return rows


def _next_cursor(row: Row) -> object:
    return ((row.get("paging") or {}).get("next") or {}).get("after")
