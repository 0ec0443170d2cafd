"""Text files of companies: how they are written is found out, and every cell arrives as it stands."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.errors import TableUnusable
from icp_sync.tables import dialect, encoding
from icp_sync.tables.delimited_table import DelimitedTable
from icp_sync.tables.dialect import MAX_VALUE
from icp_sync.tables.opening import open_table
from icp_sync.tables.table import Table
from icp_sync.tables.table_writing import delimited_chunks

SMALL = 64 * 1024


def table(folder: Path, content: bytes, name: str = "companies.csv") -> DelimitedTable:
    path = folder / name
    path.write_bytes(content)
    opened = open_table(path)
    assert isinstance(opened, DelimitedTable)
    return opened


def rows(read: Table) -> list[tuple[str | None, ...]]:
    return [row for batch in read.batches() for row in batch.iter_rows()]


@pytest.mark.parametrize(
    ("content", "description", "cells"),
    [
        (b"name,city\nA,Graz\n", "UTF-8, separated by commas", ("A", "Graz")),
        (b"name;city\r\nA;Graz\r\n", "UTF-8, separated by semicolons", ("A", "Graz")),
        (b"name\tcity\nA\tGraz", "UTF-8, separated by tabs", ("A", "Graz")),
        (b"name|city\nA|Graz\n\n\n", "UTF-8, separated by bars", ("A", "Graz")),
        (b"name,city\rA,Graz\r", "UTF-8, separated by commas", ("A", "Graz")),
        (b'name,city\rA,"Graz\nLend"\r', "UTF-8, separated by commas", ("A", "Graz\nLend")),
        (b"name,city\r\r\nA,Graz\r\r\n", "UTF-8, separated by commas", ("A", "Graz")),
        ("\ufeffname,city\nA,Köln\n".encode(), "UTF-8, separated by commas", ("A", "Köln")),
        ("name,city\nA,Köln “”\n".encode("windows-1252"), "Windows-1252, separated by commas", ("A", "Köln “”")),
        (b"name,city\nA\x81,K\xf6ln\n", "Latin-1, separated by commas", ("A\x81", "Köln")),
        (b'"name, legal";city\n"A;B";"Gr""az\n"\n', "UTF-8, separated by semicolons", ("A;B", 'Gr"az\n')),
        (b'name,city\n"",\n', "UTF-8, separated by commas", ("", None)),
        (b"name,city\nA\n", "UTF-8, separated by commas", ("A", None)),
    ],
)
def test_a_file_is_read_as_it_is_written(tmp_path: Path, content: bytes, description: str, cells: tuple[str]) -> None:
    read = table(tmp_path, content)
    assert (read.description, read.headers[1], rows(read)) == (description, "city", [cells])


def test_a_line_end_written_twice_is_one_and_written_as_it_was(tmp_path: Path) -> None:
    content = b"name,city\r\r\nA,DE\r\r\nB,AT\r\r\n"
    read = table(tmp_path, content)
    assert rows(read) == [("A", "DE"), ("B", "AT")]
    assert b"".join(delimited_chunks(read.headers, read.batches(), read)) == content


def test_a_column_may_have_a_long_name(tmp_path: Path) -> None:
    name = "n" * 140_000
    assert table(tmp_path, f"{name},city\nA,Graz\n".encode()).headers == (name, "city")


def test_a_row_may_be_short_or_empty(tmp_path: Path) -> None:
    read = table(tmp_path, b"name,city\nA\n\nB,Graz\n")
    assert rows(read) == [("A", None), (None, None), ("B", "Graz")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("block", range(1, 30))
def test_an_empty_line_is_a_row_wherever_blocks_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line_end: str, block: int
) -> None:
    lines = ["name,city", "", "A,Graz", "", "", "B,", ",", "C,Linz", "", "", ""]
    read = table(tmp_path, line_end.join(lines).encode())
    monkeypatch.setattr(dialect, "BLOCK_BYTES", block)
    wanted = [(None, None), ("A", "Graz"), (None, None), (None, None), ("B", None), (None, None), ("C", "Linz")]
    assert rows(read) == wanted
    assert [row for part in read.blocks(1) for row in part.read().iter_rows()] == wanted


def test_a_single_column_needs_no_separator(tmp_path: Path) -> None:
    assert rows(table(tmp_path, b"domain\na.de\n\nb.de\n")) == [("a.de",), (None,), ("b.de",)]
    assert table(tmp_path, b"domain\na.de\n", "a.tsv").dialect.separator == "\t"


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)


@given(
    width=st.integers(1, 4),
    data=st.data(),
    separator=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    block=st.integers(1, 40),
)
def test_any_cells_arrive_whatever_the_blocks(
    tmp_path_factory: pytest.TempPathFactory, width: int, data: st.DataObject, separator: str, line_end: str, block: int
) -> None:
    """And what is written of them reads the same again."""
    cells = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([[f"h{n}" for n in range(width)], *cells])
    folder = tmp_path_factory.mktemp("cells")
    read = table(folder, text.getvalue().encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialect, "BLOCK_BYTES", block)
        patch.setattr(dialect, "_MAX_RECORD_BYTES", SMALL)
        assert [list(row) for row in rows(read)] == cells
        written = b"".join(delimited_chunks(read.headers, read.batches(), read))
    again = table(folder, written, "again.csv")
    assert again.headers == read.headers
    assert [list(row) for row in rows(again)] == cells


def test_a_file_is_written_in_the_dialect_it_was_read_in(tmp_path: Path) -> None:
    content = '\ufeffname;city\r\nA;Köln\r\n"B;C";\r\n'.encode()
    read = table(tmp_path, content)
    assert b"".join(delimited_chunks(read.headers, read.batches(), read)) == content


def test_what_was_windows_1252_is_utf_8_with_the_mark_that_excel_needs(tmp_path: Path) -> None:
    read = table(tmp_path, "name\nKöln\n".encode("windows-1252"))
    assert b"".join(delimited_chunks(read.headers, read.batches(), read)) == "\ufeffname\nKöln\n".encode()


def test_a_batch_has_a_quarter_of_a_million_rows_at_most(tmp_path: Path) -> None:
    read = table(tmp_path, b"n\n" + b"1\n" * 600_000)
    assert [batch.height for batch in read.batches()] == [250_000, 250_000, 100_000]


def test_columns_may_share_a_name_or_have_none(tmp_path: Path) -> None:
    read = table(tmp_path, b"a,a,\n1,2,3\n")
    assert read.headers == ("a", "a", "")
    assert b"".join(delimited_chunks(read.headers, read.batches(), read)) == b"a,a,\n1,2,3\n"


def test_five_thousand_columns_are_read(tmp_path: Path) -> None:
    header = ",".join(f"column {n}" for n in range(5_000))
    read = table(tmp_path, f"{header}\n{',' * 4_999}\n".encode())
    assert [batch.shape for batch in read.batches()] == [(1, 5_000)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; its first line has to name the columns"),
        (b"\n\nA,B\n", "line 1: no column is named"),
        (b'name,"city\nA,Graz\n', "line 1: the quotes do not match"),
        (b"n" * (MAX_VALUE + 1) + b",city\nA,Graz\n", "line 1: the names of the columns cannot be read, field larger"),
        ("name,city\n".encode("utf-16"), "is UTF-16 (Unicode text); save it as CSV UTF-8"),
        ("name,city\nA,B\n".encode("utf-16-le"), "line 1: a NUL byte, which no text has; if this is UTF-16, save"),
        (b"name,city\nA,B\nC,\0\n", "line 3: a NUL byte"),
        (b"PK\x03\x04\x14", "is a zip archive; unpack it; of an Excel workbook, save the sheet as CSV UTF-8"),
        (b"\x1f\x8b\x08\x00", "is compressed; unpack it with gunzip"),
        (b"%PDF-1.7\n", "is a PDF; ask for its table as CSV UTF-8"),
        (b"<html><body>", "is a web page; save its table as CSV UTF-8"),
        (b"<!DOCTYPE html>", "is a web page; save its table as CSV UTF-8"),
        (b'[{"country": "US"}]', "is JSON; write it as CSV UTF-8 or Parquet"),
        (b"PAR1\x15", "is a Parquet file; let its name end in .parquet"),
        ("name\nKöln\n".encode() + b"K\xf6ln\n", "line 3: not UTF-8, though lines before it are; save it as CSV UTF-8"),
    ],
)
def test_what_is_no_csv_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(TableUnusable) as refused:
        table(tmp_path, content)
    assert message in refused.value.message
    assert str(tmp_path / "companies.csv") in refused.value.message


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["A,Graz", '"B,Wien', "C,Linz"], "line 3: the quotes do not match"),
        (["A,Graz", 'B 5" pipe,Wien', "C,Linz"], "line 3: the quotes do not match"),
        (["A,Graz", 'B 5" pipe,Wien', "C,Linz", 'D 6" pipe,Wels'], "line 3: the quotes do not match"),
        (["A,Graz", '"B" GmbH,Wien', "C,Linz"], "line 3: the quotes do not match"),
        (['"A\nB",Graz', "C,Linz,Austria"], "line 4: 3 values for 2 columns; put one that holds the separator between"),
        (["A,Graz,,"], "line 2: 4 values for 2 columns; those at its end are empty; take out the separators before"),
    ],
)
def test_the_line_that_breaks_a_csv_is_named(tmp_path: Path, lines: list[str], message: str) -> None:
    read = table(tmp_path, "\n".join(["name,city", *lines, ""]).encode())
    with pytest.raises(TableUnusable) as refused:
        rows(read)
    assert message in refused.value.message


def test_a_quote_never_closed_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = table(tmp_path, b'name,city\n"A,Graz\n' + b"B,Wien\n" * 1_000)
    monkeypatch.setattr(dialect, "BLOCK_BYTES", 100)
    monkeypatch.setattr(dialect, "_MAX_RECORD_BYTES", 400)
    with pytest.raises(TableUnusable, match="line 2: the quotes do not match"):
        rows(read)


def test_a_character_cut_off_at_the_end_is_not_utf_8(tmp_path: Path) -> None:
    assert table(tmp_path, b"name\nA\xc3").dialect.encoding == "windows-1252"


def test_letters_in_one_block_and_another_encoding_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "BLOCK_BYTES", 8)
    with pytest.raises(TableUnusable, match="line 4: not UTF-8"):
        table(tmp_path, "name\nKöln\nA\n".encode() + b"M\xfcnchen\n")


def test_a_frame_a_text_file_has_no_room_for_is_refused(tmp_path: Path) -> None:
    read = table(tmp_path, b"name\nA\n")
    with pytest.raises(TableUnusable, match=r"write a \.parquet with --out"):
        list(delimited_chunks(["tags"], [pl.DataFrame({"c0": [{"a": "b"}]})], read))
