"""The kinds of records a portal keeps, and where HubSpot's API differs between them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A kind of record: `name` in paths, `label` in messages, `type_id` as HubSpot numbers it.

    `default`: the properties shown where none are asked for; `always`: those shown beside the ones asked for;
    `searched`: where the words of a search are looked for; `modified`: the property of the last change.
    """

    name: str
    label: str
    type_id: str
    default: tuple[str, ...]
    searched: tuple[str, ...]
    modified: str = "hs_lastmodifieddate"

    @property
    def always(self) -> tuple[str, ...]:
        return ("createdate", self.modified, "hs_object_id")

    @property
    def singular(self) -> str:
        return self.label.lower()


COMPANIES = ObjectType("companies", "COMPANY", "0-2", ("name", "domain"), ("name", "domain", "phone", "website"))
DEALS = ObjectType(
    "deals",
    "DEAL",
    "0-3",
    ("amount", "closedate", "dealname", "dealstage", "pipeline"),
    ("dealname", "pipeline", "dealstage", "description", "dealtype"),
)
CONTACTS = ObjectType(
    "contacts",
    "CONTACT",
    "0-1",
    ("email", "firstname", "lastname"),
    ("firstname", "lastname", "email", "phone"),
    modified="lastmodifieddate",  # HubSpot's own word: contacts alone go without the prefix
)
OBJECT_TYPES = (COMPANIES, DEALS, CONTACTS)
BY_NAME = {name: one for one in OBJECT_TYPES for name in (one.name, one.singular, one.type_id)}
"""The types by every name under which HubSpot takes them."""
