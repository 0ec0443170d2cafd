"""Whose change keeps an undo from a property: a later run's, a person's, a workflow's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from icp_sync.companies.history_frame import HISTORY, latest_versions
from icp_sync.plan.change_frame import Change
from icp_sync.plan.history_sources import source_class
from icp_sync.plan.value_equality import texts_equal

RUN: Final = "run"
WRITES: Final = pl.Schema({"id": pl.Int64(), "property": pl.String(), "value": pl.String(), "run_id": pl.String()})
"""Texts that runs wrote; of one property of a company the newest comes last."""
NO_WRITES: Final = WRITES.to_frame()
KEY: Final = ("id", "property")


def writes_frame(run_id: str, changes: Iterable[Change]) -> pl.DataFrame:
    """The texts a run wrote, as a `WRITES` frame."""
    rows = [(change.id, name, text, run_id) for change in changes for name, text in change.after.items()]
    return pl.DataFrame(rows, schema=WRITES, orient="row")


def with_writers(left: pl.DataFrame, later: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """The `LEFT` frame with `writer` (`run`, or a class of `plan.history_sources`) and `writer_id`, null where unknown.

    `later`: what later runs wrote (`WRITES`). `history`: versions of the properties left alone (`HISTORY`), of those
    no later run wrote. Whose value does not stand any more is not named. `writer_id`: run id, user id, or HubSpot's
    type of source.
    """
    by_run = later.unique(KEY, keep="last", maintain_order=True).rename({"value": "written"})
    newest = latest_versions(history).with_columns(
        kind=source_class(), source=pl.coalesce(_user_id_text(), "source_type")
    )
    by_others = newest.select(*KEY, "kind", "source", entry="value")
    rows = left.join(by_run, on=KEY, how="left", maintain_order="left")
    rows = rows.join(by_others, on=KEY, how="left", maintain_order="left")
    of_run, of_other = (_same_value(pl.col("value"), pl.col(text)) for text in ("written", "entry"))
    return rows.select(
        *left.columns,
        writer=pl.when(of_run).then(pl.lit(RUN)).when(of_other).then("kind"),
        writer_id=pl.when(of_run).then("run_id").when(of_other).then("source"),
    )


def find_unexplained_moves(left: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    """The rows that moved and that no later run explains: only HubSpot's history tells who did it."""
    rows = with_writers(left, later, HISTORY.to_frame())
    return rows.filter(pl.col("why") == "moved", pl.col("writer").is_null()).select(left.columns)


def _user_id_text() -> pl.Expr:
    return pl.col("user_id").cast(pl.String)


def _same_value(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Whether two texts are one value of whatever type; false where one is unknown."""
    return pl.any_horizontal(*(texts_equal(left, right, kind) for kind in ("number", "bool"))).fill_null(value=False)
