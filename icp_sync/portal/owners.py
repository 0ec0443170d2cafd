"""The users of the account by e-mail address, as users and as owners of records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeVar

from icp_sync.errors import ScopeMissing
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import PageIterator
from icp_sync.portal.client.response_shapes import whole_number
from icp_sync.portal.client.routes import OWNERS

SCOPE: Final = "crm.objects.owners.read"
PAGE_SIZE: Final = 100
Id = TypeVar("Id", int, str)


def user_emails(connection: Connection, user_ids: Collection[int]) -> dict[int, str]:
    """Return user id → e-mail address, for those of `user_ids` that HubSpot names; empty without the scope `SCOPE`.

    Users who left the account are asked for only where the others do not include everybody.
    """
    return _emails_by_id(connection, user_ids, _user_id)


def owner_emails(connection: Connection, owner_ids: Collection[str]) -> dict[str, str]:
    """The same by the id that stands in `hubspot_owner_id`, which is not the user's."""
    return _emails_by_id(connection, owner_ids, _owner_id)


def _emails_by_id(
    connection: Connection, wanted: Collection[Id], id_of: Callable[[Mapping[str, Any]], Id | None]
) -> dict[Id, str]:
    addresses: dict[Id, str] = {}
    try:
        for archived in ("false", "true"):
            if addresses.keys() >= set(wanted):
                break
            query = [("limit", PAGE_SIZE), ("archived", archived)]
            for page in PageIterator(connection, OWNERS, query, may_be_empty=True):
                addresses |= {each: owner["email"] for owner in page if (each := id_of(owner)) is not None}
    except ScopeMissing:
        return {}
    return {each: addresses[each] for each in wanted if each in addresses}


def _user_id(owner: Mapping[str, Any]) -> int | None:
    """The user an owner is; None for a queue and for one without an address. `userId` is empty once a user has left."""
    user_id = whole_number(owner.get("userId") or owner.get("userIdIncludingInactive"))
    return user_id if owner.get("email") else None


def _owner_id(owner: Mapping[str, Any]) -> str | None:
    return str(owner["id"]) if owner.get("id") and owner.get("email") else None
