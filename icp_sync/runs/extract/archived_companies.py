"""Which companies lie in HubSpot's recycle bin."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import scan_companies

# The recycle bin keeps companies for 90 days; what lies beyond these pages is caught by comparing counts.
MAX_ARCHIVED_PAGES: Final = 50


def archived_ids(connection: Connection, known: pl.Series) -> list[int]:
    """Ids of known companies in the recycle bin, which is read until a page holds none of them."""
    archived: list[int] = []
    pages = scan_companies(connection, ["hs_object_id"], archived=True)
    for _, page in zip(range(MAX_ARCHIVED_PAGES), pages, strict=False):
        here = known.filter(known.is_in([int(result["id"]) for result in page]))
        if here.is_empty():
            break
        archived.extend(here.to_list())
    return archived
