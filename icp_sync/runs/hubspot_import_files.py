"""A scored file in the layout of HubSpot's import of companies: labels as headers, spreadsheets' formulas made safe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, takewhile
from pathlib import Path
from typing import Any, Final

import polars as pl
import polars.selectors as cs

from icp_sync.catalogue.standard_properties import standard_properties
from icp_sync.companies.parse.parsed_columns import ValueKind, high_column, low_column, parse_properties
from icp_sync.companies.parse.portal_conventions import NO_CONVENTIONS, Conventions
from icp_sync.companies.spreadsheet_escaping import escape_formula
from icp_sync.errors import TableUnusable
from icp_sync.files import open_user_file_to_write
from icp_sync.plan.outputs import output_specs
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.host_columns import DOMAIN_PROPERTIES, HostColumns, find_host_columns
from icp_sync.tables.column_matching import match_columns
from icp_sync.tables.company_batches import column_as_text
from icp_sync.tables.table import positional_name

MAX_ROWS: Final = 1_048_575
"""Rows HubSpot reads of one file are 1,048,576, the headers among them."""
MAX_BYTES: Final = 512 * 1024 * 1024
"""Bytes HubSpot takes of one file (knowledge base, "Format and requirements of import files")."""
_SLICE_ROWS: Final = 50_000
_OURS: Final = ("score", "potential", "coverage", "outcome", "reasons")
"""The outputs an import may set.

A tier or target flag it set would belong to somebody else, and the nightly run leaves those alone; it sets its own the
night after the import.
"""
_NAMES: Final = {"name": "Company name", "domain": "Company domain name"}
"""Labels that HubSpot's import knows these two by, whatever they are called on a record."""


@dataclass(frozen=True, slots=True)
class ImportLayout:
    """Label of HubSpot → the column of a scored batch, by its position, whose header is in `headers`.

    `hosts`: the columns a company's domain is taken from. `places`: property → the column that fills it, by its
    position; `numbers`: those of HubSpot's type `number`.
    """

    columns: Mapping[str, str]
    headers: Mapping[str, str]
    hosts: HostColumns
    places: Mapping[str, str]
    numbers: Mapping[str, str]

    def select(self, batch: pl.DataFrame, by: Conventions = NO_CONVENTIONS) -> pl.DataFrame:
        """The batch as texts under HubSpot's labels; what a spreadsheet would run is led by an apostrophe.

        In a column of numbers stand numbers as HubSpot takes them, nothing where a text is none, or several. Raises
        TableUnusable for a column that is neither.
        """
        texts = pl.DataFrame([self.read_texts(batch, column) for column in self.headers])
        typed = set(batch.select(cs.numeric() | cs.temporal() | cs.boolean()).columns)
        written = texts.select(
            (pl.col(column) if column in typed else escape_formula(pl.col(column))).alias(label)
            for label, column in self.columns.items()
        )
        if self.hosts.headers:
            written = written.with_columns(self.hosts.read_hosts(batch).alias(_NAMES["domain"])).select(self.labels)
        numeric = {label: name for label, name in self.numbers.items() if self.columns[label] not in typed}
        if not numeric:
            return written
        frame = texts.select(pl.col(column).alias(name) for name, column in self.places.items())
        parsed = parse_properties(frame, [(name, ValueKind.NUMBER) for name in numeric.values()], by)
        numbers = parsed.select(_single_number(name).alias(label) for label, name in numeric.items())
        return written.with_columns(numbers.get_columns())

    def read_texts(self, batch: pl.DataFrame, column: str) -> pl.Series:
        """A column, by its position, as texts. Raises TableUnusable."""
        return column_as_text(batch[column], self.headers[column])

    def is_named(self) -> pl.Expr:
        """Whether a row of `select` has a name or a domain: of one without HubSpot makes a company nobody can tell."""
        labels = [label for label in self.labels if label in _NAMES.values()]
        return pl.any_horizontal(pl.col(label).str.strip_chars().fill_null("") != "" for label in labels)

    @property
    def labels(self) -> list[str]:
        """HubSpot's labels in the order of `select`."""
        domain = [_NAMES["domain"]] if self.hosts.headers and _NAMES["domain"] not in self.columns else []
        return domain + list(self.columns)

    def header_line(self) -> bytes:
        """The first line of each file: HubSpot maps the columns of every one by it (hubspot-api.md, section 7)."""
        return pl.DataFrame({label: [label] for label in self.labels}).write_csv(include_header=False).encode()


def import_layout(headers: tuple[str, ...], mapped: Mapping[str, str], profile: Profile) -> ImportLayout:
    """Where each column goes: HubSpot's standard properties that can be written, what `mapped` names, our outputs.

    Raises TableUnusable where the file names no company, by name or domain.
    """
    labels = writable_labels()
    used = match_columns(headers, [*dict.fromkeys([*labels, *mapped.values()])], mapped).used
    places = {name: positional_name(number) for number, name in used.items()}
    if not places.keys() & {*_NAMES, *DOMAIN_PROPERTIES}:
        raise TableUnusable(
            "HubSpot imports companies by name or domain, and no column is either; "
            'say which is one with --map "COLUMN=domain"'
        )
    columns = {labels.get(name, name): column for name, column in places.items()}
    numeric = {each.name for each in standard_properties() if each.type == "number"}
    numbers = {labels.get(name, name): name for name in places if name in numeric}
    written, specs = profile.write.properties(), output_specs(profile)
    ours = {specs[name].label: positional_name(headers.index(f"icp_{name}")) for name in _OURS if name in written}
    columns |= ours
    named = {positional_name(number): header for number, header in enumerate(headers)}
    read = {column: named[column] for column in (*columns.values(), *places.values())}
    # HubSpot tells companies of an import apart by their domain, and makes a double of one that has only an address.
    return ImportLayout(columns, read, find_host_columns(headers, used), places, numbers)


def writable_labels() -> dict[str, str]:
    """HubSpot's standard properties that an import can set, and the labels it knows them by."""
    # HubSpot refuses what is written to a property it computes itself (hubspot-api.md, section 2.1).
    standard = {each.name: each.label for each in standard_properties() if not (each.read_only or each.calculated)}
    return standard | _NAMES


@dataclass(slots=True)
class ImportCounts:
    """What became of the rows: `rows` written, `nameless` left out.

    `no_numbers`: label → cells left empty since their text is no single number, and the first such text.
    """

    rows: int = 0
    nameless: int = 0
    no_numbers: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add_emptied(self, label: str, texts: pl.Series) -> None:
        """Count the cells of a column that were left empty, by what stood there."""
        if texts.len():
            cells, example = self.no_numbers.get(label, (0, str(texts[0])))
            self.no_numbers[label] = (cells + texts.len(), example)

    def document(self) -> dict[str, Any]:
        """Its part of `--json`."""
        emptied = {label: cells for label, (cells, _) in self.no_numbers.items()}
        return {"without_name_or_domain": self.nameless, "no_single_number": emptied}


def write_import(
    path: Path, layout: ImportLayout, batches: Iterable[pl.DataFrame], by: Conventions = NO_CONVENTIONS
) -> tuple[list[Path], ImportCounts]:
    """Write files HubSpot's import takes: `path`, then `NAME-2.csv`, … where one would be too long or too large.

    Each is written whole or not at all; parts of a longer former result go. `by`: how numbers are read. Raises
    StateUnusable, and TableUnusable as `former_parts` does.
    """
    header, counts = layout.header_line(), ImportCounts()
    pieces = _import_pieces(layout, batches, by, counts)
    paths: list[Path] = []
    piece = next(pieces, None)
    while piece is not None or not paths:
        paths.append(part_path(path, len(paths) + 1))
        if len(paths) > 1:
            _require_part(paths[-1], header)
        with open_user_file_to_write(paths[-1]) as file:
            file.write(header)
            rows, size = 0, len(header)
            while piece is not None and rows + piece.rows <= MAX_ROWS and size + len(piece.text) <= MAX_BYTES:
                file.write(piece.text)
                rows, size = rows + piece.rows, size + len(piece.text)
                piece = next(pieces, None)
    for former in _parts_in_a_row(path, len(paths) + 1):
        _require_part(former, header)
        former.unlink()
    return paths, counts


def part_path(path: Path, number: int) -> Path:
    """Where a part of the result at `path` lies, counted from 1: `new.csv`, `new-2.csv`."""
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def former_parts(path: Path, layout: ImportLayout) -> list[Path]:
    """The further parts that a former result at `path` left, as far as they follow one another.

    Raises TableUnusable for a file among them that begins otherwise than a part: nobody knows whose it is.
    """
    parts = list(_parts_in_a_row(path, 2))
    for part in parts:
        _require_part(part, layout.header_line())
    return parts


def _parts_in_a_row(path: Path, first: int) -> Iterator[Path]:
    return takewhile(Path.exists, (part_path(path, number) for number in count(first)))


def _require_part(path: Path, header: bytes) -> None:
    try:
        with path.open("rb") as file:
            is_part = file.read(len(header)) == header
    except FileNotFoundError:
        return
    except OSError:
        is_part = False
    if not is_part:
        raise TableUnusable(
            f"{path} is called like a part of the result and is none, since its first line is another; "
            "move it, or name another with --for-import"
        )


@dataclass(frozen=True, slots=True)
class _ImportPiece:
    text: bytes
    rows: int


def _import_pieces(
    layout: ImportLayout, batches: Iterable[pl.DataFrame], by: Conventions, counts: ImportCounts
) -> Iterator[_ImportPiece]:
    """Yields the rows as text, so few at a time that a piece fits any file; counts what is left out."""
    for batch in batches:
        selected = layout.select(batch, by)
        is_named = selected.select(layout.is_named()).to_series()
        written = selected.filter(is_named)
        counts.rows += written.height
        counts.nameless += selected.height - written.height
        for label in layout.numbers:
            texts = layout.read_texts(batch, layout.columns[label])
            texts = texts.str.strip_chars().replace("", None).filter(is_named)
            counts.add_emptied(label, texts.filter(written[label].is_null() & texts.is_not_null()))
        for rows in written.iter_slices(_SLICE_ROWS):
            yield _ImportPiece(rows.write_csv(include_header=False).encode(), rows.height)


def _single_number(name: str) -> pl.Expr:
    """The number a property's text states, in digits alone; null where it states none, or a range."""
    low, high = pl.col(low_column(name)), pl.col(high_column(name))
    whole = low.cast(pl.Int64, strict=False)
    digits = pl.when(low == whole).then(whole.cast(pl.String)).otherwise(low.cast(pl.String))
    return pl.when(low == high).then(digits)
