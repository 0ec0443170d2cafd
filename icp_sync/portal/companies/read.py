"""Reads companies from the portal into company frames: all, by id, by domain, by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import MERGED, MODIFIED, drop_merged, snapshot_property_names
from icp_sync.errors import ObjectNotFound
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import properties_param
from icp_sync.portal.client.routes import (
    COMPANY,
    COMPANY_PAGE,
    COMPANY_READ,
    COMPANY_SEARCH,
    MAX_INPUTS_PER_BATCH,
)
from icp_sync.portal.companies import full_scan
from icp_sync.portal.companies.batch_read import OnUnread, read_records
from icp_sync.portal.companies.frames import frame_from_records
from icp_sync.portal.companies.full_scan import Checkpoint, OnInterrupt, ScanResult
from icp_sync.portal.companies.search import OnPage

# HubSpot's URL limit was measured at some 16,000 characters, but other clients got 414 well below it.
_MAX_QUERY_CHARS: Final = 5 * 1024
_MAX_FILTERS_PER_GROUP: Final = 6


def read_all(
    connection: Connection,
    properties: Sequence[str],
    on_page: OnPage,
    *,
    checkpoint: Checkpoint | None = None,
    on_interrupt: OnInterrupt = lambda _: None,
    on_unread: OnUnread | None = None,
) -> ScanResult:
    """Return every live company with `properties` as a company frame sorted by id, and notes for the report.

    A `checkpoint` of the same properties is resumed; `on_interrupt` gets one when the scan ends in an error.
    Merged-away ids are dropped; of an id that came twice the row modified last stays. `on_page(number of companies)`
    is called for each page. Raises PortalError or Stopped rather than return part of a portal. `on_unread`: as of
    `read_by_ids`, by which companies are read where the properties do not fit into a URL.
    """
    names = snapshot_property_names(properties)
    if _fits_url(names):
        scan = full_scan.scan_all(connection, names, on_page, checkpoint=checkpoint, on_interrupt=on_interrupt)
    else:
        # Batch reads take their properties in the body, which has no such limit; they need the ids first.
        ids_only = full_scan.scan_all(connection, [MODIFIED, MERGED], lambda _: None)
        ids = ids_only.companies[ID].to_list()
        scan = ScanResult(read_by_ids(connection, ids, names, on_page, on_unread=on_unread), ids_only.notes)
    return replace(scan, companies=drop_merged(scan.companies))


def read_by_ids(
    connection: Connection,
    ids: Collection[int],
    properties: Sequence[str],
    on_page: OnPage = lambda _: None,
    *,
    on_unread: OnUnread | None = None,
) -> pl.DataFrame:
    """Return the companies of `ids` that are in the portal: a company frame sorted by id.

    Those that HubSpot cannot show are told to `on_unread`; without it they are a failure (see `read_records`).
    """
    return read_records(
        connection, COMPANY_READ, ids, properties, lambda results: on_page(len(results)), on_unread=on_unread
    )


def read_one(connection: Connection, company_id: int, properties: Sequence[str]) -> pl.DataFrame:
    """Return a company frame of one row; the survivor's for a merged-away id. Raises NotFound."""
    names = list(dict.fromkeys(properties))
    if not _fits_url(names):
        companies = read_by_ids(connection, [company_id], names)
        if companies.is_empty():
            raise ObjectNotFound(f"the portal has no company {company_id}")
        return companies
    return frame_from_records([connection.call(COMPANY, query=[properties_param(names)], companyId=company_id)], names)


def probe_properties(connection: Connection, names: Sequence[str]) -> None:
    """Read one company with these properties, to see whether the token may; raises the PortalError a run would."""
    connection.call(COMPANY_PAGE, query=[("limit", 1), properties_param(names)] if _fits_url(names) else [("limit", 1)])


def fetch_omitted_properties(connection: Connection, names: Sequence[str]) -> list[str]:
    """Return the properties HubSpot leaves out of a record, as it does without a scope; empty for an empty portal."""
    results = connection.call(COMPANY_PAGE, query=[("limit", 1), properties_param(names)])["results"]
    return [name for name in names if results and name not in results[0]["properties"]]


def find_ids_by_domain(connection: Connection, domain: str) -> list[int]:
    """Return the ids of the companies with this domain, ascending, at most 100; several may share a domain."""
    return _search_ids(connection, [{"propertyName": "domain", "operator": "EQ", "value": domain.strip().lower()}])


def find_ids_by_name(connection: Connection, name: str) -> list[int]:
    """Return the ids of the companies of this name, else of those whose name contains all its words.

    Ascending, at most 100. HubSpot compares words case-insensitively.
    """
    # `EQ` on a text property; HubSpot's index takes some moments to show a company just created.
    exact = _search_ids(connection, [{"propertyName": "name", "operator": "EQ", "value": name}])
    # A filter group takes six filters; a token of punctuation alone matches no name.
    words = [word for word in name.split() if any(letter.isalnum() for letter in word)][:_MAX_FILTERS_PER_GROUP]
    if exact or not words:
        return exact
    return _search_ids(
        connection, [{"propertyName": "name", "operator": "CONTAINS_TOKEN", "value": word} for word in words]
    )


def _search_ids(connection: Connection, filters: Sequence[Mapping[str, str]]) -> list[int]:
    body = {"filterGroups": [{"filters": filters}], "properties": ["domain"], "limit": MAX_INPUTS_PER_BATCH}
    return sorted({int(one["id"]) for one in connection.call(COMPANY_SEARCH, body=body)["results"]})


def _fits_url(names: Sequence[str]) -> bool:
    return len(urlencode([properties_param(names)], safe=",")) <= _MAX_QUERY_CHARS
