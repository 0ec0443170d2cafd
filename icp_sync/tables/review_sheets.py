"""Sheets on which people say of companies whether they fit: written blind, read back however they were saved.

A sheet has a row a company: a link to its record, what is known of it, and columns to fill in. A spreadsheet may sort
it, reorder its columns, and save it with semicolons, a byte order mark or in Windows-1252; the link is what tells which
company a row is about, since a spreadsheet turns long numbers into 1.2E+10.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from icp_sync.companies.spreadsheet_escaping import escape_formula
from icp_sync.errors import TableUnusable
from icp_sync.files import write_private_file
from icp_sync.tables.opening import open_table
from icp_sync.tables.table import Table, positional_name

RECORD: Final = "Record"
REVIEWER: Final = "Reviewer"
DEPARTMENT: Final = "Department"
OPINION: Final = "Fit / no fit / unsure"
WHY: Final = "Why"
TO_FILL_IN: Final = (REVIEWER, DEPARTMENT, OPINION, WHY)
_FIELDS: Final = {RECORD: "company", REVIEWER: "reviewer", DEPARTMENT: "department", OPINION: "opinion", WHY: "why"}
_OPINIONS: Final = {"fit": "fit", "nofit": "no_fit", "notfit": "no_fit", "unsure": "unsure"}
_RECORD_ID: Final = r"(?:^|/)(\d{1,18})/?$"
_PORTAL_ID: Final = r"/contacts/(\d{1,18})/record/"
_FIRST_ROW: Final = 2
"""The row in which a spreadsheet shows the first company; the names of the columns are row 1."""


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A filled sheet. `rows`: row, company (Int64), reviewer, department, opinion and why, of rows with an opinion.

    `size`: companies on it. `opinion` is "fit", "no_fit" or "unsure". `is_signed`: somebody wrote a name on it; the
    reviewer is the file's name where nobody did.
    """

    path: Path
    size: int
    rows: pl.DataFrame
    is_signed: bool


def write_review_sheet(path: Path, companies: pl.DataFrame) -> None:
    """Write a sheet: the columns of `companies` (texts), and empty ones to fill in.

    Raises TableUnusable for a name that is no text table's, and for a file that exists: somebody may have filled it in.
    """
    if path.suffix.lower() not in {".csv", ".tsv"}:
        raise TableUnusable(f"{path} does not end in .csv or .tsv; name the sheet so")
    if path.exists():
        raise TableUnusable(f"{path} exists already, and somebody may have filled it in; name another with --out")
    safe = companies.select(escape_formula(pl.col(pl.String)))
    rows = safe.with_columns(pl.lit("").alias(name) for name in TO_FILL_IN)
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    # Excel takes a CSV without the mark for Windows-1252.
    write_private_file(path, [codecs.BOM_UTF8, rows.write_csv(separator=separator, line_terminator="\r\n").encode()])


def read_review_sheet(path: Path, portal_id: int) -> ReviewSheet:
    """Read a filled sheet on companies of this portal; rows without an opinion are left out.

    Who signs one row of a sheet that nobody else signs has signed all of them; where nobody does, the file's name is
    the reviewer. Raises TableUnusable with the row for what is no opinion, no record, another portal's, or nobody's.
    """
    table = open_table(path)
    columns = _field_places(table)
    cells = pl.concat([_field_texts(batch, columns) for batch in table.batches()] or [_field_texts(None, columns)])
    numbered = cells.with_row_index("row", offset=_FIRST_ROW).with_columns(pl.col("row").cast(pl.Int64))
    filled = numbered.filter(pl.col("opinion") != "")
    rows = _fill_blank_reviewers(path, filled, numbered).with_columns(
        company=_company_ids(path, filled, portal_id), opinion=_parse_opinions(path, filled), why=pl.col("why")
    )
    is_signed = bool((numbered["reviewer"] != "").any())
    return ReviewSheet(path, numbered.filter(pl.col("company") != "").height, rows, is_signed)


def _field_places(table: Table) -> dict[str, int]:
    """Field → the place of its column. Raises TableUnusable where a column that is needed is gone, or there twice."""
    keys = [_spelling_key(header) for header in table.headers]
    for header in (RECORD, OPINION, REVIEWER, DEPARTMENT, WHY):
        if keys.count(_spelling_key(header)) > 1:
            raise TableUnusable(f'{table.path} has two columns "{header}"; leave one of them')
    for header in (RECORD, OPINION):
        if _spelling_key(header) not in keys:
            raise TableUnusable(
                f'{table.path} has no column "{header}", so it is no sheet of icp-sync sample; name the column so'
            )
    return {
        field: keys.index(_spelling_key(header)) for header, field in _FIELDS.items() if _spelling_key(header) in keys
    }


def _field_texts(batch: pl.DataFrame | None, columns: Mapping[str, int]) -> pl.DataFrame:
    """The fields as texts without blanks around them; "" where empty or the column is not there."""
    if batch is None:
        return pl.DataFrame(schema=dict.fromkeys(_FIELDS.values(), pl.String))
    return batch.select(
        (pl.col(positional_name(columns[field])).cast(pl.String) if field in columns else pl.lit(None, pl.String))
        .fill_null("")
        .str.strip_chars()
        .alias(field)
        for field in _FIELDS.values()
    )


def _company_ids(path: Path, filled: pl.DataFrame, portal_id: int) -> pl.Series:
    ids = filled["company"].str.extract(_RECORD_ID).cast(pl.Int64)
    for row, text in filled.filter(ids.is_null()).select("row", "company").iter_rows():
        raise TableUnusable(
            f"{path}, row {row:,}: {text[:80]!r} is no link to a company's record; take it from the sheet as written"
        )
    # Record ids are counted anew in each portal, so the same number is another company there.
    portals = filled["company"].str.extract(_PORTAL_ID).cast(pl.Int64)
    for row, other in filled.select("row", portal=portals).filter(pl.col("portal") != portal_id).iter_rows():
        raise TableUnusable(
            f"{path}, row {row:,}: the link leads to HubSpot account {other}, and this state is of {portal_id}; read "
            "the sheet where it was drawn"
        )
    return ids


def _parse_opinions(path: Path, filled: pl.DataFrame) -> pl.Series:
    words = [_OPINIONS.get(_spelling_key(text)) for text in filled["opinion"]]
    for row, text, word in zip(filled["row"], filled["opinion"], words, strict=True):
        if word is None:
            raise TableUnusable(f"{path}, row {row:,}: {text[:80]!r} is no opinion; write fit, no fit or unsure")
    return pl.Series(words, dtype=pl.String)


def _fill_blank_reviewers(path: Path, filled: pl.DataFrame, everything: pl.DataFrame) -> pl.DataFrame:
    """The filled rows with reviewer and department where only one of the sheet can be meant."""
    reviewers = _distinct_texts(everything["reviewer"])
    unsigned = filled.filter(pl.col("reviewer") == "")
    if len(reviewers) > 1 and not unsigned.is_empty():
        raise TableUnusable(
            f"{path}, row {unsigned['row'][0]:,}: nobody signed this opinion, and the sheet has "
            f"{' and '.join(reviewers[:3])}; write the reviewer"
        )
    reviewer = reviewers[0] if reviewers else path.stem
    named = filled.with_columns(reviewer=pl.when(pl.col("reviewer") == "").then(pl.lit(reviewer)).otherwise("reviewer"))
    departments = _distinct_texts(everything["department"])
    # Of several departments a blank may be any; of one, it was written once for all.
    department = departments[0] if len(departments) == 1 and len(reviewers) <= 1 else ""
    blank = pl.col("department") == ""
    return named.with_columns(department=pl.when(blank).then(pl.lit(department)).otherwise("department"))


def _distinct_texts(texts: Sequence[str] | pl.Series) -> list[str]:
    """The texts that differ in more than case, in order."""
    spelled: dict[str, str] = {}
    for text in texts:
        if text:
            spelled.setdefault(_spelling_key(text), text)
    return list(spelled.values())


def _spelling_key(text: str) -> str:
    """`No fit`, `no-fit` and `NO FIT` are one."""
    return re.sub(r"[\W_]+", "", text.casefold())


def combine_sheets(sheets: Sequence[ReviewSheet]) -> tuple[pl.DataFrame, int]:
    """All opinions, each reviewer's on a company once, and how many were there twice alike.

    A reviewer is one person however the name is capitalised. Raises TableUnusable, with both places, where somebody
    says two things of one company, and where two sheets that nobody signed have one name.
    """
    _require_distinct_names([sheet.path for sheet in sheets if not sheet.is_signed])
    spelled: dict[str, str] = {}
    given: dict[tuple[int, str], tuple[str, dict[str, Any]]] = {}
    repeated = 0
    for place, row in _rows_with_location(sheets):
        names = {
            name: spelled.setdefault(f"{name}:{_spelling_key(row[name])}", row[name])
            for name in ("reviewer", "department")
        }
        key = (row["company"], names["reviewer"])
        if key not in given:
            given[key] = (place, row | names)
            continue
        repeated += 1
        if given[key][1]["opinion"] != row["opinion"]:
            raise _contradiction_error(place, row, *given[key])
    schema = {"company": pl.Int64} | dict.fromkeys(["reviewer", "department", "opinion", "why"], pl.String)
    return pl.DataFrame([row for _, row in given.values()], schema=schema), repeated


def _require_distinct_names(unsigned: Sequence[Path]) -> None:
    """Two people would count as one, and agree or contradict themselves."""
    first: dict[str, Path] = {}
    for path in unsigned:
        other = first.setdefault(_spelling_key(path.stem), path)
        if other.resolve() != path.resolve():
            raise TableUnusable(
                f"nobody signed {other} or {path}, and both are called {path.stem}, which would be one reviewer; write "
                "the reviewers, or name the files after them"
            )


def _rows_with_location(sheets: Sequence[ReviewSheet]) -> Iterator[tuple[str, dict[str, Any]]]:
    for sheet in sheets:
        for number, row in zip(sheet.rows["row"], sheet.rows.drop("row").iter_rows(named=True), strict=True):
            yield f"{sheet.path}, row {number:,}", row


def _contradiction_error(place: str, row: Mapping[str, str], other: str, earlier: Mapping[str, str]) -> TableUnusable:
    after, before = (opinion["opinion"].replace("_", " ") for opinion in (row, earlier))
    return TableUnusable(
        f"{place}: {row['reviewer']} says {after} of a company that {other} calls {before}; leave one of them"
    )
