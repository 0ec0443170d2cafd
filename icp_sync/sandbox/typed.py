"""Companies as a frame of typed columns, for searches and active lists, which ask about all of them."""

from collections.abc import Iterable, Mapping

import polars as pl

from .records import MOMENTS, Records
from .schema import Schema

ROW = "#row"
Past = Mapping[int, tuple[int, Mapping[str, str | None]]]


def typed_frame(records: Records, schema: Schema, names: Iterable[str], past: Past | None = None) -> pl.DataFrame:
    """Live records with `#row` and the named properties: numbers Float64, dates milliseconds, else text.

    `past` holds the values of recently written rows as they were before, by row.
    """
    wanted = dict.fromkeys(names)
    rows = pl.Series(ROW, records.live()[1], dtype=pl.UInt32)
    columns = [_typed(records, schema, name, past or {}).gather(rows).alias(name) for name in wanted]
    return pl.DataFrame([rows, *columns])


def _typed(records: Records, schema: Schema, name: str, past: Past) -> pl.Series:
    if name == "hs_object_id":
        return records.whole_ids()
    if name in MOMENTS:
        now = records.whole_moments(name)
        return (
            _restored(now, {row: updated for row, (updated, _) in past.items()}) if MOMENTS[name] == "updated" else now
        )
    text = _restored(records.whole(name), {row: old[name] for row, (_, old) in past.items() if name in old})
    return as_type(text, schema.definitions[name].type)


def as_type(text: pl.Series, kind: str) -> pl.Series:
    """A column of texts as the type of its property."""
    if kind == "number":
        return text.cast(pl.Float64, strict=False)
    if kind == "datetime":
        moment = text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="ms", strict=False)
        return moment.dt.epoch("ms")
    if kind == "date":
        return text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("ms")).dt.epoch("ms")
    return text


def _restored(column: pl.Series, olds: Mapping[int, object]) -> pl.Series:
    if not olds:
        return column
    rows = pl.Series(list(olds), dtype=pl.UInt32)
    values = pl.Series(list(olds.values()), dtype=column.dtype)
    places = pl.int_range(len(column), len(column) + len(olds), dtype=pl.UInt32, eager=True)
    index = pl.int_range(len(column), dtype=pl.UInt32, eager=True).scatter(rows, places)
    return pl.concat([column, values], rechunk=False).gather(index)
