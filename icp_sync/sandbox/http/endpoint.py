"""The endpoint of an operation: faults, authentication, limits and scopes, in the order HubSpot applies them."""

import asyncio
from email.utils import formatdate
from typing import Any

from starlette.types import Receive, Scope, Send

from icp_sync.sandbox.auth import authenticate, require_scopes
from icp_sync.sandbox.error_responses import ApiError
from icp_sync.sandbox.faults.fault_injection import BAD_GATEWAY, INSTEAD, FaultHit, fault_error
from icp_sync.sandbox.faults.hooks import AFTER, BEFORE
from icp_sync.sandbox.http.api_types import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.portal import SandboxPortal

HANG_UP = "sandbox.hang_up"
ASKED_PATH = "sandbox.asked_path"
TOO_LONG = b"<html><head><title>414 Request-URI Too Large</title></head></html>"
_JSON = "application/json;charset=utf-8"


class Endpoint:
    """An ASGI application that answers one operation."""

    def __init__(self, portal: SandboxPortal, operation: Operation) -> None:
        self._portal = portal
        self._operation = operation
        self.route = operation.route.replace(":path}", "}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        content = await read_body(receive)
        portal = self._portal
        with portal.lock:
            number = portal.calls.count_call(self.route)
            refused = portal.hooks.notify(number, self.route, BEFORE)
            hit = None if refused else portal.faults.next_for(self.route)
            kind = hit.kind if hit else ""
            response = None if refused or kind == "drop_before" else self._handle_request(scope, content, hit)
            response = response and with_date_header(response, portal.clock())
            if not refused and portal.hooks.notify(number, self.route, AFTER):
                response = None
            dropped = response is None or kind == "drop_after"
            portal.calls.record_call(portal.clock(), self.route, 0 if dropped or response is None else response.status)
        delay = portal.latency + (hit.seconds if hit and kind == "slow" else 0.0)
        if delay:
            await asyncio.sleep(delay)
        if response is None or dropped:
            await _abort_connection(scope, receive)
        elif kind == "truncated":
            await _send_half_body(send, response)
            await _abort_connection(scope, receive)
        else:
            await send_response(send, response if kind != "half_json" else _truncate_body(response))

    def _handle_request(self, scope: Scope, content: bytes, hit: FaultHit | None) -> ApiResponse:
        headers: dict[str, str] = {}
        try:
            token = authenticate(_request_header(scope, b"authorization"), self._portal.tokens)
            headers = {} if self._operation.search else self._portal.limits.headers(token)
            self._portal.limits.admit(token, search=self._operation.search)
            headers = {} if self._operation.search else self._portal.limits.headers(token)
            if hit and hit.kind in INSTEAD:
                return _fault_response(hit, headers)
            require_scopes(self._portal.tokens[token], self._operation.scopes)
            _require_json(scope, content)
            request = ApiRequest(
                self._portal,
                scope["path_params"],
                scope["query_string"],
                content,
                token,
                hit,
                request_url(scope),
                self._operation.type_name,
            )
            response = self._operation.answer(request)
        except ApiError as refusal:
            return ApiResponse(refusal.body, refusal.status, {**headers, **refusal.headers})
        body = with_next_link(response.body, request) if self._operation.method == "GET" else response.body
        body = _with_number_cursor(body) if hit and hit.kind == "number_cursor" else body
        return ApiResponse(body, response.status, {**headers, **response.headers})


def with_next_link(body: Any, request: ApiRequest) -> Any:
    """The page with the link of the next one, as HubSpot's list endpoints send it (search sends the cursor alone)."""
    if not isinstance(body, dict) or not body.get("paging"):
        return body
    after = body["paging"]["next"]["after"]
    return {**body, "paging": {"next": {"after": after, "link": request.next_page_url(after)}}}


def request_url(scope: Scope) -> str:
    """The URL a request was sent to, without its query."""
    host = _request_header(scope, b"host")
    return f"{scope['scheme']}://{host}{scope.get(ASKED_PATH, scope['path'])}"


def _require_json(scope: Scope, content: bytes) -> None:
    if content and not _request_header(scope, b"content-type").lower().startswith("application/json"):
        raise ApiError(415, "The Content-Type of a request with a body must be application/json.")


_HTML = {"502_html": (502, BAD_GATEWAY), "414": (414, TOO_LONG)}


def _fault_response(hit: FaultHit, headers: dict[str, str]) -> ApiResponse:
    if hit.kind == "empty_2xx":
        return ApiResponse({"status": "COMPLETE", "results": [], "errors": []}, 200, headers)
    if hit.kind in _HTML:
        status, page = _HTML[hit.kind]
        return ApiResponse(page, status, {"Content-Type": "text/html"})
    refusal = fault_error(hit)
    return ApiResponse(refusal.body, refusal.status, {**headers, **refusal.headers})


def _with_number_cursor(body: Any) -> Any:
    """The page with its cursor as a JSON number, when the cursor is all digits."""
    after = body["paging"]["next"]["after"] if isinstance(body, dict) and body.get("paging") else ""
    if not after.isdecimal():
        return body
    return {**body, "paging": {"next": {**body["paging"]["next"], "after": int(after)}}}


def _request_header(scope: Scope, wanted: bytes) -> str:
    """A request's header; empty without one."""
    return next((bytes(value).decode("latin-1") for name, value in scope["headers"] if name == wanted), "")


async def read_body(receive: Receive) -> bytes:
    """The whole request body."""
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def send_response(send: Send, response: ApiResponse) -> None:
    """Status, headers and the whole body."""
    content = response.body_bytes()
    await send(
        {"type": "http.response.start", "status": response.status, "headers": _response_headers(response, len(content))}
    )
    await send({"type": "http.response.body", "body": content})


def with_date_header(response: ApiResponse, clock: float) -> ApiResponse:
    """The reply with the portal's clock: HubSpot sends it with refusals too."""
    return ApiResponse(response.body, response.status, {**response.headers, "Date": formatdate(clock, usegmt=True)})


async def _send_half_body(send: Send, response: ApiResponse) -> None:
    """Promise the whole body, deliver half of it."""
    content = response.body_bytes()
    await send(
        {"type": "http.response.start", "status": response.status, "headers": _response_headers(response, len(content))}
    )
    await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
    await asyncio.sleep(0)


async def _abort_connection(scope: Scope, receive: Receive) -> None:
    """Abort the connection and wait until the server has noticed."""
    scope["extensions"][HANG_UP]["now"]()
    while (await receive())["type"] != "http.disconnect":
        pass


def _truncate_body(response: ApiResponse) -> ApiResponse:
    content = response.body_bytes()
    return ApiResponse(content[: len(content) // 2], response.status, response.headers)


def _response_headers(response: ApiResponse, length: int) -> list[tuple[bytes, bytes]]:
    headers = {"Content-Type": _JSON, **response.headers}
    if response.status != 204:
        headers["Content-Length"] = str(length)
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
