"""A frame of companies on its way into the portal: made text, checked like any write, refusals counted."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import polars as pl

from .definitions import Definition, Option
from .schema import Schema
from .timestamps import iso_column
from .values import LONGEST, check


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What came of loading companies: how many, refused values by column, properties and options made for it."""

    loaded: int
    refused: dict[str, int] = field(default_factory=dict)
    created_properties: list[str] = field(default_factory=list)
    created_options: dict[str, int] = field(default_factory=dict)


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column as the text HubSpot would show; empty text is no value."""
    return pl.DataFrame({name: _text(frame[name]) for name in frame.columns})


def _text(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        # Up to 2**53 a whole float prints as HubSpot prints it: without a fraction.
        whole = column.is_finite() & (column == column.round()) & (column.abs() < 2**53)
        plain = column.set(~whole.fill_null(False), None).cast(pl.Int64, strict=False).cast(pl.String)
        return plain.fill_null(column.cast(pl.String))
    if isinstance(column.dtype, pl.Datetime):
        return iso_column(column.dt.epoch("ms"))
    text = column.list.join(";") if isinstance(column.dtype, pl.List) else column.cast(pl.String)
    return text.set(text == "", None)


def make_options(schema: Schema, name: str, column: pl.Series) -> int:
    """Add the values of a column to the options of an enumeration; returns how many were new."""
    definition = schema.definitions[name]
    members = column.str.split(";").explode() if definition.multiple else column
    wanted = members.drop_nulls().unique(maintain_order=True).to_list()
    fresh = [value for value in wanted if value and value not in definition.allowed]
    made = tuple(Option(value, value, len(definition.options) + n) for n, value in enumerate(fresh))
    schema.put(replace(definition, options=definition.options + made))
    return len(fresh)


def admitted(schema: Schema, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """The values each property accepts, and how many it refused."""
    kept = {name: _admitted(schema.definitions[name], frame[name]) for name in frame.columns}
    lost = {name: kept[name].null_count() - frame[name].null_count() for name in frame.columns}
    return pl.DataFrame(kept), {name: count for name, count in lost.items() if count}


def _admitted(definition: Definition, column: pl.Series) -> pl.Series:
    """Each distinct value is checked once, by the very check a write goes through."""
    if definition.type == "string":
        return column.set(column.str.len_chars() > LONGEST, None)
    distinct = column.drop_nulls().unique().to_list()
    checked = [check(definition, value) for value in distinct]
    answers = [value if isinstance(value, str) and value else None for value in checked]
    mapping = pl.Series(distinct, dtype=pl.String), pl.Series(answers, dtype=pl.String)
    return column.replace_strict(*mapping, default=None, return_dtype=pl.String)


def string_property(name: str, now: int) -> Definition:
    """The definition an unknown column gets."""
    label = name.replace("_", " ").capitalize()
    return Definition(name, label, "string", "text", "companyinformation", created_at=now, updated_at=now)


def unknown(schema: Schema, names: Collection[str]) -> list[str]:
    return [name for name in names if name not in schema.definitions]
