"""The retry policy for HubSpot calls: backoff by kind of failure, attempts, and the time limit of a call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential, wait_random

from icp_sync.errors import PortalError
from icp_sync.portal.client.clock import Clock

Output = TypeVar("Output")

FIRST_RESPONSE_TIMEOUT_S: Final = 20.0
CALL_TIMEOUT_S: Final = 180.0
# Not documented for a 429; where seen it was in milliseconds, and 10000 taken as seconds ended the run at once.
# A longer one is left aside: no limit of seconds takes that long to pass.
MAX_RETRY_AFTER_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """How one kind of failure is retried: waits of `first_wait_s`, doubling up to `max_wait_s`, in seconds.

    `max_attempts` counts the call's attempts that failed in this way, the first one too; attempts that failed in
    another way count for that way only. `shared`: the portal is overloaded by all threads together, so all of them
    pause. `connecting`: the failure leaves open whether the portal can be reached at all.
    """

    first_wait_s: float
    max_wait_s: float
    max_attempts: int
    shared: bool = False
    connecting: bool = False


UNREACHED: Final = Backoff(0.5, 20, 12, connecting=True)
DROPPED: Final = Backoff(1, 20, 10, connecting=True)
BROKEN: Final = Backoff(1, 20, 10)
# Waiting seldom cures these, and HubSpot answers a batch of merged-away ids alone with an empty body every time.
DOUBTFUL: Final = Backoff(1, 4, 4)
LOCKED: Final = Backoff(2, 20, 10, shared=True)
# The two windows HubSpot's 429 names in `policyName`: one second (search) and ten seconds (all other calls).
SECONDLY: Final = Backoff(1, 10, 12, shared=True)
TEN_SECONDLY: Final = Backoff(2, 10, 20, shared=True)


@dataclass(frozen=True, slots=True)
class CallFailure:
    """A failed call: the error for the user, and its backoff; None = not retried. `retry_after` is in seconds."""

    error: PortalError
    backoff: Backoff | None = None
    retry_after: float | None = None


class RetryableFailure(Exception):
    """One attempt failed in a way that another may cure."""

    def __init__(self, failure: CallFailure, backoff: Backoff) -> None:
        super().__init__(failure.error.message)
        self.error = failure.error
        self.retry_after = failure.retry_after
        self.backoff = backoff


@dataclass(slots=True)
class _CallAttempts:
    """When a call's first and latest attempts began (the clock's seconds), and how often each way of failing came."""

    first: float
    latest: float
    failures: Counter[Backoff] = field(default_factory=Counter)


class Retrier:
    """Retries the calls of one run; thread-safe.

    `answered`: the portal has responded at least once. `waiting`: calls in backoff now.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._run_began: float | None = None
        self._lock = Lock()
        self.answered = False
        self.waiting = 0

    def call(self, attempt: Callable[[float], Output], pause_all: Callable[[float], None]) -> Output:
        """Return what `attempt(seconds left)` returns; after the last attempt, raise its failure's error.

        `pause_all(seconds)` pauses all threads, after a failure whose backoff is shared.

        Until the run's first response, connection and name errors are retried for 20 seconds in total; afterwards
        each call for at most 180 seconds.
        """
        now = self._clock.now()
        self._run_began = now if self._run_began is None else self._run_began
        attempts = _CallAttempts(now, now)
        # Nearly every call succeeds at once, and tenacity costs more than all else around it: only after a failure.
        try:
            return self._attempt(attempt, attempts)
        except RetryableFailure as failure:
            first_failure = iter([failure])
        retrying = Retrying(
            retry=retry_if_exception_type(RetryableFailure),
            wait=_wait_seconds,
            stop=lambda state: self._is_exhausted(state, attempts),
            sleep=self._sleep,
            before_sleep=lambda state: _pause_if_shared(state, pause_all),
            reraise=True,
        )
        try:
            output: Output = retrying(self._raise_then_attempt, first_failure, attempt, attempts)
            return output
        except RetryableFailure as last_failure:
            error = last_failure.error
        # Raised here, not above: the chain of causes holds what the portal sent, and that may contain the token.
        raise error

    def _attempt(self, attempt: Callable[[float], Output], attempts: _CallAttempts) -> Output:
        attempts.latest = self._clock.now()
        try:
            return attempt(attempts.first + CALL_TIMEOUT_S - attempts.latest)
        except RetryableFailure as failure:
            attempts.failures[failure.backoff] += 1
            raise

    def _raise_then_attempt(
        self, first_failure: Iterator[RetryableFailure], attempt: Callable[[float], Output], attempts: _CallAttempts
    ) -> Output:
        """Raise `first_failure` once, so that tenacity counts the attempt made without it; then attempt again."""
        for failure in first_failure:
            raise failure
        return self._attempt(attempt, attempts)

    def _sleep(self, seconds: float) -> None:
        self._adjust_waiting_count(1)
        try:
            self._clock.wait(seconds)
        finally:
            self._adjust_waiting_count(-1)

    def _adjust_waiting_count(self, change: int) -> None:
        with self._lock:
            self.waiting += change

    def _is_exhausted(self, state: RetryCallState, attempts: _CallAttempts) -> bool:
        backoff = _last_failure(state).backoff
        resumes = self._clock.now() + state.upcoming_sleep
        if backoff.connecting and not self.answered and self._run_began is not None:
            # The next attempt may hang as long as the latest one did, and must still end in time.
            hang = self._clock.now() - attempts.latest
            return resumes + hang > self._run_began + FIRST_RESPONSE_TIMEOUT_S
        return attempts.failures[backoff] >= backoff.max_attempts or resumes >= attempts.first + CALL_TIMEOUT_S


def _last_failure(state: RetryCallState) -> RetryableFailure:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, RetryableFailure):
        raise TypeError("tenacity retries RetryableFailure only")
    return error


def _pause_if_shared(state: RetryCallState, pause_all: Callable[[float], None]) -> None:
    if _last_failure(state).backoff.shared:
        pause_all(state.upcoming_sleep)


def _wait_seconds(state: RetryCallState) -> float:
    """Seconds until the next attempt: exponential with jitter, never less than a Retry-After of a minute at most."""
    failure = _last_failure(state)
    backoff = failure.backoff
    growing = wait_exponential(multiplier=backoff.first_wait_s, max=backoff.max_wait_s)(state)
    asked = failure.retry_after or 0.0
    return max(growing, asked if asked <= MAX_RETRY_AFTER_S else 0.0) + wait_random(0, backoff.first_wait_s)(state)
