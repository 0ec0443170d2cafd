"""The JSON Schema of a profile: editors complete and check the file by it, before `icp-sync check` does."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from pydantic import BaseModel

from icp_sync.profile.model.match import COMPOSITIONS, OPERATORS
from icp_sync.profile.model.outputs import SHARE
from icp_sync.profile.model.profile import Profile

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_MATCH: Final = (
    "Exactly one operator (has_any may add at_least), or one of all, any, not. A leaf may name its own property or "
    "properties; a composition may not."
)
_NO_OPERATOR: Final = "Names no operator we know; write exactly one, such as region, between, is or has_any."
"""Editors show it for a match that fits none of its choices, of which they would else name the first."""
_NULL: Final = {"type": "null"}
_MAY_BE_NULL: Final = frozenset({"Expectation"})


def json_schema() -> dict[str, Any]:
    """The schema, draft 2020-12. It covers the file's shape; only `semantic` checks whether the parts fit."""
    root, parts = editor_schema(Profile, _MAY_BE_NULL)
    parts["Match"] = _match_schema(parts["Match"])
    return {"$schema": DIALECT, "title": "icp_sync profile", **root, "$defs": dict(sorted(parts.items()))}


def editor_schema(
    model: type[BaseModel], nullable: Collection[str] = ()
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The root of a model's schema as a file has it, and its definitions; keys of `nullable` ones may be null."""
    schema = model.model_json_schema(by_alias=True)
    # pydantic describes what it accepts from Python; a file leaves a key out where Python passes None.
    parts = schema.pop("$defs")
    for name, part in parts.items():
        parts[name] = _with_one_line_description(_without_nulls_and_titles(part, nullable=name in nullable))
    return _with_one_line_description(_without_nulls_and_titles(schema, nullable=False)), parts


def _without_nulls_and_titles(part: dict[str, Any], *, nullable: bool) -> dict[str, Any]:
    """A definition whose keys may be left out, but not be null."""
    keys = {name: _field_schema(key, nullable=nullable) for name, key in part.get("properties", {}).items()}
    return {name: value for name, value in {**part, "properties": keys}.items() if name != "title"}


def _field_schema(key: dict[str, Any], *, nullable: bool) -> dict[str, Any]:
    left_out = {"title", "default"} if _hides_default(key) else {"title"}
    kept = {name: value for name, value in key.items() if name not in left_out}
    # Without it an editor takes a mapping's key that fits no pattern for a good one, which `check` then refuses.
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    if kept.get("pattern") == SHARE:
        kept["patternErrorMessage"] = kept["errorMessage"] = "Write a share in per cent, such as 10%."
    choices = [_with_unique_items(choice) for choice in kept.pop("anyOf", []) if nullable or choice != _NULL]
    if len(choices) == 1 and "oneOf" in choices[0]:
        choices = [{"oneOf": [_with_unique_items(choice) for choice in choices[0]["oneOf"]]}]
    return _with_unique_items({**(choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {}), **kept})


def _hides_default(key: dict[str, Any]) -> bool:
    """Whether an editor should not insert the default: an empty one, a nested model's, or a Decimal."""
    default = key.get("default")
    return not default or isinstance(default, dict) or key.get("pattern") == SHARE


def _with_unique_items(key: dict[str, Any]) -> dict[str, Any]:
    """A list of ids, tiers, outcomes or properties has unique items."""
    named = {"pattern", "enum"} & key.get("items", {}).keys()
    return {**key, "uniqueItems": True} if named else key


def _with_one_line_description(part: dict[str, Any]) -> dict[str, Any]:
    """The definition with its docstring on one line."""
    return {**part, "description": " ".join(part["description"].split())} if "description" in part else part


def _match_schema(part: dict[str, Any]) -> dict[str, Any]:
    """The definition of a match: every operator described, exactly one required."""
    keys = dict(part["properties"])
    for name, operator in OPERATORS.items():
        keys[name] = {**keys[name], "description": operator.description}
    others = [name for name in OPERATORS if name != "at_least"]
    alone: dict[str, Any] = {"required": ["at_least"], "not": {"required": ["has_any"]}, "errorMessage": _NO_OPERATOR}
    composed = {"not": {"anyOf": [{"required": ["property"]}, {"required": ["properties"]}]}}
    # `at_least` stands alone or beside `has_any`: as one more plain `required`, oneOf would refuse the two together.
    choices = [
        alone,
        *({"required": [name]} for name in others),
        *({"required": [name], **composed} for name in COMPOSITIONS),
    ]
    return {**part, "description": _MATCH, "properties": keys, "oneOf": choices}
