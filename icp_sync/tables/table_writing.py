"""Tables written: batches → a file, whole or not at all, or the text of one."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, Final

import polars as pl
from polars.io.plugins import register_io_source

from icp_sync.errors import TableUnusable
from icp_sync.files import os_error_from_message
from icp_sync.tables.column_matching import quote_headers
from icp_sync.tables.company_batches import column_as_text
from icp_sync.tables.concatenated_tables import column_types
from icp_sync.tables.delimited_table import DelimitedTable
from icp_sync.tables.encoding import UTF_8
from icp_sync.tables.locations import Location, file_exists, is_same_file, open_result_file
from icp_sync.tables.opening import PARQUET, TEXT
from icp_sync.tables.table import Table, positional_name

_NO_CELLS: Final = (pl.Duration, pl.Binary, pl.Object)
"""Kinds of columns, beside nested ones, that Polars writes into no text file."""


def require_new_file(path: Location, sources: Iterable[Location], *, overwrite: bool, option: str = "--out") -> None:
    """Raises TableUnusable where a result must not be written: another ending, an input, a file that exists.

    `option`: by which it is named. Raises ObjectStoreUnusable where that cannot be known.
    """
    if path.suffix.lower() not in {*TEXT, *PARQUET}:
        raise TableUnusable(f"{path} does not end in .csv, .tsv or .parquet; name the result so")
    exists = file_exists(path)
    if exists and any(is_same_file(path, source) for source in sources):
        raise TableUnusable(f"{path} is the file to read, and is never written over; name another with {option}")
    if exists and not overwrite:
        raise TableUnusable(f"{path} exists already; name another with {option}, or replace it with --overwrite")


def write_table(path: Location, headers: Sequence[str], batches: Iterable[pl.DataFrame], like: Table) -> None:
    """Write batches whose columns are `headers`, in order, to a private file of the kind its name ends in.

    A text file is UTF-8, and otherwise written as `like` is. Raises StateUnusable, and TableUnusable as
    `delimited_chunks` does.
    """
    if path.suffix.lower() in PARQUET:
        _write_parquet(path, headers, batches)
        return
    chunks = delimited_chunks(headers, batches, like, "\t" if path.suffix.lower() == ".tsv" else None)
    with open_result_file(path) as file:
        file.writelines(chunks)


def delimited_chunks(
    headers: Sequence[str], batches: Iterable[pl.DataFrame], like: Table, separator: str | None = None
) -> Iterator[bytes]:
    """Yields the headers and the rows of batches as UTF-8 text; `separator` None: that of `like`, else a comma.

    Members of lists are separated by `;`. Raises TableUnusable as `require_text_columns` does.
    """
    dialect = like.dialect if isinstance(like, DelimitedTable) else None
    mark = separator or (dialect.separator if dialect else ",")
    named = pl.DataFrame({positional_name(number): [header or None] for number, header in enumerate(headers)})
    # Excel takes a CSV without the mark for Windows-1252, so who had that gets it too, now that the text is UTF-8.
    if dialect and (dialect.has_bom or dialect.encoding != UTF_8):
        yield codecs.BOM_UTF8
    for frame in chain([named], batches):
        text, line_end = io.BytesIO(), dialect.line_end if dialect else "\n"
        cells = [_as_cells(column, header) for column, header in zip(frame, headers, strict=True)]
        pl.DataFrame(cells).write_csv(text, include_header=False, separator=mark, line_terminator=line_end)
        yield text.getvalue()


def require_text_columns(like: Table) -> None:
    """Raises TableUnusable, with its name, for a column whose values no text file holds."""
    for header, kind in (column_types(like) or {}).items():
        _as_cells(pl.Series(dtype=kind), header)


def _as_cells(column: pl.Series, header: str) -> pl.Series:
    if column.dtype.is_nested() or column.dtype in _NO_CELLS:
        return column_as_text(column, header, "write a .parquet with --out")
    return column


def require_distinct_headers(headers: Sequence[str]) -> None:
    """Raises TableUnusable where two columns have one name, which Parquet cannot hold."""
    if twice := [header for header in dict.fromkeys(headers) if headers.count(header) > 1]:
        raise TableUnusable(
            f"Parquet has no two columns of one name, and here are {quote_headers(twice)}; write a .csv"
        )


def write_parquet_batch(batch: pl.DataFrame, headers: Sequence[str], file: IO[bytes]) -> None:
    """Write a batch whose columns are `headers`, in order, as Parquet. Raises OSError."""
    try:
        batch.rename(dict(zip(batch.columns, headers, strict=True))).write_parquet(file)
    except pl.exceptions.ComputeError as error:
        raise os_error_from_message(str(error)) from error


def _write_parquet(path: Location, headers: Sequence[str], batches: Iterable[pl.DataFrame]) -> None:
    require_distinct_headers(headers)
    with open_result_file(path) as file:
        rows = iter(batches)
        first = next(rows)
        names = dict(zip(first.columns, headers, strict=True))
        named = (frame.rename(names) for frame in chain([first], rows))
        # Polars takes the batches one by one and writes each to the file, so that no two need be in memory.
        source = register_io_source(lambda *_: named, schema=first.rename(names).schema)
        try:
            source.sink_parquet(file)
        except pl.exceptions.ComputeError as error:
            raise os_error_from_message(str(error)) from error
