"""Control routes for the portal as a whole: its settings, and its state to compare."""

from typing import Any

from icp_sync.sandbox.http.control.control_route import ControlRoute, Query
from icp_sync.sandbox.portal import SandboxPortal

Body = dict[str, Any]


def _settings(portal: SandboxPortal, _: Body, __: Query) -> Body:
    return dict(portal.settings.all())


def _change(portal: SandboxPortal, body: Body, _: Query) -> Body:
    portal.change(**body)
    return dict(portal.settings.all())


def _state(portal: SandboxPortal, _: Body, query: Query) -> Body:
    """`?names=a,b` are the properties that count; `full=true` adds the values of all companies, `ids=1,2` of some."""
    names, ids = _parts(query, "names"), _parts(query, "ids")
    state: Body = portal.state(names)
    if query.get("full") != "true" and not ids:
        return state
    chosen = {int(one) for one in ids} if ids else None
    return {**state, "values": portal.values(names, chosen)}


def _parts(query: Query, name: str) -> list[str]:
    return [part for part in query.get(name, "").split(",") if part]


CHANGING = (
    ControlRoute("GET", "/settings", _settings),
    ControlRoute("POST", "/settings", _change),
    ControlRoute("GET", "/state", _state),
)
