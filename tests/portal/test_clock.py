"""Waiting that ends when the run is asked to stop."""

from __future__ import annotations

from threading import Event

import pytest

from icp_sync.errors import RunStopped
from icp_sync.portal.client.clock import MonotonicClock


@pytest.mark.parametrize("seconds", [-1, 0, 3600])
def test_a_stop_ends_every_wait_at_once(seconds: float) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(RunStopped):
        MonotonicClock(stop).wait(seconds)


def test_a_wait_of_nothing_returns_and_time_never_goes_back() -> None:
    clock = MonotonicClock(Event())
    before = clock.now()
    clock.wait(-1)
    assert clock.now() >= before
