"""Callbacks before and after every call: drills edit data, count calls or kill a process there."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

from icp_sync.sandbox.call_log import CallLog, matches_route

BEFORE, AFTER = "before", "after"
SIGNALS = {"KILL": signal.SIGKILL, "TERM": signal.SIGTERM, "INT": signal.SIGINT}

Hook = Callable[[int, str, str], object]


class CallHooks:
    """Hooks are called with the call's number since the last reset, its route and the phase, the portal locked."""

    def __init__(self) -> None:
        self._hooks: list[Hook] = []
        self.kills: list[KillHook] = []

    def add(self, hook: Hook) -> Callable[[], None]:
        """Call `hook` for every call from now on; the returned function removes it."""
        self._hooks.append(hook)
        return lambda: self._hooks.remove(hook)

    def notify(self, number: int, route: str, phase: str) -> bool:
        """Call all hooks; True when one asks to break the connection: before, unhandled; after, unanswered."""
        hooks: list[Hook] = [*self._hooks, *self.kills]
        answers = [hook(number, route, phase) for hook in hooks]
        return any(answer is True for answer in answers)

    def clear(self) -> None:
        self._hooks.clear()
        self.kills.clear()


@dataclass
class KillHook:
    """Sends a signal to one process when a call comes (`before`) or took effect and is to be answered (`after`).

    `call` counts the calls since the last reset, of the routes that begin with `route` or of all. A call that
    kills is broken off, unless the signal is one the process may outlive.
    """

    calls: CallLog
    pid: int
    call: int
    when: str = BEFORE
    route: str | None = None
    signal: str = "KILL"
    struck: str | None = None
    _number: int = 0

    def __post_init__(self) -> None:
        if type(self.pid) is not int or self.pid <= 1 or self.pid == os.getpid():
            raise ValueError(f"{self.pid!r} is no process to be killed")
        if self.when not in (BEFORE, AFTER) or self.signal not in SIGNALS:
            raise ValueError(f"when is {BEFORE} or {AFTER}, signal one of {', '.join(SIGNALS)}")
        come = self.calls.count_received(self.route)
        if self.call <= come:
            raise ValueError(f"call {self.call} cannot be waited for: {come} have come since the last reset")

    def __call__(self, number: int, route: str, phase: str) -> bool:
        if phase == BEFORE and matches_route(route, self.route) and self.calls.count_received(self.route) == self.call:
            self._number = number
        if self.struck or number != self._number or phase != self.when:
            return False
        try:
            os.kill(self.pid, SIGNALS[self.signal])
            self.struck = route
        except ProcessLookupError:
            self.struck = f"{route}: process {self.pid} was gone"
        return self.signal == "KILL"

    def as_json(self) -> dict[str, object]:
        names = ("pid", "call", "when", "route", "signal", "struck")
        return {name: getattr(self, name) for name in names}
