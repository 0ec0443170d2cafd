"""The best companies of a scored file, of all or of each country, industry or other value: kept while it streams by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from icp_sync.errors import UsageError
from icp_sync.tables.table import position
from icp_sync.vocabulary.suggest import did_you_mean
from icp_sync.vocabulary.websites import company_host

_HOST, _ROW, _GROUP = "host", "row", "group"


@dataclass(frozen=True, slots=True)
class Ranking:
    """How scored rows are ranked: by tier, score, potential, then domain, then their order in the file.

    `limit` rows of each value in the column `group` (None: of all). Columns are named by position; `domain` None: the
    file has none.
    """

    limit: int
    tier: str
    score: str
    potential: str
    outcome: str
    domain: str | None = None
    group: str | None = None

    def best(self, batches: Iterable[pl.DataFrame]) -> pl.DataFrame:
        """The best rows of all batches, the best first and, of groups, each group together.

        Rows outside the scope have no score and no place. Memory depends on the limit and the groups, not on the file.
        """
        best = pl.DataFrame()
        # Cut with every batch, so that a file of twenty million rows is never in memory at once.
        for batch in self._keyed(batches):
            best = self._top(pl.concat([best, batch]) if best.width else batch)
        return best.drop(_HOST, _ROW, _GROUP)

    def _keyed(self, batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        start = 0
        for batch in batches:
            none = pl.lit(None, dtype=pl.String)
            yield batch.with_columns(
                (company_host(pl.col(self.domain).cast(pl.String)) if self.domain else none).alias(_HOST),
                (pl.col(self.group).cast(pl.String) if self.group else none).alias(_GROUP),
                pl.int_range(start, start + batch.height, dtype=pl.Int64).alias(_ROW),
            ).filter(pl.col(self.outcome).is_not_null())
            start += batch.height

    def _top(self, rows: pl.DataFrame) -> pl.DataFrame:
        # The domain before the row: the same companies in another order give the same best.
        order = [_GROUP, self.tier, self.score, self.potential, _HOST, _ROW]
        falling = [False, False, True, True, False, False]
        ranked = rows.sort(order, descending=falling, nulls_last=True)
        return ranked.filter(pl.int_range(pl.len()).over(_GROUP) < self.limit)


def group_place(per: str, headers: Sequence[str], used: dict[int, str]) -> int:
    """The place of the column that `--per` names: a header of the file, or the property a column fills.

    Raises UsageError, with near names.
    """
    # A header first, since it is what a person reads in the file; a property's name may stand for another column.
    if per in headers:
        return headers.index(per)
    for number, name in used.items():
        if name == per:
            return number
    raise UsageError(
        f"--per {per}: the file has no column {per}; {did_you_mean(per, headers, 'write it as in the file')}"
    )


def grouped(per: str | None, headers: Sequence[str], used: dict[int, str]) -> str | None:
    """The column a ranking is grouped by; None where there are no groups."""
    return None if per is None else position(group_place(per, headers, used))
