"""What is remembered of the contacts of accounts: how many, and which personas are among them; nothing of a contact."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

import polars as pl

from icp_sync.plan.buying_committee import KNOWN, NOTHING_KNOWN
from icp_sync.state.files import StateFiles

_DIGEST: Final = "icp_sync:personas"


@dataclass(frozen=True, slots=True)
class CommitteeStore:
    """The committees one profile knows on one portal, in a file beside its snapshot."""

    directory: StateFiles
    portal_id: int
    profile: str

    def load(self, digest: str) -> pl.DataFrame:
        """Return what is known (`KNOWN`) by the personas of that digest; nothing by others. Raises StateUnusable.

        A damaged file is no memory: the contacts are looked at again.
        """
        content = self.directory.read(self._file_name)
        try:
            if content is None or pl.read_parquet_metadata(BytesIO(content)).get(_DIGEST) != digest:
                return NOTHING_KNOWN
            return pl.read_parquet(BytesIO(content)).select(KNOWN.names()).cast(dict(KNOWN))  # type: ignore[arg-type]
        except pl.exceptions.PolarsError:
            return NOTHING_KNOWN

    def save(self, known: pl.DataFrame, digest: str) -> None:
        """Replace what is known, whole or not at all. Raises StateUnusable."""
        content = BytesIO()
        known.write_parquet(content, compression="lz4", metadata={_DIGEST: digest})
        self.directory.replace(self._file_name, content.getvalue())

    @property
    def _file_name(self) -> str:
        return f"committees.{self.portal_id}.{self.profile}.parquet"
