"""Loads a frame of companies: values become text and are checked like any write, rejected ones are counted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from icp_sync.sandbox.store.property_definition import Definition, PropertyOption
from icp_sync.sandbox.store.property_schema import PropertySchema
from icp_sync.sandbox.store.records import MOMENTS, Records
from icp_sync.sandbox.store.value_checks import LONGEST, value_or_problem
from icp_sync.sandbox.timestamps import format_iso_column, parse_milliseconds


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How many companies were loaded, values refused by column, properties and options made for them.

    Of a file, `columns`: header → the property it fills; `unknown`: headers no standard property is called by, which
    fill one of their own; `left_out`: headers that fill none.
    """

    loaded: int
    refused: dict[str, int] = field(default_factory=dict)
    created_properties: list[str] = field(default_factory=list)
    created_options: dict[str, int] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def bulk_load(
    records: Records, schema: PropertySchema, frame: pl.DataFrame, open_options: Collection[str], now: int
) -> LoadReport:
    """Create one company per row; the id and timestamp columns are not checked as properties."""
    columns = _text_frame(frame)
    id_column = "id" if "id" in columns.columns else "hs_object_id"
    own = [name for name in (id_column, *MOMENTS) if name in columns.columns]
    values = columns.drop(own)
    new_properties = [name for name in values.columns if name not in schema.definitions]
    for name in new_properties:
        schema.add_definition(_string_definition(name, now))
    new_options = {name: _add_options(schema, name, values[name]) for name in open_options if name in values.columns}
    kept, refused = _accepted_values(schema, values)
    created = _timestamps(columns, "createdate", now)
    updated = _timestamps(columns, "hs_lastmodifieddate", now) if "hs_lastmodifieddate" in own else created
    ids = _record_ids(columns, id_column, records)
    records.append_frame(ids, kept, created, updated, now)
    return LoadReport(len(ids), refused, new_properties, {name: count for name, count in new_options.items() if count})


def _text_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column as the text HubSpot would show; empty text is no value."""
    return pl.DataFrame({name: _text_column(frame[name]) for name in frame.columns})


def _text_column(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        # Up to 2**53 a whole float prints as HubSpot prints it: without a fraction.
        whole = column.is_finite() & (column == column.round()) & (column.abs() < 2**53)
        plain = column.set(~whole.fill_null(False), None).cast(pl.Int64, strict=False).cast(pl.String)
        return plain.fill_null(column.cast(pl.String))
    if isinstance(column.dtype, pl.Datetime):
        return format_iso_column(column.dt.epoch("ms"))
    text = column.list.join(";") if isinstance(column.dtype, pl.List) else column.cast(pl.String)
    return text.set(text == "", None)


def _add_options(schema: PropertySchema, name: str, column: pl.Series) -> int:
    """Add the values of a column to the options of an enumeration; returns how many were new."""
    definition = schema.definitions[name]
    members = column.str.split(";").explode() if definition.multiple else column
    wanted = members.drop_nulls().unique(maintain_order=True).to_list()
    fresh = [value for value in wanted if value and value not in definition.allowed]
    new_properties = tuple(PropertyOption(value, value, len(definition.options) + n) for n, value in enumerate(fresh))
    schema.add_definition(replace(definition, options=definition.options + new_properties))
    return len(fresh)


def _accepted_values(schema: PropertySchema, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """The values each property accepts, and how many it refused."""
    kept = {name: _accepted_column(schema.definitions[name], frame[name]) for name in frame.columns}
    lost = {name: kept[name].null_count() - frame[name].null_count() for name in frame.columns}
    return pl.DataFrame(kept), {name: count for name, count in lost.items() if count}


def _accepted_column(definition: Definition, column: pl.Series) -> pl.Series:
    """Check each distinct value once, with the check of an API write."""
    if definition.type == "string":
        return column.set(column.str.len_chars() > LONGEST, None)
    distinct = column.drop_nulls().unique().to_list()
    checked = [value_or_problem(definition, value) for value in distinct]
    answers = [value if isinstance(value, str) and value else None for value in checked]
    mapping = pl.Series(distinct, dtype=pl.String), pl.Series(answers, dtype=pl.String)
    return column.replace_strict(*mapping, default=None, return_dtype=pl.String)


def _string_definition(name: str, now: int) -> Definition:
    """The definition an unknown column gets."""
    label = name.replace("_", " ").capitalize()
    return Definition(name, label, "string", "text", "companyinformation", created_at=now, updated_at=now)


def _record_ids(columns: pl.DataFrame, name: str, records: Records) -> list[int]:
    if name not in columns.columns:
        first = records.next_id()
        return list(range(first, first + len(columns)))
    ids = columns[name].cast(pl.Int64, strict=False)
    if odd := columns[name].filter(ids.is_null() | (ids <= 0)).unique().to_list():
        message = f"{name} must be a whole number for every company, and {odd[0] or 'nothing'!r} is none"
        raise ValueError(f"{message}; where a spreadsheet has shortened the ids, leave the column out")
    if ids.n_unique() != len(ids) or not set(ids).isdisjoint(records.ids):
        message = f"{name} must be given for every company, distinct, and new to the portal"
        raise ValueError(message)
    return ids.to_list()


def _timestamps(columns: pl.DataFrame, name: str, now: int) -> pl.Series:
    if name not in columns.columns:
        return pl.repeat(now, len(columns), dtype=pl.Int64, eager=True)
    moments = [None if text is None else parse_milliseconds(text) for text in columns[name]]
    return pl.Series(moments, dtype=pl.Int64).fill_null(now)
