"""Which rows of a company frame differ from those of another: so that few are judged again, and few written anew.

All frames have ascending ids. Pure: frame in, frame out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, is_among
from icp_sync.companies.snapshot import drop_companies, upsert_rows

GONE: Final = "row:gone"
"""Boolean column of a frame of changes: the company is gone, and its other columns are null."""


def changed_ids(before: pl.DataFrame, after: pl.DataFrame, names: Iterable[str]) -> pl.Series:
    """The ids of `after` that `before` lacks or has with other values of `names`; a column a frame lacks is null."""
    in_before, in_after = mask_in_other(before, after), mask_in_other(after, before)
    ids = select_present(after[ID], in_after)
    differs = pl.repeat(False, ids.len(), dtype=pl.Boolean, eager=True)
    for name in names:
        if name in before.columns and name in after.columns:
            was = select_present(before[name], in_before)
            differs |= was.ne_missing(select_present(after[name], in_after))
        elif name in before.columns:
            differs |= select_present(before[name], in_before).is_not_null()
        elif name in after.columns:
            differs |= select_present(after[name], in_after).is_not_null()
    differing = ids.filter(differs)
    return differing if in_after is None else pl.concat([differing, after[ID].filter(~in_after)]).sort()


def changed_rows(before: pl.DataFrame, after: pl.DataFrame, also: pl.Series) -> pl.DataFrame:
    """The rows of `after` that `before` has otherwise or not at all, and a row with `GONE` for each it has no more.

    Both have the same columns. `also`: ids that are among the changes whether or not they differ.
    """
    changed = pl.concat([changed_ids(before, after, (name for name in after.columns if name != ID)), also])
    rows = after.filter(pl.col(ID).is_in(changed.implode())).with_columns(pl.lit(value=False).alias(GONE))
    gone = pl.concat([missing_ids(before[ID], after[ID]), missing_ids(also, after[ID])]).unique().to_frame()
    return pl.concat([rows, gone.with_columns(pl.lit(value=True).alias(GONE))], how="diagonal").sort(ID)


def apply_changes(before: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """The frame that `changed_rows` found these changes of."""
    gone = changes.filter(GONE)[ID]
    return upsert_rows(drop_companies(before, gone), changes.filter(~pl.col(GONE)).drop(GONE))


def missing_ids(before: pl.Series, after: pl.Series) -> pl.Series:
    """The ids that are not among those after, which ascend."""
    return before.clear() if before.equals(after) else before.filter(~is_among(before, after))


def mask_in_other(companies: pl.DataFrame, other: pl.DataFrame) -> pl.Series | None:
    """Which companies the other frame has too (Boolean); None where it has them all, since filtering copies texts."""
    if companies[ID].equals(other[ID]):
        return None
    present = is_among(companies[ID], other[ID])
    return None if present.all() else present


def select_present(column: pl.Series, present: pl.Series | None) -> pl.Series:
    """The values of a column where `present`, a mask of `mask_in_other`, is true; all of them where it is None."""
    return column if present is None else column.filter(present)
