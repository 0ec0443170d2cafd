"""Serving a portal over loopback HTTP, in a thread for tests or in the foreground for people."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .app import app_of
from .door import DROP
from .portal import SandboxPortal

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the portal answers, and a token for it."""

    url: str
    token: str


@contextmanager
def serving(portal: SandboxPortal) -> Iterator[Address]:
    """The portal on a free loopback port, in a daemon thread, until the block ends."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        server = _Server(_config(portal))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        server.ready.wait()
        try:
            yield Address(_url(listener), portal.token)
        finally:
            server.should_exit = True
            thread.join()


def serve_forever(portal: SandboxPortal, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; `ready` gets the URL once the port is open. OSError when it is taken."""
    with socket.create_server((host, port)) as listener:
        ready(_url(listener))
        _Server(_config(portal)).run([listener])


class _Server(uvicorn.Server):
    """Says when it accepts connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class _Droppable(HttpToolsProtocol):
    """Hands each request the means to close its own connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[DROP] = self.transport.abort  # type: ignore[typeddict-unknown-key]


def _config(portal: SandboxPortal) -> uvicorn.Config:
    return uvicorn.Config(
        app_of(portal),
        http=_Droppable,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=600,
    )


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"
