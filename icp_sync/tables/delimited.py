"""A table in a text file: CSV and its relatives. Every cell is text; an empty one is null."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import polars as pl

from icp_sync.errors import TableUnusable
from icp_sync.tables.dialect import Dialect, dialect_of, record_blocks
from icp_sync.tables.encoding import UTF_8
from icp_sync.tables.locations import Location, open_bytes
from icp_sync.tables.malformed_csv import fault_of
from icp_sync.tables.table import batch_rows, position


@dataclass(frozen=True, slots=True)
class DelimitedTable:
    """A CSV or TSV file of companies."""

    path: Location
    dialect: Dialect

    @classmethod
    def open(cls, path: Location) -> Self:
        """Reads the file once to know how it is written. Raises TableUnusable, OSError."""
        dialect = dialect_of(path, "\t" if path.suffix.lower() == ".tsv" else ",")
        return cls(path, dialect)

    @property
    def headers(self) -> tuple[str, ...]:
        return self.dialect.headers

    @property
    def numeric(self) -> frozenset[int]:
        return frozenset()  # all of it is text

    @property
    def description(self) -> str:
        return self.dialect.description

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yields the rows as text. Raises TableUnusable with the line that cannot be read."""
        end = self.dialect.line_end.encode()
        with open_bytes(self.path) as file:
            file.seek(self.dialect.start)
            for block in record_blocks(file, end[-1:]):
                if rows := block.rstrip(b"\r\n"):
                    yield from self._rows(rows + end).iter_slices(batch_rows(len(self.headers)))

    def _rows(self, block: bytes) -> pl.DataFrame:
        encoding, mark = self.dialect.encoding, self.dialect.separator
        text = block if encoding == UTF_8 else block.decode(encoding).encode()
        names = [position(number) for number in range(len(self.headers))]
        # Polars counts the columns in the first line it sees, and a row may have fewer; so each block names them.
        first = (mark.join(names) + self.dialect.line_end).encode()
        try:
            return pl.read_csv(first + text, infer_schema=False, separator=mark, eol_char=self.dialect.line_end[-1])
        except pl.exceptions.PolarsError as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> TableUnusable:
        return fault_of(self.path, self.dialect, str(error).partition("\n")[0].rstrip("."))
