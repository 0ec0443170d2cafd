"""Values that stand in HubSpot and nobody can read, company by company: what to correct before data is bought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.companies.frame import ID
from icp_sync.companies.spreadsheet_escaping import escape_formula
from icp_sync.plan.plurals import count_noun
from icp_sync.profile.model.profile import Location
from icp_sync.scoring.purchase_simulation import GROUP
from icp_sync.text_truncation import shorten
from icp_sync.views.csv_text import first_nonempty_text_expr
from icp_sync.views.links import record_link
from icp_sync.views.sanitise import sanitise
from icp_sync.views.shopping_list import UNREADABLE

MAX_SHOWN: Final = 20
"""Rows on a terminal; the table of `--csv` has them all."""
_MAX_NAME, _MAX_VALUE = 28, 32
_TEXTS: Final = ("domain", "name", "value")


@dataclass(frozen=True, slots=True)
class Records:
    """Where the records are: a link is made of both."""

    ui_domain: str
    portal_id: int

    @property
    def link_prefix(self) -> str:
        """The address of a record, without its id at the end."""
        return record_link(self.ui_domain, self.portal_id, "")


@dataclass(frozen=True, slots=True)
class SavedRows:
    """A table of values that was written, and its rows."""

    file: str
    rows: int


def unreadable_table(
    values: pl.DataFrame, lifted: pl.DataFrame, scored: pl.DataFrame, companies: pl.DataFrame, records: Records
) -> pl.DataFrame:
    """A row for each value: `id, domain, name, property, value, tier, link`, those that would lift most first.

    `values`: of `unreadable_values`; `lifted`: of `lifted_companies`; `scored`: a scored frame; `companies`: the
    company frame. `tier` is within reach once the value is what the profile asks for, "" where it lifts into none.
    """
    texts = companies.select(
        ID, **{name: first_nonempty_text_expr([name], companies.columns) for name in ("domain", "name")}
    )
    rows = (
        values.join(lifted, on=[ID, GROUP], how="left")
        .join(scored.select(ID, "potential"), on=ID, how="left")
        .join(texts, on=ID, how="left")
        .sort("tier", pl.col("potential").neg(), ID, "property", nulls_last=True)
    )
    link = pl.format("{}{}", pl.lit(records.link_prefix), pl.col(ID))
    return rows.select(
        ID, pl.col("domain", "name").fill_null(""), "property", "value", pl.col("tier").fill_null(""), link=link
    )


def unreadable_csv(table: pl.DataFrame) -> str:
    """The table as CSV; texts that a spreadsheet would run are led by an apostrophe."""
    return table.with_columns(escape_formula(pl.col(name)) for name in _TEXTS).write_csv()


def unreadable_document(table: pl.DataFrame) -> dict[str, Any]:
    """`{companies, values}` for `--json`; a tier null is none within reach."""
    rows = table.with_columns(pl.col(ID).cast(pl.String), pl.col("tier").replace("", None))
    return {"companies": table[ID].n_unique(), "values": rows.to_dicts()}


def unreadable_view(
    table: pl.DataFrame, records: Records, location: Location, saved: SavedRows | None = None
) -> RenderableType:
    """The first rows, where the records are, and what to do."""
    if table.is_empty():
        return Text("Nothing stands there that cannot be read, of undecided companies that lack a value.")
    return Group(
        _headline(table),
        "",
        _rows(table.head(MAX_SHOWN)),
        "",
        *map(sanitise, _legend(table, records, location)),
        *map(sanitise, _next(table, saved)),
    )


def _headline(table: pl.DataFrame) -> Text:
    values = count_noun(table.height, "value")
    companies = count_noun(table[ID].n_unique(), "undecided company", "undecided companies")
    return Text(f"{values} of {companies} cannot be read. To correct them in HubSpot is free.")


def _rows(shown: pl.DataFrame) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for title in ("id", "company", "property", "value", "within reach"):
        table.add_column(title, overflow="fold")
    for row in shown.to_dicts():
        company = shorten(row["name"] or row["domain"], _MAX_NAME)
        value = shorten(row["value"], _MAX_VALUE)
        reach = row["tier"].replace("_", " ") or "–"
        table.add_row(str(row[ID]), *map(sanitise, (company, row["property"], value)), reach)
    return table


def _legend(table: pl.DataFrame, records: Records, location: Location) -> Iterator[str]:
    yield "within reach: the tier, if the value were what the profile asks for (– = it alone lifts into none)"
    if table["property"].is_in([*location.state, *location.city]).any():
        yield "A state or city that several places share can be read once its country stands beside it."
    yield f"A record: {records.link_prefix}ID"


def _next(table: pl.DataFrame, saved: SavedRows | None) -> Iterator[str]:
    if saved:
        yield f"{saved.file}: {count_noun(saved.rows, 'row')}, the highest tier within reach first."
    elif table.height > MAX_SHOWN:
        yield f"{table.height - MAX_SHOWN:,} more, with links: {UNREADABLE} --csv to-correct.csv"
    yield "Once they are corrected: icp-sync plan"
