"""The columns of a file that say whose a row is: the host of its domain or, where it has none, of its website."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.tables.company_batches import column_as_text
from icp_sync.tables.table import positional_name
from icp_sync.vocabulary.websites import company_host

DOMAIN_PROPERTIES: Final = ("domain", "website")
"""The properties a company's host is read from, the best first."""


@dataclass(frozen=True, slots=True)
class HostColumns:
    """Column, by its position → its header, the best first; none where a file has no such column."""

    headers: Mapping[str, str]

    def read_hosts(self, batch: pl.DataFrame) -> pl.Series:
        """The host of each row, by the first of the columns that has one in this row. Raises TableUnusable."""
        if not self.headers:
            return pl.repeat(None, batch.height, dtype=pl.String, eager=True)
        texts = [column_as_text(batch[name], header) for name, header in self.headers.items()]
        return pl.DataFrame(texts).select(pl.coalesce(company_host(pl.col(text.name)) for text in texts)).to_series()


def find_host_columns(headers: Sequence[str], used: Mapping[int, str]) -> HostColumns:
    """The columns with hosts. `used`: place → property."""
    places = {name: number for number, name in used.items()}
    return HostColumns(
        {positional_name(places[name]): headers[places[name]] for name in DOMAIN_PROPERTIES if name in places}
    )
