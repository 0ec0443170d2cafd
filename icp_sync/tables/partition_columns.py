"""Columns that stand on the path of files, `country=DE/0.parquet`, as Spark and Polars write partitioned tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from icp_sync.tables.locations import Location
from icp_sync.tables.parquet import ParquetTable
from icp_sync.tables.table import Table

_NO_VALUE: Final = "__HIVE_DEFAULT_PARTITION__"


def with_partition_columns(tables: Sequence[Table]) -> Sequence[Table]:
    """The tables, Parquet with a column of text behind its own for each folder `KEY=VALUE` that all of them lie in.

    Not where a file has a column of that name, whatever its case.
    """
    parquet = [table for table in tables if isinstance(table, ParquetTable)]
    partitions = [_read_partition(table.path) for table in parquet]
    if len(parquet) < len(tables) or not all(partitions):
        return tables
    own = {header.casefold() for table in parquet for header in table.headers}
    keys = [
        key for key in partitions[0] if key.casefold() not in own and all(key in partition for partition in partitions)
    ]
    return [
        table.with_partition({key: partition[key] for key in keys})
        for table, partition in zip(parquet, partitions, strict=True)
    ]


def _read_partition(location: Location) -> dict[str, str | None]:
    """Key → value of each folder on the path as it is named; None for no value."""
    path = location.parts if isinstance(location, Path) else location.address.key.split("/")
    pairs = (folder.partition("=") for folder in path[:-1])
    return {unquote(key): None if value == _NO_VALUE else unquote(value) for key, mark, value in pairs if key and mark}
