"""Reads which records are linked with which, a thousand a call; what a page cuts off is asked for again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from icp_sync.errors import PortalUnavailable
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import MAX_ASSOCIATION_INPUTS, Route

Row = Mapping[str, Any]
"""A page of one record's links: `from`, and `to` with each `toObjectId` and its `associationTypes`."""
# How HubSpot names, in the errors of a 207, a record that is linked with nothing. Both words were seen.
_NO_LINKS: Final = ("NOT_FOUND", "NO_ASSOCIATIONS")


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
    while inputs:
        response = connection.call(route, body={"inputs": inputs})
        _require_no_errors(response, route)
        page = response["results"]
        rows += page
        # Links are paged by record: only those with more are asked again, each from its own place on.
        following = [
            {"id": str(row["from"]["id"]), "after": str(after)}
            for row in page
            if (after := _next_cursor(row)) is not None
        ]
        if following and following == inputs:
            raise PortalUnavailable(f"HubSpot sent {route.label} round in a circle; run again later")
        inputs = following
    return rows


def _next_cursor(row: Row) -> object:
    return ((row.get("paging") or {}).get("next") or {}).get("after")


def _require_no_errors(response: Mapping[str, Any], route: Route) -> None:
    """Records without links are missing from the results, or named in the errors; any other error hides links."""
    for error in response.get("errors") or ():
        names = f"{error.get('category')} {error.get('subCategory')}"
        if not any(word in names for word in _NO_LINKS):
            raise PortalUnavailable(f"HubSpot answered {route.label} for a part of the records only; run again later")
