"""Where a CSV breaks its own rules: the line, and what to do. Slow, and asked only about a file that cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from icp_sync.errors import TableUnusable
from icp_sync.plan.plurals import count_noun
from icp_sync.tables.dialect import MAX_VALUE, UNMATCHED_QUOTES, Dialect
from icp_sync.tables.locations import Location, open_bytes

_TRAILING: Final = "those at its end are empty; take out the separators before them"


def malformed_csv_error(path: Location, dialect: Dialect, reason: str) -> TableUnusable:
    """The first fault of a file that could not be read; the `reason` Polars gave where no line stands out."""
    encoding = "utf-8-sig" if dialect.has_bom else dialect.encoding
    with io.TextIOWrapper(open_bytes(path), encoding=encoding, newline="") as file:
        for line, fault in _malformed_lines(file, dialect):
            return TableUnusable(f"{path}, line {line:,}: {fault}")
    return TableUnusable(f"{path} cannot be read as a table ({reason}); save it anew as CSV UTF-8")


def _malformed_lines(lines: Iterable[str], dialect: Dialect) -> Iterator[tuple[int, str]]:
    """Yields the line where a record begins, and what is wrong with it."""
    csv.field_size_limit(MAX_VALUE)
    last = [""]
    reader = csv.reader(_track_last_line(lines, last), delimiter=dialect.separator, strict=True)
    width, line = len(dialect.headers), 1
    try:
        for record in reader:
            # To the csv module a quote in the middle of a bare value is a letter, to most readers it is not.
            if reader.line_num == line and last[0].count('"') % 2:
                yield line, UNMATCHED_QUOTES
            if len(record) > width:
                values = f"{len(record)} values for {count_noun(width, 'column')}"
                remedy = "put one that holds the separator between quotes"
                yield line, f"{values}; {remedy if any(record[width:]) else _TRAILING}"
            line = reader.line_num + 1
    except csv.Error:
        yield line, UNMATCHED_QUOTES


def _track_last_line(lines: Iterable[str], last: list[str]) -> Iterator[str]:
    for last[0] in lines:
        yield last[0]
