"""A real S3 server on loopback: moto's, with what may befall a request put in front of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any, Final

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

KEY: Final = "canary-of-the-key-id"
SECRET: Final = "canary-of-the-secret-key"
REFUSAL: Final = (
    "<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message><AWSAccessKeyId>{key}</AWSAccessKeyId>"
    "<StringToSign>{key} {secret}</StringToSign></Error>"
)
"""An answer as unkind as S3's own, which sends the key back."""
STATUS: Final = {"SlowDown": "503 Slow Down", "NotImplemented": "501 Not Implemented"}
Environ = dict[str, Any]
Before = Callable[[Environ], str | None]
"""What happens to a request: an error code that is answered instead, None to go on."""


@dataclass(slots=True)
class S3:
    """The server. `requests`: method and path of each that came.

    `before`: asked about each request before it is served, `after` once it was and before it is answered.
    """

    url: str = ""
    before: Before = lambda _: None
    after: Before = lambda _: None
    requests: list[tuple[str, str]] = field(default_factory=list)

    def make_bucket(self, name: str) -> None:
        """Make a bucket."""
        self._call("PUT", f"/{name}")

    def reset(self) -> None:
        """Forget all buckets and requests, and what was to happen."""
        self.before = self.after = lambda _: None
        self._call("POST", "/moto-api/reset")
        self.requests.clear()

    def _call(self, method: str, path: str) -> None:
        connection = HTTPConnection(self.url.removeprefix("http://"))
        connection.request(method, path)
        assert connection.getresponse().status == 200
        connection.close()

    def environment(self) -> Mapping[str, str]:
        """What a process needs to use it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing of requests."""


@contextmanager
def serve() -> Iterator[S3]:
    """The server, until the block ends."""
    backend, server = DomainDispatcherApplication(create_backend_app), S3()

    def application(environ: Environ, start_response: Any) -> Iterable[bytes]:
        server.requests.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        code = server.before(environ)
        if code is None:
            heads: list[Any] = []
            served = backend(environ, lambda *head: heads.append(head))
            code = server.after(environ)
            if code is None:
                start_response(*heads[0][:2])
                return served  # type: ignore[no-any-return]
        start_response(STATUS.get(code, "403 Forbidden"), [("Content-Type", "application/xml")])
        return [REFUSAL.format(code=code, key=KEY, secret=SECRET).encode()]

    listening = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    listening.daemon_threads = True  # type: ignore[attr-defined]
    server.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
