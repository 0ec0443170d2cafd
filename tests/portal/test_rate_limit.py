"""Pace: evenly spread at 95 % of the limit, never above it, and not losing slots to late threads."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from icp_sync.portal.client.rate_limit import RateLimiter
from tests.portal.instant import InstantClock


def moments(pacer: RateLimiter, clock: InstantClock, calls: int) -> list[float]:
    """When each of so many calls in a row got its slot."""
    taken = []
    for _ in range(calls):
        pacer.acquire()
        taken.append(clock.now())
    return taken


def fullest_window(moments: list[float], seconds: float) -> int:
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


@pytest.mark.parametrize("limit", [10, 100, 190, 250])
def test_calls_are_spread_evenly_at_95_percent_of_the_limit(clock: InstantClock, limit: int) -> None:
    slots = moments(RateLimiter(clock, limit, 10), clock, 3 * limit)[-limit:]
    gaps = {round(later - earlier, 5) for earlier, later in itertools.pairwise(slots)}
    assert gaps == {round(10 / (0.95 * limit), 5)}


@pytest.mark.parametrize("limit", [10, 100, 190, 250])
def test_no_window_holds_more_than_the_limit_even_after_a_long_idle_time(clock: InstantClock, limit: int) -> None:
    pacer = RateLimiter(clock, limit, 10)
    pacer.acquire()
    clock.pass_by(3600)
    assert fullest_window(moments(pacer, clock, 3 * limit), 10) <= limit


def test_slots_missed_by_threads_that_woke_late_are_made_up_for(clock: InstantClock) -> None:
    pacer, start, interval = RateLimiter(clock, 190, 10), clock.now(), 10 / (0.95 * 190)
    for _ in range(1000):
        pacer.acquire()
        clock.pass_by(0.9 * interval)
    assert 1000 / (clock.now() - start) >= 0.9 * 19


def test_every_thread_gets_a_slot_of_its_own(clock: InstantClock) -> None:
    pacer, start = RateLimiter(clock, 100, 10), clock.now()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: pacer.acquire(), range(200)))
    assert clock.now() - start >= 195 * 10 / 95


def test_a_new_limit_holds_from_the_next_call_on(clock: InstantClock) -> None:
    pacer = RateLimiter(clock, 100, 10)
    pacer.set_limit(190, 10)
    first, second = moments(pacer, clock, 7)[-2:]
    assert second - first == pytest.approx(10 / (0.95 * 190), abs=1e-5)


def test_while_the_pace_is_held_nobody_goes_and_then_they_go_evenly(clock: InstantClock) -> None:
    pacer = RateLimiter(clock, 100, 10)
    pacer.acquire()
    paused_at = clock.now()
    pacer.pause(30)
    first, second = moments(pacer, clock, 2)
    assert first == pytest.approx(paused_at + 30)
    assert second - first == pytest.approx(10 / 95, abs=1e-5)


def test_a_hold_takes_back_the_slot_of_a_call_that_is_waiting() -> None:
    clock = HoldingClock()
    clock.pacer = pacer = RateLimiter(clock, 1, 10)
    pacer.acquire()
    pacer.acquire()
    assert clock.now() >= clock.held_from + 60


class HoldingClock(InstantClock):
    """During the first real wait somebody else is told that we are too fast."""

    pacer: RateLimiter
    held_from = 0.0

    def wait(self, seconds: float) -> None:
        if seconds > 0 and not self.held_from:
            self.held_from = self.now()
            self.pacer.pause(60)
        super().wait(seconds)
