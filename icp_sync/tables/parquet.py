"""A table in a Parquet file: its columns keep their types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import polars as pl

from icp_sync.errors import TableUnusable
from icp_sync.object_store.failures import is_store_error, store_unusable_error
from icp_sync.tables.locations import Location, absolute_location, polars_storage_options
from icp_sync.tables.table import max_batch_rows, positional_name


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """A Parquet file of companies; `schema`: of its own columns and, behind them, those of `partition`.

    `partition`: column → the one text all of its rows have (None: none), which stands on the file's path.
    """

    path: Location
    schema: pl.Schema
    partition: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Location) -> Self:
        """Reads the file's schema. Raises TableUnusable, OSError."""
        if isinstance(path, Path):
            path.open("rb").close()  # Polars' own error for a missing file says less
        with _translate_errors(path):
            return cls(path, _scan(path, {}).collect_schema())

    def with_partition(self, partition: Mapping[str, str | None]) -> Self:
        """The table with further columns; none has the name of its own."""
        return replace(self, schema=self.schema | dict.fromkeys(partition, pl.String()), partition=partition)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(self.schema.names())

    @property
    def numeric_columns(self) -> frozenset[int]:
        return frozenset(number for number, kind in enumerate(self.schema.dtypes()) if kind.is_numeric())

    @property
    def description(self) -> str:
        return "Parquet"

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yields the rows, typed as in the file. Raises TableUnusable."""
        with _translate_errors(self.path):
            chunk = max_batch_rows(len(self.schema))
            for batch in _scan(self.path, self.partition).collect_batches(chunk_size=chunk, maintain_order=True):
                if not batch.is_empty():
                    yield _with_positional_names(batch)

    def blocks(self, rows: int, /) -> Iterator[ParquetBlock]:
        """Yields ranges of so many rows; only the file's footer is read for it. Raises TableUnusable."""
        with _translate_errors(self.path):
            count = _scan(self.path, {}).select(pl.len()).collect().item()
        for start in range(0, count, rows):
            yield ParquetBlock(absolute_location(self.path), start, rows, self.partition)


@dataclass(frozen=True, slots=True)
class ParquetBlock:
    """So many rows of a Parquet file, from the row at `start`. Polars reads only the row groups they are in.

    `partition` as in the table.
    """

    path: Location
    start: int
    rows: int
    partition: Mapping[str, str | None]

    def read(self) -> pl.DataFrame:
        """The rows, typed as in the file. Raises TableUnusable."""
        with _translate_errors(self.path):
            return _with_positional_names(_scan(self.path, self.partition).slice(self.start, self.rows).collect())


def _with_positional_names(batch: pl.DataFrame) -> pl.DataFrame:
    return batch.rename({name: positional_name(number) for number, name in enumerate(batch.columns)})


def _scan(path: Location, partition: Mapping[str, str | None]) -> pl.LazyFrame:
    # A name with [ or * in it is a name. Polars would read a column from a folder called year=2026 where only some
    # files have one, and over one of the file's own. Without a provider of its own,
    # Polars takes credentials as what lists the objects does, and needs no package of a cloud's.
    source = path if isinstance(path, Path) else str(path)
    frame = pl.scan_parquet(
        source,
        glob=False,
        hive_partitioning=False,
        storage_options=polars_storage_options(path),
        credential_provider=None,
    )
    return frame.with_columns(pl.lit(value, pl.String).alias(name) for name, value in partition.items())


@contextmanager
def _translate_errors(path: Location) -> Iterator[None]:
    """Turn what Polars raises inside the block into TableUnusable, or ObjectStoreUnusable where a store is at fault."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        if not isinstance(path, Path) and is_store_error(error):
            raise store_unusable_error(path.address, error) from None
        if isinstance(error, OSError):
            raise
        reason = str(error).partition("\n")[0].rstrip(".")
        raise TableUnusable(
            f"{path} is no Parquet file that can be read ({reason}); write it anew, or give a CSV"
        ) from error
