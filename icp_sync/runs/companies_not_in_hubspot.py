"""The companies of a file that HubSpot does not hold yet, each once: by domain, in one reading ahead of scoring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.errors import TableUnusable
from icp_sync.runs.host_columns import HostColumns
from icp_sync.runs.table_block_engine import Engine
from icp_sync.tables.blank_rows import find_blank_rows, is_blank
from icp_sync.tables.locations import Location
from icp_sync.tables.table import Table, TableBlock
from icp_sync.vocabulary.websites import company_host

_KEY: Final = "key"
_FILLED: Final = "filled"
_ROW: Final = "row"


@dataclass(frozen=True, slots=True)
class NewCompanyTable:
    """A table without the companies a portal holds, doubles and blank rows; what was left out is counted.

    `keep`: Boolean, one a row of the table; `heights`: the rows of each block it was read in. `without_domain`: rows
    kept although nobody can say whose they are.
    """

    table: Table
    keep: pl.Series
    heights: Sequence[int]
    in_portal: int
    duplicates: int
    blank_rows: int
    without_domain: int

    @property
    def path(self) -> Location:
        return self.table.path

    @property
    def headers(self) -> tuple[str, ...]:
        return self.table.headers

    @property
    def numeric_columns(self) -> frozenset[int]:
        return self.table.numeric_columns

    @property
    def description(self) -> str:
        return self.table.description

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yields the rows that stay; where none does, one batch without rows. Raises TableUnusable."""
        start, is_first = 0, True
        for batch in self.table.batches():
            rows = batch.filter(self.keep.slice(start, batch.height))
            start += batch.height
            if not rows.is_empty() or (is_first and not self.keep.any()):
                yield rows
            is_first = False

    def blocks(self, rows: int, /) -> Iterator[FilteredBlock]:
        """Yields the blocks of which rows stay; where none does, the first, without rows. Raises TableUnusable.

        `rows` is what the table was read by when it was looked through.
        """
        start, is_first = 0, True
        for block, height in zip(self.table.blocks(rows), self.heights, strict=True):
            keep = self.keep.slice(start, height)
            start += height
            if keep.any() or (is_first and not self.keep.any()):
                yield FilteredBlock(block, keep)
            is_first = False


@dataclass(frozen=True, slots=True)
class FilteredBlock:
    """The rows of a block that stay."""

    block: TableBlock
    keep: pl.Series

    def read(self) -> pl.DataFrame:
        """Its rows. Raises TableUnusable."""
        return self.block.read().filter(self.keep)


def _hash_hosts(hosts: pl.Series) -> pl.Series:
    return pl.select(pl.when(hosts.is_not_null()).then(hosts.hash())).to_series()  # the hash of null is a number


def drop_known_companies(table: Table, columns: HostColumns, domains: pl.Series, engine: Engine) -> NewCompanyTable:
    """The table without the companies of these domains, of several rows of one domain the fullest, then the first.

    Reads the table once and keeps 14 bytes a row here, whatever the engine: a host's 64-bit hash stands for it, so that
    of 20 million hosts two are taken for one in one run of 100,000. Raises TableUnusable.
    """
    if not columns.headers:
        raise TableUnusable(
            f'{table.path} has no column with domains; say which it is with --map "COLUMN=domain"',
            details=[f"it has {', '.join(table.headers[:12])}"],
        )
    own = _hash_hosts(domains.to_frame("domain").select(company_host(pl.col("domain"))).to_series()).drop_nulls()
    keep, candidates, heights = [pl.Series(dtype=pl.Boolean)], [_NO_CANDIDATES], list[int]()
    rows_so_far = in_portal = blank_rows = 0
    for hosts in engine.map_blocks(table, _HostReader(columns, own)):
        in_portal += hosts.in_portal
        blank_rows += hosts.blank_rows
        candidates.append(hosts.unknown.with_columns(pl.col(_ROW) + rows_so_far))
        heights.append(hosts.without_domain.len())
        rows_so_far += heights[-1]
        keep.append(hosts.without_domain)
    without_domain = pl.concat(keep)
    unknown = pl.concat(candidates)
    # Among equally full rows of a host the first in the file stays.
    first = unknown.sort(_KEY, _FILLED, _ROW, descending=[False, True, False]).unique(_KEY, keep="first")
    kept = without_domain.scatter(first[_ROW], values=True)
    duplicates = unknown.height - first.height
    return NewCompanyTable(table, kept, heights, in_portal, duplicates, blank_rows, int(without_domain.sum()))


_NO_CANDIDATES: Final = pl.DataFrame(schema={_KEY: pl.UInt64, _FILLED: pl.UInt16, _ROW: pl.UInt32})


@dataclass(frozen=True, slots=True)
class _BlockHosts:
    """The hosts of a block: those no portal holds, by row of the block, and which rows are companies without one."""

    unknown: pl.DataFrame
    without_domain: pl.Series
    in_portal: int
    blank_rows: int


@dataclass(frozen=True, slots=True)
class _HostReader:
    """Reads the hosts of a block. `own`: the hashes of those a portal holds."""

    columns: HostColumns
    own: pl.Series

    def __call__(self, _number: int, batch: pl.DataFrame) -> _BlockHosts:
        """Of each row its host's hash, how many of its cells are filled, and its number in the block."""
        filled = [~is_blank(name, kind) for name, kind in batch.schema.items()]
        keyed = batch.select(
            _hash_hosts(self.columns.read_hosts(batch)).alias(_KEY),
            pl.sum_horizontal(filled).cast(pl.UInt16).alias(_FILLED),
            pl.int_range(pl.len(), dtype=pl.UInt32).alias(_ROW),
        )
        unknown = keyed.filter(pl.col(_KEY).is_not_null(), ~pl.col(_KEY).is_in(self.own.implode()))
        blank = find_blank_rows(batch)
        in_portal = keyed[_KEY].count() - unknown.height
        return _BlockHosts(unknown, keyed[_KEY].is_null() & ~blank, in_portal, int(blank.sum()))
