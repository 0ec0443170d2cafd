"""A property definition: what kind of value a property takes, and how the Properties API shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict

from icp_sync.sandbox.timestamps import format_iso

SHIPPED_AT = 1_565_059_306_048
NON_SENSITIVE = "non_sensitive"
FIELD_TYPES = {
    "string": "text",
    "number": "number",
    "bool": "booleancheckbox",
    "enumeration": "select",
    "date": "date",
    "datetime": "date",
}
"""How people enter a value of each type, where nothing else is said."""


class DefinitionFields(TypedDict, total=False):
    """The fields of a definition that most have alike."""

    label: str
    read_only: bool
    calculated: bool
    has_unique_value: bool
    sensitivity: str


@dataclass(frozen=True)
class PropertyOption:
    """One allowed value of an enumeration."""

    value: str
    label: str
    display_order: int = -1
    hidden: bool = False
    description: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "label": self.label,
            "value": self.value,
            "displayOrder": self.display_order,
            "hidden": self.hidden,
            "description": self.description,
        }


@dataclass(frozen=True)
class Definition:
    """One property of a kind of records. Times are epoch milliseconds."""

    name: str
    label: str
    type: str
    field_type: str
    group: str
    description: str = ""
    options: tuple[PropertyOption, ...] = ()
    hubspot_defined: bool = False
    calculated: bool = False
    read_only: bool = False
    external_options: bool = False
    has_unique_value: bool = False
    sensitivity: str = NON_SENSITIVE
    hidden: bool = False
    form_field: bool = False
    display_order: int = -1
    created_at: int = SHIPPED_AT
    updated_at: int = SHIPPED_AT
    archived_at: int | None = None

    @cached_property
    def allowed(self) -> frozenset[str]:
        return frozenset(option.value for option in self.options)

    @property
    def multiple(self) -> bool:
        return self.type == "enumeration" and self.field_type == "checkbox"

    def as_json(self) -> dict[str, object]:
        """The JSON of the Properties API."""
        body: dict[str, object] = {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "fieldType": self.field_type,
            "description": self.description,
            "groupName": self.group,
            "options": [] if self.external_options else [option.as_json() for option in self.options],
            "displayOrder": self.display_order,
            "calculated": self.calculated,
            "externalOptions": self.external_options,
            "archived": self.archived_at is not None,
            "hasUniqueValue": self.has_unique_value,
            "hidden": self.hidden,
            "formField": self.form_field,
            "dataSensitivity": self.sensitivity,
            "createdAt": format_iso(self.created_at),
            "updatedAt": format_iso(self.updated_at),
            "modificationMetadata": self._read_only_flags(),
        }
        body |= {"hubspotDefined": True} if self.hubspot_defined else {"createdUserId": "1", "updatedUserId": "1"}
        return body if self.archived_at is None else {**body, "archivedAt": format_iso(self.archived_at)}

    def _read_only_flags(self) -> Mapping[str, bool]:
        return {
            "archivable": not self.hubspot_defined,
            "readOnlyDefinition": self.hubspot_defined,
            "readOnlyOptions": self.hubspot_defined and self.read_only,
            "readOnlyValue": self.read_only or self.calculated,
        }
