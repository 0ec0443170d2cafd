"""Folders such as `country=DE` on the path of Parquet files are columns: read in order, in batches and in blocks."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.tables.source_files import open_source_table
from icp_sync.tables.table import Table

ROWS = pl.DataFrame({"name": ["A", "B", "C"], "size": [1, 2, 3]})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(path: str, rows: pl.DataFrame = ROWS) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(path)


def rows_of(table: Table) -> pl.DataFrame:
    batches = pl.concat(table.batches())
    assert pl.concat(block.read() for block in table.blocks(2)).equals(batches)
    return batches.rename(dict(zip(batches.columns, table.headers, strict=True)))


@pytest.mark.parametrize("sources", [["u"], ["u/*/*/*"], ["u/country=*/year=2026/a.parquet"]])
def test_each_folder_is_a_column_of_text_behind_the_file_s_own(sources: list[str]) -> None:
    for country in ("AT", "C%C3%B4te d%27Ivoire", "__HIVE_DEFAULT_PARTITION__"):
        write(f"u/country={country}/year=2026/a.parquet")
    table = open_source_table(map(Path, sources))
    assert table.headers == ("name", "size", "country", "year")
    rows = rows_of(table)
    assert rows.select("name", "size").equals(pl.concat([ROWS] * 3))
    assert rows["country"].to_list() == ["AT"] * 3 + ["Côte d'Ivoire"] * 3 + [None] * 3
    assert rows["year"].to_list() == ["2026"] * 9


def test_a_column_of_the_files_own_counts_before_a_folder() -> None:
    write("u/Country=DE/a.parquet", ROWS.with_columns(country=pl.lit("Germany")))
    write("u/Country=AT/a.parquet", ROWS.with_columns(country=pl.lit("Austria")))
    assert open_source_table([Path("u")]).headers == ("name", "size", "country")


def test_a_folder_that_not_all_files_lie_in_is_no_column() -> None:
    write("u/a.parquet")
    write("u/year=2026/a.parquet")
    assert open_source_table([Path("u")]).headers == ("name", "size")


def test_folders_in_another_order_are_the_same_columns() -> None:
    write("u/country=DE/year=2026/a.parquet")
    write("u/year=2025/country=AT/a.parquet", ROWS.select("size", "name"))
    rows = rows_of(open_source_table([Path("u")]))
    assert rows.select("country", "year").unique(maintain_order=True).rows() == [("DE", "2026"), ("AT", "2025")]


def test_text_files_have_no_such_columns() -> None:
    Path("u/country=DE").mkdir(parents=True)
    ROWS.write_csv("u/country=DE/a.csv")
    assert open_source_table([Path("u")]).headers == ("name", "size")
