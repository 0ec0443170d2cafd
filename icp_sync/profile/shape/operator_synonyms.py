"""Operator names of other languages → this language's operator, for suggestions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from icp_sync.profile.model.match import COMPOSITIONS, OPERATORS
from icp_sync.vocabulary.name_suggestions import nearest_name, snake_case

_OPERATOR_OF: Final[Mapping[str, str]] = MappingProxyType(
    {word: name for name, operator in OPERATORS.items() for word in operator.also}
    | {word: f"{name}: false" for name, operator in OPERATORS.items() for word in operator.also_false}
    | {"and": "all", "or": "any"}
)
_KEYS: Final = (*OPERATORS, *COMPOSITIONS)
_MIN_SIMILARITY: Final = 80


def suggest_operator(word: str, other_keys: Collection[str] = ()) -> str | None:
    """The operator, composition or one of `other_keys` that a word means; None where none is similar enough.

    A negated operator (such as "not_between") gives that operator under `not`.
    """
    key = snake_case(word)
    if key in _OPERATOR_OF:
        return _OPERATOR_OF[key]
    _, _, denied = key.partition("_") if key.startswith(("not_", "no_")) else ("", "", "")
    inner = _OPERATOR_OF.get(denied, denied)
    if key not in _KEYS and inner in OPERATORS:
        return f"not: {{{inner}: …}}"
    return nearest_name(word, (*_KEYS, *other_keys), _MIN_SIMILARITY)
