"""A safe stop: the first Ctrl-C or SIGTERM lets the calls in flight finish, a second Ctrl-C does not wait."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import NoReturn

from icp_sync.cli.output import as_text
from icp_sync.errors import Interrupted, Stopped
from icp_sync.views.error_json import error_document

_SHOW_CURSOR = "\x1b[?25h"


class StopRequest:
    """`event` is set by the first SIGINT or SIGTERM; `interrupted` tells Ctrl-C (exit 130) from SIGTERM."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.event = Event()
        self.interrupted = False
        self._prompting = False
        self._as_json = as_json

    def handle_signal(self, number: int, _frame: FrameType | None) -> None:
        """The signal handler. The first signal decides how the run ends."""
        ctrl_c = number == signal.SIGINT
        if self._prompting:
            raise KeyboardInterrupt if ctrl_c else Stopped("stopped as asked; nothing was written")
        if self.event.is_set():
            if ctrl_c:
                self._exit_now()
            return
        self.interrupted = ctrl_c
        self.event.set()
        _write_unbuffered(2, "stopping: finishing the calls in flight (Ctrl-C again does not wait)\n")

    @contextmanager
    def prompting(self) -> Iterator[None]:
        """While a person is asked something, a signal is an answer and takes effect at once."""
        self._prompting = True
        try:
            yield
        finally:
            self._prompting = False

    def _exit_now(self) -> NoReturn:
        """End this process now: an ordinary end would wait for the threads whose calls are in flight.

        What they were doing, the next run finds out, as it does after any crash.
        """
        error = Interrupted(
            "stopped at once, without waiting for the calls in flight; the next run finds what they did"
        )
        _write_unbuffered(2, f"{_SHOW_CURSOR if os.isatty(2) else ''}icp-sync: {error.message}\n")
        if self._as_json:
            _write_unbuffered(1, as_text(error_document(error)))
        os._exit(Interrupted.exit_code)


def _write_unbuffered(descriptor: int, text: str) -> None:
    """Past the buffers of Python's streams, in which the signal may have caught us."""
    os.write(descriptor, text.encode())


@contextmanager
def graceful_stop(*, as_json: bool = False) -> Iterator[StopRequest]:
    """Listen for both signals while a run is under way, then put back who listened before."""
    stop = StopRequest(as_json=as_json)
    previous = {number: signal.signal(number, stop.handle_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    except Stopped as stopped:
        raise (Interrupted(stopped.message) if stop.interrupted else stopped) from None
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
