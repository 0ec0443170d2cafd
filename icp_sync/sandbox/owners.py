"""The people of the portal who can own a company."""

from dataclasses import dataclass

from .definitions import SHIPPED_AT
from .timestamps import iso

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

    @property
    def user_id(self) -> int:
        return self.id - 70_000_000

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@example.com".lower()

    def shown(self) -> dict[str, object]:
        return {
            "id": str(self.id),
            "email": self.email,
            "type": "PERSON",
            "firstName": self.first_name,
            "lastName": self.last_name,
            "userId": self.user_id,
            "userIdIncludingInactive": self.user_id,
            "createdAt": iso(SHIPPED_AT),
            "updatedAt": iso(SHIPPED_AT),
            "archived": False,
            "teams": [],
        }


OWNERS = tuple(Owner(77_000_101 + place, *name.split()) for place, name in enumerate(_NAMES))
