"""One question at a time is worked out; of those that wait, a newer one of the same tab replaces the older."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class RequestReplaced(Exception):  # internal: `routes` answers it with nothing to show
    """A newer question of the same tab came while this one waited."""


class LatestRequestQueue:
    """Runs jobs one after another in a thread, so that the server stays free to answer."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._newest: dict[str, object] = {}

    async def run_job(self, tab: str, job: Callable[[], T]) -> T:
        """The job's result. Raises Replaced where the tab asked again before its turn came."""
        ticket = self._newest[tab] = object()
        try:
            async with self._lock:
                if self._newest.get(tab) is not ticket:
                    raise RequestReplaced
                return await asyncio.to_thread(job)
        finally:
            if self._newest.get(tab) is ticket:
                del self._newest[tab]
