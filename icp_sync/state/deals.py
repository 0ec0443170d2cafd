"""The portal's deals as last read, one file for all profiles that share the state directory."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import polars as pl

from icp_sync.state.files import StateFiles

_READ_AT: Final = "icp_sync:read_at"


@dataclass(frozen=True, slots=True)
class KnownDeals:
    """Deals: id (Int64) and texts, and the portal's time before they were read, which the next reading starts from."""

    frame: pl.DataFrame
    read_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DealStore:
    """The deals of one portal."""

    directory: StateFiles
    portal_id: int

    def load(self) -> KnownDeals | None:
        """Return the deals; None where none were read, or the file is damaged. Raises StateUnusable."""
        content = self.directory.read(self._file_name)
        if content is None:
            return None
        try:
            written = pl.read_parquet_metadata(BytesIO(content))[_READ_AT]
            return KnownDeals(pl.read_parquet(BytesIO(content)), dt.datetime.fromisoformat(written))
        except (KeyError, ValueError, pl.exceptions.PolarsError):
            return None

    def save(self, deals: KnownDeals) -> None:
        """Replace them, whole or not at all. Raises StateUnusable."""
        content = BytesIO()
        deals.frame.write_parquet(content, compression="lz4", metadata={_READ_AT: deals.read_at.isoformat()})
        self.directory.replace(self._file_name, content.getvalue())

    @property
    def _file_name(self) -> str:
        return f"deals.{self.portal_id}.parquet"
