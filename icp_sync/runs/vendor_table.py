"""A vendor's table read a batch at a time: of each company of ours its row, and how many rows were of no use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.catalogue.export_labels import RECORD_ID, label_key, properties_by_label
from icp_sync.companies.frame import ID
from icp_sync.companies.parse.parsed_columns import ValueKind, parse_properties, parsed_column
from icp_sync.companies.snapshot import survivors_of_merged
from icp_sync.errors import TableUnusable
from icp_sync.plan.enrich_summary import RowCounts
from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.scoring.vendor_values import AS_OF
from icp_sync.tables.blank_rows import find_blank_rows
from icp_sync.tables.column_matching import MatchedColumns, quote_headers
from icp_sync.tables.company_batches import batch_to_company_frame, record_ids
from icp_sync.tables.table import Table
from icp_sync.vocabulary.name_suggestions import did_you_mean
from icp_sync.vocabulary.websites import FREE_MAIL_HOSTS, company_host, readable_host

_KEY: Final = ":key"
_DATE: Final = ":date"
_OWN: Final = ":own"
_MAX_NAMED: Final = 3
_MAX_HEADERS: Final = 12


@dataclass(frozen=True, slots=True)
class VendorTable:
    """A file matched with the columns of a source. `columns`: place → property, `:key` or `:date`."""

    table: Table
    enrichment: Enrichment
    columns: MatchedColumns
    counts: RowCounts = field(default_factory=RowCounts)

    def read_companies(self, companies: pl.DataFrame, day: dt.date) -> pl.DataFrame:
        """The rows of our companies: `id`, `as_of` and a String column for each property, one row a company.

        Reads the file once; memory depends on the companies, not on the file. `day`: what rows are dated by where the
        source has no date column, and the last day a row may be of. Raises TableUnusable.
        """
        keys = _company_keys(companies, self.enrichment)
        latest = pl.DataFrame()
        for batch in self.table.batches():
            blank = find_blank_rows(batch)
            self.counts.blank += int(blank.sum())
            companies_of_file = batch_to_company_frame(batch.filter(~blank), self.columns).drop(ID)
            rows = self._matching_rows(companies_of_file, keys, day)
            latest = self._latest_rows(pl.concat([latest, rows]) if latest.width else rows)
        if not self.counts.rows:
            besides = " and rows with nothing in them" if self.counts.blank else ""
            raise TableUnusable(f"{self.table.path} has no rows, only the names of its columns{besides}")
        if latest.is_empty() and self.counts.undated:
            column = f'{self.table.path}: no date in the column "{self.enrichment.date}"'
            raise TableUnusable(f"{column} can be read, or they all lie in the future; write days as 2026-09-30")
        if latest.is_empty():
            raise TableUnusable(self._no_match_reason())
        # Only now, since a later batch may have had a later row that decides.
        self._require_distinct(latest)
        self.counts.matched = latest.height
        placed = latest.join(keys, on=_KEY)
        self.counts.shared = int((placed.filter(_OWN).group_by(_KEY).len()["len"] > 1).sum())
        # A company merged away is matched by its old id too; the survivor's own row counts before it.
        placed = placed.sort(AS_OF, _OWN).unique(ID, keep="last", maintain_order=True)
        return placed.drop(_KEY, _OWN).sort(ID)

    def _matching_rows(self, rows: pl.DataFrame, keys: pl.DataFrame, day: dt.date) -> pl.DataFrame:
        """The rows of a batch that are of a company of ours and have a date."""
        counts, rows = self.counts, rows.with_columns(_row_key(self.enrichment).alias(_KEY))
        # Anybody has an address at these hosts: one row would be matched with every company that wrote from there.
        free = rows[_KEY].is_in(list(FREE_MAIL_HOSTS)).fill_null(value=False)
        known = rows.filter(~free).join(keys, on=_KEY, how="semi", maintain_order="left")
        counts.rows += rows.height
        counts.without_key += rows[_KEY].null_count()
        counts.free_mail += int(free.sum())
        counts.unmatched += rows.height - rows[_KEY].null_count() - int(free.sum()) - known.height
        dated = _with_date(known) if self.enrichment.date else known.with_columns(pl.lit(day).alias(AS_OF))
        # A day to come is a mistake of the file's, and such a value would stay young longer than any other.
        usable = dated.filter(pl.col(AS_OF) <= day)
        counts.undated += dated.height - usable.height
        return usable

    def _latest_rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The latest rows of each company; several only where they are of one day and differ."""
        different = rows.unique(maintain_order=True)
        latest = different.filter(pl.col(AS_OF) == pl.col(AS_OF).max().over(_KEY))
        self.counts.older += rows.height - latest.height
        if self.enrichment.date is None:
            self._require_distinct(latest)  # no later row can decide between them
        return latest

    def _no_match_reason(self) -> str:
        """Why no row is of a company of ours. Kept, such a file would take back all that the one before it said."""
        counts, key = self.counts, self.enrichment.key.replace("_", " ")
        if counts.without_key == counts.rows:
            return f"{self.table.path}: none of its rows has a {key} that can be read; nothing was kept"
        others = counts.rows - counts.without_key
        mail = f", {counts.free_mail:,} of them a mail provider's, which is nobody's" if counts.free_mail else ""
        return (
            f"{self.table.path}: no row is of a company as last read, and {others:,} of {counts.rows:,} have a {key}"
            f"{mail}; see that they are your companies' in HubSpot, and run icp-sync plan once for new ones; "
            "nothing was kept"
        )

    def _require_distinct(self, rows: pl.DataFrame) -> None:
        twice = rows.filter(pl.col(_KEY).is_duplicated())[_KEY].unique(maintain_order=True)
        if twice.is_empty():
            return
        more = f" and {twice.len() - _MAX_NAMED:,} more" if twice.len() > _MAX_NAMED else ""
        named = f"{', '.join(twice.head(_MAX_NAMED))}{more}"
        remedy = "leave one row of each day" if self.enrichment.date else "name its date column (date: …) so that the "
        remedy += "" if self.enrichment.date else "latest counts, or leave one row each"
        raise TableUnusable(f"{self.table.path} has several rows for {named}, which differ; {remedy}")


def match_vendor_columns(table: Table, enrichment: Enrichment) -> VendorTable:
    """The table with its columns matched. Raises TableUnusable where one the source names is not there, or twice."""
    used: dict[int, str] = {_key_column_place(table, enrichment): _KEY}
    wanted = [*enrichment.columns.items(), *([(enrichment.date, _DATE)] if enrichment.date else [])]
    for header, name in wanted:
        used[_column_place(table, header, f"which the profile reads as {'its date' if name == _DATE else name}")] = name
    if len(used) <= len(wanted):
        raise TableUnusable(f"{table.path}: one column is named for two things under {enrichment.source}; name it once")
    return VendorTable(table, enrichment, MatchedColumns(table.headers, dict(sorted(used.items())), is_export=False))


def _column_place(table: Table, header: str, purpose: str) -> int:
    headers = [each.strip() for each in table.headers]
    if headers.count(header) == 1:
        return headers.index(header)
    if header in headers:
        raise TableUnusable(f'{table.path} has several columns "{header}", {purpose}; rename all but one')
    raise _no_column_error(table, f'"{header}", {purpose}', did_you_mean(header, headers, _header_list(headers)))


def _key_column_place(table: Table, enrichment: Enrichment) -> int:
    if enrichment.key_column is not None:
        return _column_place(table, enrichment.key_column, "by which rows find their company")
    wanted = RECORD_ID if enrichment.key == "record_id" else "domain"
    labels = properties_by_label()
    names = [labels.get(label_key(header), label_key(header).replace(" ", "_")) for header in table.headers]
    aliases = {wanted, "id", "record_id"} if enrichment.key == "record_id" else {wanted, "website", "website_url"}
    places = [number for number, name in enumerate(names) if name == wanted]
    # A column called exactly so counts alone, however many others are called like it.
    places = places or [number for number, name in enumerate(names) if name in aliases]
    if len(places) == 1:
        return places[0]
    if places:
        several = quote_headers(table.headers[number] for number in places)
        raise TableUnusable(f"{table.path}: the {enrichment.key} may stand in {several}; say in which by key_column")
    advice = f"say which has it by key_column; {_header_list(table.headers)}"
    raise _no_column_error(table, f"called like {enrichment.key}", advice)


def _no_column_error(table: Table, column: str, advice: str) -> TableUnusable:
    if len(table.headers) == 1:
        advice = f"its only one is {quote_headers(table.headers)}; part columns by commas, semicolons, tabs or bars"
    return TableUnusable(f"{table.path} has no column {column}; {advice}")


def _header_list(headers: Sequence[str]) -> str:
    return f"it has {quote_headers(headers[:_MAX_HEADERS])}"


def _company_keys(companies: pl.DataFrame, enrichment: Enrichment) -> pl.DataFrame:
    """`:key` and `id` of our companies, and `:own`: false where the key is of a company merged into it."""
    if enrichment.key == "domain":
        hosts = companies.select(company_host(pl.col("domain")).alias(_KEY), ID, pl.lit(value=True).alias(_OWN))
        return hosts.drop_nulls(_KEY)
    own = companies.select(pl.col(ID).cast(pl.String).alias(_KEY), ID, pl.lit(value=True).alias(_OWN))
    merged = survivors_of_merged(companies).filter(~pl.col(ID).is_in(companies[ID].implode()))
    gone = merged.select(
        pl.col(ID).cast(pl.String).alias(_KEY), pl.col("survivor").alias(ID), pl.lit(False).alias(_OWN)
    )
    return pl.concat([own, gone])


def _row_key(enrichment: Enrichment) -> pl.Expr:
    """The key of a row; null where it has none."""
    if enrichment.key == "domain":
        return readable_host(pl.col(_KEY))
    return record_ids(pl.col(_KEY)).cast(pl.String)


def _with_date(rows: pl.DataFrame) -> pl.DataFrame:
    parsed = parse_properties(rows, [(_DATE, ValueKind.DATE)])
    return parsed.with_columns(pl.col(parsed_column(_DATE, ValueKind.DATE)).alias(AS_OF)).select(
        *(name for name in rows.columns if name != _DATE), AS_OF
    )
