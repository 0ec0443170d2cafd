"""Maps the columns of HubSpot's English company export to properties: labels → names, options, timestamps."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from icp_sync.catalogue.export_labels import label_key, properties_by_label
from icp_sync.sandbox.store.property_definition import Definition
from icp_sync.sandbox.store.property_schema import PropertySchema

ASSOCIATIONS = re.compile(r"associated (contact|deal|company|ticket|note|call|email|task|meeting)s?( ids?)?")
"""Columns an export adds for other records; they are no property of the company."""
MOMENT = r"^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?$"
TRUTHS = {"true": "true", "yes": "true", "false": "false", "no": "false"}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The property that each column of a file fills: `properties` by header.

    `unknown`: headers that no standard property is called by; they fill one of their own. `left_out`: headers that
    fill none.
    """

    properties: Mapping[str, str]
    unknown: tuple[str, ...]
    left_out: tuple[str, ...]


def map_columns(headers: Collection[str], schema: PropertySchema, mapped: Mapping[str, str]) -> ColumnMapping:
    """By what is `mapped` (an empty name leaves a column out), by internal name, by label, or under its own name.

    Raises ValueError for two columns of one property, and for one that is mapped and not there.
    """
    if strange := sorted(mapped.keys() - set(headers)):
        raise ValueError(f"no column is called {', '.join(strange)}; there are {', '.join(headers)}")
    labels = properties_by_label()
    targets = {header: _target_property(header, schema, labels, mapped) for header in headers}
    properties = {header: name for header, name in targets.items() if name}
    _require_distinct(properties)
    standard = {*labels.values(), "id", *schema.definitions}
    return ColumnMapping(
        properties,
        tuple(header for header, name in properties.items() if name not in standard and header not in mapped),
        tuple(header for header, name in targets.items() if not name),
    )


def to_api_values(definition: Definition, column: pl.Series) -> pl.Series:
    """Texts as the API returns them: an option's value for its label, an export's timestamp in ISO 8601.

    What is neither stays as it is; whether the property accepts it is for the portal to say.
    """
    if definition.type in {"date", "datetime"}:
        moments = column.str.replace(MOMENT, "${1}T${2}${3}")
        return moments if definition.type == "datetime" else moments.str.replace(r"T00:00(:00)?$", "")
    if definition.type not in {"enumeration", "bool"} or definition.external_options or definition.read_only:
        return column
    distinct = column.drop_nulls().unique().to_list()
    labels = {label_key(option.label): option.value for option in definition.options}
    values = TRUTHS | labels if definition.type == "bool" else labels
    kept = [_option_value(text, definition, values) for text in distinct]
    return column.replace_strict(pl.Series(distinct, dtype=pl.String), pl.Series(kept, dtype=pl.String), default=None)


def _option_value(text: str, definition: Definition, values: Mapping[str, str]) -> str:
    members = [member.strip() for member in text.split(";")] if definition.multiple else [text.strip()]
    allowed = definition.allowed
    return ";".join(
        member if member in allowed else values.get(label_key(member), member) for member in members if member
    )


def _target_property(header: str, schema: PropertySchema, labels: Mapping[str, str], mapped: Mapping[str, str]) -> str:
    key = label_key(header)
    if header in mapped:
        return mapped[header]
    if header in schema.definitions or header == "id":
        return header
    if key in labels:
        return labels[key]
    return "" if ASSOCIATIONS.fullmatch(key) else header_property_name(header)


def _require_distinct(properties: Mapping[str, str]) -> None:
    names = list(properties.values())
    for twice in sorted({name for name in names if names.count(name) > 1}):
        headers = [header for header, name in properties.items() if name == twice]
        raise ValueError(
            f"several columns are called {twice} ({_quote_headers(headers)}); keep one and leave out the others"
        )


def _quote_headers(headers: Iterable[str]) -> str:
    return ", ".join(repr(header) for header in headers)


def header_property_name(header: str) -> str:
    """A property name made of a column's header."""
    name = re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")
    return name if name[:1].isalpha() else f"column_{name}"
