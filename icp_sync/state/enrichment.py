"""The values of vendors for one profile's companies: of each file what matched, with its date."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import polars as pl

from icp_sync.errors import StateUnusable
from icp_sync.state.files import StateFiles

_ORIGIN: Final = "icp_sync:enrichment"


@dataclass(frozen=True, slots=True)
class VendorFile:
    """What matched of one file. `frame`: as `scoring.vendor_values` takes it; `name`: of the file; `read_at`: when."""

    frame: pl.DataFrame
    name: str
    read_at: dt.datetime


@dataclass(frozen=True, slots=True)
class EnrichmentStore:
    """The vendor files of one profile on one portal, each under its source."""

    directory: StateFiles
    portal_id: int
    profile: str

    def load(self, source: str) -> VendorFile | None:
        """Return what is kept of a source; None where nothing is. Raises StateUnusable, for a damaged file too."""
        content = self.directory.read(self._file_name(source))
        if content is None:
            return None
        try:
            origin = json.loads(pl.read_parquet_metadata(BytesIO(content))[_ORIGIN])
            frame = pl.read_parquet(BytesIO(content))
            return VendorFile(frame, origin["name"], dt.datetime.fromisoformat(origin["read_at"]))
        except (KeyError, ValueError, pl.exceptions.PolarsError) as error:
            # Taken for none, it would take the values of every company it filled away in one night.
            raise StateUnusable(
                f"{self.directory.location_text(self._file_name(source))} is damaged; bring the file in again with "
                f"icp-sync enrich {source} FILE, or delete it to score without it"
            ) from error

    def save(self, source: str, file: VendorFile) -> None:
        """Replace what is kept of a source, whole or not at all. Raises StateUnusable."""
        content, origin = BytesIO(), {"name": file.name, "read_at": file.read_at.isoformat()}
        file.frame.write_parquet(content, compression="lz4", metadata={_ORIGIN: json.dumps(origin)})
        self.directory.replace(self._file_name(source), content.getvalue())

    def _file_name(self, source: str) -> str:
        return f"enrichment.{self.portal_id}.{self.profile}.{source}.parquet"
