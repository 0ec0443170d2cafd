"""Companies read from the portal into company frames: all of them, some by id, one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import MERGED, MODIFIED, drop_merged, required_properties
from icp_sync.errors import NotFound
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import properties_param
from icp_sync.portal.client.responses import EmptyBatchResponse
from icp_sync.portal.client.routes import BATCH, COMPANY, COMPANY_PAGE, COMPANY_READ, COMPANY_SEARCH
from icp_sync.portal.companies import full_scan as two_ends
from icp_sync.portal.companies.frames import FrameBuilder, frame_of
from icp_sync.portal.companies.full_scan import Checkpoint, OnCut, ScanResult
from icp_sync.portal.companies.search import OnPage

# HubSpot's own ceiling of some 16,000 characters is not stable; others were refused well below it.
_LONGEST_QUERY: Final = 5 * 1024
_MOST_FILTERS: Final = 6


def pull(
    connection: Connection,
    properties: Sequence[str],
    on_page: OnPage,
    *,
    begun: Checkpoint | None = None,
    on_cut: OnCut = lambda _: None,
) -> ScanResult:
    """Every live company with `properties`, in the order of ids, and what was odd on the way.

    A reading `begun` with the same properties is gone on with; `on_cut` is told how far one came that ends in a fault.
    Merged-away ids are dropped, and of an id that came twice the latest reading stands. `on_page` is told how
    many companies each page brought. Raises Unavailable rather than return a portal read in part.
    """
    names = required_properties(properties)
    if _fits_url(names):
        pulled = two_ends.pull(connection, names, on_page, begun=begun, on_cut=on_cut)
    else:
        found = two_ends.pull(connection, [MODIFIED, MERGED], lambda _: None)
        pulled = ScanResult(read(connection, found.companies[ID].to_list(), names, on_page), found.notes)
    return replace(pulled, companies=drop_merged(pulled.companies))


def read(
    connection: Connection, ids: Collection[int], properties: Sequence[str], on_page: OnPage = lambda _: None
) -> pl.DataFrame:
    """The companies of `ids` that are in the portal: a company frame in the order of ids.

    An id missing from the answer is asked for once more in another call before it counts as absent.
    """
    wanted, names = sorted(set(ids)), list(dict.fromkeys(properties))
    found, missing = _asked(connection, wanted, names, on_page)
    if missing:
        again, _ = _asked(connection, missing, names, on_page)
        found = pl.concat([found, again], rechunk=True).sort(ID)
    return found


def read_one(connection: Connection, company_id: int, properties: Sequence[str]) -> pl.DataFrame:
    """The company frame of one company, of the survivor for a merged-away id. Raises NotFound."""
    names = list(dict.fromkeys(properties))
    if not _fits_url(names):
        found = read(connection, [company_id], names)
        if found.is_empty():
            raise NotFound(f"the portal has no company {company_id}")
        return found
    return frame_of([connection.call(COMPANY, query=[properties_param(names)], companyId=company_id)], names)


def probe(connection: Connection, names: Sequence[str]) -> None:
    """Read one company with these properties, as a run would; raises what a run would end on."""
    connection.call(COMPANY_PAGE, query=[("limit", 1), properties_param(names)] if _fits_url(names) else [("limit", 1)])


def untold(connection: Connection, names: Sequence[str]) -> list[str]:
    """Those of the properties that HubSpot leaves out of a company's record; none of an empty portal."""
    results = connection.call(COMPANY_PAGE, query=[("limit", 1), properties_param(names)])["results"]
    return [name for name in names if results and name not in results[0]["properties"]]


def ids_of_domain(connection: Connection, domain: str) -> list[int]:
    """The ids of the companies with this domain, ascending, 100 at most; many may share one."""
    return _ids(connection, [{"propertyName": "domain", "operator": "EQ", "value": domain.strip().lower()}])


def ids_of_name(connection: Connection, name: str) -> list[int]:
    """The ids of the companies of this name, else of those in whose name all its words stand; ascending, 100 at most.

    HubSpot compares words whatever their case.
    """
    exact = _ids(connection, [{"propertyName": "name", "operator": "EQ", "value": name}])
    # A group takes six filters; a mark alone is no word of a name.
    words = [word for word in name.split() if any(letter.isalnum() for letter in word)][:_MOST_FILTERS]
    if exact or not words:
        return exact
    return _ids(connection, [{"propertyName": "name", "operator": "CONTAINS_TOKEN", "value": word} for word in words])


def _ids(connection: Connection, filters: Sequence[Mapping[str, str]]) -> list[int]:
    body = {"filterGroups": [{"filters": filters}], "properties": ["domain"], "limit": BATCH}
    return sorted({int(one["id"]) for one in connection.call(COMPANY_SEARCH, body=body)["results"]})


def _asked(connection: Connection, ids: list[int], names: list[str], on_page: OnPage) -> tuple[pl.DataFrame, list[int]]:
    """What batch reads of `ids` bring, and the ids they do not."""
    groups = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    framing = FrameBuilder(names)
    for results in connection.map_concurrent(lambda group: _batch(connection, group, names), groups):
        on_page(len(results))
        framing.add(results)
    # An answer may name a survivor in place of an id that was merged away.
    asked = pl.DataFrame({ID: ids}, schema={ID: pl.Int64})
    found = framing.build().join(asked, on=ID, how="semi", maintain_order="left")
    return found, asked.join(found, on=ID, how="anti", maintain_order="left")[ID].to_list()


def _batch(connection: Connection, ids: list[int], names: list[str]) -> list[Any]:
    inputs = [{"id": str(one)} for one in ids]
    body = {"inputs": inputs, "properties": names, "propertiesWithHistory": []}
    try:
        results: list[Any] = connection.call(COMPANY_READ, body=body)["results"]
    except EmptyBatchResponse:
        # So HubSpot may answer a lone id that was merged away; of many ids at once it would be no answer.
        if len(ids) > 1:
            raise
        return []
    return results


def _fits_url(names: Sequence[str]) -> bool:
    return len(urlencode([properties_param(names)], safe=",")) <= _LONGEST_QUERY
