"""A table in a text file: CSV and its relatives. Every cell is text; an empty one is null."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

import polars as pl

from icp_sync.errors import TableUnusable
from icp_sync.tables.dialect import DOUBLED, Dialect, detect_dialect, record_blocks
from icp_sync.tables.encoding import UTF_8
from icp_sync.tables.locations import Location, absolute_location, open_bytes
from icp_sync.tables.malformed_csv import malformed_csv_error
from icp_sync.tables.table import max_batch_rows, positional_name

_LONG_ENDS: Final = (DOUBLED.encode(), b"\r\n")


@dataclass(frozen=True, slots=True)
class DelimitedTable:
    """A CSV or TSV file of companies."""

    path: Location
    dialect: Dialect

    @classmethod
    def open(cls, path: Location) -> Self:
        """Reads the file once to know how it is written. Raises TableUnusable, OSError."""
        dialect = detect_dialect(path, "\t" if path.suffix.lower() == ".tsv" else ",")
        return cls(path, dialect)

    @property
    def headers(self) -> tuple[str, ...]:
        return self.dialect.headers

    @property
    def numeric_columns(self) -> frozenset[int]:
        return frozenset()  # all of it is text

    @property
    def description(self) -> str:
        return self.dialect.description

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yields the rows as text. Raises TableUnusable with the line that cannot be read."""
        for _, block in self._blocks_with_offsets():
            yield from self.parse_rows(block).iter_slices(max_batch_rows(len(self.headers)))

    def blocks(self, _rows: int, /) -> Iterator[TextBlock]:
        """Yields ranges of the file's bytes that end where a record does, 64 MB each; the file is read once for it."""
        table = replace(self, path=absolute_location(self.path))
        for start, block in self._blocks_with_offsets():
            yield TextBlock(table, start, len(block))

    def _blocks_with_offsets(self) -> Iterator[tuple[int, bytes]]:
        """Yields blocks of whole records, each with the byte it begins at; the empty lines the file ends with are none.

        Empty lines behind a block stand ahead of the next, so that where blocks are cut changes no row.
        """
        start, ahead = self.dialect.start, b""
        with open_bytes(self.path) as file:
            file.seek(start)
            for read in record_blocks(file, self.dialect.line_end.encode()[-1:]):
                block = ahead + read
                records = block.rstrip(b"\r\n")
                if records:
                    yield start, records
                    # The last record's own end; the lines behind it are empty.
                    ends = (len(end) for end in _LONG_ENDS if block.startswith(end, len(records)))
                    end = len(records) + next(ends, 1)
                    start, ahead = start + end, block[end:]
                else:
                    ahead = block

    def parse_rows(self, text: bytes) -> pl.DataFrame:
        """The rows of whole records of the file, the end of the last left out. Raises TableUnusable."""
        block = text + self.dialect.line_end.encode()
        encoding, mark = self.dialect.encoding, self.dialect.separator
        text = block if encoding == UTF_8 else block.decode(encoding).encode()
        names = [positional_name(number) for number in range(len(self.headers))]
        # Polars counts the columns in the first line it sees, and a row may have fewer; so each block names them.
        text = (mark.join(names) + self.dialect.line_end).encode() + text
        if self.dialect.line_end == DOUBLED:  # of which Polars would leave a CR in each row's last value
            text = text.replace(DOUBLED.encode(), b"\r\n")
        try:
            return pl.read_csv(text, infer_schema=False, separator=mark, eol_char=self.dialect.line_end[-1])
        except pl.exceptions.PolarsError as error:
            raise self._read_error(error) from error

    def _read_error(self, error: Exception) -> TableUnusable:
        return malformed_csv_error(self.path, self.dialect, str(error).partition("\n")[0].rstrip("."))


@dataclass(frozen=True, slots=True)
class TextBlock:
    """So many bytes of a text file, from the byte at `start`."""

    table: DelimitedTable
    start: int
    size: int

    def read(self) -> pl.DataFrame:
        """The rows as text. Raises TableUnusable."""
        with open_bytes(self.table.path) as file:
            file.seek(self.start)
            return self.table.parse_rows(file.read(self.size))
