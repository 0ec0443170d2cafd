"""The options of a portal's enumerations: a match may name one by its value or by its label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from icp_sync.companies.property_definitions import Option, PropertyDefinition
from icp_sync.vocabulary.text_keys import text_key

_YES_AND_NO: Final = (Option("true", "Yes"), Option("false", "No"))
"""The values of a checkbox, with labels where the portal sends none."""


@dataclass(frozen=True, slots=True)
class EnumerationOptions:
    """The options of each enumeration by text key; other properties are not in it.

    `keys`: property → key of a value or label → the keys of that option (of its value and its label). A name that is
    one option's value and another's label means the value. `labels`: property → value → the label people see instead.
    """

    keys: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def from_definitions(cls, definitions: Iterable[PropertyDefinition]) -> Self:
        """The options of those definitions that have any."""
        listed = {definition.name: options for definition in definitions if (options := listed_options(definition))}
        labels = {
            name: {option.value: option.label for option in options if option.label != option.value}
            for name, options in listed.items()
        }
        return cls({name: _option_keys_by_name(options) for name, options in listed.items()}, labels)

    def option_keys(self, property_name: str, name: str) -> frozenset[str]:
        """The keys of the option a name means in a property; empty where it is no option."""
        return self.keys.get(property_name, {}).get(text_key(name), frozenset())

    def is_enumeration(self, property_name: str) -> bool:
        """Whether the property is an enumeration, whose values are never several names in one text."""
        return property_name in self.keys


NO_OPTIONS: Final = EnumerationOptions()
"""Without a portal: texts are compared as they are."""


def listed_options(definition: PropertyDefinition) -> tuple[Option, ...]:
    """The options of an enumeration or a checkbox; none for any other type, and where the portal lists none."""
    if definition.type == "bool":
        return tuple(option for option in definition.options if option.label != option.value) or _YES_AND_NO
    return definition.options if definition.type == "enumeration" else ()


def _option_keys_by_name(options: Iterable[Option]) -> dict[str, frozenset[str]]:
    pairs = [(text_key(option.value), text_key(option.label)) for option in options]
    values = {value for value, _ in pairs}
    keys_of_name: dict[str, frozenset[str]] = {}
    for value, label in pairs:
        option_keys = {value} if label in values else {value, label}
        for name in option_keys - {""}:
            keys_of_name[name] = keys_of_name.get(name, frozenset()) | (option_keys - {""})
    return keys_of_name
