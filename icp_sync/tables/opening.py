"""Which kind of table a path is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from icp_sync.errors import ObjectStoreUnusable, TableUnusable
from icp_sync.tables.delimited_table import DelimitedTable
from icp_sync.tables.locations import Location
from icp_sync.tables.parquet import ParquetTable
from icp_sync.tables.table import Table

TEXT: Final = (".csv", ".tsv", ".txt")
PARQUET: Final = (".parquet", ".pq")
_KINDS: Final[Mapping[str, Callable[[Location], Table]]] = MappingProxyType(
    dict.fromkeys(TEXT, DelimitedTable.open) | dict.fromkeys(PARQUET, ParquetTable.open)
)
_WORKBOOKS: Final = (".xlsx", ".xls", ".ods", ".numbers")


def open_table(path: Location) -> Table:
    """The table in a file, by the ending of its name. Raises TableUnusable, with the remedy, for any other.

    Raises ObjectStoreUnusable where a store cannot be reached, or refuses.
    """
    if isinstance(path, Path) and path.is_dir():
        raise TableUnusable(f"{path} is a directory; name one file in it")
    kind = _KINDS.get(path.suffix.lower())
    if kind is None and isinstance(path, Path) and not path.exists():
        raise TableUnusable(f"{path} is not there; name a file or a folder that is")
    if kind is None:
        remedy = "save the sheet as CSV UTF-8" if path.suffix.lower() in _WORKBOOKS else "give one of these"
        raise TableUnusable(f"{path} does not end in .csv, .tsv or .parquet; {remedy}")
    try:
        return kind(path)
    except ObjectStoreUnusable as error:
        if error.is_missing:
            raise TableUnusable(error.message) from None
        raise
    except OSError as error:
        remedy = "name one that is there" if isinstance(error, FileNotFoundError) else "name a file this user may read"
        raise TableUnusable(f"{path} cannot be read ({error.strerror or error}); {remedy}") from error
