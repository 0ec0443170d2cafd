"""A safe stop: the first Ctrl-C or SIGTERM lets the calls in flight finish, a second Ctrl-C does not wait."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

import click

from icp_sync.errors import Interrupted, Stopped


class Stop:
    """Set once somebody asks the run to stop; `interrupted` when it was Ctrl-C."""

    def __init__(self) -> None:
        self.event = Event()
        self.interrupted = False
        self._asking = False

    def ask(self, number: int, _frame: FrameType | None) -> None:
        """The signal handler."""
        if number == signal.SIGINT and (self._asking or self.event.is_set()):
            raise KeyboardInterrupt
        self.interrupted = number == signal.SIGINT
        self.event.set()
        click.echo("stopping: finishing the calls in flight (Ctrl-C again does not wait)", err=True)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """While a person is asked something, Ctrl-C is an answer and takes effect at once."""
        self._asking = True
        try:
            yield
        finally:
            self._asking = False


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Listen for both signals while a run is under way, then put back who listened before."""
    stop = Stop()
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    except Stopped as stopped:
        raise (Interrupted(stopped.message) if stop.interrupted else stopped) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
