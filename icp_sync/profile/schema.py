"""The JSON Schema of a profile: editors complete and check the file by it, before `icp-sync check` does."""

from __future__ import annotations

from typing import Any, Final

from icp_sync.profile.match import COMPOSITIONS
from icp_sync.profile.match import OPERATORS as NAMES
from icp_sync.profile.model import Profile
from icp_sync.profile.reference import OPERATORS
from icp_sync.profile.written import SHARE

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_NULL: Final = {"type": "null"}
_MAY_BE_NULL: Final = frozenset({"Expectation"})


def json_schema() -> dict[str, Any]:
    """The schema, draft 2020-12. It knows the file's shape; whether the parts fit is for `sense` alone."""
    made = Profile.model_json_schema(by_alias=True)
    parts = made.pop("$defs")
    for name, part in parts.items():
        parts[name] = _described(_plain(part, nullable=name in _MAY_BE_NULL))
    parts["Match"] = _match(parts["Match"])
    whole = _described(_plain(made, nullable=False))
    return {"$schema": _DIALECT, "title": "icp_sync profile", **whole, "$defs": dict(sorted(parts.items()))}


def _plain(part: dict[str, Any], *, nullable: bool) -> dict[str, Any]:
    """A part whose keys may be left out, but not be written without a value."""
    keys = {name: _key(key, nullable=nullable) for name, key in part.get("properties", {}).items()}
    return {name: value for name, value in {**part, "properties": keys}.items() if name != "title"}


def _key(key: dict[str, Any], *, nullable: bool) -> dict[str, Any]:
    kept = {name: value for name, value in key.items() if name != "title"}
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    if isinstance(kept.get("default"), dict) or kept.get("pattern") == SHARE:  # said again, or said as a Decimal
        del kept["default"]
    if nullable or kept.get("default", 0) is not None:
        return kept
    del kept["default"]
    choices = [choice for choice in kept.pop("anyOf", []) if choice != _NULL]
    return {**(choices[0] if len(choices) == 1 else {"anyOf": choices}), **kept}


def _described(part: dict[str, Any]) -> dict[str, Any]:
    """What Python's docstring says, on one line."""
    return {**part, "description": " ".join(part["description"].split())} if "description" in part else part


def _match(part: dict[str, Any]) -> dict[str, Any]:
    """A match with what each operator means, of which it names exactly one."""
    keys = dict(part["properties"])
    for row in OPERATORS:
        keys[row.name] = {**keys[row.name], "description": f"Hit when {row.hit}. Unknown when {row.unknown}."}
    has_any = [name for name in NAMES if name != "at_least"]
    alone: dict[str, Any] = {"required": ["at_least"], "not": {"required": ["has_any"]}}
    composed = {"not": {"anyOf": [{"required": ["property"]}, {"required": ["properties"]}]}}
    choices = [
        alone,
        *({"required": [name]} for name in has_any),
        *({"required": [name], **composed} for name in COMPOSITIONS),
    ]
    return {**part, "properties": keys, "oneOf": choices}
