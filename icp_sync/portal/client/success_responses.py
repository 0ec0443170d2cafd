"""Parses the JSON of 2xx responses, or returns the call failure of one that is not what HubSpot answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson

from icp_sync.portal.client.error_details import named_record_ids
from icp_sync.portal.client.responses import (
    BatchPart,
    CallInfo,
    empty_batch_failure,
    not_hubspot_failure,
    partial_failure,
    truncated_failure,
)
from icp_sync.portal.client.routes import Route


def parse_success(route: Route, status: int, data: bytes, call: CallInfo) -> Any:
    """Return the JSON of a 2xx response, or a CallFailure for one that is truncated, empty or not HubSpot's.

    The access token is removed from a batch's `errors`, which quote the request.
    """
    if not data and route.answer is None:
        return {}
    try:
        payload = _parse_json(data)
    except ValueError:
        return truncated_failure(status, call) if data.lstrip()[:1] == b"{" else not_hubspot_failure(status, call)
    if not isinstance(payload, dict) or (route.answer is not None and not route.answer(payload)):
        return not_hubspot_failure(status, call)
    problems = _batch_errors(payload.get("errors"), call)
    if route.batch and not problems and not payload["results"]:
        return empty_batch_failure(status, call)
    unread = [problem for problem in problems if route.absence and not _says_absent(problem, route.absence)]
    if unread:
        absent = (named_record_ids(problem) for problem in problems if problem not in unread)
        return partial_failure(status, call, BatchPart(payload["results"], frozenset[str]().union(*absent), unread))
    return payload | {"errors": problems} if problems else payload


def _batch_errors(errors: Any, call: CallInfo) -> list[dict[str, Any]]:
    """The entries of a batch's `errors` as objects, access token removed."""
    if not errors:
        return []
    entries = orjson.loads(call.redact_token(orjson.dumps(errors).decode()))
    entries = entries if isinstance(entries, list) else [entries]
    return [entry if isinstance(entry, dict) else {"message": str(entry)} for entry in entries]


def _says_absent(problem: Mapping[str, Any], absence: tuple[str, ...]) -> bool:
    names = f"{problem.get('category')} {problem.get('subCategory')}"
    return any(word in names for word in absence)


def _parse_json(data: bytes) -> Any:
    """Parse JSON, with lone surrogates replaced by `?`. Raises ValueError.

    HubSpot cuts long texts in the middle of an emoji; strict parsers reject that, and with it the whole page.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        lenient = json.loads(data)
        return orjson.loads(json.dumps(lenient, ensure_ascii=False).encode("utf-8", "replace"))
