"""Control routes for the portal as a whole: its settings, and its state to compare."""

from typing import Any

from icp_sync.sandbox.http.control.control_route import ControlRoute, Query
from icp_sync.sandbox.portal import SandboxPortal

Body = dict[str, Any]


def _read_settings(portal: SandboxPortal, _: Body, __: Query) -> Body:
    return dict(portal.settings.as_dict())


def _change_settings(portal: SandboxPortal, body: Body, _: Query) -> Body:
    portal.change_settings(**body)
    return dict(portal.settings.as_dict())


def _read_state(portal: SandboxPortal, _: Body, query: Query) -> Body:
    """`?names=a,b` are the properties that count; `full=true` adds the values of all companies, `ids=1,2` of some."""
    names, ids = _comma_values(query, "names"), _comma_values(query, "ids")
    state: Body = portal.state_digest(names)
    if query.get("full") != "true" and not ids:
        return state
    chosen = {int(one) for one in ids} if ids else None
    return {**state, "values": portal.filled_values(names, chosen)}


def _comma_values(query: Query, name: str) -> list[str]:
    return [part for part in query.get(name, "").split(",") if part]


CHANGING = (
    ControlRoute("GET", "/settings", _read_settings),
    ControlRoute("POST", "/settings", _change_settings),
    ControlRoute("GET", "/state", _read_state),
)
