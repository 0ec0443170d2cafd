"""Companies as frames of typed columns, for searches and active lists."""

from collections.abc import Iterable, Mapping

import polars as pl

from icp_sync.sandbox.store.property_schema import PropertySchema
from icp_sync.sandbox.store.records import MOMENTS, Records
from icp_sync.sandbox.store.search_lag_values import Past

ROW = "#row"
LIVE_ROW = "#live"


def live_rows_frame(records: Records, schema: PropertySchema, names: Iterable[str]) -> pl.DataFrame:
    """Live records with `#row` and the named properties: numbers Float64, dates milliseconds, else text."""
    rows = pl.Series(ROW, records.live_ids_and_rows()[1], dtype=pl.UInt32)
    columns = [_full_column(records, schema, name, {}).gather(rows).alias(name) for name in dict.fromkeys(names)]
    return pl.DataFrame([rows, *columns])


def all_rows_frame(records: Records, schema: PropertySchema, names: Iterable[str], past: Past) -> pl.DataFrame:
    """All rows with `#row`, whether they are live, and the named properties in their types.

    `past` holds what recently written rows held before.
    """
    rows = pl.int_range(len(records), dtype=pl.UInt32, eager=True).alias(ROW)
    live = (
        pl.repeat(True, len(records), dtype=pl.Boolean, eager=True)
        .scatter(records.rows_not_live(), False)
        .alias(LIVE_ROW)
    )
    columns = [_full_column(records, schema, name, past).alias(name) for name in dict.fromkeys(names)]
    return pl.DataFrame([rows, live, *columns])


def selected_rows_frame(
    records: Records, schema: PropertySchema, names: Iterable[str], rows: pl.Series, past: Past
) -> pl.DataFrame:
    """`all_rows_frame` for the given `rows` only."""
    live = (~rows.is_in(records.rows_not_live().implode())).alias(LIVE_ROW)
    places = {row: place for place, row in enumerate(rows.to_list()) if row in past} if past else {}
    earlier = {place: past[row] for row, place in places.items()}
    columns = [
        _typed_past_column(schema, name, records.values_at(name, rows), earlier).alias(name)
        for name in dict.fromkeys(names)
    ]
    return pl.DataFrame([rows.alias(ROW), live, *columns])


def _full_column(records: Records, schema: PropertySchema, name: str, past: Past) -> pl.Series:
    if name == "hs_object_id":
        return records.id_column()
    stored = records.moments_column(name) if name in MOMENTS else records.full_column(name)
    return _typed_past_column(schema, name, stored, past)


def _typed_past_column(schema: PropertySchema, name: str, stored: pl.Series, past: Past) -> pl.Series:
    """A column as it is kept, set back to the past (by its own places) and made its property's type."""
    if name == "hs_object_id":
        return stored
    if name in MOMENTS:
        moved = MOMENTS[name] == "updated"
        return _replace_with_past_values(
            stored, {place: updated for place, (updated, _) in past.items()} if moved else {}
        )
    old_values = {place: values[name] for place, (_, values) in past.items() if name in values}
    return parse_column(_replace_with_past_values(stored, old_values), schema.definitions[name].type)


def parse_column(text: pl.Series, kind: str) -> pl.Series:
    """A column of texts as the type of its property."""
    if kind == "number":
        return text.cast(pl.Float64, strict=False)
    if kind == "datetime":
        moment = text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="ms", strict=False)
        return moment.dt.epoch("ms")
    if kind == "date":
        return text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("ms")).dt.epoch("ms")
    return text


def _replace_with_past_values(column: pl.Series, old_values: Mapping[int, object]) -> pl.Series:
    if not old_values:
        return column
    values = pl.Series(list(old_values.values()), dtype=column.dtype)
    return column.clone().scatter(list(old_values), values)
