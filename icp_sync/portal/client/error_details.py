"""Parses HubSpot's error bodies: reasons with property and code, records named, scopes required.

HubSpot puts the same facts in different places: `errors[].context`, `context`, `category`, or JSON inside `message`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from icp_sync.text_truncation import shorten

MAX_MESSAGE_CHARS: Final = 240


@dataclass(frozen=True, slots=True)
class ErrorReason:
    """One reason of a rejection: message (at most 240 characters), property and HubSpot's code where named."""

    message: str
    property: str | None = None
    code: str | None = None

    def __str__(self) -> str:
        source = ", ".join(part for part in (self.property, self.code) if part)
        return f"{source}: {self.message}" if source else self.message


def error_reasons(error: Mapping[str, Any]) -> tuple[ErrorReason, ...]:
    """Return the reasons in an error body, or in one entry of a batch's `errors`; always at least one."""
    reasons = tuple(_reasons_in_message(error)) or tuple(_reasons_in_errors(error))
    return reasons or (ErrorReason(_short(error.get("message")), _named_property(error), _error_code(error)),)


def named_record_ids(error: Mapping[str, Any]) -> frozenset[str]:
    """Return the record ids and trace ids an entry of a batch's `errors` names."""
    # A batch read names `ids`, a batch update with trace ids `objectWriteTraceId` as well.
    contexts = [_error_context(error), *map(_error_context, _error_entries(error))]
    keys = ("ids", "id", "objectWriteTraceId")
    named = (value for context in contexts for key in keys for value in _as_texts(context.get(key)))
    own = error.get("id")
    return frozenset(named) | ({str(own)} if own is not None else frozenset())


def required_scopes(error: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the scopes a 403 requires, each once, in HubSpot's order; empty where it names none."""
    contexts = [_error_context(error), *map(_error_context, _error_entries(error))]
    keys = ("requiredGranularScopes", "requiredScopes")
    return tuple(dict.fromkeys(scope for context in contexts for key in keys for scope in _as_texts(context.get(key))))


def _reasons_in_message(error: Mapping[str, Any]) -> Iterable[ErrorReason]:
    """Reasons in `Property values were not valid: [{"name": …, "error": …, "message": …}]`: JSON in the message."""
    # Codes seen there: INVALID_OPTION, INVALID_LONG, INVALID_INTEGER, INVALID_DATE, MISSING_REQUIRED_PROPERTY.
    _, bracket, rest = str(error.get("message") or "").partition("[")
    try:
        problems = orjson.loads(bracket + rest)
    except orjson.JSONDecodeError:
        return
    for problem in problems:
        if isinstance(problem, dict):
            yield ErrorReason(
                _short(problem.get("message")), _text_or_none(problem.get("name")), _text_or_none(problem.get("error"))
            )


def _reasons_in_errors(error: Mapping[str, Any]) -> Iterable[ErrorReason]:
    for entry in _error_entries(error):
        if entry.get("message"):
            yield ErrorReason(
                _short(entry["message"]), _named_property(entry), _error_code(entry) or _error_code(error)
            )


def _error_entries(error: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    entries = error.get("errors")
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _error_context(error: Mapping[str, Any]) -> Mapping[str, Any]:
    context = error.get("context")
    return context if isinstance(context, dict) else {}


def _as_texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value is not None else []


def _named_property(error: Mapping[str, Any]) -> str | None:
    # Validation rules an administrator set (since 2026-09) name the missing property only here.
    return next(iter(_as_texts(_error_context(error).get("propertyName"))), None)


def _error_code(error: Mapping[str, Any]) -> str | None:
    # HubSpot's description calls `subCategory` an object; a text was seen, and only a text is a code.
    sub_category = error.get("subCategory")
    finer = sub_category if isinstance(sub_category, str) else None
    return _text_or_none(error.get("code") or finer or error.get("category"))


def _text_or_none(value: object) -> str | None:
    return str(value) if value else None


def _short(message: object) -> str:
    """The message in one line, cut at the limit: a list of allowed options can take thousands of characters."""
    return shorten(str(message or "no reason given"), MAX_MESSAGE_CHARS)
