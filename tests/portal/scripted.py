"""A loopback server that gives scripted answers: the shapes no HubSpot portal gives, sandbox included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import orjson


@dataclass(frozen=True, slots=True)
class Scripted:
    """One answer. The last one of a script is given for ever; instead of one stands what makes it of a body."""

    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)


Answer = Scripted | Callable[[bytes], Scripted]


@contextmanager
def answering(*script: Answer) -> Iterator[tuple[str, list[str]]]:
    """The server's URL, and the paths it has been asked for so far."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = script[min(len(asked), len(script) - 1)]
            given = answer if isinstance(answer, Scripted) else answer(body)
            asked.append(self.path)
            self.send_response(given.status)
            for name, value in {"Content-Length": str(len(given.content)), **given.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(given.content)

        do_GET = do_POST = do_PUT = do_PATCH = answer  # noqa: N815 (the names http.server looks for)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()
