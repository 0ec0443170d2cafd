"""The portal's remote control for benches and drills in another process: no token, not counted as calls."""

from starlette.routing import Route

from icp_sync.sandbox.http.control.calls_and_faults import CALLING
from icp_sync.sandbox.http.control.companies import EDITING
from icp_sync.sandbox.http.control.control_route import ControlRoute
from icp_sync.sandbox.http.control.settings import CHANGING
from icp_sync.sandbox.portal import SandboxPortal

CONTROLS: tuple[ControlRoute, ...] = (*CALLING, *CHANGING, *EDITING)


def control_routes(portal: SandboxPortal) -> list[Route]:
    """Routes under `/sandbox`; what they cannot do is a 400 saying why."""
    return [
        Route(f"/sandbox{remote.path}", remote.build_endpoint(portal), methods=[remote.method]) for remote in CONTROLS
    ]


__all__ = ["CONTROLS", "control_routes"]
