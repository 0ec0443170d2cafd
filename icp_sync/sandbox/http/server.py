"""Serving a portal over loopback HTTP, in a thread for tests or in the foreground for people."""

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from icp_sync.sandbox.http.endpoint import HANG_UP
from icp_sync.sandbox.http.multi_portal_app import build_shared_app
from icp_sync.sandbox.portal import SandboxPortal

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class PortalAddress:
    """Where the portal answers, and a token for it."""

    url: str
    token: str


@contextmanager
def serve_in_thread(portal: SandboxPortal, *others: SandboxPortal) -> Iterator[PortalAddress]:
    """The portal on a free loopback port, in a daemon thread, until the block ends; `others` by their own tokens."""
    with _open_listener(LOOPBACK, 0) as listener:
        server = _BackgroundServer(_server_config((portal, *others)))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        server.ready.wait()
        try:
            yield PortalAddress(_listener_url(listener), portal.token)
        finally:
            server.stop()
            thread.join()


def serve_forever(portals: Sequence[SandboxPortal], host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; `ready` gets the URL once the port is open. OSError when it is taken.

    Several portals are told apart by the tokens of the calls.

    ValueError for a host that is not this machine alone: the remote control asks nobody who they are.
    """
    if not ip_address(host).is_loopback:
        raise ValueError(f"the sandbox is served on a loopback address only, not on {host}")
    with _open_listener(host, port) as listener:
        _ForegroundServer(_server_config(portals), lambda: ready(_listener_url(listener))).run([listener])


class _ForegroundServer(uvicorn.Server):
    """Ends normally on SIGTERM or Ctrl-C, so that its caller decides what comes next."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        handlers = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)


class _BackgroundServer(uvicorn.Server):
    """Starts and ends without waiting: a test suite opens hundreds of portals."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._ended = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        await self._ended.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)

    def stop(self) -> None:
        """Called from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._ended.set)


class _DroppableConnection(HttpToolsProtocol):
    """Hands each request the means to close its own connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: {"now": self.transport.abort}}


def _server_config(portals: Sequence[SandboxPortal]) -> uvicorn.Config:
    return uvicorn.Config(
        build_shared_app(portals),
        http=_DroppableConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=600,
    )


def _open_listener(host: str, port: int) -> socket.socket:
    """A socket that names TCP as its protocol; asyncio leaves Nagle's 40 ms on for one that does not."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def _listener_url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"
