"""A batch of a table as the company frame that scoring takes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import polars as pl

from icp_sync.catalogue.standard_properties import standard_properties
from icp_sync.companies.frame import ID
from icp_sync.companies.parse.portal_conventions import NO_CONVENTIONS, Conventions
from icp_sync.companies.property_definitions import Option, PropertyDefinition
from icp_sync.errors import TableUnusable
from icp_sync.tables.column_matching import MatchedColumns
from icp_sync.tables.table import positional_name

_NO_MEMBERS: Final = (pl.Binary, pl.Object, pl.Duration)
"""Kinds of members of lists that are no texts."""


def batch_to_company_frame(batch: pl.DataFrame, columns: MatchedColumns) -> pl.DataFrame:
    """The company frame of a batch: `id` (Int64, its rows from 0) and a String column for each property filled.

    Lists become members separated by `;`, as HubSpot keeps them. Raises TableUnusable for values no property has.
    """
    texts = [
        column_as_text(batch[positional_name(number)], columns.headers[number]).alias(name)
        for number, name in columns.used.items()
    ]
    frame = pl.DataFrame([pl.int_range(batch.height, dtype=pl.Int64, eager=True).alias(ID), *texts])
    return frame.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)))


def record_ids(text: pl.Expr) -> pl.Expr:
    """HubSpot's record id (Int64) in each text of a file, null where it is none.

    `1200.0` is what programs make of a column of numbers with a gap; `1.200`, `1,200` and `1.2E+10` are what
    spreadsheets show a person, and which id they were nobody can be sure of.
    """
    return text.str.strip_chars().str.strip_suffix(".0").str.extract(r"^(\d{1,18})$").cast(pl.Int64)


def parsing_conventions(columns: MatchedColumns, numeric: Collection[int]) -> Conventions:
    """How the values of a file are parsed; `numeric`: the places of its columns whose type is a number.

    What is a number in the file is one. `1.200` as text is not, in an export neither: a spreadsheet that an export was
    opened in may have written 1,200 so. The options of HubSpot's own enumerations hold for an export alone: elsewhere
    "Software, Internet" are two industries.
    """
    typed = {name for number, name in columns.used.items() if number in numeric}
    exported = Conventions.from_definitions(_standard_definitions(), "UTC") if columns.is_export else NO_CONVENTIONS
    return replace(exported, numbers=frozenset(typed))


def _standard_definitions() -> list[PropertyDefinition]:
    return [
        PropertyDefinition(
            standard.name,
            standard.label,
            standard.type,
            standard.field_type,
            standard.group,
            tuple(Option(value, label) for value, label in standard.options.items()),
        )
        for standard in standard_properties()
    ]


def column_as_text(column: pl.Series, header: str, remedy: str = "") -> pl.Series:
    """A column as the texts its values have in HubSpot; the members of lists are separated by `;`.

    `remedy`: what to do about a column of no such values; by default it is to be left out. Raises TableUnusable.
    """
    kind = column.dtype
    if kind == pl.String:
        return column
    if isinstance(kind, pl.List) and not (kind.inner.is_nested() or kind.inner in _NO_MEMBERS):
        return column.cast(pl.List(pl.String)).list.join(";", ignore_nulls=True)
    if kind.is_nested() or kind in (pl.Binary, pl.Object):
        remedy = remedy or f'leave it out: --map "{header}="'
        raise TableUnusable(f'column "{header}" holds {kind}, which no text can be; {remedy}')
    if kind.is_float():
        column = column.fill_nan(None)  # what engines write into a column of numbers for none
    return column.dt.to_string("iso:strict") if kind.is_temporal() else column.cast(pl.String)
