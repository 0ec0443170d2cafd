"""HubSpot's own OpenAPI descriptions, held against what the sandbox answers and what icp_sync sends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it ships no types

FOLDER: Final = Path(__file__).parents[2] / "shared" / "hubspot-spec"
ABSENT: Final = "HubSpot's descriptions (../shared/hubspot-spec) are not here, as in a fresh clone"
SHOWN: Final = 3
"""Entries of a long array that are looked at: the rest were made by the same code."""
EXCEPTIONS: Final = (
    re.compile(r"None is not of type 'string'"),  # property values may be null; the folder's README says so
)
"""Where the live API is known to differ from its description."""
REQUEST_EXCEPTIONS: Final = (
    re.compile(r"'(after|sorts)' is a required property"),  # of a search; the folder's README says so of these three
    re.compile(r"\{'propertyName': '\w+', 'direction': '\w+'\} is not of type 'string'"),
    re.compile(r"'(listIds|processingTypes)' is a required property"),  # of a search for lists, not in v3
)
NOT_DESCRIBED: Final = (
    "/oauth/v2/",
    "/account-info/2026-09/",
    "/crm/associations/2026-09/",
    "/crm/objects/2026-09/contacts/",
    "/crm/objects/2026-09/deals",
    "/crm/owners/20",
)
"""Where the calls begin that no description at hand speaks of."""
_TEXTS: Final = {"integer": re.compile(r"\d+"), "boolean": re.compile("true|false")}
"""How a query writes a value of that type."""


@dataclass(slots=True)
class Conformance:
    """The descriptions of every file; `seen` counts the answers looked at by `METHOD /path status`."""

    operations: list[tuple[str, re.Pattern[str], dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    undescribed: set[str] = field(default_factory=set)

    def problems(self, method: str, path: str, status: int, body: Any) -> Iterator[str]:
        """What a description says that this answer does not keep to."""
        for described, pattern, operation, document in self.operations:
            if described == method and pattern.fullmatch(path):
                self.seen[f"{method} {pattern.pattern} {status}"] += 1
                yield from self._problems(f"{method} {path} {status}", operation, document, status, body)
                return
        self.undescribed.add(f"{method} {path}")

    def request_problems(self, method: str, path: str, query: str, content: bytes) -> Iterator[str]:
        """What a description says that this request does not keep to, and what it sends that none speaks of."""
        for described, pattern, operation, document in self.operations:
            if described == method and pattern.fullmatch(path):
                problems = [*_query_problems(operation, query), *_content_problems(operation, document, content)]
                yield from (f"{method} {path}: {problem}" for problem in problems)
                return
        if not path.startswith(NOT_DESCRIBED):
            yield f"{method} {path} is a call that HubSpot does not describe"

    def _problems(
        self, where: str, operation: Mapping[str, Any], document: dict[str, Any], status: int, body: Any
    ) -> Iterator[str]:
        responses = operation["responses"]
        if status < 400 and str(status) not in responses:
            yield f"{where}: HubSpot answers {', '.join(responses)} here"
        response = responses.get(str(status), responses["default"])
        reference = response.get("$ref")
        response = document["components"]["responses"][reference.rpartition("/")[2]] if reference else response
        content = next(iter(response.get("content", {}).values()), None)
        if content is None:
            if body is not None:
                yield f"{where}: a body where HubSpot has none"
            return
        schema = {**content["schema"], "components": document["components"]}
        for error in Draft202012Validator(schema).iter_errors(_shortened(body)):
            if not _is_exception(error):
                yield f"{where}: {error.json_path}: {error.message[:200]}"


@lru_cache(maxsize=1)
def load() -> Conformance | None:
    """Every description of the folder; None without it."""
    if not FOLDER.is_dir():
        return None
    conformance = Conformance()
    for file in sorted(FOLDER.glob("*.json")):
        text = file.read_text(encoding="utf-8").replace("2026-09-beta", "2026-09").replace("/0-3", "/deals")
        document = orjson.loads(text)
        for path, operations in document["paths"].items():
            pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
            conformance.operations += [(verb.upper(), pattern, what, document) for verb, what in operations.items()]
    # A path without a placeholder is meant before one whose placeholder would take it too.
    conformance.operations.sort(key=lambda operation_and_route: operation_and_route[1].pattern.count("(?P"))
    return conformance


def _query_problems(operation: Mapping[str, Any], query: str) -> Iterator[str]:
    described = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
    sent = parse_qsl(query, keep_blank_values=True)
    yield from (f"the parameter {name} is not described" for name, _ in sent if name not in described)
    for name, value in sent:
        form = _TEXTS.get(described[name]["schema"].get("type")) if name in described else None
        if form and not form.fullmatch(value):
            yield f"the parameter {name} is {value!r}"


def _content_problems(operation: Mapping[str, Any], document: dict[str, Any], content: bytes) -> Iterator[str]:
    described = operation.get("requestBody")
    if (described is None) != (not content):
        yield "a body where HubSpot takes none" if content else "no body"
    if described is None or not content:
        return
    schema = next(iter(described["content"].values()))["schema"]
    body = _shortened(orjson.loads(content))
    for error in Draft202012Validator({**schema, "components": document["components"]}).iter_errors(body):
        if not any(known.search(error.message) for known in REQUEST_EXCEPTIONS):
            yield f"{error.json_path}: {error.message[:200]}"
    yield from _unknown_keys(schema, body, document, "$")


def _unknown_keys(schema: Mapping[str, Any], value: Any, document: dict[str, Any], where: str) -> Iterator[str]:
    """Keys that the schema does not name; it takes them all the same, and HubSpot need not."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        for entry in value:
            yield from _unknown_keys(schema.get("items", {}), entry, document, f"{where}[]")
    elif isinstance(value, dict) and schema.get("properties"):
        for key, inner in value.items():
            if key in schema["properties"]:
                yield from _unknown_keys(schema["properties"][key], inner, document, f"{where}.{key}")
            else:
                yield f"{where}.{key} is not described"


def _is_exception(error: Any) -> bool:
    return any(known.search(error.message) for known in EXCEPTIONS)


def _shortened(body: Any) -> Any:
    if isinstance(body, list):
        return [_shortened(entry) for entry in body[:SHOWN]]
    return {key: _shortened(value) for key, value in body.items()} if isinstance(body, dict) else body
