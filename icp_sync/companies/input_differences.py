"""Differences: texts that changed in the portal since a run last settled the company, with the text from before.

A row is `id`, `property`, `was` (null = it was empty, as in every company frame) and `since`, the portal's time of the
reading that first saw another text. A company and property has one row at most. Pure: frame in, frame out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.row_changes import mask_in_other, select_present
from icp_sync.companies.snapshot import LIST, MERGED, MODIFIED, apply_writes

PROPERTY: Final = "property"
WAS: Final = "was"
NOW: Final = "now"
SINCE: Final = "since"
KEY: Final = (ID, PROPERTY)
DIFFERENCES: Final = pl.Schema(
    {ID: pl.Int64(), PROPERTY: pl.String(), WAS: pl.String(), SINCE: pl.Datetime("us", "UTC")}
)
NO_DIFFERENCES: Final = DIFFERENCES.to_frame()
UNKNOWN_TEXT: Final = "\0"
"""The old text of a value of which nobody knows whose it is; no value is ever equal to it."""
_ROW_INDEX: Final = "differences:row_index"
_NOT_COMPARED: Final = frozenset({ID, MODIFIED, MERGED})
"""They change with every edit, and no verdict or output is about them."""


def update_differences(
    differences: pl.DataFrame,
    snapshot: pl.DataFrame,
    extract: pl.DataFrame,
    since: dt.datetime,
    recreated: Collection[str] = (),
) -> pl.DataFrame:
    """The differences after a new reading, sorted by `id` and `property`.

    `snapshot`, `extract`: the company frames before and after the reading, ids ascending. A text that changes adds a
    row, unless there is one: the first text stays. A text that returns removes its row. Companies and properties that
    `extract` lacks drop out, and so do properties `recreated` since the snapshot, whose old texts are another
    property's. `since`: the portal's time of this reading, aware.
    """
    comparable = differences.filter(~pl.col(PROPERTY).is_in(list(recreated)))
    known = with_current_texts(comparable, extract).filter(pl.col(WAS).ne_missing(pl.col(NOW))).select(*DIFFERENCES)
    # Against all rows, those of returned texts too: A, B and A again is no change of B.
    changed = _changed_texts(snapshot, extract, since, recreated).join(differences, on=KEY, how="anti")
    return pl.concat([known, changed]).sort(KEY)


def with_current_texts(differences: pl.DataFrame, companies: pl.DataFrame) -> pl.DataFrame:
    """The rows with the text of the company frame as `now`; rows of companies or properties it lacks are left out."""
    if differences.is_empty():
        # On most nights: to number a million companies for nobody takes 50 ms.
        return differences.with_columns(pl.lit(None, pl.String).alias(NOW))
    placed = differences.join(
        companies.select(ID).with_row_index(_ROW_INDEX), on=ID, how="inner", maintain_order="left"
    ).with_columns(pl.lit(None, pl.String).alias(NOW))
    parts = [
        rows.with_columns(companies[name].gather(rows[_ROW_INDEX]).alias(NOW))
        for (name,), rows in placed.partition_by(PROPERTY, as_dict=True, maintain_order=True).items()
        if name in companies.columns
    ]
    return pl.concat([placed.clear(), *parts]).drop(_ROW_INDEX)


def restore_old_texts(companies: pl.DataFrame, differences: pl.DataFrame) -> pl.DataFrame:
    """The company frame with the old texts in place; rows of companies or properties it lacks are ignored."""
    there = differences.filter(pl.col(PROPERTY).is_in(companies.columns))
    return apply_writes(companies, there.select(*KEY, pl.col(WAS).alias("value")))


def carry_over_differences(differences: pl.DataFrame, unsettled: pl.Series, kept: pl.DataFrame) -> pl.DataFrame:
    """The differences a run leaves behind: those of companies it did not settle, and those in `kept` (id, property).

    A run settles a company when it wrote it, or found that nothing of it changes; `unsettled`: ids of the others,
    such as those skipped, refused, left out or not reached. `kept`: held inputs, and properties under an override.
    """
    stays = differences.filter(pl.col(ID).is_in(unsettled.implode()))
    others = differences.filter(~pl.col(ID).is_in(unsettled.implode()))
    return pl.concat([stays, others.join(kept, on=KEY, how="semi")]).sort(KEY)


def with_unknown_texts(differences: pl.DataFrame, keys: pl.DataFrame, since: dt.datetime) -> pl.DataFrame:
    """The differences with a row of `UNKNOWN_TEXT` for each of the `keys` (id, property), whatever was there."""
    unknown = keys.select(*KEY, pl.lit(UNKNOWN_TEXT).alias(WAS), pl.lit(since).alias(SINCE)).cast(DIFFERENCES)
    return pl.concat([differences.join(keys, on=KEY, how="anti"), unknown], how="diagonal").sort(KEY)


def mark_texts_unknown(differences: pl.DataFrame, properties: Collection[str], since: dt.datetime) -> pl.DataFrame:
    """The differences with `UNKNOWN_TEXT` as the old text of these properties."""
    return with_unknown_texts(differences, differences.filter(pl.col(PROPERTY).is_in(list(properties))), since)


def _changed_texts(
    snapshot: pl.DataFrame, extract: pl.DataFrame, since: dt.datetime, recreated: Collection[str]
) -> pl.DataFrame:
    """A row for every text of the snapshot that is another in the extract."""
    in_both = mask_in_other(snapshot, extract), mask_in_other(extract, snapshot)
    ids = select_present(snapshot[ID], in_both[0])
    names = [
        name
        for name in snapshot.columns
        if name in extract.columns and not name.startswith(LIST) and name not in {*_NOT_COMPARED, *recreated}
    ]
    parts = []
    for name in names:
        was = select_present(snapshot[name], in_both[0])
        differs = was.ne_missing(select_present(extract[name], in_both[1]))
        if differs.any():
            rows = pl.DataFrame({ID: ids.filter(differs), WAS: was.filter(differs)})
            parts.append(rows.select(ID, pl.lit(name).alias(PROPERTY), WAS, pl.lit(since).alias(SINCE)))
    return pl.concat([NO_DIFFERENCES, *(rows.cast(DIFFERENCES) for rows in parts)])
