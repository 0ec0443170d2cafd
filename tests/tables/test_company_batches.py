"""A batch of a file as a company frame: text for every property, whatever type the file has."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from icp_sync.errors import TableUnusable
from icp_sync.tables.column_matching import match_columns
from icp_sync.tables.company_batches import batch_to_company_frame, parsing_conventions, record_ids
from icp_sync.tables.opening import open_table
from icp_sync.tables.table_writing import write_table


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (["a", "", None], ["a", None, None]),
        (pl.Series([1, None]), ["1", None]),
        (pl.Series([1.5, 1125.0]), ["1.5", "1125.0"]),
        (pl.Series([True, False]), ["true", "false"]),
        (pl.Series([dt.date(2024, 5, 1)]), ["2024-05-01"]),
        (pl.Series([dt.datetime(2024, 5, 1, 10, 22, tzinfo=dt.UTC)]), ["2024-05-01T10:22:00.000000+00:00"]),
        (pl.Series([["a", "b"], [], None]), ["a;b", None, None]),
        (pl.Series(["a"], dtype=pl.Categorical), ["a"]),
        (pl.Series([None], dtype=pl.Null), [None]),
    ],
)
def test_every_value_is_text_as_hubspot_would_write_it(values: pl.Series, texts: list[str | None]) -> None:
    frame = batch_to_company_frame(pl.DataFrame({"c0": values}), match_columns(["tags"], ["tags"], {}))
    assert frame.to_dict(as_series=False) == {"id": list(range(len(texts))), "tags": texts}


@pytest.mark.parametrize("values", [pl.Series([{"a": 1}]), pl.Series([[[1]]]), pl.Series([b"a"])])
def test_values_no_property_has_are_refused(values: pl.Series) -> None:
    with pytest.raises(TableUnusable, match='leave it out: --map "tags="'):
        batch_to_company_frame(pl.DataFrame({"c0": values}), match_columns(["tags"], ["tags"], {}))


def test_a_number_of_the_file_is_a_number_and_a_text_is_read_with_care() -> None:
    columns = match_columns(["revenue", "staff"], ["revenue", "staff"], {})
    assert parsing_conventions(columns, {0}).numbers == {"revenue"}


def test_an_export_is_read_by_hubspots_own_properties() -> None:
    columns = match_columns(["Record ID", "Number of Employees"], ["numberofemployees"], {})
    conventions = parsing_conventions(columns, ())
    assert (
        conventions.options.option_keys("type", "Prospect")
        == conventions.options.option_keys("type", "PROSPECT")
        != frozenset()
    )


def test_an_export_that_went_through_a_spreadsheet_has_numbers_nobody_can_be_sure_of() -> None:
    columns = match_columns(["Record ID", "Number of Employees"], ["numberofemployees"], {})
    assert parsing_conventions(columns, ()).numbers == frozenset()


@pytest.mark.parametrize(
    ("text", "record_id"),
    [("1200", 1200), (" 1200 ", 1200), ("1200.0", 1200)]
    + [(text, None) for text in ("1.200", "1.000", "1,200", "1 200", "1.2E+10", "-7", "", "12.00", "1" * 19)],
)
def test_a_record_id_is_digits_and_what_a_spreadsheet_shows_instead_is_none(text: str, record_id: int | None) -> None:
    assert pl.DataFrame({"id": [text]}).select(record_ids(pl.col("id"))).item() == record_id


def test_a_parquet_file_keeps_its_types_and_order(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": ["A", "B"], "employees": [1, 2], "tags": [["x"], None]})
    frame.write_parquet(tmp_path / "a[1].parquet")
    table = open_table(tmp_path / "a[1].parquet")
    assert (table.headers, table.description) == (("name", "employees", "tags"), "Parquet")
    assert table.numeric_columns == {1}
    (batch,) = table.batches()
    assert batch.rename({"c0": "name", "c1": "employees", "c2": "tags"}).equals(frame)


def test_a_wide_file_is_read_in_fewer_rows_at_a_time(tmp_path: Path) -> None:
    pl.DataFrame({f"column {n}": [1] * 30_000 for n in range(1_000)}).write_parquet(tmp_path / "wide.parquet")
    assert max(batch.height for batch in open_table(tmp_path / "wide.parquet").batches()) <= 25_000


def test_columns_called_by_positions_stay_in_their_place(tmp_path: Path) -> None:
    frame = pl.DataFrame({"c1": ["A"], "c0": ["B"]})
    frame.write_parquet(tmp_path / "in.parquet")
    table = open_table(tmp_path / "in.parquet")
    write_table(tmp_path / "out.parquet", table.headers, table.batches(), table)
    assert pl.read_parquet(tmp_path / "out.parquet").equals(frame)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.parquet", b"name\nA\n", "is no Parquet file that can be read"),
        ("a.xlsx", b"PK", "does not end in .csv, .tsv or .parquet; save the sheet as CSV UTF-8"),
        ("a.json", b"{}", "does not end in .csv, .tsv or .parquet; give one of these"),
    ],
)
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableUnusable) as refused:
        open_table(tmp_path / name)
    assert message in refused.value.message


def test_a_directory_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableUnusable, match="is a directory; name one file in it"):
        open_table(tmp_path)
    for name in ("none.csv", "none.parquet"):
        with pytest.raises(TableUnusable, match=r"cannot be read \(No such file.*; name one that is there"):
            open_table(tmp_path / name)
    with pytest.raises(TableUnusable, match="universe is not there; name a file or a folder that is"):
        open_table(tmp_path / "universe")
