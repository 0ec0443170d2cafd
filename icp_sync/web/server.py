"""Serves the what-if page on loopback until Ctrl-C, Close, or an hour in which nobody asked anything."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from icp_sync.errors import IcpSyncError
from icp_sync.web.request_guard import RequestGuard
from icp_sync.web.routes import OnFault, WhatIfRoutes
from icp_sync.web.whatif_session import WhatIfSession

LOOPBACK: Final = "127.0.0.1"
IDLE_S: Final = 3_600.0
_WATCHING: Final = "/file"
"""What a page asks by itself, whether or not anybody is there."""


@dataclass(slots=True)
class IdleTimer:
    """Middleware that knows for how long no person has asked anything; `clock` in seconds."""

    app: ASGIApp
    clock: Callable[[], float] = time.monotonic
    _asked_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._asked_at = self.clock()

    @property
    def seconds(self) -> float:
        return self.clock() - self._asked_at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and take note of it."""
        if scope["type"] == "http" and scope["path"] != _WATCHING:
            self._asked_at = self.clock()
        await self.app(scope, receive, send)


class WhatIfServer(uvicorn.Server):
    """Ends by itself when asked to, when nobody is there, and on the first SIGINT or SIGTERM."""

    def __init__(
        self, listener: socket.socket, workbench: WhatIfSession, on_fault: OnFault, idle_s: float = IDLE_S
    ) -> None:
        host, port = listener.getsockname()[:2]
        self._listener, self._idle_s = listener, idle_s
        self.guard = RequestGuard(WhatIfRoutes(workbench, self.stop, on_fault).application(), f"{host}:{port}")
        self._idle = IdleTimer(self.guard)
        super().__init__(
            uvicorn.Config(
                self._idle,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",  # faults go to `on_fault`
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=2,
            )
        )

    def serve_until_closed(self, ready: Callable[[str], None]) -> None:
        """Serve; `ready` gets the address to open once the port answers."""
        self._ready = ready
        self.run([self._listener])

    def stop(self) -> None:
        """End once the answers under way are given."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready(self.guard.address)

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second."""
        return self._idle.seconds > self._idle_s or await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C ends the page, not the shell's view of us: uvicorn would raise the signal again."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread may handle signals
            return
        handlers = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)


@contextmanager
def open_loopback_socket(port: int) -> Iterator[socket.socket]:
    """A socket on this machine's loopback address; 0 = a free port. Raises IcpSyncError where the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
            listener.listen(64)
        except OSError as error:
            raise IcpSyncError(
                f"port {port} cannot be opened ({error.strerror}); name another with --port, or none for a free one"
            ) from error
        yield listener
    finally:
        listener.close()
