"""A list of companies somebody keeps in a file, found in the last reading by record id or domain."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.catalogue.export_labels import RECORD_ID
from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.errors import TableUnusable
from icp_sync.tables.column_matching import match_table_columns
from icp_sync.tables.company_batches import batch_to_company_frame, record_ids
from icp_sync.tables.opening import open_table
from icp_sync.vocabulary.websites import company_host

_DOMAIN: Final = "domain"


def listed_company_ids(path: Path, companies: pl.DataFrame) -> pl.Series:
    """The ids of the companies a file lists, each once. `companies`: id and domain.

    Rows that are no company of the portal are left out, as are domains at which anybody has an address. Raises
    TableUnusable where the file has neither a column of record ids nor one of domains, an id is none, or none of its
    rows is a company of this portal.
    """
    table = open_table(path)
    columns = match_table_columns(table, [RECORD_ID, _DOMAIN], {})
    if not columns.used:
        raise TableUnusable(f"{path} has no column of record ids or domains; call one hs_object_id or domain")
    rows = [
        with_missing_columns(batch_to_company_frame(batch, columns), [RECORD_ID, _DOMAIN]) for batch in table.batches()
    ]
    listed = pl.concat(rows) if rows else pl.DataFrame(schema={RECORD_ID: pl.String, _DOMAIN: pl.String})
    ids = _record_ids(path, listed)
    hosts = listed.select(company_host(pl.col(_DOMAIN))).drop_nulls().to_series()
    by_domain = with_missing_columns(companies, [_DOMAIN]).filter(company_host(pl.col(_DOMAIN)).is_in(hosts.implode()))[
        ID
    ]
    known = companies[ID].filter(companies[ID].is_in(pl.concat([ids, by_domain]).implode()))
    if known.is_empty():
        raise TableUnusable(f"{path} lists no company of the last reading; check its record ids or domains")
    return known.unique().sort()


def _record_ids(path: Path, listed: pl.DataFrame) -> pl.Series:
    """The ids that rows have. Raises TableUnusable for a text that is none."""
    texts = listed[RECORD_ID].drop_nulls()
    texts = texts.filter(texts.str.strip_chars() != "")
    ids = texts.to_frame().select(record_ids(pl.col(RECORD_ID))).to_series()
    for text in texts.filter(ids.is_null()).head(1):
        raise TableUnusable(
            f"{path}: {text[:80]!r} is no record id; write ids as digits alone, as HubSpot's export has them"
        )
    return ids
