"""Operations on a snapshot of the portal's companies: merging newer rows, merges, deletions and our own writes.

A snapshot is a company frame sorted by `id` with `hs_lastmodifieddate` among its properties. Pure: frame in, frame out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, row_indexes

MODIFIED: Final = "hs_lastmodifieddate"
MERGED: Final = "hs_merged_object_ids"
LIST: Final = "list:"
"""Prefix of the Boolean column of a list; the colon keeps it apart from HubSpot properties, which have none."""
DEAL_COMPANY: Final = "deal:company"
"""The column of a deal's primary company in a frame of deals."""
_ROW_INDEX: Final = "snapshot:row_index"
_PLAIN_DATE: Final = (
    r"^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}\.[0-9]{3}Z$"
)
"""What is certainly a date. The others are few: to parse a million takes six times as long as to match them."""


def epoch_milliseconds(name: str = MODIFIED) -> pl.Expr:
    """The timestamp of a property (ISO 8601, UTC) as epoch milliseconds (Int64); null where it does not parse."""
    return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="ms", strict=False).cast(pl.Int64)


def newer_rows(hits: pl.DataFrame, snapshot: pl.DataFrame) -> pl.DataFrame:
    """The rows of `hits` (id, `hs_lastmodifieddate`, …) that are newer than the snapshot's.

    A hit with the snapshot's own date is our own write or was read before, and is dropped unless a value differs:
    then somebody edited the company between our read and our write, whose date covers theirs. A hit with an older date
    comes from HubSpot's search index, which lags. A company without a date in the snapshot is always kept.
    """
    known = row_indexes(hits[ID], snapshot[ID])
    # Gathered before it is parsed: to parse the dates of a million companies takes 0.2 s of CPU.
    snapshot_dates = snapshot.select(pl.col(MODIFIED).gather(known)).select(epoch_milliseconds())[MODIFIED]
    hit_dates = hits.select(epoch_milliseconds())[MODIFIED]
    covered = (hit_dates == snapshot_dates) & _differing_hits(hits, snapshot, known)
    return hits.filter(snapshot_dates.is_null() | hit_dates.is_null() | (hit_dates > snapshot_dates) | covered)


def _differing_hits(hits: pl.DataFrame, snapshot: pl.DataFrame, known: pl.Series) -> pl.Series:
    """Which hits differ from the snapshot's rows at the indexes `known` in a value (Boolean)."""
    differing = pl.repeat(False, hits.height, dtype=pl.Boolean, eager=True)
    for name in hits.columns:
        if name in snapshot.columns and name not in (ID, MODIFIED):
            differing |= hits[name].ne_missing(snapshot[name].gather(known))
    return differing


def keep_latest(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each id, the one with the latest date, of equal dates the last; sorted by id."""
    dated = rows.with_row_index(_ROW_INDEX).with_columns(modified=epoch_milliseconds())
    newest = dated.sort(ID, "modified", _ROW_INDEX, nulls_last=False).unique(ID, keep="last", maintain_order=True)
    return newest.drop(_ROW_INDEX, "modified")


def upsert_rows(snapshot: pl.DataFrame, newer: pl.DataFrame) -> pl.DataFrame:
    """The snapshot with the rows of `newer` in place of those of the same ids; columns as in the snapshot.

    Both have each id once. The snapshot's are ascending, and stay so.
    """
    names = [name for name in snapshot.columns if name in newer.columns]
    absent = [pl.lit(None, snapshot.schema[name]).alias(name) for name in snapshot.columns if name not in newer.columns]
    rows = newer.select(names).with_columns(absent).select(snapshot.columns)
    known = row_indexes(rows[ID], snapshot[ID])
    is_known = known.is_not_null()
    replaced = _replace_rows(snapshot, known.drop_nulls(), rows.filter(is_known))
    return replaced if is_known.all() else pl.concat([replaced, rows.filter(~is_known)], rechunk=True).sort(ID)


def _replace_rows(snapshot: pl.DataFrame, known: pl.Series, rows: pl.DataFrame) -> pl.DataFrame:
    """The snapshot with `rows` at these indexes; a column in which none of them differs is the same, not a copy."""
    # An edit changes one or two properties of many: copied whole, a million companies take a second and their size.
    changed = [
        snapshot[name].scatter(known, rows[name])
        for name in snapshot.columns
        if snapshot[name].gather(known).ne_missing(rows[name]).any()
    ]
    return snapshot.with_columns(changed)


def drop_companies(snapshot: pl.DataFrame, ids: Collection[int] | pl.Series) -> pl.DataFrame:
    """The snapshot without the companies of `ids`."""
    dropped = pl.DataFrame({ID: list(ids)}, schema={ID: pl.Int64})
    # A join copies the whole frame (a million companies), and mostly none of the ids is in it.
    is_any_present = snapshot[ID].is_in(dropped[ID].implode()).any()
    return snapshot.join(dropped, on=ID, how="anti", maintain_order="left") if is_any_present else snapshot


def drop_merged(companies: pl.DataFrame) -> pl.DataFrame:
    """The companies without those that another names in `hs_merged_object_ids`, which HubSpot may still list."""
    return drop_companies(companies, _merged_ids(companies)[ID].unique())


def survivors_of_merged(companies: pl.DataFrame, ids: pl.Series | None = None) -> pl.DataFrame:
    """`id` and `survivor` of the companies that were merged into another; none without `MERGED`.

    `ids`: only those among them, None = all.
    """
    if MERGED not in companies.columns:
        return pl.DataFrame(schema={ID: pl.Int64, "survivor": pl.Int64})
    merged = _merged_ids(companies)
    return merged if ids is None else merged.filter(pl.col(ID).is_in(ids.implode()))


def _merged_ids(companies: pl.DataFrame) -> pl.DataFrame:
    """`id` of every company merged away, and its `survivor`, which names it."""
    ids = pl.col(MERGED).str.split(";").alias("gone")
    named = companies.select(ID, MERGED).filter(pl.col(MERGED).is_not_null()).select(ID, ids).explode("gone")
    gone = named.select(pl.col("gone").str.strip_chars().cast(pl.Int64, strict=False), survivor=ID).drop_nulls()
    return gone.filter(pl.col("gone") != pl.col("survivor")).rename({"gone": ID})


def snapshot_property_names(names: Iterable[str]) -> list[str]:
    """The properties `names` and those a snapshot needs, each once."""
    return list(dict.fromkeys([*names, MODIFIED, MERGED]))


def select_available_properties(snapshot: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The snapshot's `id` and those of the properties `names` that it has."""
    return snapshot.select(ID, *(name for name in names if name in snapshot.columns))


def ids_changed_since(snapshot: pl.DataFrame, since: dt.datetime) -> pl.Series:
    """The ids of companies whose date is `since` (aware) or later by its text, in the snapshot's order."""
    # HubSpot's dates are of one width and all in UTC, so their texts sort as they do, and compare twenty times as fast.
    start = since.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return snapshot.select(ID, MODIFIED).filter(pl.col(MODIFIED) >= start)[ID]


def ids_without_date(snapshot: pl.DataFrame) -> list[int]:
    """The ids of companies without a parsable date, which must be read again."""
    doubtful = snapshot.select(ID, MODIFIED).filter(~pl.col(MODIFIED).str.contains(_PLAIN_DATE).fill_null(value=False))
    return doubtful.filter(epoch_milliseconds().is_null())[ID].to_list()


def with_columns_from(snapshot: pl.DataFrame, columns: pl.DataFrame) -> pl.DataFrame:
    """The snapshot with the properties of `columns` (id, …) added or replaced; null for ids that `columns` lacks."""
    names = [name for name in columns.columns if name != ID]
    kept = snapshot.drop([name for name in names if name in snapshot.columns])
    return kept.join(columns, on=ID, how="left", maintain_order="left")


def apply_writes(snapshot: pl.DataFrame, writes: pl.DataFrame) -> pl.DataFrame:
    """The snapshot with our own writes: rows of `id`, `property`, `value` (null = cleared).

    A property the snapshot lacks is added; rows of companies it does not have are ignored.
    """
    if writes.is_empty():
        return snapshot
    placed = snapshot.select(ID).with_row_index(_ROW_INDEX).join(writes, on=ID, maintain_order="left")
    columns = (
        _column_or_nulls(snapshot, name).scatter(rows[_ROW_INDEX], rows["value"])
        for name in writes["property"].unique(maintain_order=True)
        for rows in (placed.filter(pl.col("property") == name),)
    )
    return snapshot.with_columns(columns)


def _column_or_nulls(snapshot: pl.DataFrame, name: str) -> pl.Series:
    """A property of the snapshot, all null where it lacks it."""
    if name in snapshot.columns:
        return snapshot[name]
    return pl.repeat(None, snapshot.height, dtype=pl.String, eager=True).alias(name)


def list_column(list_id: str) -> str:
    """The name of the Boolean column of a list's members."""
    return f"{LIST}{list_id}"


def with_list_members(snapshot: pl.DataFrame, members: Mapping[str, pl.Series]) -> pl.DataFrame:
    """The snapshot with a Boolean column `list:ID` for each list; `members`: list id → ids of the companies on it."""
    lists = {list_column(list_id): pl.col(ID).is_in(ids.implode()) for list_id, ids in members.items()}
    return snapshot.select(pl.exclude(f"^{LIST}.*$")).with_columns(**lists)


def members_by_list(snapshot: pl.DataFrame) -> dict[str, pl.Series]:
    """List id → ids of the companies on it, ascending, for every list the snapshot has a column of."""
    columns = [name for name in snapshot.columns if name.startswith(LIST)]
    return {name.removeprefix(LIST): snapshot[ID].filter(snapshot[name].fill_null(value=False)) for name in columns}
