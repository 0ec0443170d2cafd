"""The companies of a snapshot as they lie on disk: a whole file, and beside it the rows that changed since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.row_changes import GONE, changed_rows, with_changes
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.state.parquet import ParquetFile, read_parquet
from icp_sync.state.snapshot_pointer import Pointer

MOST_CHANGED: Final = 0.1
"""The share of rows beside a whole file up to which it stays: of more, reading both costs what writing it anew does."""


@dataclass(frozen=True, slots=True)
class StoredCompanies:
    """Companies as they lie on disk: the whole file `base`, and `changed`, the ids of the rows that stood beside it.

    `companies`: what both make; what differs from it is written beside `base`, with the rows that stand there.
    """

    base: ParquetFile
    companies: pl.DataFrame
    changed: pl.Series

    def changes_to(self, companies: pl.DataFrame) -> pl.DataFrame | None:
        """The rows to be written beside `base` for these companies; None where they are better written anew."""
        if self.companies.schema != companies.schema:
            return None
        changes = changed_rows(self.companies, companies, self.changed)
        return changes if changes.height <= MOST_CHANGED * companies.height else None


def read_companies(directory: Path, pointer: Pointer) -> StoredCompanies | None:
    """The companies a pointer names; None where a file of theirs is missing or not the one that was written."""
    companies = read_parquet(directory, pointer.base)
    if companies is None or not {ID, MODIFIED} <= set(companies.columns):
        return None
    changed = companies[ID].clear()
    if pointer.changes is not None:
        changes = read_parquet(directory, pointer.changes)
        if changes is None or set(changes.columns) != {*companies.columns, GONE}:
            return None
        companies, changed = with_changes(companies, changes), changes[ID]
    return StoredCompanies(pointer.base, companies, changed) if companies.height == pointer.companies else None
