"""Faults switched on by tests and drills: which calls they hit, and the response in their place."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import responses
from typing import TypedDict, Unpack

from icp_sync.sandbox.call_log import matches_route
from icp_sync.sandbox.error_responses import ApiError
from icp_sync.sandbox.faults.fault_kinds import BROKEN, INSTEAD, KINDS, RETRYABLE, expand_kinds, restrict_kinds_to_route
from icp_sync.sandbox.rate_limits import limit_exceeded

__all__ = ["BAD_GATEWAY", "BROKEN", "INSTEAD", "KINDS", "RETRYABLE", "Fault", "FaultHit", "Faults", "fault_error"]

BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
_POLICIES = {"429_secondly": "SECONDLY", "429_ten_secondly": "TEN_SECONDLY_ROLLING", "429_daily": "DAILY"}
_MESSAGES = {
    "423": "The account is locked after a high volume of writes; try again in a few seconds.",
    "477": "This account is being moved to another data centre.",
}


@dataclass(frozen=True, slots=True)
class FaultHit:
    """The fault that hits one call: its kind, seconds and seed."""

    kind: str
    seconds: float = 1.0
    seed: int = 0
    retry_after: float | None = None


@dataclass
class Fault:
    """A fault of one kind or of several alike: on which routes, how often, how many times, after how many calls.

    Whether a call is hit, and by which kind, is drawn from `seed` call by call.
    """

    kind: str | Sequence[str]
    rate: float = 1.0
    times: int | None = None
    route: str | None = None
    after_calls: int = 0
    seed: int = 0
    seconds: float = 1.0
    retry_after: float | None = None
    _seen: int = field(default=0, init=False)
    _hit_count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.kinds = expand_kinds(self.kind)
        self._random = random.Random(self.seed)

    def draws_hit(self, route: str) -> bool:
        """Whether a call of the route "METHOD /template" is hit."""
        return self.draw_hit(route) is not None

    def draw_hit(self, route: str) -> FaultHit | None:
        """The fault for this call of `route`, or None. Counts the call."""
        kinds = restrict_kinds_to_route(self.kinds, route)
        if not kinds or not matches_route(route, self.route):
            return None
        self._seen += 1
        spent = self.times is not None and self._hit_count >= self.times
        if self._seen <= self.after_calls or spent or self._random.random() >= self.rate:
            return None
        self._hit_count += 1
        kind = kinds[0] if len(kinds) == 1 else self._random.choice(kinds)
        return FaultHit(kind, self.seconds, self.seed, self.retry_after)


class FaultOptions(TypedDict, total=False):
    """When a fault hits and how hard: the fields of `Fault`."""

    rate: float
    times: int | None
    route: str | None
    after_calls: int
    seed: int
    seconds: float
    retry_after: float | None


class Faults:
    """The faults switched on, and the values and companies whose writes are rejected."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.refused_values: dict[str, str] = {}
        self.refused_companies: dict[int, tuple[str, str]] = {}
        self.conditional_rules: dict[str, str] = {}
        self.nameless_refusals = 0

    def add(self, kind: str | Sequence[str], **terms: Unpack[FaultOptions]) -> None:
        """Switch a fault on: one kind, a list of them, or `mixed`. ValueError for an unknown kind.

        `seconds` is the delay of `slow`, the Retry-After of `477`, and how far `outside_window` reaches;
        `retry_after` (seconds) adds that header to any other status.
        """
        self._faults.append(Fault(kind, **terms))

    def reject_property(self, name: str, code: str = "INVALID_OPTION") -> None:
        """Reject every write of a property, as a portal rule or a lost permission does."""
        self.refused_values[name] = code

    def reject_company(self, record_id: int, code: str = "VALIDATION_ERROR", message: str = "Refused.") -> None:
        """Reject every write to one company."""
        self.refused_companies[record_id] = (code, message)

    def add_conditional_property_rule(self, name: str, because_of: str) -> None:
        """A conditional property rule: a write of `because_of` needs `name` filled; enforced on paths of 2026-09."""
        self.conditional_rules[name] = because_of

    def refuse_batch_naming_no_record(self, times: int = 1) -> None:
        """Answer the next batch updates with a 400 that names no record."""
        self.nameless_refusals += times

    def clear(self) -> None:
        self._faults.clear()
        self.refused_values.clear()
        self.refused_companies.clear()
        self.conditional_rules.clear()
        self.nameless_refusals = 0

    def next_for(self, route: str) -> FaultHit | None:
        """The fault for this call, or None; the first one switched on wins."""
        return next((hit for fault in self._faults if (hit := fault.draw_hit(route))), None)


def fault_error(hit: FaultHit) -> ApiError:
    """The error response of a hit whose kind is an HTTP status with a JSON body."""
    status = 429 if hit.kind in _POLICIES else int(hit.kind)
    if status == 429:
        refusal = limit_exceeded(_POLICIES[hit.kind])
    else:
        refusal = ApiError(status, _MESSAGES.get(hit.kind, responses.get(status, "Origin error")), "INTERNAL_ERROR")
    wait = hit.seconds if status == 477 else hit.retry_after
    refusal.headers |= {} if wait is None else {"Retry-After": f"{wait:g}"}
    return refusal
