"""The history frame: one row a version of a company's property, who wrote which value and when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import polars as pl

HISTORY: Final = pl.Schema(
    {
        "id": pl.Int64,
        "property": pl.String,
        "value": pl.String,
        "at": pl.Int64,
        "source_type": pl.String,
        "source_id": pl.String,
        "user_id": pl.Int64,
        "source_label": pl.String,
    }
)
"""`value`: "" where it was emptied; `at`: epoch milliseconds; `source_id`, `user_id`, `source_label` (the name of a
workflow, or of a file): null where HubSpot names none."""


class PropertyVersion(NamedTuple):
    """A row of the history frame."""

    id: int
    property: str
    value: str
    at: int
    source_type: str
    source_id: str | None = None
    user_id: int | None = None
    source_label: str | None = None


def history_frame(versions: Iterable[PropertyVersion]) -> pl.DataFrame:
    """A history frame, each property of a company from its newest version to its oldest.

    The time counts; of versions of one time the first stays first, as HubSpot lists the newest first.
    """
    frame = pl.DataFrame(list(versions), schema=HISTORY, orient="row")
    return frame.sort("id", "property", "at", descending=[False, False, True], maintain_order=True)


def latest_versions(history: pl.DataFrame) -> pl.DataFrame:
    """The newest version of each property of each company."""
    return history.unique(["id", "property"], keep="first", maintain_order=True)
