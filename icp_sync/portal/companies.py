"""Companies read from the portal into company frames: all of them, some by id, one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import polars as pl

from icp_sync.companies.frame import ID, company_frame
from icp_sync.errors import NotFound
from icp_sync.portal.connection import Connection
from icp_sync.portal.pages import pages
from icp_sync.portal.paths import COMPANY, COMPANY_PAGE, COMPANY_READ, COMPANY_SEARCH
from icp_sync.portal.replies import SilentAnswer

MERGED: Final = "hs_merged_object_ids"
PAGE: Final = 100
_CHUNK: Final = 20 * PAGE
# HubSpot's own ceiling of some 16,000 characters is not stable; others were refused well below it.
_LONGEST_QUERY: Final = 5 * 1024


def pull(connection: Connection, properties: Sequence[str], *, on_page: Callable[[int], None]) -> pl.DataFrame:
    """Every live company with `properties` and `hs_merged_object_ids`: a company frame in the order of ids.

    Merged-away ids are dropped, and of an id that came twice the last reading stands. `on_page` is told how
    many companies each page brought. Raises Unavailable rather than return a portal read in part.
    """
    names = list(dict.fromkeys([*properties, MERGED]))
    if _fits_url(names):
        chunks = list(_pages(connection, names, on_page))
    else:
        ids = [one for page in _pages(connection, [MERGED], on_page) for one in page[ID]]
        chunks = [read(connection, ids, names)]
    return _without_merged(_settled(chunks, names))


def read(connection: Connection, ids: Collection[int], properties: Sequence[str]) -> pl.DataFrame:
    """The companies of `ids` that are in the portal: a company frame in the order of ids.

    An id missing from the answer is asked for once more in another call before it counts as absent.
    """
    wanted, names = sorted(set(ids)), list(dict.fromkeys(properties))
    found = _settled(list(_batches(connection, wanted, names)), names)
    missing = sorted(set(wanted).difference(found[ID]))
    found = _settled([found, *_batches(connection, missing, names)], names)
    return found.filter(pl.col(ID).is_in(wanted))


def read_one(connection: Connection, company_id: int, properties: Sequence[str]) -> pl.DataFrame:
    """The company frame of one company, of the survivor for a merged-away id. Raises NotFound."""
    names = list(dict.fromkeys(properties))
    if not _fits_url(names):
        found = read(connection, [company_id], names)
        if found.is_empty():
            raise NotFound(f"the portal has no company {company_id}")
        return found
    return _frame([connection.call(COMPANY, query=_query(names), companyId=company_id)], names)


def ids_of_domain(connection: Connection, domain: str) -> list[int]:
    """The ids of the companies with this domain, ascending, 100 at most; many may share one."""
    equal = {"propertyName": "domain", "operator": "EQ", "value": domain.strip().lower()}
    body = {"filterGroups": [{"filters": [equal]}], "properties": ["domain"], "limit": PAGE}
    return sorted({int(one["id"]) for one in connection.call(COMPANY_SEARCH, body=body)["results"]})


def _pages(connection: Connection, names: list[str], on_page: Callable[[int], None]) -> Iterator[pl.DataFrame]:
    held: list[Any] = []
    for results in pages(connection, COMPANY_PAGE, [("limit", PAGE), *_query(names)]):
        on_page(len(results))
        held += results
        # A frame a page would cost as much to set up as to fill.
        if len(held) >= _CHUNK:
            yield _frame(held, names)
            held = []
    yield _frame(held, names)


def _batches(connection: Connection, ids: list[int], names: list[str]) -> Iterator[pl.DataFrame]:
    def batch(inputs: list[int]) -> pl.DataFrame:
        return _frame(_batch(connection, inputs, names), names)

    groups = [ids[start : start + PAGE] for start in range(0, len(ids), PAGE)]
    return connection.together(batch, groups)


def _batch(connection: Connection, ids: list[int], names: list[str]) -> list[Any]:
    inputs = [{"id": str(one)} for one in ids]
    body = {"inputs": inputs, "properties": names, "propertiesWithHistory": []}
    try:
        results: list[Any] = connection.call(COMPANY_READ, body=body)["results"]
    except SilentAnswer:
        # So HubSpot may answer a lone id that was merged away; of many ids at once it would be no answer.
        if len(ids) > 1:
            raise
        return []
    return results


def _frame(results: list[Any], names: list[str]) -> pl.DataFrame:
    texts: list[Mapping[str, object]] = [one["properties"] for one in results]
    columns = {name: [text.get(name) for text in texts] for name in names}
    return company_frame([int(one["id"]) for one in results], columns)


def _settled(chunks: list[pl.DataFrame], names: list[str]) -> pl.DataFrame:
    """One frame, a row an id: the last that came."""
    frame = pl.concat(chunks) if chunks else company_frame([], {name: [] for name in names})
    return frame.unique(ID, keep="last", maintain_order=True).sort(ID)


def _without_merged(companies: pl.DataFrame) -> pl.DataFrame:
    """A record that another names as merged into it is gone, even where the listing still shows it."""
    merged = pl.col(MERGED).str.split(";").alias("gone")
    named = companies.select(ID, merged).explode("gone").drop_nulls()
    gone = named.select(ID, pl.col("gone").str.strip_chars().cast(pl.Int64, strict=False))
    others = gone.filter(pl.col("gone") != pl.col(ID))["gone"]
    return companies.filter(~pl.col(ID).is_in(others.implode()))


def _query(names: Sequence[str]) -> list[tuple[str, object]]:
    return [("properties", name) for name in names]


def _fits_url(names: Sequence[str]) -> bool:
    return len(urlencode(_query(names))) <= _LONGEST_QUERY
