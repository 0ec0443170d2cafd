"""What the portal said of itself when the snapshot was read, so that the snapshot can be scored with no call to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from pydantic import TypeAdapter, ValidationError

from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.state.files import StateFiles


@dataclass(frozen=True, slots=True)
class PortalDescription:
    """The portal as it was at the last reading.

    `ui_domain`: the host of its record pages; `time_zone`: IANA; `currency`: ISO 4217, None = unknown. `definitions`:
    of the properties read then, by name; `absent`: those asked for that it does not have.
    """

    ui_domain: str
    time_zone: str
    account_type: str
    currency: str | None
    definitions: Mapping[str, PropertyDefinition]
    absent: tuple[str, ...]


_ADAPTER = TypeAdapter(PortalDescription)


@dataclass(frozen=True, slots=True)
class PortalDescriptionStore:
    """What one profile knows of one portal, in a file beside its snapshot."""

    directory: StateFiles
    portal_id: int
    profile: str

    def load(self) -> PortalDescription | None:
        """Return what is known; None where nothing is, or the file is damaged. Raises StateUnusable."""
        content = self.directory.read(self._file_name)
        try:
            return None if content is None else _ADAPTER.validate_json(content)
        except ValidationError:
            return None

    def save(self, portal: PortalDescription) -> None:
        """Replace what is known. Raises StateUnusable."""
        self.directory.replace(self._file_name, orjson.dumps(portal))

    @property
    def _file_name(self) -> str:
        return f"portal.{self.portal_id}.{self.profile}.json"
