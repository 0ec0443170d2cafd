"""Control routes for lists: who other users put on static lists and take off."""

from typing import Any

from icp_sync.sandbox.http.control.control_route import ControlRoute, Query
from icp_sync.sandbox.portal import SandboxPortal


def _move_members(portal: SandboxPortal, body: dict[str, Any], _: Query) -> None:
    """`{"list", "add"?, "remove"?}`: the list by id or name, company ids."""
    portal.move_members(body["list"], body.get("add") or (), body.get("remove") or ())


LISTS = (ControlRoute("POST", "/lists/members", _move_members),)
