"""The options of a portal's enumerations: a rule may name one by its value or by the label people see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from icp_sync.companies.properties import Option, PropertyDefinition
from icp_sync.vocabulary.keys import key_of

_YES_AND_NO: Final = (Option("true", "Yes"), Option("false", "No"))
"""What a checkbox holds, and what people see where the portal says no more than that."""


@dataclass(frozen=True, slots=True)
class Options:
    """By property, what each name of an option stands for; a property that is no enumeration is not in it.

    `keys`: property → key of a value or label → the keys of that option, its value's and its label's. A name that is
    one option's value and another's label is the value.
    """

    keys: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, definitions: Iterable[PropertyDefinition]) -> Self:
        """The options of those definitions that have any, worked out once for all companies."""
        listed = ((definition.name, listed_options(definition)) for definition in definitions)
        return cls({name: _keys(options) for name, options in listed if options})

    def named(self, property_name: str, name: str) -> frozenset[str]:
        """The keys of the option a name stands for in a property; empty where it is none of its options."""
        return self.keys.get(property_name, {}).get(key_of(name), frozenset())

    def has(self, property_name: str) -> bool:
        """Whether the property is an enumeration, whose values are never several names in one text."""
        return property_name in self.keys


NO_OPTIONS: Final = Options()
"""Where no portal is asked: texts are compared as they stand."""


def listed_options(definition: PropertyDefinition) -> tuple[Option, ...]:
    """The options of an enumeration or a checkbox; none for any other type, and where the portal lists none."""
    if definition.type == "bool":
        return tuple(one for one in definition.options if one.label != one.value) or _YES_AND_NO
    return definition.options if definition.type == "enumeration" else ()


def _keys(options: Iterable[Option]) -> dict[str, frozenset[str]]:
    listed = [(key_of(option.value), key_of(option.label)) for option in options]
    values = {value for value, _ in listed}
    named: dict[str, frozenset[str]] = {}
    for value, label in listed:
        whole = {value} if label in values else {value, label}
        for name in whole - {""}:
            named[name] = named.get(name, frozenset()) | (whole - {""})
    return named
