"""Reading every company by the list: its cursor, page after page from the lowest id, the one listing that is whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import Pages
from icp_sync.portal.client.routes import COMPANY_PAGE

PAGE: Final = 100


def asking(names: Sequence[str]) -> tuple[str, str]:
    """The part of a query that asks for properties: one list, which HubSpot reads as well as a parameter for each."""
    return "properties", ",".join(names)


def listed(connection: Connection, names: Sequence[str], *, after: str | None = None, archived: bool = False) -> Pages:
    """The results of each page of the listing, or of the recycle bin's; from a cursor on, where one is given."""
    bin_only = [("archived", "true")] if archived else []
    query = [("limit", PAGE), *bin_only, asking(names)]
    return Pages(connection, COMPANY_PAGE, query, after=after, often_empty=archived)
