"""What HubSpot's own descriptions say in words about the calls the sandbox serves, each text under a fingerprint."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from icp_sync.sandbox.http.routes import OPERATIONS
from tests.conformance import Conformance

SERVED: Final = {
    (operation.method, _plain): operation.route.replace(":path}", "}")
    for operation in OPERATIONS
    for path in operation.paths()
    for _plain in [re.sub(r"\{[^}]*\}", "{}", path)]
}
"""The sandbox's route by method and path, placeholders without their names."""
FILTERS: Final = re.compile(
    r"Public\w*(Operation|Filter|FilterBranch|FilterMetadata|RefineBy|Reference|Point|Offset|ReferencedTime)"
)
"""Schemas of the language in which lists filter: what each word of it may be, not how a call behaves."""


def fingerprint(text: str) -> str:
    """Eight hex digits that stand for a description, whatever its white space."""
    return hashlib.sha256(" ".join(text.split()).lower().encode()).hexdigest()[:8]


def described_by(described: Conformance) -> dict[str, set[str]]:
    """Fingerprint → the served routes its description speaks of: their own words, parameters and schemas."""
    described_texts: dict[str, set[str]] = {}
    for method, pattern, operation, document in described.operations:
        route = _served(method, pattern.pattern)
        for text in _texts(operation, document) if route else ():
            described_texts.setdefault(fingerprint(text), set()).add(route)
    return described_texts


def _served(method: str, pattern: str) -> str:
    """The sandbox's route for a described path; empty where it serves none."""
    path = re.sub(r"\(\?P<(\w+)>\[\^/\]\+\)", r"{\1}", pattern)
    path = re.sub(r"\{objectType\}(?=/|$)", "companies", path, count=1)
    return SERVED.get((method, re.sub(r"\{[^}]*\}", "{}", path)), "")


def _texts(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    yield from _descriptions(operation)
    seen: set[str] = set()
    todo = list(_references(operation))
    while todo:
        reference = todo.pop()
        if reference in seen:
            continue
        seen.add(reference)
        schema: Any = document
        for part in reference.removeprefix("#/").split("/"):
            schema = schema[part]
        todo += _references(schema)
        if not FILTERS.fullmatch(reference.rpartition("/")[2]):
            yield from _descriptions(schema)


def _descriptions(node: Any) -> Iterator[str]:
    """Every description below a node; examples have descriptions of their own, which describe nothing."""
    if isinstance(node, Mapping):
        text = node.get("description")
        if isinstance(text, str) and text.strip():
            yield text
        for key, value in node.items():
            if key != "example":
                yield from _descriptions(value)
    elif isinstance(node, list):
        for value in node:
            yield from _descriptions(value)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
