"""HubSpot's own OpenAPI descriptions, held against what the sandbox answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

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


def _is_exception(error: Any) -> bool:
    return any(known.search(error.message) for known in EXCEPTIONS)


def _shortened(body: Any) -> Any:
    if isinstance(body, list):
        return [_shortened(entry) for entry in body[:SHOWN]]
    return {key: _shortened(value) for key, value in body.items()} if isinstance(body, dict) else body
