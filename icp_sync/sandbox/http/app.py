"""The portal as an ASGI application: every operation on its v3 path and its date-based twin."""

import re

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from icp_sync.sandbox.error_responses import ApiError, not_found
from icp_sync.sandbox.http.api_types import ApiResponse
from icp_sync.sandbox.http.control import control_routes
from icp_sync.sandbox.http.endpoint import ASKED_PATH, TOO_LONG, Endpoint, read_body, send_response, with_date_header
from icp_sync.sandbox.http.routes import OPERATIONS
from icp_sync.sandbox.portal import SandboxPortal
from icp_sync.sandbox.store.object_types import OBJECT_TYPES

LONGEST_URL = 16_300
_VERSIONED = r"(?:v[34]/)?{family}/(?:[0-9]{{4}}-[0-9]{{2}}/)?"
_FAMILY = (
    f"^(/crm/(?:{_VERSIONED.format(family='(?:objects|properties)')}"
    f"|{_VERSIONED.format(family='associations')}(?:[a-z0-9-]+/)?))"
)
_ALIASES = tuple(
    (re.compile(rf"{_FAMILY}(?:{object_type.singular}|{object_type.type_id})(?=/|$)"), rf"\1{object_type.name}")
    for object_type in OBJECT_TYPES
)
"""Where HubSpot takes an object by its name in the singular or by its type id as well."""


def build_app(portal: SandboxPortal) -> ASGIApp:
    """The application; a slash at the end of a path makes no difference."""
    nowhere = _UnknownPath(portal)
    routes = [
        _OperationRoute(path, Endpoint(portal, operation), nowhere, operation.method)
        for operation in OPERATIONS
        for path in operation.paths()
    ]
    router = Router([*routes, *control_routes(portal)], redirect_slashes=False, default=nowhere)
    too_long = _UriTooLong(portal)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[ASKED_PATH] = scope["path"]
            scope["path"] = _canonical_path(scope["path"])
            long = len(scope["path"]) + len(scope["query_string"]) > LONGEST_URL
            await (too_long if long else router)(scope, receive, send)

    return app


def _canonical_path(asked: str) -> str:
    """The path as the routes know it."""
    path = asked.rstrip("/")
    for alias, plural in _ALIASES:
        path = alias.sub(plural, path)
    return path


class _OperationRoute(Route):
    """The route of one operation; another method at its path is answered as HubSpot does, in JSON."""

    def __init__(self, path: str, door: Endpoint, nowhere: "_UnknownPath", method: str) -> None:
        super().__init__(path, door, methods=[method])
        self._nowhere = nowhere

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.methods and scope["method"] in self.methods:
            await self.app(scope, receive, send)
        else:
            await self._nowhere.send_error(ApiError(405, "HTTP 405 Method Not Allowed"), scope, receive, send)


class _UriTooLong:
    """The web server in front of HubSpot answers this one, in HTML."""

    def __init__(self, portal: SandboxPortal) -> None:
        self._portal = portal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(receive)
        _log_call(self._portal, scope, 414)
        await send_response(send, ApiResponse(TOO_LONG, 414, {"Content-Type": "text/html"}))


class _UnknownPath:
    """What HubSpot says about a path it does not serve."""

    def __init__(self, portal: SandboxPortal) -> None:
        self._portal = portal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.send_error(not_found("Unable to find the requested resource"), scope, receive, send)

    async def send_error(self, refusal: ApiError, scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(receive)
        _log_call(self._portal, scope, refusal.status)
        await send_response(send, with_date_header(ApiResponse(refusal.body, refusal.status), self._portal.clock()))


def _log_call(portal: SandboxPortal, scope: Scope, status: int) -> None:
    """Count a call that no operation answers under its own path."""
    route = f"{scope['method']} {scope['path']}"
    with portal.lock:
        portal.calls.count_call(route)
        portal.calls.record_call(portal.clock(), route, status)
