"""The best companies of a scored file, of all or of each country, industry or other value: kept while it streams by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from icp_sync.errors import UsageError
from icp_sync.runs.host_columns import HostColumns
from icp_sync.tables.company_batches import column_as_text
from icp_sync.tables.table import positional_name
from icp_sync.vocabulary.name_suggestions import did_you_mean

_HOST, _ROW, _GROUP = "host", "row", "group"


@dataclass(frozen=True, slots=True)
class Ranking:
    """How scored rows are ranked: by tier, score, potential, then domain, then their order in the file.

    `limit` rows of each value in the column `group` (None: of all), which `group_header` names. Columns are named by
    position.
    """

    limit: int
    tier: str
    score: str
    potential: str
    outcome: str
    hosts: HostColumns
    group: str | None = None
    group_header: str = ""

    def best_of_block(self, number: int, batch: pl.DataFrame) -> pl.DataFrame:
        """The best rows of one block, with the columns they are ranked by; `number`: its place in the file.

        Rows outside the scope have no score and no place. Raises TableUnusable.
        """
        keyed = batch.with_columns(
            self.hosts.read_hosts(batch).alias(_HOST),
            self._read_groups(batch).alias(_GROUP),
            # A block has fewer rows than this, so the numbers of two blocks do not meet.
            pl.int_range(pl.len(), dtype=pl.Int64).add(number << 32).alias(_ROW),
        )
        return self._top_rows(keyed.filter(pl.col(self.outcome).is_not_null()))

    def best_of_blocks(self, blocks: Iterable[pl.DataFrame]) -> pl.DataFrame:
        """The best rows of the best of each block, the best first and, of groups, each group together.

        Memory depends on the limit and the groups, not on the file.
        """
        best = pl.DataFrame()
        # Cut with every block, so that a file of twenty million rows is never in memory at once.
        for block in blocks:
            best = self._top_rows(pl.concat([best, block])) if best.width else block
        return best.drop(_HOST, _ROW, _GROUP)

    def _read_groups(self, batch: pl.DataFrame) -> pl.Series:
        if self.group is None:
            return pl.repeat(None, batch.height, dtype=pl.String, eager=True)
        return column_as_text(batch[self.group], self.group_header, "name another column with --per")

    def _top_rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        # The domain before the row: the same companies in another order give the same best.
        order = [_GROUP, self.tier, self.score, self.potential, _HOST, _ROW]
        falling = [False, False, True, True, False, False]
        ranked = rows.sort(order, descending=falling, nulls_last=True)
        return ranked.filter(pl.int_range(pl.len()).over(_GROUP) < self.limit)


def find_grouping_column(per: str, headers: Sequence[str], used: dict[int, str]) -> int:
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


def group_column_name(per: str | None, headers: Sequence[str], used: dict[int, str]) -> str | None:
    """The column a ranking is grouped by; None where there are no groups."""
    return None if per is None else positional_name(find_grouping_column(per, headers, used))
