"""Page after page of a sequential listing, without ever taking a short reading for a whole one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from icp_sync.errors import Unavailable
from icp_sync.portal.client.connection import Connection, Query
from icp_sync.portal.client.routes import COMPANY_PAGE, Route

PAGE: Final = 100


def properties_param(names: Sequence[str]) -> tuple[str, str]:
    """The part of a query that asks for properties: one list, which HubSpot reads as well as a parameter for each."""
    return "properties", ",".join(names)


def scan_companies(
    connection: Connection, names: Sequence[str], *, after: str | None = None, archived: bool = False
) -> PageIterator:
    """The results of each page of the listing, or of the recycle bin's; from a cursor on, where one is given."""
    bin_only = [("archived", "true")] if archived else []
    query = [("limit", PAGE), *bin_only, properties_param(names)]
    return PageIterator(connection, COMPANY_PAGE, query, after=after, often_empty=archived)


ASKED_AGAIN_AFTER: Final = (1.0, 2.0)


class PageIterator(Iterator[list[Any]]):
    """The results of each page; none at all where the first page stays empty (`often_empty`: where it is).

    `after` is the cursor HubSpot gave for the page that comes next, None at the end; given, reading goes on from there.
    A page without results is asked for twice more; if it was reached through a cursor, or names a next one,
    Unavailable is raised. HubSpot is known to send short and empty pages that still carry a cursor, so only a
    missing `paging.next` ends the listing.
    """

    def __init__(
        self,
        connection: Connection,
        route: Route,
        query: Query,
        *,
        after: str | None = None,
        often_empty: bool = False,
        **ids: object,
    ) -> None:
        self.after = after
        self._connection, self._route, self._query, self._ids = connection, route, query, ids
        self._often_empty = often_empty
        self._seen: set[str] = set()
        self._ended = False

    def __next__(self) -> list[Any]:
        if self._ended:
            raise StopIteration
        answer = self._asked()
        results: list[Any] = answer["results"]
        following = _following(answer)
        if not results and (self.after is not None or following is not None):
            what = f"HubSpot kept answering {self._route.label} with an empty page in the middle"
            raise Unavailable(f"{what}; run again later")
        if following is not None and following in self._seen:
            raise Unavailable(f"HubSpot sent {self._route.label} round in a circle; run again later")
        self._seen |= {following} if following is not None else set()
        self.after, self._ended = following, following is None
        if not results:
            raise StopIteration
        return results

    def _asked(self) -> Any:
        cursor = [] if self.after is None else [("after", self.after)]
        believed = self._often_empty and self.after is None
        ask = self._connection.call if believed else partial(retry_until_results, self._connection)
        return ask(self._route, query=[*self._query, *cursor], **self._ids)


def retry_until_results(connection: Connection, route: Route, query: Query = (), **ids: object) -> Any:
    """An answer that holds results, or the third one that does not."""
    answer = connection.call(route, query=query, **ids)
    for seconds in ASKED_AGAIN_AFTER:
        if answer["results"]:
            break
        connection.pause(seconds)
        answer = connection.call(route, query=query, **ids)
    return answer


def _following(answer: Any) -> str | None:
    """The next cursor, which may arrive as a number, as text."""
    after = ((answer.get("paging") or {}).get("next") or {}).get("after")
    return None if after is None else str(after)
