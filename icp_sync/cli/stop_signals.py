"""Stops a run safely: Ctrl-C, SIGTERM or a closed terminal lets calls in flight finish; a second Ctrl-C does not."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event
from types import FrameType
from typing import NoReturn

from icp_sync.cli.output import json_text
from icp_sync.errors import RunInterrupted, RunStopped
from icp_sync.views.error_json import error_document

_SHOW_CURSOR = "\x1b[?25h"


class StopRequest:
    """`event` is set by the first signal; `interrupted` tells Ctrl-C (exit 130) from SIGTERM and SIGHUP."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.event = Event()
        self.interrupted = False
        self._prompting = False
        self._as_json = as_json

    def handle_signal(self, number: int, _frame: FrameType | None) -> None:
        """The signal handler; the first signal decides the exit code."""
        ctrl_c = number == signal.SIGINT
        if self._prompting:
            raise KeyboardInterrupt if ctrl_c else RunStopped("stopped as asked; nothing was written")
        if self.event.is_set():
            if ctrl_c:
                self._exit_now()
            return
        self.interrupted = ctrl_c
        self.event.set()
        write_unbuffered(2, "stopping: finishing the calls in flight (Ctrl-C again does not wait)\n")

    @contextmanager
    def prompting(self) -> Iterator[None]:
        """During a prompt a signal ends the run at once."""
        self._prompting = True
        try:
            yield
        finally:
            self._prompting = False

    def _exit_now(self) -> NoReturn:
        """Ends the process at once; a normal exit would wait for the threads whose calls are in flight.

        The next run recovers those calls as after any crash.
        """
        error = RunInterrupted(
            "stopped at once, without waiting for the calls in flight; the next run finds what they did"
        )
        write_unbuffered(2, f"{_SHOW_CURSOR if os.isatty(2) else ''}icp-sync: {error.message}\n")
        if self._as_json:
            write_unbuffered(1, json_text(error_document(error)))
        os._exit(RunInterrupted.exit_code)


def write_unbuffered(descriptor: int, text: str) -> None:
    """Writes past Python's buffered streams, in the middle of whose write the signal may have arrived.

    A closed terminal or pipe is no matter: an error here would strike wherever the main thread stands.
    """
    with suppress(OSError):
        os.write(descriptor, text.encode())


@contextmanager
def graceful_stop(*, as_json: bool = False) -> Iterator[StopRequest]:
    """Handles the signals during a run, then restores the handlers there were before."""
    stop = StopRequest(as_json=as_json)
    with handling_stop_signals(stop.handle_signal):
        try:
            yield stop
        except RunStopped as stopped:
            raise (RunInterrupted(stopped.message) if stop.interrupted else stopped) from None


@contextmanager
def handling_stop_signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Hands Ctrl-C, SIGTERM and, unless nohup ignores it, the SIGHUP of a closed terminal to `handler`."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    previous = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, before in previous.items():
            signal.signal(number, before)
