"""The portal as an ASGI application: every operation on its v3 path and its date-based twin."""

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from .control import control_routes
from .door import TOO_LONG, Door, body_of, send_reply
from .exchange import Reply
from .portal import SandboxPortal
from .refusals import missing
from .routes import OPERATIONS

LONGEST_URL = 16_300


def app_of(portal: SandboxPortal) -> ASGIApp:
    """The application; a slash at the end of a path makes no difference."""
    routes = [
        Route(path, Door(portal, operation), methods=[operation.method])
        for operation in OPERATIONS
        for path in operation.paths()
    ]
    router = Router([*routes, *control_routes(portal)], redirect_slashes=False, default=_Nowhere(portal))
    too_long = _TooLong(portal)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["path"] = scope["path"].rstrip("/")
            long = len(scope["path"]) + len(scope["query_string"]) > LONGEST_URL
            await (too_long if long else router)(scope, receive, send)

    return app


class _TooLong:
    """The web server in front of HubSpot answers this one, in HTML."""

    def __init__(self, portal: SandboxPortal) -> None:
        self._portal = portal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await body_of(receive)
        _noted(self._portal, scope, 414)
        await send_reply(send, Reply(TOO_LONG, 414, {"Content-Type": "text/html"}))


class _Nowhere:
    """What HubSpot says about a path it does not serve."""

    def __init__(self, portal: SandboxPortal) -> None:
        self._portal = portal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await body_of(receive)
        refusal = missing("Unable to find the requested resource")
        _noted(self._portal, scope, refusal.status)
        await send_reply(send, Reply(refusal.body, refusal.status))


def _noted(portal: SandboxPortal, scope: Scope, status: int) -> None:
    """Count a call that no operation answers under its own path."""
    route = f"{scope['method']} {scope['path']}"
    with portal.lock:
        portal.calls.arrive(route)
        portal.calls.note(portal.clock(), route, status)
