"""The owners of the portal: users that companies can be assigned to."""

from dataclasses import dataclass

from icp_sync.sandbox.store.property_definition import SHIPPED_AT
from icp_sync.sandbox.timestamps import format_iso

_NAMES = (
    "Anna Becker", "Bruno Keller", "Carla Weiss", "David Huber", "Elif Kaya", "Frank Moser",
    "Grace Okafor", "Hugo Lindqvist", "Ines Duarte", "Jonas Vogt", "Karin Steiner", "Liam Murphy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owner:
    """A HubSpot user to whom records are assigned."""

    id: int
    first_name: str
    last_name: str
    address: str = ""

    @property
    def user_id(self) -> int:
        return self.id - 70_000_000

    @property
    def email(self) -> str:
        return self.address or f"{self.first_name}.{self.last_name}@example.com".lower().replace(" ", "")

    def matches_name(self, name: str) -> bool:
        """Whether an export would name this owner so: by id, name or e-mail address."""
        return name in {str(self.id), f"{self.first_name} {self.last_name}".strip(), self.email}

    def as_json(self) -> dict[str, object]:
        return {
            "id": str(self.id),
            "email": self.email,
            "type": "PERSON",
            "firstName": self.first_name,
            "lastName": self.last_name,
            "userId": self.user_id,
            "userIdIncludingInactive": self.user_id,
            "createdAt": format_iso(SHIPPED_AT),
            "updatedAt": format_iso(SHIPPED_AT),
            "archived": False,
            "teams": [],
        }


def owner_from_export(name: str, new_id: int) -> Owner:
    """A new owner as an export names them; a number is the id."""
    if name.isdecimal():
        return Owner(int(name), "Owner", name)
    first, _, last = name.partition(" ")
    return Owner(new_id, "", "", name) if "@" in name else Owner(new_id, first, last.strip())


OWNERS = tuple(Owner(77_000_101 + place, *name.split()) for place, name in enumerate(_NAMES))
