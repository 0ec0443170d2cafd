"""The users of the account by e-mail address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from icp_sync.errors import ScopeMissing
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import PageIterator
from icp_sync.portal.client.routes import OWNERS

SCOPE: Final = "crm.objects.owners.read"
PAGE_SIZE: Final = 100


def emails(connection: Connection, user_ids: Collection[int]) -> dict[int, str]:
    """Return user id → e-mail address, for those of `user_ids` that HubSpot names; empty without the scope `SCOPE`.

    Users who left the account are asked for only where the others do not include everybody.
    """
    addresses: dict[int, str] = {}
    try:
        for archived in ("false", "true"):
            if addresses.keys() >= set(user_ids):
                break
            query = [("limit", PAGE_SIZE), ("archived", archived)]
            for page in PageIterator(connection, OWNERS, query, may_be_empty=True):
                addresses |= {user_id: owner["email"] for owner in page if (user_id := _user_id(owner)) is not None}
    except ScopeMissing:
        return {}
    return {user_id: addresses[user_id] for user_id in user_ids if user_id in addresses}


def _user_id(owner: Mapping[str, Any]) -> int | None:
    """The user an owner is; None for a queue and for one without an address. `userId` is empty once a user has left."""
    user_id = owner.get("userId") or owner.get("userIdIncludingInactive")
    return int(user_id) if user_id and owner.get("email") else None
