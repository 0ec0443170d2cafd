"""A replica of the portal's companies and how it follows the portal: pure, frame in, frame out.

A replica is a company frame in the order of ids with `hs_lastmodifieddate` among its properties.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID

MODIFIED: Final = "hs_lastmodifieddate"
MERGED: Final = "hs_merged_object_ids"
LIST: Final = "list:"
"""What the column of a list is called by, with a colon, which no HubSpot property has."""
_PLACE: Final = "held:place"


def milliseconds(name: str = MODIFIED) -> pl.Expr:
    """The moment in a property (ISO 8601, UTC) as epoch milliseconds; null where there is none to read."""
    return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="ms", strict=False).cast(pl.Int64)


def newer_rows(hits: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The rows of `hits` (id, `hs_lastmodifieddate`, …) that tell something `held` does not know.

    A hit with the very date held is our own write, or was read before: no news, unless it shows values that are not
    held. Somebody edited that company after our last look and before our write, whose date has covered theirs. One
    with an older date comes from an index that lags behind. A company whose date is not held is always news.
    """
    places = hits.select(ID).join(held.select(ID).with_row_index(_PLACE), on=ID, how="left", maintain_order="left")
    known = held.select(milliseconds())[MODIFIED].gather(places[_PLACE])
    found = hits.select(milliseconds())[MODIFIED]
    covered = (found == known) & _differing(hits, held, places[_PLACE])
    return hits.filter(known.is_null() | found.is_null() | (found > known) | covered)


def _differing(hits: pl.DataFrame, held: pl.DataFrame, places: pl.Series) -> pl.Series:
    """Which hits show another value than `held` does in its row of `places`; a column at a time, for both are long."""
    unlike = pl.repeat(False, hits.height, dtype=pl.Boolean, eager=True)
    for name in hits.columns:
        if name in held.columns and name not in (ID, MODIFIED):
            unlike |= hits[name].ne_missing(held[name].gather(places))
    return unlike


def keep_latest(readings: pl.DataFrame) -> pl.DataFrame:
    """One row an id, of several readings the one with the latest date, of equal ones the last; in the order of ids."""
    dated = readings.with_row_index("place").with_columns(found=milliseconds())
    newest = dated.sort(ID, "found", "place", nulls_last=False).unique(ID, keep="last", maintain_order=True)
    return newest.drop("place", "found")


def upsert(held: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """`held` with the rows of `fresh` in place of those of the same ids; columns as in `held`."""
    if fresh.is_empty():
        return held
    names = [name for name in held.columns if name in fresh.columns]
    absent = [pl.lit(None, held.schema[name]).alias(name) for name in held.columns if name not in fresh.columns]
    rows = fresh.select(names).with_columns(absent).select(held.columns)
    return pl.concat([held.join(fresh.select(ID), on=ID, how="anti"), rows], rechunk=True).sort(ID)


def drop(held: pl.DataFrame, ids: Collection[int] | pl.Series) -> pl.DataFrame:
    """`held` without the companies of `ids`."""
    gone = pl.DataFrame({ID: list(ids)}, schema={ID: pl.Int64})
    # A join copies a million companies, and most often none of them is gone.
    anyone = held[ID].is_in(gone[ID].implode()).any()
    return held.join(gone, on=ID, how="anti", maintain_order="left") if anyone else held


def drop_merged(companies: pl.DataFrame) -> pl.DataFrame:
    """A record that another names as merged into it is gone, even where the listing still shows it."""
    ids = pl.col(MERGED).str.split(";").alias("gone")
    named = companies.filter(pl.col(MERGED).is_not_null()).select(ID, ids).explode("gone")
    gone = named.select(ID, pl.col("gone").str.strip_chars().cast(pl.Int64, strict=False)).drop_nulls()
    return drop(companies, gone.filter(pl.col("gone") != pl.col(ID))["gone"].unique())


def required_properties(names: Iterable[str]) -> list[str]:
    """The properties `names` and those a replica cannot do without, each once."""
    return list(dict.fromkeys([*names, MODIFIED, MERGED]))


def select_present(held: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """`held` with those of the properties `names` that it has."""
    return held.select(ID, *(name for name in names if name in held.columns))


def changed_since(held: pl.DataFrame, since: int) -> pl.Series:
    """The ids of companies whose date is `since` (epoch ms) or later, in the order of `held`."""
    return held.filter(milliseconds() >= since)[ID]


def without_date(held: pl.DataFrame) -> list[int]:
    """The companies whose date is not known, which have to be read to be sure of them."""
    return held.filter(milliseconds().is_null())[ID].to_list()


def with_columns_from(held: pl.DataFrame, columns: pl.DataFrame) -> pl.DataFrame:
    """`held` with the properties of `columns` (id, …) beside or in place of its own; empty for ids it lacks."""
    names = [name for name in columns.columns if name != ID]
    kept = held.drop([name for name in names if name in held.columns])
    return kept.join(columns, on=ID, how="left", maintain_order="left")


def apply_writes(held: pl.DataFrame, landed: pl.DataFrame) -> pl.DataFrame:
    """`held` with what was written: `landed` is `id`, `property`, `value` (null = cleared), a row a value.

    A property no row names keeps its values; one `held` lacks is added; companies it does not know are left out.
    """
    for name in landed["property"].unique(maintain_order=True):
        held = _written_one(held, name, landed.filter(pl.col("property") == name))
    return held


def _written_one(held: pl.DataFrame, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    column = held[name] if name in held.columns else pl.repeat(None, held.height, dtype=pl.String, eager=True)
    places = held.select(ID).with_row_index("place").join(rows.select(ID, "value"), on=ID, maintain_order="left")
    return held.with_columns(column.scatter(places["place"], places["value"]).alias(name))


def with_members(held: pl.DataFrame, members: Mapping[str, pl.Series]) -> pl.DataFrame:
    """`held` with a Boolean column `list:ID` for each list: list id → ids of the companies on it."""
    lists = {f"{LIST}{one}": pl.col(ID).is_in(ids.implode()) for one, ids in members.items()}
    return held.select(pl.exclude(f"^{LIST}.*$")).with_columns(**lists)


def members(held: pl.DataFrame) -> dict[str, pl.Series]:
    """List id → ids of the companies on it, ascending, for every list `held` has a column of."""
    columns = [name for name in held.columns if name.startswith(LIST)]
    return {name.removeprefix(LIST): held.filter(pl.col(name))[ID] for name in columns}
