"""What a success holds: parsed, whole, and really HubSpot's; otherwise a failure."""

from __future__ import annotations

import json
from typing import Any

import orjson

from icp_sync.portal.client.responses import Call, silent, stranger, torn
from icp_sync.portal.client.routes import Route


def understood(route: Route, status: int, data: bytes, call: Call) -> Any:
    """The JSON value of a 2xx, or the Failure it amounts to."""
    if not data and route.answers is None:
        return {}
    try:
        answer = _parsed(data)
    except ValueError:
        return torn(status, call) if data.lstrip()[:1] == b"{" else stranger(status, call)
    if not isinstance(answer, dict) or (route.answers is not None and route.answers not in answer):
        return stranger(status, call)
    if route.batch and answer.get("errors"):
        answer["errors"] = orjson.loads(call.clean(orjson.dumps(answer["errors"]).decode()))
    elif route.batch and not answer["results"]:
        return silent(status, call)
    return answer


def _parsed(data: bytes) -> Any:
    """A text cut in the middle of an emoji is no JSON to a strict parser; it must not cost its whole page."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        lenient = json.loads(data)
        return orjson.loads(json.dumps(lenient, ensure_ascii=False).encode("utf-8", "replace"))
