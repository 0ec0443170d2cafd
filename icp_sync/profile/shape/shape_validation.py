"""Plain data → Profile, or the findings about its shape."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from icp_sync.profile.findings import MAX_PER_RULE, Finding, Path
from icp_sync.profile.model.criteria import Condition
from icp_sync.profile.model.lists import CONDITION_FORM, LIST_FORM
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.shape.operator_synonyms import suggest_operator
from icp_sync.profile.shape.pydantic_messages import message_for
from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.name_suggestions import nearest_name

_FOLLOW_UPS: Final = {"too_short", "too_long"}
_LEAF_KEYS: Final = ("property", "properties")
_KEY: Final = "[key]"
"""The last step of pydantic's path where a mapping's key is invalid."""


def validate_shape(data: object) -> tuple[Profile | None, tuple[Finding, ...]]:
    """The profile, or None and every finding about its shape."""
    if not isinstance(data, dict):
        what = "the file is empty" if data is None else "the file is no mapping of keys to values"
        return None, (Finding((), f"{what}; `icp-sync init` writes a profile to start from"),)
    try:
        return Profile.model_validate(data, by_alias=True, by_name=False), ()
    except ValidationError as error:
        return None, shape_findings(error, Profile)


def shape_findings(error: ValidationError, root: type[BaseModel]) -> tuple[Finding, ...]:
    """What pydantic refused of a document whose root is that model, in words for its author."""
    return tuple(islice(_findings(_without_union_tags(error.errors(include_url=False)), root), MAX_PER_RULE))


def _without_union_tags(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors with paths of the file: pydantic adds the tag of a discriminated union as a step."""
    for error in errors:
        error["loc"] = tuple(step for step in error["loc"] if step not in (CONDITION_FORM, LIST_FORM))
    return errors


def _findings(errors: list[ErrorDetails], root: type[BaseModel]) -> Iterator[Finding]:
    parents = {error["loc"][:n] for error in errors for n in range(len(error["loc"]))}
    for error in errors:
        # pydantic also counts the items that survived and finds the list too short
        if error["type"] in _FOLLOW_UPS and error["loc"] in parents:
            continue
        if error["type"] == "extra_forbidden":
            yield _unknown_key(error["loc"], root)
        else:
            yield Finding(error["loc"][:-1] if error["loc"][-1:] == (_KEY,) else error["loc"], message_for(error))


def _unknown_key(path: Path, root: type[BaseModel]) -> Finding:
    key, model = str(path[-1]), _model_at(path[:-1], root)
    return Finding(path, f"unknown key {shorten(key)!r}; {_advice(key, model)}", rule="unknown-key")


def _advice(key: str, model: type[BaseModel]) -> str:
    known = [field.alias or name for name, field in model.model_fields.items()]
    suggestion = suggest_operator(key, _LEAF_KEYS) if model is Match else nearest_name(key, known)
    if not suggestion and issubclass(model, Condition) and (operator := suggest_operator(key)):
        inner = operator if ":" in operator else f"{operator}: …"
        return f"write it under match, as match: {{{inner}}}"
    # A key that stands one level too high: "experiment" at the top, where only `write` has one.
    if sections := [name for name, fields in _keys_by_section(model) if key in fields]:
        return f"write it under {' or '.join(sections)}"
    return f"did you mean {suggestion}?" if suggestion else f"remove it, or use one of {', '.join(known)}"


def _keys_by_section(model: type[BaseModel]) -> Iterator[tuple[str, set[str]]]:
    """Yields the keys of a model that are mappings with fixed keys, and those keys."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield field.alias or name, {each.alias or key for key, each in inner.model_fields.items()}


def _model_at(path: Path, root: type[BaseModel]) -> type[BaseModel]:
    annotation: Any = root
    for key in (step for step in path if isinstance(step, str)):
        annotation = _annotation_of_key(annotation, key)
    return next(_iter_models(annotation))


def _annotation_of_key(annotation: Any, key: str) -> Any:
    """The annotation of a mapping's or model's key."""
    for mapping in (annotation, *get_args(annotation)):
        if get_origin(mapping) is dict:
            return get_args(mapping)[1]
    fields = next(_iter_models(annotation)).model_fields
    return next(field.annotation for name, field in fields.items() if (field.alias or name) == key)


def _iter_models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yields the models inside an annotation such as `tuple[Criterion, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _iter_models(inner)
