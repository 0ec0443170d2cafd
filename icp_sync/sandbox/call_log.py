"""The log of every call the portal received, so that a test or a bench can count them."""

from collections import Counter
from typing import Any


class CallLog:
    """Routes leave the API version out and ids templated: `GET /crm/lists/{listId}/memberships`."""

    def __init__(self) -> None:
        self.log: list[tuple[float, str, int]] = []
        self.by_route: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self._received: Counter[str] = Counter()

    @property
    def total(self) -> int:
        return len(self.log)

    def count_call(self, route: str) -> int:
        """Count a call that has just come, before it is handled; returns its number since the last reset."""
        self._received[route] += 1
        return self._received.total()

    def count_received(self, prefix: str | None = None) -> int:
        """How many calls came since the last reset on the routes that begin so."""
        return sum(count for route, count in self._received.items() if matches_route(route, prefix))

    def record_call(self, time: float, route: str, status: int) -> None:
        """One answered call; a dropped connection has the status 0."""
        self.log.append((time, route, status))
        self.by_route[route] += 1
        self.statuses[status] += 1

    def reset(self) -> None:
        self.log.clear()
        self.by_route.clear()
        self.statuses.clear()
        self._received.clear()

    def summary(self, *, with_log: bool) -> dict[str, Any]:
        """Totals, and by route the first and last moment (epoch seconds) and the statuses."""
        spans: dict[str, dict[str, Any]] = {}
        for time, route, status in self.log:
            span = spans.setdefault(route, {"calls": 0, "first": time, "last": time, "statuses": Counter()})
            span["calls"] += 1
            span["first"], span["last"] = min(span["first"], time), max(span["last"], time)
            span["statuses"][str(status)] += 1
        body: dict[str, Any] = {
            "total": self.total,
            "by_route": dict(self.by_route),
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "spans": spans,
        }
        return {**body, "log": self.log} if with_log else body


def matches_route(route: str, prefix: str | None) -> bool:
    """Whether "METHOD /template" begins with the prefix, or the template alone does; no prefix is every route."""
    return not prefix or route.startswith(prefix) or route.partition(" ")[2].startswith(prefix)
