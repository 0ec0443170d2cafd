"""Who may ask: only the browser that opened the printed address, by this machine's own name, and only so much."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY: Final = 256 * 1024
"""Bytes of a form; that of the largest profile has a few thousand."""
MAX_QUERY: Final = 64 * 1024
ENTRY: Final = "/open/"
"""The path before the token; the part behind `?` is handed on."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class RequestGuard:
    """The gate before all routes; `app` answers what it lets through.

    `authority`: the host and port that were printed, the only ones a request may name. A page elsewhere that resolves
    its own name to this machine (DNS rebinding) names another.
    """

    app: ASGIApp
    authority: str
    token: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    _session: str = field(default_factory=lambda: secrets.token_hex(32), init=False, repr=False)

    @property
    def origin(self) -> str:
        """What a browser calls the page's own."""
        return f"http://{self.authority}"

    @property
    def address(self) -> str:
        """The address to open; whoever knows it is let in."""
        return f"{self.origin}{ENTRY}{self.token}"

    @property
    def cookie_name(self) -> str:
        """The name of the cookie; cookies know no ports, and two pages may be open on this machine."""
        return f"icp_sync_tune_{self.authority.rpartition(':')[2]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or hand on one request."""
        if scope["type"] != "http":
            return
        refusal = next(self._refusal_responses(scope), None)
        if refusal is not None:
            await _add_headers(refusal)(scope, receive, send)
        elif scope["path"].startswith(ENTRY):
            await _add_headers(self._swap_token_for_cookie(scope))(scope, receive, send)
        else:
            await self.app(scope, receive, _send_with_headers(send))

    def _refusal_responses(self, scope: Scope) -> Iterator[Response]:
        """Yields why a request is refused; nothing for one that is let through."""
        headers = Headers(scope=scope)
        if headers.getlist("host") != [self.authority]:
            yield _refusal_response(403, f"this page answers as {self.authority} only")
        if {*headers.getlist("origin")} - {self.origin} or not _is_own_site(headers):
            yield _refusal_response(403, "another site asked for this page")
        if len(scope["query_string"]) > MAX_QUERY:
            yield _refusal_response(414, "the address is too long")
        if not scope["path"].startswith(ENTRY) and not self._is_known(headers):
            yield _refusal_response(403, "open the address that icp-sync tune printed; it lets this browser in")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            yield _refusal_response(413, f"a form here has at most {MAX_BODY:,} bytes")

    def _is_known(self, headers: Headers) -> bool:
        cookies = cookie_parser(headers.get("cookie", ""))
        return secrets.compare_digest(cookies.get(self.cookie_name, "").encode(), self._session.encode())

    def _swap_token_for_cookie(self, scope: Scope) -> Response:
        """Swap the token of the address for a cookie, so that it stays in no history and no referrer."""
        given = scope["path"].removeprefix(ENTRY)
        if scope["method"] != "GET" or not secrets.compare_digest(given.encode(), self.token.encode()):
            return _refusal_response(403, "this address lets nobody in; open the one that icp-sync tune printed last")
        query = scope["query_string"].decode("ascii", "replace")
        response = RedirectResponse(f"/?{query}" if query else "/", status_code=303)
        response.set_cookie(self.cookie_name, self._session, httponly=True, samesite="strict", path="/")
        return response


def _is_own_site(headers: Headers) -> bool:
    """Whether the browser, if it says so at all, asks for the page itself or for the person at it."""
    return headers.get("sec-fetch-site", "none") in {"none", "same-origin"}


def _refusal_response(status: int, why: str) -> Response:
    return PlainTextResponse(f"{why}\n", status_code=status)


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def _send_with_headers(send: Send) -> Send:
    added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *added]
        await send(message)

    return send_with_headers
