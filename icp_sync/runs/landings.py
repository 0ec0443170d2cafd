"""What a snapshot is to hold of the companies a run has written or come upon, gathered in little memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

# Of a million companies most say the same: categories hold each text once.
_SCHEMA: Final = pl.Schema([("id", pl.Int64()), ("property", pl.Categorical()), ("value", pl.Categorical())])
_MANY: Final = 50_000
Texts = Mapping[str, str | None]


class Landings:
    """Company id → property → its text now (None = empty), as a long frame: `id`, `property`, `value`."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, str | None]] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, landed: Mapping[int, Texts]) -> None:
        """Some more companies."""
        self._rows += [(one, name, value) for one, texts in landed.items() for name, value in texts.items()]
        if len(self._rows) >= _MANY:
            self._settle()

    def frame(self) -> pl.DataFrame:
        """All of them."""
        self._settle()
        texts = pl.col("property", "value").cast(pl.String)
        return pl.concat([_SCHEMA.to_frame(), *self._frames]).with_columns(texts)

    def _settle(self) -> None:
        self._frames.append(pl.DataFrame(self._rows, _SCHEMA, orient="row"))
        self._rows = []
