"""Page after page of a sequential listing, without ever taking a short reading for a whole one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from icp_sync.errors import Unavailable
from icp_sync.portal.connection import Connection, Query
from icp_sync.portal.paths import Route

ASKED_AGAIN_AFTER: Final = (1.0, 2.0)


def pages(
    connection: Connection, route: Route, query: Query, *, often_empty: bool = False, **ids: object
) -> Iterator[list[Any]]:
    """The results of each page; none at all where the first page stays empty (`often_empty`: where it is).

    A page without results is asked for twice more; if it was reached through a cursor, or names a next one,
    Unavailable is raised. HubSpot is known to send short and empty pages that still carry a cursor, so only a
    missing `paging.next` ends the listing.
    """
    seen: set[str] = set()
    after: str | None = None
    while True:
        cursor = [] if after is None else [("after", after)]
        believed = often_empty and after is None
        ask = connection.call if believed else partial(with_results, connection)
        answer = ask(route, query=[*query, *cursor], **ids)
        following = _following(answer)
        if not answer["results"]:
            if after is None and following is None:
                return
            raise Unavailable(f"HubSpot kept answering {route.label} with an empty page in the middle; run again later")
        yield answer["results"]
        if following is None:
            return
        if following in seen:
            raise Unavailable(f"HubSpot sent {route.label} round in a circle; run again later")
        seen.add(following)
        after = following


def with_results(connection: Connection, route: Route, query: Query = (), **ids: object) -> Any:
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
