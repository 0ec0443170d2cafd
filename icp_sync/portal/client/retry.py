"""The one policy for trying again: what for, how often, how long to wait, and when to give up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Final, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential, wait_random

from icp_sync.errors import PortalError
from icp_sync.portal.client.clock import Clock

Answer = TypeVar("Answer")

UNTIL_FIRST_REPLY: Final = 20.0
ONE_CALL: Final = 180.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """How to try again after one kind of failure: waits of `first`, twice that, … up to `longest` seconds.

    `shared` failures mean that all of us are too much for the portal, so everybody waits. `reaching` failures
    leave it open whether the portal is there at all.
    """

    first: float
    longest: float
    tries: int
    shared: bool = False
    reaching: bool = False


UNREACHED: Final = Backoff(0.5, 20, 12, reaching=True)
DROPPED: Final = Backoff(1, 20, 10, reaching=True)
BROKEN: Final = Backoff(1, 20, 10)
# Seldom cured by waiting; and a batch of nothing but merged-away ids is answered with silence for ever.
DOUBTFUL: Final = Backoff(1, 4, 4)
LOCKED: Final = Backoff(2, 20, 10, shared=True)
SECONDLY: Final = Backoff(1, 10, 12, shared=True)
TEN_SECONDLY: Final = Backoff(2, 10, 20, shared=True)


@dataclass(frozen=True, slots=True)
class CallFailure:
    """A call that failed: what to tell people, and how patiently to try again (None: not at all)."""

    error: PortalError
    patience: Backoff | None = None
    retry_after: float | None = None


class RetryableFailure(Exception):
    """The failure of one try that is worth another."""

    def __init__(self, failure: CallFailure, patience: Backoff) -> None:
        super().__init__(failure.error.message)
        self.failure = failure
        self.patience = patience


@dataclass(slots=True)
class _Tries:
    """When the first try of a call began, and when its latest one did."""

    started: float
    latest: float


class Retrier:
    """Tries calls again for one run; knows whether the portal has answered at all, and how many calls wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began: float | None = None
        self._lock = Lock()
        self.answered = False
        self.waiting = 0

    def call(self, attempt: Callable[[float], Answer], hold: Callable[[float], None]) -> Answer:
        """What `attempt(seconds left)` returns; when trying is over, the last failure's error is raised.

        `hold(seconds)` makes everybody wait, after a failure that all of us share in.

        Until the first reply of a run, connection and name errors are borne for 20 seconds in all, afterwards
        any one call for 3 minutes.
        """
        now = self._clock.now()
        self._began = now if self._began is None else self._began
        tries = _Tries(now, now)
        # Nearly every call goes well at once, and the machinery for trying again costs more than all else around it.
        try:
            return self._try(attempt, tries)
        except RetryableFailure as failed:
            first = iter([failed])
        trying = Retrying(
            retry=retry_if_exception_type(RetryableFailure),
            wait=_wait,
            stop=lambda state: self._is_over(state, tries),
            sleep=self._sleep,
            before_sleep=lambda state: _hold_all(state, hold),
            reraise=True,
        )
        try:
            answer: Answer = trying(self._try_again, attempt, tries, first)
            return answer
        except RetryableFailure as last:
            error = last.failure.error
        # Raised here, not above: the chain of causes holds what the portal sent, and that may name the token.
        raise error

    def _try(self, attempt: Callable[[float], Answer], tries: _Tries) -> Answer:
        tries.latest = self._clock.now()
        return attempt(tries.started + ONE_CALL - tries.latest)

    def _try_again(
        self, attempt: Callable[[float], Answer], tries: _Tries, failed: Iterator[RetryableFailure]
    ) -> Answer:
        """The next try, once `failed`, the first one, has been told."""
        for failure in failed:
            raise failure
        return self._try(attempt, tries)

    def _sleep(self, seconds: float) -> None:
        self._count_waiting(1)
        try:
            self._clock.wait(seconds)
        finally:
            self._count_waiting(-1)

    def _count_waiting(self, more: int) -> None:
        with self._lock:
            self.waiting += more

    def _is_over(self, state: RetryCallState, tries: _Tries) -> bool:
        patience = _again(state).patience
        resumes = self._clock.now() + state.upcoming_sleep
        if patience.reaching and not self.answered and self._began is not None:
            # The next try may hang as long as the latest did, and must still end in time.
            return resumes + self._clock.now() - tries.latest > self._began + UNTIL_FIRST_REPLY
        return state.attempt_number >= patience.tries or resumes >= tries.started + ONE_CALL


def _again(state: RetryCallState) -> RetryableFailure:
    fault = state.outcome.exception() if state.outcome else None
    if not isinstance(fault, RetryableFailure):
        raise TypeError("only failures worth another try come here")
    return fault


def _hold_all(state: RetryCallState, hold: Callable[[float], None]) -> None:
    if _again(state).patience.shared:
        hold(state.upcoming_sleep)


def _wait(state: RetryCallState) -> float:
    """Seconds until the next try: growing, with jitter, and never less than the portal asks for."""
    again = _again(state)
    patience = again.patience
    growing = wait_exponential(multiplier=patience.first, max=patience.longest)(state)
    return max(growing, again.failure.retry_after or 0.0) + wait_random(0, patience.first)(state)
