"""Trying again: how often, how long between, and when it is over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from icp_sync.errors import Unavailable
from icp_sync.portal.client import retry as retrying
from icp_sync.portal.client.retry import Backoff, CallFailure, Retrier, RetryableFailure
from tests.portal.instant import InstantClock

KINDS = [
    retrying.UNREACHED,
    retrying.DROPPED,
    retrying.BROKEN,
    retrying.DOUBTFUL,
    retrying.LOCKED,
    retrying.SECONDLY,
    retrying.TEN_SECONDLY,
]
REACHING = [kind for kind in KINDS if kind.reaching]


class Call:
    """Fails so many times, each try taking some seconds, then answers `done`."""

    def __init__(
        self,
        clock: InstantClock,
        patience: Backoff,
        *,
        failures: int,
        asks: float | None = None,
        takes: float = 0,
    ) -> None:
        self.clock, self.patience, self.failures, self.asks, self.takes = (
            clock,
            patience,
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
        raise RetryableFailure(CallFailure(Unavailable("it failed"), self.patience, self.asks), self.patience)


@pytest.fixture
def persistence(clock: InstantClock) -> Retrier:
    persistence = Retrier(clock)
    persistence.answered = True
    return persistence


def no_hold(_: float) -> None:
    """Nobody else is there to wait."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_that_passes_is_not_felt(persistence: Retrier, clock: InstantClock, kind: Backoff) -> None:
    assert persistence.call(Call(clock, kind, failures=kind.tries - 1 if kind.tries < 6 else 5), no_hold) == "done"


@pytest.mark.parametrize("kind", KINDS)
def test_a_lasting_failure_ends_after_its_tries_or_three_minutes(
    persistence: Retrier, clock: InstantClock, kind: Backoff
) -> None:
    began, call = clock.now(), Call(clock, kind, failures=1000)
    with pytest.raises(Unavailable, match="it failed"):
        persistence.call(call, no_hold)
    assert 1 < call.tries <= kind.tries
    assert clock.now() - began <= 180


@pytest.mark.parametrize("takes", [0, 2, 5, 10])
@pytest.mark.parametrize("kind", REACHING)
def test_before_the_first_reply_a_portal_out_of_reach_is_borne_for_twenty_seconds(
    clock: InstantClock, kind: Backoff, takes: float
) -> None:
    began, call = clock.now(), Call(clock, kind, failures=1000, takes=takes)
    with pytest.raises(Unavailable):
        Retrier(clock).call(call, no_hold)
    assert clock.now() - began <= 20
    assert call.tries > 1 or takes == 10


def test_the_twenty_seconds_are_those_of_the_run_and_not_of_each_call(clock: InstantClock) -> None:
    persistence, began = Retrier(clock), clock.now()
    for _ in range(5):
        with pytest.raises(Unavailable):
            persistence.call(Call(clock, retrying.UNREACHED, failures=1000), no_hold)
    assert clock.now() - began <= 20


def test_a_try_knows_how_much_of_the_three_minutes_is_left(persistence: Retrier, clock: InstantClock) -> None:
    call = Call(clock, retrying.BROKEN, failures=2, takes=60)
    persistence.call(call, no_hold)
    assert call.left[0] == 180
    assert 50 < call.left[2] < 60


def test_waits_grow_with_jitter_up_to_their_longest(persistence: Retrier, clock: InstantClock) -> None:
    with pytest.raises(Unavailable):
        persistence.call(Call(clock, retrying.BROKEN, failures=1000), no_hold)
    for wait, least in zip(clock.waits, [1, 2, 4, 8, 16, 20, 20], strict=False):
        assert least <= wait <= least + 1


def test_jitter_keeps_two_runs_from_knocking_together(persistence: Retrier, clock: InstantClock) -> None:
    for _ in range(20):
        persistence.call(Call(clock, retrying.BROKEN, failures=1), no_hold)
    assert len(set(clock.waits)) > 1


def test_a_lock_is_waited_out_for_at_least_two_seconds(persistence: Retrier, clock: InstantClock) -> None:
    persistence.call(Call(clock, retrying.LOCKED, failures=1), no_hold)
    assert clock.waits[0] >= 2


def test_what_the_portal_asks_to_wait_is_waited(persistence: Retrier, clock: InstantClock) -> None:
    persistence.call(Call(clock, retrying.SECONDLY, failures=1, asks=45), no_hold)
    assert 45 <= clock.waits[0] <= 46


def test_a_wait_beyond_the_three_minutes_is_not_begun(persistence: Retrier, clock: InstantClock) -> None:
    with pytest.raises(Unavailable):
        persistence.call(Call(clock, retrying.SECONDLY, failures=1, asks=3600), no_hold)
    assert clock.waits == []


@pytest.mark.parametrize(("kind", "held"), [(kind, kind.shared) for kind in KINDS])
def test_everybody_waits_when_all_of_us_are_too_much(
    persistence: Retrier, clock: InstantClock, kind: Backoff, held: bool
) -> None:
    holds: list[float] = []
    persistence.call(Call(clock, kind, failures=1), holds.append)
    assert holds == (clock.waits if held else [])


@pytest.mark.parametrize("fault", [ValueError("ours"), Unavailable("final")])
def test_any_other_failure_is_raised_at_once(persistence: Retrier, clock: InstantClock, fault: Exception) -> None:
    with pytest.raises(type(fault)):
        persistence.call(raising(fault), no_hold)
    assert clock.waits == []


def raising(fault: Exception) -> Callable[[float], None]:
    def call(_: float) -> None:
        raise fault

    return call


def test_the_error_carries_no_trace_of_what_the_portal_sent(persistence: Retrier, clock: InstantClock) -> None:
    with pytest.raises(Unavailable) as caught:
        persistence.call(Call(clock, retrying.DOUBTFUL, failures=1000), no_hold)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
