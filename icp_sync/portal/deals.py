"""Reads deals with the company each belongs to.

HubSpot lists deals a hundred a call, and their companies with them at no further call. Search leaves the companies out,
so for what changed since they are asked for by a thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import DEAL_COMPANY, MERGED, MODIFIED, drop_merged
from icp_sync.portal.associations import read_associations
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import PAGE_SIZE, PageIterator, properties_param
from icp_sync.portal.client.routes import DEAL_COMPANIES, DEAL_PAGE, DEAL_PROPERTIES, DEAL_SEARCH
from icp_sync.portal.companies import search as searching
from icp_sync.portal.companies.frames import FrameBuilder
from icp_sync.portal.companies.search import OnPage
from icp_sync.portal.companies.search_window import SearchWindow

PRIMARY: Final = "hs_primary_associated_company"
# The types under which HubSpot names a primary company: inline by this word, in a batch by this number.
_PRIMARY_INLINE: Final = "deal_to_company"
_PRIMARY_TYPE_ID: Final = 5

ALL_DEALS: Final = SearchWindow(route=DEAL_SEARCH)

Record = Mapping[str, Any]


def deal_properties_to_read(names: Sequence[str], defined: frozenset[str]) -> list[str]:
    """The properties to read: `names`, the dates and ids reading needs, and the primary company's where it exists."""
    primary = [PRIMARY] if PRIMARY in defined else []
    return list(dict.fromkeys([*names, MODIFIED, MERGED, *primary]))


def fetch_deal_property_names(connection: Connection) -> frozenset[str]:
    """The names of the deal properties this portal has. Raises ScopeMissing without `crm.objects.deals.read`."""
    return frozenset(str(one["name"]) for one in connection.call(DEAL_PROPERTIES)["results"])


def read_all_deals(connection: Connection, names: Sequence[str], on_page: OnPage) -> pl.DataFrame:
    """Return every live deal, sorted by id: `id` (Int64), the properties `names` and `deal:company` as text.

    A company is null where the deal has none, or several of which none is the primary one. `on_page(deals)` is called
    for each page. Raises PortalError or Stopped rather than return part of the deals.
    """
    query = [("limit", PAGE_SIZE), properties_param(names), ("associations", "companies")]
    builder = FrameBuilder([*names, DEAL_COMPANY])
    for results in PageIterator(connection, DEAL_PAGE, query):
        on_page(len(results))
        builder.add([_with_company(record, _inline_company(record)) for record in results])
    return drop_merged(builder.build())


def are_as_many(connection: Connection, known: pl.Series) -> bool:
    """Whether the search index has as many deals as `known` has ids (Int64, ascending)."""
    counts = searching.count_by_window(connection, known, ALL_DEALS)
    return all(count == window.ids_in(known).len() for window, count in counts)


def read_changed_deals(connection: Connection, since: int, known: pl.DataFrame, on_page: OnPage) -> pl.DataFrame:
    """Return the deals modified at `since` (epoch ms) or later, in the columns of `known` (as from `read_all_deals`).

    One search a 200 deals, one more call a 1,000 of them whose company their property does not name.
    """
    names = [name for name in known.columns if name not in (ID, DEAL_COMPANY)]
    windows = searching.windows_modified_since(since, known[ID].head(0), DEAL_SEARCH)
    hits = (
        searching.fetch_search_windows(connection, windows, names, known[ID], on_page).unique(ID, keep="last").sort(ID)
    )
    named = pl.col(PRIMARY).replace("", None) if PRIMARY in hits.columns else pl.lit(None, pl.String)
    hits = hits.with_columns(named.alias(DEAL_COMPANY))
    unnamed = hits.filter(pl.col(DEAL_COMPANY).is_null())[ID].to_list()
    links = pl.DataFrame(_linked_companies(connection, unnamed), {ID: pl.Int64, "linked": pl.String}, orient="row")
    with_links = hits.join(links, on=ID, how="left", maintain_order="left")
    return with_links.with_columns(pl.coalesce(DEAL_COMPANY, "linked").alias(DEAL_COMPANY)).select(known.columns)


def _with_company(record: Record, company: str | None) -> Record:
    return {**record, "properties": {**record["properties"], DEAL_COMPANY: company}}


def _inline_company(record: Record) -> str | None:
    """The company the property names, else the one linked as primary, else the only one linked."""
    # Calculated by HubSpot, so where it is filled it is the primary one; on some portals it is empty or missing.
    if named := record["properties"].get(PRIMARY):
        return str(named)
    links = ((record.get("associations") or {}).get("companies") or {}).get("results") or []
    primary = [str(link["id"]) for link in links if link.get("type") == _PRIMARY_INLINE]
    return _single_id(primary) or _single_id([str(link["id"]) for link in links])


def _linked_companies(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, str | None]]:
    links: dict[int, list[Record]] = {}
    # A deal with more links than HubSpot sends at a time has several rows, and the primary company is in any of them.
    for row in read_associations(connection, DEAL_COMPANIES, ids):
        links.setdefault(int(row["from"]["id"]), []).extend(row.get("to") or [])
    return ((deal_id, _linked_company(of_deal)) for deal_id, of_deal in links.items())


def _linked_company(links: Sequence[Record]) -> str | None:
    primary = [str(link["toObjectId"]) for link in links if _PRIMARY_TYPE_ID in _type_ids(link)]
    return _single_id(primary) or _single_id([str(link["toObjectId"]) for link in links])


def _type_ids(link: Record) -> set[Any]:
    return {kind.get("typeId") for kind in link.get("associationTypes") or []}


def _single_id(ids: Sequence[str]) -> str | None:
    """The one id there is; of several, none is known to be the primary one."""
    return ids[0] if len(set(ids)) == 1 else None
