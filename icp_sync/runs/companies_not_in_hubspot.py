"""The companies of a file that HubSpot does not hold yet, each once: by domain, in one reading ahead of scoring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.errors import TableUnusable
from icp_sync.tables.table import Table, position
from icp_sync.vocabulary.websites import company_host

DOMAIN_PROPERTIES: Final = ("domain", "website")
"""The properties a company's domain is read from, the best first."""
_KEY: Final = "key"
_FILLED: Final = "filled"
_ROW: Final = "row"


@dataclass(frozen=True, slots=True)
class NewCompanies:
    """A table without the companies a portal holds and without doubles; what was left out is counted.

    `keep`: Boolean, one a row of the table. `without_domain`: rows kept although nobody can say whose they are.
    """

    table: Table
    keep: pl.Series
    in_portal: int
    duplicates: int
    without_domain: int

    @property
    def path(self) -> Path:
        return self.table.path

    @property
    def headers(self) -> tuple[str, ...]:
        return self.table.headers

    @property
    def numeric(self) -> frozenset[int]:
        return self.table.numeric

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


def domain_place(table: Table, used: Mapping[int, str]) -> int:
    """The place of the column with the domains. `used`: place → property. Raises TableUnusable where there is none."""
    places = {name: number for number, name in used.items()}
    for name in DOMAIN_PROPERTIES:
        if name in places:
            return places[name]
    raise TableUnusable(
        f'{table.path} has no column with domains; say which it is with --map "COLUMN=domain"',
        details=[f"it has {', '.join(table.headers[:12])}"],
    )


def _hashed(column: pl.Expr) -> pl.Expr:
    hosts = company_host(column.cast(pl.String))
    # An expression that names the hosts twice would work them out twice.
    return hosts.map_batches(_hash_hosts, return_dtype=pl.UInt64, is_elementwise=True)


def _hash_hosts(hosts: pl.Series) -> pl.Series:
    return pl.select(pl.when(hosts.is_not_null()).then(hosts.hash())).to_series()  # the hash of null is a number


def leave_out_known(table: Table, place: int, domains: pl.Series) -> NewCompanies:
    """The table without the companies of these domains, of several rows of one domain the fullest, then the first.

    Reads the table once and keeps 14 bytes a row: a host's 64-bit hash stands for it, so that of 20 million hosts two
    are taken for one in one run of 100,000. Raises TableUnusable.
    """
    own = domains.to_frame("domain").select(_hashed(pl.col("domain"))).to_series().drop_nulls()
    rows_so_far, keep, candidates, in_portal = 0, [pl.Series(dtype=pl.Boolean)], [_NO_CANDIDATES], 0
    for batch in table.batches():
        keyed = _keyed(batch, place, rows_so_far)
        unknown = keyed.filter(pl.col(_KEY).is_not_null(), ~pl.col(_KEY).is_in(own.implode()))
        in_portal += keyed[_KEY].count() - unknown.height
        rows_so_far += batch.height
        keep.append(keyed[_KEY].is_null())
        candidates.append(unknown)
    without_domain = pl.concat(keep)
    hosts = pl.concat(candidates)
    # Among equally full rows of a host the first in the file stays.
    first = hosts.sort(_KEY, _FILLED, _ROW, descending=[False, True, False]).unique(_KEY, keep="first")
    kept = without_domain.scatter(first[_ROW], values=True)
    return NewCompanies(table, kept, in_portal, hosts.height - first.height, int(without_domain.sum()))


_NO_CANDIDATES: Final = pl.DataFrame(schema={_KEY: pl.UInt64, _FILLED: pl.UInt16, _ROW: pl.UInt32})


def _keyed(batch: pl.DataFrame, place: int, start: int) -> pl.DataFrame:
    """Of each row its host's hash, how many of its cells are filled, and its number in the table."""
    text = [pl.col(name).cast(pl.String) != "" for name, kind in batch.schema.items() if not kind.is_nested()]
    return batch.select(
        _hashed(pl.col(position(place))).alias(_KEY),
        pl.sum_horizontal(filled.fill_null(value=False) for filled in text).cast(pl.UInt16).alias(_FILLED),
        pl.int_range(start, start + batch.height, dtype=pl.UInt32).alias(_ROW),
    )
