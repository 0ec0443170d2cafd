"""What a reading of the companies that changed made of a snapshot: their rows before it and after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.row_changes import missing_ids
from icp_sync.companies.snapshot import LIST
from icp_sync.state.snapshot import NoSnapshot, Snapshot
from icp_sync.state.stored_companies import StoredCompanies


@dataclass(frozen=True, slots=True)
class RowDelta:
    """The companies read anew, with all columns; nobody else changed, but for those that are gone.

    `since`: the watermark of the snapshot they changed from. `before`: their rows in it, of those it has; `after`: the
    rows read. Both have ascending ids.
    """

    since: dt.datetime
    before: pl.DataFrame
    after: pl.DataFrame

    def apply(self, snapshot: Snapshot | NoSnapshot, ids: pl.Series) -> StoredCompanies | None:
        """The companies of the snapshot after the reading, `ids` of them; None where it is none they changed from.

        A property that was not read keeps its text.
        """
        if isinstance(snapshot, NoSnapshot) or snapshot.stored is None or snapshot.read_from != self.since:
            return None
        stored = snapshot.stored
        unread = [name for name in stored.schema if name not in self.after.columns]
        kept = stored.rows_by_id(self.after[ID], unread)
        rows = self.after.join(kept, on=ID, how="left", maintain_order="left")
        lists = [pl.col(name).fill_null(value=False) for name in unread if name.startswith(LIST)]
        return stored.with_rows(rows.with_columns(lists)).without(missing_ids(snapshot.companies[ID], ids))
