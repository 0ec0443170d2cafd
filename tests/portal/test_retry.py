"""Trying again: how often, how long between, and when it is over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from icp_sync.errors import PortalUnavailable
from icp_sync.portal.client import retry
from icp_sync.portal.client.retry import Backoff, CallFailure, Retrier, RetryableFailure
from tests.portal.instant import InstantClock

KINDS = [
    retry.UNREACHED,
    retry.DROPPED,
    retry.BROKEN,
    retry.DOUBTFUL,
    retry.LOCKED,
    retry.SECONDLY,
    retry.TEN_SECONDLY,
]
CONNECTING = [kind for kind in KINDS if kind.connecting]


class Call:
    """Fails so many times, each try taking some seconds, then answers `done`."""

    def __init__(
        self,
        clock: InstantClock,
        backoff: Backoff,
        *,
        failures: int,
        asks: float | None = None,
        takes: float = 0,
    ) -> None:
        self.clock, self.backoff, self.failures, self.asks, self.takes = (
            clock,
            backoff,
            failures,
            asks,
            takes,
        )
        self.tries = 0
        self.left: list[float] = []

    def __call__(self, seconds: float) -> str:
        self.tries += 1
        self.left.append(seconds)
        self.clock.pass_by(self.takes)
        if self.tries > self.failures:
            return "done"
        raise RetryableFailure(CallFailure(PortalUnavailable("it failed"), self.backoff, self.asks), self.backoff)


@pytest.fixture
def retrier(clock: InstantClock) -> Retrier:
    retrier = Retrier(clock)
    retrier.answered = True
    return retrier


def no_pause(_: float) -> None:
    """Nobody else is there to wait."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_that_passes_is_not_felt(retrier: Retrier, clock: InstantClock, kind: Backoff) -> None:
    assert (
        retrier.call(Call(clock, kind, failures=kind.max_attempts - 1 if kind.max_attempts < 6 else 5), no_pause)
        == "done"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_lasting_failure_ends_after_its_tries_or_three_minutes(
    retrier: Retrier, clock: InstantClock, kind: Backoff
) -> None:
    began, call = clock.now(), Call(clock, kind, failures=1000)
    with pytest.raises(PortalUnavailable, match="it failed"):
        retrier.call(call, no_pause)
    assert 1 < call.tries <= kind.max_attempts
    assert clock.now() - began <= 180


def test_an_attempt_counts_for_its_own_way_of_failing_only(retrier: Retrier, clock: InstantClock) -> None:
    ways = [retry.BROKEN, retry.LOCKED, retry.BROKEN, retry.DOUBTFUL, retry.DOUBTFUL, retry.BROKEN, retry.DOUBTFUL]
    failures = iter([Call(clock, way, failures=1) for way in ways])

    def attempt(seconds: float) -> str:
        return next(failures, Call(clock, retry.BROKEN, failures=0))(seconds)

    assert retrier.call(attempt, no_pause) == "done"


def test_a_doubtful_failure_ends_the_call_at_its_own_fourth(retrier: Retrier, clock: InstantClock) -> None:
    ways = [retry.DOUBTFUL, retry.BROKEN, retry.DOUBTFUL, retry.DOUBTFUL, retry.DOUBTFUL, retry.BROKEN]
    left = [Call(clock, way, failures=1) for way in ways]

    def attempt(seconds: float) -> str:
        return left.pop(0)(seconds)

    with pytest.raises(PortalUnavailable, match="it failed"):
        retrier.call(attempt, no_pause)
    assert len(left) == 1


@pytest.mark.parametrize("takes", [0, 2, 5, 10])
@pytest.mark.parametrize("kind", CONNECTING)
def test_before_the_first_reply_a_portal_out_of_reach_is_borne_for_twenty_seconds(
    clock: InstantClock, kind: Backoff, takes: float
) -> None:
    began, call = clock.now(), Call(clock, kind, failures=1000, takes=takes)
    with pytest.raises(PortalUnavailable):
        Retrier(clock).call(call, no_pause)
    assert clock.now() - began <= 20
    assert call.tries > 1 or takes == 10


def test_the_twenty_seconds_are_those_of_the_run_and_not_of_each_call(clock: InstantClock) -> None:
    retrier, began = Retrier(clock), clock.now()
    for _ in range(5):
        with pytest.raises(PortalUnavailable):
            retrier.call(Call(clock, retry.UNREACHED, failures=1000), no_pause)
    assert clock.now() - began <= 20


def test_a_try_knows_how_much_of_the_three_minutes_is_left(retrier: Retrier, clock: InstantClock) -> None:
    call = Call(clock, retry.BROKEN, failures=2, takes=60)
    retrier.call(call, no_pause)
    assert call.left[0] == 180
    assert 50 < call.left[2] < 60


def test_waits_grow_with_jitter_up_to_their_longest(retrier: Retrier, clock: InstantClock) -> None:
    with pytest.raises(PortalUnavailable):
        retrier.call(Call(clock, retry.BROKEN, failures=1000), no_pause)
    for wait, least in zip(clock.waits, [1, 2, 4, 8, 16, 20, 20], strict=False):
        assert least <= wait <= least + 1


def test_jitter_keeps_two_runs_from_knocking_together(retrier: Retrier, clock: InstantClock) -> None:
    for _ in range(20):
        retrier.call(Call(clock, retry.BROKEN, failures=1), no_pause)
    assert len(set(clock.waits)) > 1


def test_a_lock_is_waited_out_for_at_least_two_seconds(retrier: Retrier, clock: InstantClock) -> None:
    retrier.call(Call(clock, retry.LOCKED, failures=1), no_pause)
    assert clock.waits[0] >= 2


def test_what_the_portal_asks_to_wait_is_waited(retrier: Retrier, clock: InstantClock) -> None:
    retrier.call(Call(clock, retry.SECONDLY, failures=1, asks=45), no_pause)
    assert 45 <= clock.waits[0] <= 46


def test_a_wait_beyond_the_three_minutes_is_not_begun(retrier: Retrier, clock: InstantClock) -> None:
    with pytest.raises(PortalUnavailable):
        retrier.call(Call(clock, retry.SECONDLY, failures=1, asks=60, takes=150), no_pause)
    assert clock.waits == []


@pytest.mark.parametrize(("kind", "shared"), [(kind, kind.shared) for kind in KINDS])
def test_everybody_waits_when_all_of_us_are_too_much(
    retrier: Retrier, clock: InstantClock, kind: Backoff, shared: bool
) -> None:
    pauses: list[float] = []
    retrier.call(Call(clock, kind, failures=1), pauses.append)
    assert pauses == (clock.waits if shared else [])


@pytest.mark.parametrize("error", [ValueError("ours"), PortalUnavailable("final")])
def test_any_other_failure_is_raised_at_once(retrier: Retrier, clock: InstantClock, error: Exception) -> None:
    with pytest.raises(type(error)):
        retrier.call(raising(error), no_pause)
    assert clock.waits == []


def raising(error: Exception) -> Callable[[float], None]:
    def call(_: float) -> None:
        raise error

    return call


def test_the_error_carries_no_trace_of_what_the_portal_sent(retrier: Retrier, clock: InstantClock) -> None:
    with pytest.raises(PortalUnavailable) as caught:
        retrier.call(Call(clock, retry.DOUBTFUL, failures=1000), no_pause)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
