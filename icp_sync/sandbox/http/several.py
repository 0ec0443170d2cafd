"""Several portals behind one address: HubSpot's own way, by the token of each call."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from icp_sync.sandbox.http.app import build_app
from icp_sync.sandbox.portal import SandboxPortal


def build_shared_app(portals: Sequence[SandboxPortal]) -> ASGIApp:
    """The application of these portals; a call whose token is none of theirs is the first one's to refuse.

    Their remote controls are told apart by token too, which else they need not.
    """
    apps = [(portal, build_app(portal)) for portal in portals]
    _, first = apps[0]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        token = Headers(scope=scope).get("authorization", "").partition(" ")[2]
        await next((app for portal, app in apps if token in portal.tokens), first)(scope, receive, send)

    return app
