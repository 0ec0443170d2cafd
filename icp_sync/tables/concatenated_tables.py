"""Several files of companies read one after another as one table: the parts of a bought universe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from icp_sync.errors import TableUnusable
from icp_sync.tables.column_matching import quote_headers
from icp_sync.tables.locations import Location
from icp_sync.tables.parquet import ParquetTable
from icp_sync.tables.table import Table, TableBlock, positional_name


@dataclass(frozen=True, slots=True)
class ConcatenatedTable:
    """Tables with the same columns; those of the first say how they are called, and in which order they stand."""

    tables: Sequence[Table]

    @property
    def path(self) -> Location:
        """The first file, which stands for all where a column is named."""
        return self.tables[0].path

    @property
    def headers(self) -> tuple[str, ...]:
        return self.tables[0].headers

    @property
    def numeric_columns(self) -> frozenset[int]:
        return self.tables[0].numeric_columns

    @property
    def description(self) -> str:
        return f"{self.tables[0].description}, the first of {len(self.tables):,} files"

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yields the rows of each table in turn, columns in the order of the first. Raises TableUnusable."""
        for table in self.tables:
            if table.headers == self.headers:
                yield from table.batches()
                continue
            for batch in table.batches():
                yield _reorder_columns(batch, self._column_places(table))

    def blocks(self, rows: int, /) -> Iterator[TableBlock]:
        """Yields the blocks of each table in turn, columns in the order of the first. Raises TableUnusable."""
        for table in self.tables:
            for block in table.blocks(rows):
                yield block if table.headers == self.headers else ReorderedBlock(block, self._column_places(table))

    def _column_places(self, table: Table) -> tuple[int, ...]:
        """Where the columns of the first table stand in another."""
        return tuple(table.headers.index(header) for header in self.headers)


@dataclass(frozen=True, slots=True)
class ReorderedBlock:
    """A block of a table whose columns stand in another order; `places`: theirs there."""

    block: TableBlock
    places: tuple[int, ...]

    def read(self) -> pl.DataFrame:
        """Its rows, columns in order. Raises TableUnusable."""
        return _reorder_columns(self.block.read(), self.places)


def _reorder_columns(batch: pl.DataFrame, places: Sequence[int]) -> pl.DataFrame:
    return batch.select(pl.col(positional_name(old)).alias(positional_name(new)) for new, old in enumerate(places))


def concatenate_tables(tables: Sequence[Table]) -> Table:
    """The tables as one. Raises TableUnusable where the columns of one, or their types, are not those of the first."""
    first, *others = tables
    for table in others:
        _require_same_columns(table, first)
    return ConcatenatedTable(tables) if others else first


def _require_same_columns(table: Table, first: Table) -> None:
    lacking = [header for header in first.headers if header not in table.headers]
    further = [header for header in table.headers if header not in first.headers]
    if lacking or further:
        differences = [f"lacks {quote_headers(lacking)}"] * bool(lacking) + [
            f"has {quote_headers(further)} too"
        ] * bool(further)
        raise TableUnusable(f"{table.path} {' and '.join(differences)}, beside {first.path}; score it by itself")
    if table.headers != first.headers and len({*table.headers}) < len(table.headers):
        raise TableUnusable(f"{table.path} has several columns of one name in another order than {first.path}")
    types, wanted = column_types(table), column_types(first)
    if types is None or wanted is None:
        if types is not wanted:
            raise TableUnusable(f"{table.path} is of another kind than {first.path}; score CSV and Parquet apart")
    elif other := [header for header in wanted if types[header] != wanted[header]]:
        name = other[0]
        raise TableUnusable(
            f'{table.path} has the column "{name}" as {types[name]}, and {first.path} as {wanted[name]}; '
            "write both alike, or score one by itself"
        )


def column_types(table: Table) -> pl.Schema | None:
    """The types of a table's columns; None for one of text."""
    table = table.tables[0] if isinstance(table, ConcatenatedTable) else table
    return table.schema if isinstance(table, ParquetTable) else None
