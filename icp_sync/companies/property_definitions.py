"""The portal's definition of a company property: its type, its options, and whether it is writable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NON_SENSITIVE: Final = "non_sensitive"


def oauth_read_scope(sensitivity: str) -> str:
    """The OAuth scope that reads a company property of this sensitivity; tokens may list it with the suffix `.v2`."""
    return f"crm.objects.companies.{sensitivity}.read"


@dataclass(frozen=True, slots=True)
class Option:
    """One value an enumeration can hold. `value` is what is stored; `label` is what people see."""

    value: str
    label: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PropertyDefinition:
    """A company property; `type` and `field_type` are HubSpot's words, such as `enumeration`, `checkbox`.

    `created_at` and `updated_at` are ISO 8601, None for what HubSpot has always had. `sensitivity` is
    `non_sensitive`, `sensitive` or `highly_sensitive`.
    """

    name: str
    label: str
    type: str
    field_type: str
    group: str
    options: tuple[Option, ...] = ()
    description: str = ""
    read_only: bool = False
    calculated: bool = False
    hubspot_defined: bool = False
    archived: bool = False
    created_at: str | None = None
    updated_at: str | None = None
    sensitivity: str = NON_SENSITIVE

    @property
    def writable(self) -> bool:
        """Whether a value can be written through the API."""
        return not (self.read_only or self.calculated or self.archived)
