"""The properties and property groups a portal has right now, of one kind of records."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from icp_sync.catalogue.standard_properties import standard_groups
from icp_sync.sandbox.error_responses import ApiError, bad_request, not_found
from icp_sync.sandbox.store.object_types import ObjectType
from icp_sync.sandbox.store.property_definition import Definition
from icp_sync.sandbox.store.property_input import parse_definition, patch_definition
from icp_sync.sandbox.store.standard_properties import standard_definitions
from icp_sync.sandbox.store.value_checks import Scalar, ValueProblem, value_or_problem

MOST_CUSTOM_PROPERTIES = 1000


@dataclass(frozen=True, slots=True)
class GroupDefinition:
    """A heading under which HubSpot shows properties."""

    name: str
    label: str
    display_order: int = -1

    def as_json(self) -> dict[str, object]:
        order = self.display_order
        return {"name": self.name, "label": self.label, "displayOrder": order, "archived": False}


class PropertySchema:
    """Definitions by name; archived ones are kept apart and can be revived. `without`: standard ones it lacks."""

    def __init__(self, object_type: ObjectType, *, without: Collection[str] = ()) -> None:
        self.object_type = object_type
        self.definitions = {
            definition.name: definition
            for definition in standard_definitions(object_type)
            if definition.name not in without
        }
        self.archived: dict[str, Definition] = {}
        self.groups = {name: GroupDefinition(name, label) for name, label in standard_groups(object_type.name).items()}

    def existing_names(self, names: Iterable[str]) -> list[str]:
        """The names that exist, once each; HubSpot drops the others without a word."""
        return [name for name in dict.fromkeys(names) if name in self.definitions]

    def get(self, name: str, *, archived: bool = False, sensitivity: str | None = None) -> Definition:
        """One definition; with `sensitivity` only one of that kind is found."""
        definitions = self.archived if archived else self.definitions
        if name not in definitions or sensitivity not in (None, definitions[name].sensitivity):
            raise not_found(f'Property "{name}" does not exist', sub_category="Properties.PROPERTY_NOT_FOUND")
        return definitions[name]

    def list_definitions(self, *, archived: bool, sensitivity: str) -> list[Definition]:
        definitions = self.archived if archived else self.definitions
        return [one for one in definitions.values() if one.sensitivity == sensitivity]

    def create(self, body: Mapping[str, Any], now: int) -> Definition:
        """A new property, or the revival of an archived one under the posted definition."""
        definition = parse_definition(body, now)
        if definition.name in self.definitions:
            raise _name_taken_error(definition.name)
        self._require_group(definition.group)
        self._require_free_label(definition)
        if sum(not one.hubspot_defined for one in self.definitions.values()) >= MOST_CUSTOM_PROPERTIES:
            raise bad_request("The limit of custom properties is reached.", sub_category="Properties.LIMIT_REACHED")
        revived = self.archived.pop(definition.name, None)
        return self.add_definition(replace(definition, created_at=revived.created_at) if revived else definition)

    def update(self, name: str, body: Mapping[str, Any], now: int) -> Definition:
        definition = patch_definition(self.get(name), body, now)
        self._require_group(definition.group)
        if body.get("label"):
            self._require_free_label(definition)
        return self.add_definition(definition)

    def archive(self, name: str, now: int) -> None:
        definition = self.get(name)
        if definition.hubspot_defined:
            raise bad_request(
                f'Property "{name}" is defined by HubSpot and cannot be archived.',
                sub_category="PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE",
            )
        del self.definitions[name]
        self.archived[name] = replace(definition, archived_at=now)

    def add_definition(self, definition: Definition) -> Definition:
        self.definitions[definition.name] = definition
        return definition

    def get_group(self, name: str) -> GroupDefinition:
        if name not in self.groups:
            raise not_found(f'Property group "{name}" does not exist', sub_category="Properties.GROUP_NOT_FOUND")
        return self.groups[name]

    def create_group(self, body: Mapping[str, Any]) -> GroupDefinition:
        name, label = body.get("name"), body.get("label")
        if not name or not label:
            raise bad_request("Invalid input JSON: a property group needs a name and a label")
        if name in self.groups:
            message = f"A property group named '{name}' already exists."
            category = "OBJECT_ALREADY_EXISTS"
            raise ApiError(409, message, category, sub_category="Properties.GROUP_WITH_NAME_EXISTS")
        return self.add_group(GroupDefinition(str(name), str(label), int(body.get("displayOrder") or -1)))

    def add_group(self, group: GroupDefinition) -> GroupDefinition:
        self.groups[group.name] = group
        return group

    def archive_group(self, name: str) -> None:
        self.get_group(name)
        if any(definition.group == name for definition in self.definitions.values()):
            raise bad_request(
                f'Property group "{name}" still has properties.',
                sub_category="PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES",
            )
        del self.groups[name]

    def _require_group(self, name: str) -> None:
        if name not in self.groups:
            raise bad_request(
                f'Property group "{name}" does not exist.',
                sub_category="PropertyValidationError.PROPERTY_GROUP_DOES_NOT_EXIST",
            )

    def _require_free_label(self, definition: Definition) -> None:
        """Raise HubSpot's 400 for a label that another property has; its text is not known, ours is a guess."""
        label = definition.label.casefold()
        holders = (one.name for one in self.definitions.values() if one.label.casefold() == label)
        holder = next((name for name in holders if name != definition.name), None)
        if holder is not None:
            message = f'The label "{definition.label}" is already used by the property {holder}.'
            raise bad_request(message, context={"propertyName": [holder]})


def _name_taken_error(name: str) -> ApiError:
    message = f"A property named '{name}' already exists."
    return ApiError(409, message, "OBJECT_ALREADY_EXISTS", sub_category="Properties.PROPERTY_WITH_NAME_EXISTS")


def check_values(schema: PropertySchema, properties: Mapping[str, Scalar]) -> dict[str, str]:
    """What users enter, as the texts that are kept. Raises ValueError for a value its property does not take."""
    values = {}
    for name, value in properties.items():
        result = value_or_problem(schema.get(name), value)
        if isinstance(result, ValueProblem):
            raise ValueError(result.message)
        values[name] = result
    return values
