"""A list of companies somebody keeps in a file: which of the last reading it names."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.errors import TableUnusable
from icp_sync.runs.company_file_matching import listed_company_ids

COMPANIES = pl.DataFrame({"id": [101, 102, 103], "domain": ["a.de", None, "c.de"]})


def listed(folder: Path, text: str) -> list[int]:
    file = folder / "loved.csv"
    file.write_text(text, encoding="utf-8")
    return listed_company_ids(file, COMPANIES).to_list()


def test_rows_name_companies_by_record_id_or_domain(tmp_path: Path) -> None:
    assert listed(tmp_path, "Record ID,Domain\n102,\n,www.c.de\n101.0,a.de\n") == [101, 102, 103]


def test_rows_with_nothing_in_them_name_none(tmp_path: Path) -> None:
    assert listed(tmp_path, "Record ID,Note\n101,x\n\n,\n  , \n103,\n\n") == [101, 103]


@pytest.mark.parametrize("text", ["Record ID\n", "Record ID\n\n,\n", "Record ID\n999\n"])
def test_a_list_of_nobody_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(TableUnusable):
        listed(tmp_path, text)
