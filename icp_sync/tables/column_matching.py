"""Which property each column of a file fills: by what a person says, by name, by key, by HubSpot's export label."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from icp_sync.catalogue.export_labels import RECORD_ID, label_key, properties_by_label
from icp_sync.errors import TableUnusable
from icp_sync.tables.table import Table


@dataclass(frozen=True, slots=True)
class MatchedColumns:
    """`used`: the place of a column in the file → the property it fills, each property once; `headers`: of all columns.

    `is_export`: the file has HubSpot's record ids, so its values are written as HubSpot writes them.
    """

    headers: tuple[str, ...]
    used: Mapping[int, str]
    is_export: bool

    @property
    def ignored_headers(self) -> tuple[str, ...]:
        """The headers of the columns that fill no property, in order."""
        return tuple(header for number, header in enumerate(self.headers) if number not in self.used)


def match_columns(headers: Sequence[str], wanted: Collection[str], mapped: Mapping[str, str]) -> MatchedColumns:
    """Match columns to the properties `wanted`; `mapped`: header → property, "" leaves the column out.

    A closer match wins: `mapped`, then the property's name, then its key ("Number of Employees" is
    `numberofemployees`), then a label of HubSpot's ("Country/Region"). Raises TableUnusable where two columns match a
    property equally well.
    """
    used = _require_distinct(
        {number: name for number, header in enumerate(headers) if (name := mapped.get(header))}, headers
    )
    free = {number: header for number, header in enumerate(headers) if header not in mapped}
    for match in _header_matchers(wanted):
        matched = {number: name for number, header in free.items() if number not in used and (name := match(header))}
        used |= _require_distinct(
            {number: name for number, name in matched.items() if name not in used.values()}, headers
        )
    labels = properties_by_label()
    is_export = any(RECORD_ID in (header, labels.get(label_key(header))) for header in headers)
    return MatchedColumns(tuple(headers), dict(sorted(used.items())), is_export)


def match_table_columns(table: Table, wanted: Collection[str], mapped: Mapping[str, str]) -> MatchedColumns:
    """The columns of a table matched, as `match_columns` does. Raises TableUnusable with the table's path."""
    try:
        return match_columns(table.headers, wanted, mapped)
    except TableUnusable as error:
        raise TableUnusable(f"{table.path}: {error.message}") from error


def _header_matchers(wanted: Collection[str]) -> Iterator[Callable[[str], str | None]]:
    """Yields the ways in which a header finds its property, the closest first."""
    names = {name: name for name in wanted}
    keys, labels = {_header_key(name): name for name in wanted}, properties_by_label()
    yield lambda header: names.get(header.strip())
    yield lambda header: keys.get(_header_key(header))
    yield lambda header: names.get(labels.get(label_key(header), ""))


def _require_distinct(matched: dict[int, str], headers: Sequence[str]) -> dict[int, str]:
    names = list(matched.values())
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            twice = [headers[number] for number in matched if matched[number] == name]
            remedy = f'--map "{twice[1]}=" leaves one out' if len({*twice}) > 1 else "rename one in the file"
            raise TableUnusable(f"several columns are the property {name}: {quote_headers(twice)}; {remedy}")
    return matched


def quote_headers(headers: Iterable[str]) -> str:
    """Headers as one text."""
    return ", ".join(f'"{header}"' for header in headers)


def _header_key(text: str) -> str:
    """The header without case and separators: "Number of Employees" and "numberofemployees" are one."""
    return re.sub(r"[\W_]+", "", text.casefold())
