"""Who writes properties, in the words of HubSpot's history: people, apps, workflows, imports, HubSpot itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIRST_USER = 7_000_101
"""The user of the portal's first owner."""
FIRST_APP = 1_000_001


@dataclass(frozen=True, slots=True)
class ChangeSource:
    """The source of a history entry: HubSpot's type, its id and label, and the user who acted, where it names one."""

    type: str
    id: str | None = None
    label: str | None = None
    user: int | None = None

    def as_json(self) -> dict[str, object]:
        """The keys of an entry; those without a value are left out, as HubSpot does."""
        keys = {
            "sourceType": self.type,
            "sourceId": self.id,
            "sourceLabel": self.label,
            "updatedByUserId": self.user,
        }
        return {key: value for key, value in keys.items() if value is not None}


def person_source(user: int = FIRST_USER) -> ChangeSource:
    """A user at HubSpot's screen."""
    return ChangeSource("CRM_UI", f"userId:{user}", user=user)


def app_source(app_id: int | str) -> ChangeSource:
    """An app that writes through the API."""
    return ChangeSource("INTEGRATION", str(app_id))


PERSON = person_source()
MERGE = ChangeSource("MERGE_COMPANIES", user=FIRST_USER)
RESTORE = ChangeSource("RESTORE_OBJECTS", user=FIRST_USER)
LOADED = ChangeSource("IMPORT", "1")
"""What stood in a record when it was loaded."""
OWN = ChangeSource("INTERNAL_PROCESSING")
"""HubSpot's own properties of a record: its id and its moments."""
SOURCES = {
    "person": PERSON,
    # An import and a workflow somebody enrolled by hand name that user too; they are no edit of a person's.
    "workflow": ChangeSource(
        "AUTOMATION_PLATFORM", "enrollmentId:11;actionExecutionIndex:0", "Workflow 11", FIRST_USER
    ),
    "import": ChangeSource("IMPORT", "22", "companies.csv", FIRST_USER),
    "integration": app_source(3_000_033),
    "enrichment": ChangeSource("DATA_ENRICHMENT", "enrichment"),
    "calculation": ChangeSource("CALCULATED"),
    "bulk_edit": ChangeSource("CRM_UI_BULK_ACTION", f"userId:{FIRST_USER}", user=FIRST_USER),
}


def parse_source(given: str | Mapping[str, Any]) -> ChangeSource:
    """A source by its name in `SOURCES`, or of the keys `type`, `id`, `label`, `user`; `user` alone is that person.

    ValueError for another name, TypeError for another key.
    """
    if isinstance(given, str):
        if given not in SOURCES:
            raise ValueError(f"unknown source {given!r}; known: {', '.join(SOURCES)}")
        return SOURCES[given]
    return person_source(**given) if given.keys() == {"user"} else ChangeSource(**given)
