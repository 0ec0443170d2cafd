"""A web server on loopback that keeps what it was asked, for messages and pings."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

CERTIFICATE = Path(__file__).parents[1] / "portal" / "data" / "localhost.pem"


@dataclass
class Inbox:
    """What arrived: (method, path, body). `status` is what it answers; with `silent` it never does."""

    address: str = ""
    status: int = 200
    silent: bool = False
    requests: list[tuple[str, str, bytes]] = field(default_factory=list)
    over: Event = field(default_factory=Event)


@contextmanager
def inbox(status: int = 200, *, silent: bool = False, tls: bool = False) -> Iterator[Inbox]:
    """The server; with `tls` it shows a certificate for localhost that only `CERTIFICATE` vouches for."""
    kept = Inbox(status=status, silent=silent)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept.requests.append((self.command, self.path, body))
            if kept.silent:
                kept.over.wait()
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name is http.server's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who does not trust it turns away
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    kept.address = f"{'localhost' if tls else '127.0.0.1'}:{server.server_port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield kept
    finally:
        kept.over.set()
        server.shutdown()
        server.server_close()
