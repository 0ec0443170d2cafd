"""What HubSpot holds against a request: property, code and words, dug out of wherever it put them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

LONGEST: Final = 240


@dataclass(frozen=True, slots=True)
class ErrorReason:
    """One thing wrong: with which property, under which of HubSpot's codes, in words short enough to read."""

    message: str
    property: str | None = None
    code: str | None = None

    def __str__(self) -> str:
        told = ", ".join(part for part in (self.property, self.code) if part)
        return f"{told}: {self.message}" if told else self.message


def error_reasons(error: Mapping[str, Any]) -> tuple[ErrorReason, ...]:
    """The reasons in an error body, or in one entry of a batch's `errors`; always at least one."""
    found = tuple(_from_values(error)) or tuple(_from_details(error))
    return found or (ErrorReason(_short(error.get("message")), _named_property(error), _code(error)),)


def named_records(error: Mapping[str, Any]) -> frozenset[str]:
    """The record ids and trace ids an entry of a batch's `errors` speaks of."""
    contexts = [_context(error), *map(_context, _entries(error))]
    keys = ("ids", "id", "objectWriteTraceId")
    named = (value for context in contexts for key in keys for value in _values(context.get(key)))
    own = error.get("id")
    return frozenset(named) | ({str(own)} if own is not None else frozenset())


def required_scopes(error: Mapping[str, Any]) -> tuple[str, ...]:
    """The scopes a 403 asks for, wherever it lists them."""
    contexts = [_context(error), *map(_context, _entries(error))]
    keys = ("requiredGranularScopes", "requiredScopes")
    return tuple(dict.fromkeys(scope for context in contexts for key in keys for scope in _values(context.get(key))))


def _from_values(error: Mapping[str, Any]) -> Iterable[ErrorReason]:
    """`Property values were not valid: [{"name": …, "error": …, "message": …}]`: JSON inside the message."""
    _, bracket, rest = str(error.get("message") or "").partition("[")
    try:
        problems = orjson.loads(bracket + rest)
    except orjson.JSONDecodeError:
        return
    for problem in problems:
        if isinstance(problem, dict):
            yield ErrorReason(_short(problem.get("message")), _text(problem.get("name")), _text(problem.get("error")))


def _from_details(error: Mapping[str, Any]) -> Iterable[ErrorReason]:
    for entry in _entries(error):
        if entry.get("message"):
            yield ErrorReason(_short(entry["message"]), _named_property(entry), _code(entry) or _code(error))


def _entries(error: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    entries = error.get("errors")
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _context(error: Mapping[str, Any]) -> Mapping[str, Any]:
    context = error.get("context")
    return context if isinstance(context, dict) else {}


def _values(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value is not None else []


def _named_property(error: Mapping[str, Any]) -> str | None:
    return next(iter(_values(_context(error).get("propertyName"))), None)


def _code(error: Mapping[str, Any]) -> str | None:
    return _text(error.get("code") or error.get("subCategory") or error.get("category"))


def _text(value: object) -> str | None:
    return str(value) if value else None


def _short(message: object) -> str:
    """An option list can make a message thousands of characters long."""
    text = " ".join(str(message or "no reason given").split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
