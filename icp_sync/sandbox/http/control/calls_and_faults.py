"""Control routes for API calls: count them, make them fail, kill the process that makes them."""

from typing import Any

from icp_sync.sandbox.faults.hooks import KillHook
from icp_sync.sandbox.http.control.control_route import ControlRoute, Query
from icp_sync.sandbox.portal import SandboxPortal

Body = dict[str, Any]


def _call_summary(portal: SandboxPortal, _: Body, query: Query) -> Body:
    return portal.calls.summary(with_log=query.get("log") == "true")


def _reset_calls(portal: SandboxPortal, _: Body, __: Query) -> None:
    portal.calls.reset()


def _add_fault(portal: SandboxPortal, body: Body, _: Query) -> None:
    portal.faults.add(**body)


def _clear_faults(portal: SandboxPortal, _: Body, __: Query) -> None:
    portal.faults.clear()


def _reject_writes(portal: SandboxPortal, body: Body, _: Query) -> None:
    """`{"value": name, "code"?}` or `{"company": id, "code"?, "message"?}`."""
    more = {key: body[key] for key in ("code", "message") if key in body}
    if "value" in body:
        portal.faults.reject_property(body["value"], **more)
    else:
        portal.faults.reject_company(int(body["company"]), **more)


def _add_kill_hook(portal: SandboxPortal, body: Body, _: Query) -> None:
    portal.hooks.kills.append(KillHook(portal.calls, **body))


def _list_kill_hooks(portal: SandboxPortal, _: Body, __: Query) -> list[Body]:
    return [kill.as_json() for kill in portal.hooks.kills]


def _clear_kill_hooks(portal: SandboxPortal, _: Body, __: Query) -> None:
    portal.hooks.kills.clear()


def _reset(portal: SandboxPortal, _: Body, __: Query) -> None:
    """Calls counted from zero, no faults, no kills; companies and settings stay."""
    portal.calls.reset()
    portal.faults.clear()
    portal.hooks.kills.clear()


CALLING = (
    ControlRoute("GET", "/calls", _call_summary),
    ControlRoute("POST", "/calls/reset", _reset_calls),
    ControlRoute("POST", "/faults", _add_fault),
    ControlRoute("DELETE", "/faults", _clear_faults),
    ControlRoute("POST", "/faults/reject", _reject_writes),
    ControlRoute("POST", "/kill", _add_kill_hook, json_only=True),
    ControlRoute("GET", "/kill", _list_kill_hooks),
    ControlRoute("DELETE", "/kill", _clear_kill_hooks),
    ControlRoute("POST", "/reset", _reset),
)
