"""Several portals behind one address: HubSpot's own way, by the token of each call."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from icp_sync.sandbox.http.app import build_app
from icp_sync.sandbox.portal import SandboxPortal


def build_shared_app(portals: Sequence[SandboxPortal]) -> ASGIApp:
    """The application of these portals; a call whose token is none of theirs is refused, and no portal counts it.

    Their remote controls are told apart by token too, which else they need not: without one it is the first's.
    """
    apps = [(portal, build_app(portal)) for portal in portals]
    _, first = apps[0]
    if len(apps) == 1:
        return first
    nobody = SandboxPortal()
    nobody.tokens = {}
    refusing = build_app(nobody)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        token = Headers(scope=scope).get("authorization", "").partition(" ")[2]
        other = first if scope["path"].startswith("/sandbox/") else refusing
        await next((app for portal, app in apps if token in portal.tokens), other)(scope, receive, send)

    return app
