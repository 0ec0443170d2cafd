"""Plain data → Profile, or what is wrong with its shape."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from icp_sync.profile.findings import MOST_OF_A_KIND, Finding, Path, brief
from icp_sync.profile.model.criteria import Condition
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.outputs import ASKED, NAMED
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.shape.operator_synonyms import suggest_operator
from icp_sync.profile.shape.pydantic_messages import message_for
from icp_sync.vocabulary.suggest import near

_FOLLOW_UPS: Final = {"too_short", "too_long"}
_BESIDE_OPERATORS: Final = ("property", "properties")
_KEY: Final = "[key]"
"""What pydantic ends a path with when it objects to a mapping's key."""


def validate_shape(data: object) -> tuple[Profile | None, tuple[Finding, ...]]:
    """The profile, or None and every flaw of its shape."""
    if not isinstance(data, dict):
        what = "the file is empty" if data is None else "the file is no mapping of keys to values"
        return None, (Finding((), f"{what}; `icp-sync init` writes a profile to start from"),)
    try:
        return Profile.model_validate(data, by_alias=True, by_name=False), ()
    except ValidationError as error:
        return None, tuple(islice(_flaws(_as_written(error.errors(include_url=False))), MOST_OF_A_KIND))


def _as_written(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors at places the file has: without the steps that only say which way of writing was read."""
    for error in errors:
        error["loc"] = tuple(step for step in error["loc"] if step not in (ASKED, NAMED))
    return errors


def _flaws(errors: list[ErrorDetails]) -> Iterator[Finding]:
    around = {error["loc"][:n] for error in errors for n in range(len(error["loc"]))}
    for error in errors:
        # pydantic also counts the items that survived and finds the list too short
        if error["type"] in _FOLLOW_UPS and error["loc"] in around:
            continue
        if error["type"] == "extra_forbidden":
            yield _unknown_key(error["loc"])
        else:
            yield Finding(error["loc"][:-1] if error["loc"][-1:] == (_KEY,) else error["loc"], message_for(error))


def _unknown_key(path: Path) -> Finding:
    key, model = str(path[-1]), _model_at(path[:-1])
    return Finding(path, f"unknown key {brief(key)!r}; {_advice(key, model)}", rule="unknown-key")


def _advice(key: str, model: type[BaseModel]) -> str:
    known = [field.alias or name for name, field in model.model_fields.items()]
    meant = suggest_operator(key, _BESIDE_OPERATORS) if model is Match else near(key, known)
    if not meant and issubclass(model, Condition) and (operator := suggest_operator(key)):
        inner = operator if ":" in operator else f"{operator}: …"
        return f"write it under match, as match: {{{inner}}}"
    return f"did you mean {meant}?" if meant else f"remove it, or use one of {', '.join(known)}"


def _model_at(path: Path) -> type[BaseModel]:
    annotation: Any = Profile
    for key in (step for step in path if isinstance(step, str)):
        annotation = _inside(annotation, key)
    return next(_models(annotation))


def _inside(annotation: Any, key: str) -> Any:
    """What a key of a mapping or of a model holds."""
    for mapping in (annotation, *get_args(annotation)):
        if get_origin(mapping) is dict:
            return get_args(mapping)[1]
    fields = next(_models(annotation)).model_fields
    return next(field.annotation for name, field in fields.items() if (field.alias or name) == key)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The model inside an annotation such as `tuple[Criterion, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
