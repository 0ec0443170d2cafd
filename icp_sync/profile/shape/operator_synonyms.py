"""Operator names of other languages → this language's operator, for suggestions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from icp_sync.profile.model.match import COMPOSITIONS, OPERATORS
from icp_sync.vocabulary.suggest import near, snake_case

_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "at_least": (
            "gte", "gt", "ge", ">=", ">", "min", "minimum", "from", "more_than", "greater_than", "above", "over",
            "greater_than_or_equal", "greater_or_equal", "is_greater_than",
        ),
        "at_most": (
            "lte", "lt", "le", "<=", "<", "max", "maximum", "less_than", "fewer_than", "below", "under",
            "less_than_or_equal", "less_or_equal", "is_less_than",
        ),
        "between": ("range", "in_range", "is_between"),
        "is": ("equals", "equal", "equal_to", "is_equal_to", "eq", "=", "==", "exactly"),
        "in": ("one_of", "any_of", "is_in", "is_any_of", "is_one_of", "in_list"),
        "not_in": ("none_of", "is_not", "not_is", "not_equal", "not_equals", "neq", "ne", "!=", "is_none_of", "nin"),
        "contains_any": ("contains", "contain", "includes_phrase", "like", "ilike", "mentions"),
        "matches": ("regex", "regexp", "pattern", "matches_regex"),
        "has_any": ("has_some", "has", "has_one", "has_one_of", "has_any_of", "includes", "includes_any", "uses"),
        "has_all": ("has_every", "has_each", "has_all_of", "includes_all", "all_of", "contains_all"),
        "has_none": ("has_not", "has_none_of", "not_has", "excludes", "lacks"),
        "region": ("country", "countries", "state", "states", "in_region", "location"),
        "city": ("cities", "town", "metro", "in_city"),
        "within_km": ("within", "radius", "radius_km", "distance", "distance_km", "near"),
        "within_days": ("newer_than_days", "newer_than", "last_days", "in_last_days", "days"),
        "older_than_days": ("older_than",),
        "age_years": ("age", "years", "years_old"),
        "known": ("exists", "is_known", "has_value", "is_set", "filled", "present"),
        "known: false": ("unknown", "is_unknown", "is_empty", "empty", "not_known", "missing"),
        "is_true": ("true", "yes"),
        "is_false": ("false",),
        "all": ("and",),
        "any": ("or",),
    }
)  # fmt: skip
_OPERATOR_OF: Final[Mapping[str, str]] = MappingProxyType(
    {name: operator for operator, names in _SYNONYMS.items() for name in names}
)
_KEYS: Final = (*OPERATORS, *COMPOSITIONS)
_MIN_SIMILARITY: Final = 80


def suggest_operator(word: str, other_keys: Collection[str] = ()) -> str | None:
    """The operator, composition or one of `other_keys` that a word means; None where none is similar enough.

    A negated operator (`not_between`) gives that operator under `not`.
    """
    key = snake_case(word)
    if key in _OPERATOR_OF:
        return _OPERATOR_OF[key]
    _, _, denied = key.partition("_") if key.startswith(("not_", "no_")) else ("", "", "")
    inner = _OPERATOR_OF.get(denied, denied)
    if key not in _KEYS and inner in OPERATORS:
        return f"not: {{{inner}: …}}"
    return near(word, (*_KEYS, *other_keys), _MIN_SIMILARITY)
