"""What can go wrong between a client and HubSpot, switched on by tests and drills."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import responses

from .limits import exceeded
from .refusals import Refusal

STATUSES = ("423", "477", "500", "503", "504", "521", "522", "523", "524", "525", "526")
BEFORE = ("429_secondly", "429_ten_secondly", "429_daily", "502_html", "drop_before", "empty_2xx", *STATUSES)
AFTER = ("drop_after", "truncated", "half_json", "slow")
SHAPES = ("short_page", "empty_page")
KINDS = (*BEFORE, *AFTER, *SHAPES)

BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
_POLICIES = {"429_secondly": "SECONDLY", "429_ten_secondly": "TEN_SECONDLY_ROLLING", "429_daily": "DAILY"}
_MESSAGES = {
    "423": "The account is locked after a high volume of writes; try again in a few seconds.",
    "477": "This account is being moved to another data centre.",
}


@dataclass
class Fault:
    """One kind of fault: on which routes, how often, how many times at most, after how many calls."""

    kind: str
    rate: float = 1.0
    times: int | None = None
    route: str | None = None
    after_calls: int = 0
    seed: int = 0
    seconds: float = 1.0
    _seen: int = field(default=0, init=False)
    _struck: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            message = f"unknown fault {self.kind!r}; known: {', '.join(KINDS)}"
            raise ValueError(message)
        self._random = random.Random(self.seed)

    def strikes(self, route: str) -> bool:
        """`route` is "METHOD /template"; the fault's own route is a prefix of it or of the template alone."""
        if self.route and not (route.startswith(self.route) or route.partition(" ")[2].startswith(self.route)):
            return False
        self._seen += 1
        spent = self.times is not None and self._struck >= self.times
        if self._seen <= self.after_calls or spent or self._random.random() >= self.rate:
            return False
        self._struck += 1
        return True


class Faults:
    """The faults switched on, and the company data HubSpot refuses for reasons of its own."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.refused_values: dict[str, str] = {}
        self.refused_companies: dict[int, tuple[str, str]] = {}
        self.nameless_refusals = 0

    def add(  # noqa: PLR0913 (all the ways a fault can be narrowed)
        self,
        kind: str,
        *,
        rate: float = 1.0,
        times: int | None = None,
        route: str | None = None,
        after_calls: int = 0,
        seed: int = 0,
        seconds: float = 1.0,
    ) -> None:
        """Switch a fault on; `seconds` is the delay of `slow` and the Retry-After of `477`."""
        self._faults.append(Fault(kind, rate, times, route, after_calls, seed, seconds))

    def reject_value(self, name: str, code: str = "INVALID_OPTION") -> None:
        """Refuse every write of a property: what a portal rule or a lost permission looks like."""
        self.refused_values[name] = code

    def reject_company(self, record_id: int, code: str = "VALIDATION_ERROR", message: str = "Refused.") -> None:
        """Refuse every write to one company."""
        self.refused_companies[record_id] = (code, message)

    def refuse_batch_without_record(self, times: int = 1) -> None:
        """Answer the next batch updates with a 400 that names no record."""
        self.nameless_refusals += times

    def clear(self) -> None:
        self._faults.clear()
        self.refused_values.clear()
        self.refused_companies.clear()
        self.nameless_refusals = 0

    def striking(self, route: str) -> Fault | None:
        """The fault that hits this call; the first switched on wins."""
        return next((fault for fault in self._faults if fault.strikes(route)), None)


def refusal_of(fault: Fault) -> Refusal:
    """The answer of a fault that is a status with a JSON body."""
    if fault.kind in _POLICIES:
        return exceeded(_POLICIES[fault.kind])
    status = int(fault.kind)
    phrase = responses.get(status, "Origin error")
    headers: Mapping[str, str] = {"Retry-After": f"{fault.seconds:g}"} if status == 477 else {}
    return Refusal(status, _MESSAGES.get(fault.kind, phrase), "", headers=headers)
