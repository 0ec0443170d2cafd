"""Cursor pagination that never takes an incomplete listing for a complete one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from icp_sync.errors import PortalUnavailable
from icp_sync.portal.client.connection import Connection, Query
from icp_sync.portal.client.routes import COMPANY_PAGE, Route

PAGE_SIZE: Final = 100
# HubSpot now and then answers 200 with an empty page where there are results; waits before the two repeats.
EMPTY_PAGE_RETRY_WAITS_S: Final = (1.0, 2.0)


def properties_param(names: Sequence[str]) -> tuple[str, str]:
    """Return the query parameter `properties`, comma-separated: HubSpot accepts it like one parameter for each."""
    return "properties", ",".join(names)


def scan_companies(
    connection: Connection, names: Sequence[str], *, after: str | None = None, archived: bool = False
) -> PageIterator:
    """Iterate over pages of all companies, or of the archived ones; `after` is a cursor to resume from."""
    # `archived=true` lists the recycle bin alone; a restorable company stays in it for 90 days.
    archived_only = [("archived", "true")] if archived else []
    query = [("limit", PAGE_SIZE), *archived_only, properties_param(names)]
    return PageIterator(connection, COMPANY_PAGE, query, after=after, may_be_empty=archived)


class PageIterator(Iterator[list[Any]]):
    """Yields the `results` of each page; nothing where the first page stays empty.

    `after` is HubSpot's cursor of the next page, None at the end; passed in, iteration resumes there.
    A page without results is fetched twice more (`may_be_empty`: the first page is not); Unavailable is raised if it
    was reached through a cursor or names a next one, and if cursors repeat. HubSpot sends short and empty pages that
    still carry a cursor, so only a missing `paging.next` ends the listing.
    """

    def __init__(
        self,
        connection: Connection,
        route: Route,
        query: Query,
        *,
        after: str | None = None,
        may_be_empty: bool = False,
        **ids: object,
    ) -> None:
        self.after = after
        self._connection, self._route, self._query, self._ids = connection, route, query, ids
        self._may_be_empty = may_be_empty
        self._seen: set[str] = set()
        self._ended = False

    def __next__(self) -> list[Any]:
        if self._ended:
            raise StopIteration
        response = self._fetch_page()
        results: list[Any] = response["results"]
        next_cursor = _next_cursor(response)
        if not results and (self.after is not None or next_cursor is not None):
            what = f"HubSpot kept answering {self._route.label} with an empty page in the middle"
            raise PortalUnavailable(f"{what}; run again later")
        if next_cursor is not None and next_cursor in self._seen:
            # A repeated cursor would read the same pages for ever.
            raise PortalUnavailable(f"HubSpot sent {self._route.label} round in a circle; run again later")
        self._seen |= {next_cursor} if next_cursor is not None else set()
        self.after, self._ended = next_cursor, next_cursor is None
        if not results:
            raise StopIteration
        return results

    def _fetch_page(self) -> Any:
        cursor = [] if self.after is None else [("after", self.after)]
        accept_empty = self._may_be_empty and self.after is None
        fetch = self._connection.call if accept_empty else partial(retry_until_results, self._connection)
        return fetch(self._route, query=[*self._query, *cursor], **self._ids)


def retry_until_results(connection: Connection, route: Route, query: Query = (), **ids: object) -> Any:
    """Return the first response with results, or the third one without; waits 1 and 2 seconds in between."""
    response = connection.call(route, query=query, **ids)
    for seconds in EMPTY_PAGE_RETRY_WAITS_S:
        if response["results"]:
            break
        connection.wait(seconds)
        response = connection.call(route, query=query, **ids)
    return response


def _next_cursor(response: Any) -> str | None:
    """Return the next page's cursor as text, None on the last page; HubSpot sends it as text or as a number."""
    # `paging.next.link` names api.hubapi.com whatever the base URL is, so requests are built from `after` alone.
    after = ((response.get("paging") or {}).get("next") or {}).get("after")
    return None if after is None else str(after)
