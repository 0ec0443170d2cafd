"""Companies that HubSpot cannot show, though they may be there: they keep what was read of them last."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import MODIFIED, select_available_properties
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies import read as companies
from icp_sync.runs.interfaces import Progress

_MOST_NAMED: Final = 3
RowsById = Callable[[pl.Series], pl.DataFrame]


@dataclass(slots=True)
class UnreadCompanies:
    """Reads companies by id; `reasons`: those that HubSpot could not show in this run, each with its reason."""

    connection: Connection
    progress: Progress
    reasons: dict[int, str] = field(default_factory=dict)

    def read(self, ids: Collection[int], names: Sequence[str], last_read: RowsById) -> pl.DataFrame:
        """Return the companies of `ids` in the portal, `with_last_rows` of those not shown."""
        unread: dict[int, str] = {}
        rows = companies.read_by_ids(self.connection, ids, names, self.progress.advance, on_unread=unread.update)
        return self.with_last_rows(rows, unread, last_read)

    def with_last_rows(self, rows: pl.DataFrame, unread: Mapping[int, str], last_read: RowsById) -> pl.DataFrame:
        """Return `rows` with the row in `last_read(ids)` of the companies not shown (`unread`: id → reason).

        Of one that was never read there is its id alone, so that the next run reads it again.
        """
        if not unread:
            return rows
        self.reasons |= unread
        kept = pl.DataFrame({ID: list(unread)}, schema={ID: pl.Int64})
        kept = kept.join(select_available_properties(last_read(kept[ID]), rows.drop(ID).columns), on=ID, how="left")
        return pl.concat([rows, self.without_dates(kept)], how="diagonal").sort(ID)

    def existing_ids(self, ids: Collection[int]) -> set[int]:
        """Return those of `ids` that are in the portal, or may be there."""
        rows = companies.read_by_ids(self.connection, ids, [MODIFIED], on_unread=self.reasons.update)
        return {*rows[ID], *self.reasons.keys() & set(ids)}

    def without_dates(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows without a date where they could not be read, so that the next run reads them again."""
        if not self.reasons or MODIFIED not in rows.columns:
            return rows
        is_unread = pl.col(ID).is_in(list(self.reasons))
        return rows.with_columns(pl.when(~is_unread).then(pl.col(MODIFIED)).alias(MODIFIED))

    def notes(self) -> tuple[str, ...]:
        """The sentence for the report, where there are any."""
        if not self.reasons:
            return ()
        first = sorted(self.reasons.items())[:_MOST_NAMED]
        named = "; ".join(f"{company_id}: {reason}" for company_id, reason in first)
        more = f"; and {len(self.reasons) - len(first):,} more" if len(self.reasons) > len(first) else ""
        which = "1 company" if len(self.reasons) == 1 else f"{len(self.reasons):,} companies"
        return (f"HubSpot could not show {which} ({named}{more}); what was read last, if anything, stands for now",)
