"""A vendor's table and the companies of a portal: which row is whose."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from icp_sync.companies.snapshot import MERGED
from icp_sync.errors import TableUnusable
from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.runs.vendor_table import VendorTable, match_vendor_columns
from icp_sync.tables.opening import open_table

DAY = dt.date(2026, 9, 30)
COMPANIES = pl.DataFrame(
    {
        "id": [1, 2, 3, 4, 5],
        "domain": ["acme.com", "www.Shared.de", "shared.de", "gmail.com", None],
        MERGED: ["77", None, None, None, None],
    }
)


def opened(folder: Path, text: str, **keys: object) -> VendorTable:
    file = folder / "vendor.csv"
    file.write_text(text)
    source = {"source": "acme", "columns": {"Size": "numberofemployees"}} | keys
    return match_vendor_columns(open_table(file), Enrichment.model_validate(source))


def sizes(table: VendorTable) -> dict[int, str]:
    rows = table.read_companies(COMPANIES, DAY)
    return dict(rows.select("id", "numberofemployees").iter_rows())


def test_hosts_are_compared_and_a_shared_one_is_every_companys(tmp_path: Path) -> None:
    table = opened(tmp_path, "Website,Size\nhttps://www.ACME.com/de?x=1,10\nshared.de,20\n,30\ngmail.com,40\nx.de,50\n")
    assert sizes(table) == {1: "10", 2: "20", 3: "20"}
    counts = table.counts
    assert (counts.rows, counts.without_key, counts.free_mail, counts.unmatched, counts.shared) == (5, 1, 1, 1, 1)


def test_rows_with_nothing_in_them_are_no_rows(tmp_path: Path) -> None:
    table = opened(tmp_path, "Website,Size\nacme.com,10\n\n,\n , \nshared.de,20\n,30\n\n")
    assert sizes(table) == {1: "10", 2: "20", 3: "20"}
    assert (table.counts.rows, table.counts.blank, table.counts.without_key) == (3, 3, 1)


def test_a_file_of_rows_with_nothing_in_them_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableUnusable, match="has no rows, only the names of its columns and rows with nothing in them"):
        sizes(opened(tmp_path, "Website,Size\n,\n , \n"))


def test_record_ids_of_companies_merged_away_are_the_survivors(tmp_path: Path) -> None:
    assert sizes(opened(tmp_path, "Record ID,Size\n77,10\n2.0,20\n", key="record_id")) == {1: "10", 2: "20"}
    both = opened(tmp_path, "Record ID,Size\n1,5\n77,10\n", key="record_id")
    assert sizes(both) == {1: "5"}, "the survivor's own row counts"


def test_the_latest_row_of_a_company_counts_and_days_to_come_do_not(tmp_path: Path) -> None:
    rows = ("10,2026-01-01", "20,2026-09-01", "5,2025-01-01", "9,2027-01-01")
    text = "Domain,Size,As of\n" + "".join(f"acme.com,{row}\n" for row in rows)
    table = opened(tmp_path, text, date="As of")
    assert sizes(table) == {1: "20"}
    assert (table.counts.older, table.counts.undated) == (2, 1)


def test_equal_rows_are_one_and_different_ones_are_refused(tmp_path: Path) -> None:
    assert sizes(opened(tmp_path, "Domain,Size\nacme.com,10\nacme.com,10\n")) == {1: "10"}
    with pytest.raises(TableUnusable, match=r"several rows for acme\.com, which differ; name its date column"):
        sizes(opened(tmp_path, "Domain,Size\nacme.com,10\nacme.com,11\n"))


def test_the_key_column_may_be_named(tmp_path: Path) -> None:
    text = "Domain,Home,Size\nx.de,acme.com,10\n"
    assert sizes(opened(tmp_path, text, key_column="Home")) == {1: "10"}
    with pytest.raises(TableUnusable, match='no column "Web", by which rows find their company'):
        opened(tmp_path, text, key_column="Web")


def test_a_parquet_file_is_read_as_it_is_typed(tmp_path: Path) -> None:
    frame = pl.DataFrame({"domain": ["acme.com"], "Size": [1200], "day": [dt.date(2026, 9, 1)]})
    frame.write_parquet(tmp_path / "vendor.parquet")
    source = {"source": "acme", "columns": {"Size": "numberofemployees"}, "date": "day"}
    table = match_vendor_columns(open_table(tmp_path / "vendor.parquet"), Enrichment.model_validate(source))
    (row,) = table.read_companies(COMPANIES, DAY).to_dicts()
    assert row == {"id": 1, "numberofemployees": "1200", "as_of": dt.date(2026, 9, 1)}
