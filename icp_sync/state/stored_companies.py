"""The companies of a snapshot as they lie on disk: a whole file, and beside it the rows that changed since.

Few of the columns are needed of everybody, and to hold all of a million companies takes half a gigabyte. So each is
read from the file when it is asked for; what becomes of companies is put down in the rows that changed, which are few.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.row_changes import GONE, apply_changes, changed_ids, changed_rows, missing_ids
from icp_sync.companies.snapshot import (
    LIST,
    MODIFIED,
    apply_writes,
    upsert_rows,
    with_columns_from,
    with_list_members,
)
from icp_sync.state.parquet import OpenParquet, ParquetFile, is_intact, read_parquet
from icp_sync.state.snapshot_pointer import SnapshotPointer

MOST_CHANGED: Final = 0.1
"""The share of rows beside a whole file up to which it stays: of more, reading both costs what writing it anew does."""
_COLUMNS_AT_ONCE: Final = 8
"""Columns are read so many at a time: the file's own, and those with the changes in them, both take memory."""


@dataclass(frozen=True, slots=True)
class StoredCompanies:
    """A portal's companies: the whole file `base`, and `changes`, the rows that stand in place of its own.

    `content`: that file, kept open, since another run may remove it. `schema`: of the company frame that both make.
    `changes`: rows with all of its columns and `GONE`, ids ascending. They are those on disk, or, after `with_rows` and
    the like, those that are to be written there.
    """

    base: ParquetFile
    content: OpenParquet
    schema: pl.Schema
    changes: pl.DataFrame

    @classmethod
    def of(cls, directory: Path, base: ParquetFile) -> StoredCompanies:
        """The companies of a whole file that nothing has changed since. Raises OSError where it is not there."""
        content = OpenParquet(directory / base.file)
        schema = content.schema
        return cls(base, content, schema, pl.DataFrame(schema=pl.Schema({**schema, GONE: pl.Boolean()})))

    def read(self, names: Collection[str] | None = None) -> pl.DataFrame:
        """The company frame, with these of its columns (None: all) in the order of the schema."""
        wanted = [name for name in self.schema.names() if name != ID and (names is None or name in names)]
        starts = range(0, max(len(wanted), 1), _COLUMNS_AT_ONCE)
        parts = [self._read(wanted[start : start + _COLUMNS_AT_ONCE]) for start in starts]
        return pl.concat([part.drop(ID) if n else part for n, part in enumerate(parts)], how="horizontal")

    def _read(self, names: Collection[str]) -> pl.DataFrame:
        return apply_changes(self.content.read([ID, *names]), self.changes.select(ID, *names, GONE))

    def whole(self, at_hand: pl.DataFrame) -> pl.DataFrame:
        """The company frame with all columns; those of `at_hand`, the same companies, are not read again."""
        lacking = self.read({*self.schema}.difference(at_hand.columns)).drop(ID)
        return at_hand.hstack(lacking).select(self.schema.names())

    def rows_by_id(self, ids: pl.Series, names: Collection[str] | None = None) -> pl.DataFrame:
        """The rows of the companies among `ids`, ascending, with these columns beside the id (None: all)."""
        columns = [ID, *(name for name in self.schema.names() if name != ID and (names is None or name in names))]
        changed = self.changes.filter(pl.col(ID).is_in(ids.implode()), ~pl.col(GONE)).select(columns)
        unchanged = missing_ids(ids, self.changes[ID])
        if unchanged.is_empty():
            return changed
        is_unchanged = pl.col(ID).is_in(unchanged.implode())
        return pl.concat([self.content.filter(is_unchanged, columns), changed]).sort(ID)

    def with_stored_columns(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of some of the companies with the columns they lack, but for those of lists."""
        lacking = [name for name in self.schema.names() if name not in rows.columns and not name.startswith(LIST)]
        return (
            rows.join(self.rows_by_id(rows[ID], lacking), on=ID, how="left", maintain_order="left") if lacking else rows
        )

    def ids_filled(self, names: Collection[str]) -> pl.Series:
        """The ids, ascending, of the companies that have a text in any of these columns; those they lack are empty."""
        known = [name for name in names if name in self.schema]
        changed = self.changes.filter(pl.any_horizontal(False, pl.col(known).is_not_null()), ~pl.col(GONE))[ID]
        ids = self.content.read([ID])[ID]
        is_filled = pl.repeat(False, ids.len(), dtype=pl.Boolean, eager=True)
        for name in known:
            # One at a time, so that never more than one takes memory.
            is_filled |= self.content.read([name])[name].is_not_null()
        return pl.concat([missing_ids(ids.filter(is_filled), self.changes[ID]), changed]).sort()

    def with_rows(self, newer: pl.DataFrame) -> StoredCompanies:
        """The companies with these rows, ids ascending, in place of theirs; a column `newer` lacks is null there."""
        return replace(self, changes=upsert_rows(self.changes, newer.with_columns(pl.lit(value=False).alias(GONE))))

    def without(self, ids: pl.Series) -> StoredCompanies:
        """The companies without those of `ids`."""
        gone = ids.unique().sort().to_frame(ID).with_columns(pl.lit(value=True).alias(GONE))
        return replace(self, changes=upsert_rows(self.changes, gone)) if gone.height else self

    def with_writes(self, writes: pl.DataFrame) -> StoredCompanies:
        """The companies with our own writes (see `apply_writes`); those of properties they lack are ignored."""
        known = writes.filter(pl.col("property").is_in(self.schema.names())) if writes.height else writes
        return self.with_rows(apply_writes(self.rows_by_id(known[ID].unique()), known)) if known.height else self

    def with_members(self, members: Mapping[str, pl.Series]) -> StoredCompanies:
        """The companies with these members by list id, of the lists they have a column of."""
        names = [name for name in self.schema.names() if name.startswith(LIST)]
        before = self.read(names)
        after = with_list_members(before.select(ID), members)
        moved = changed_ids(before, after, names)
        if moved.is_empty():
            return self
        now = after.filter(pl.col(ID).is_in(moved.implode()))
        return self.with_rows(with_columns_from(self.rows_by_id(moved), now))

    def has_few_changes(self, height: int) -> bool:
        """Whether the changes are few enough to stand beside the whole file; `height`: how many companies there are."""
        return self.changes.height <= MOST_CHANGED * height

    def with_changed_rows(self, companies: pl.DataFrame) -> StoredCompanies | None:
        """The same file with the rows in which `companies` differ; None where they have other columns."""
        if self.schema != companies.schema:
            return None
        return replace(self, changes=changed_rows(self.read(), companies, self.changes[ID]))


def open_companies(directory: Path, pointer: SnapshotPointer) -> StoredCompanies | None:
    """The companies a pointer names; None where a file of theirs is missing or not the one that was written."""
    try:
        if not is_intact(directory, pointer.base_file):
            return None
        stored = StoredCompanies.of(directory, pointer.base_file)
    except (OSError, pl.exceptions.PolarsError):
        return None
    if not {ID, MODIFIED} <= set(stored.schema):
        return None
    if pointer.changes is None:
        return stored
    changes = read_parquet(directory, pointer.changes)
    if changes is None or set(changes.columns) != {*stored.schema, GONE}:
        return None
    return replace(stored, changes=changes)
