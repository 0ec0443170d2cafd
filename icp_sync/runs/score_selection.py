"""Files of companies about to be scored, all of them or those that are wanted: not in HubSpot yet, the best."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import polars as pl

from icp_sync.errors import TableUnusable, UsageError
from icp_sync.object_store.address import ObjectAddress
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.best_companies import Ranking, group_column_name
from icp_sync.runs.companies_not_in_hubspot import NewCompanyTable, drop_known_companies
from icp_sync.runs.file_columns import MatchedFile, match_file
from icp_sync.runs.file_report_document import FileFigures
from icp_sync.runs.host_columns import DOMAIN_PROPERTIES, find_host_columns
from icp_sync.runs.hubspot_import_files import writable_labels
from icp_sync.runs.score_file import COUNTRY, BlockCounts, BlockScoring, FileScoring
from icp_sync.runs.table_block_engine import Engine, Made, PartStore
from icp_sync.state.portal_domains import read_company_domains, read_domains_from_object_store
from icp_sync.tables.locations import Location
from icp_sync.tables.source_files import open_source_table
from icp_sync.tables.table import positional_name


@dataclass(frozen=True, slots=True)
class CompanySelection:
    """Which companies are wanted. `states`: folders of state whose portals must not hold them, none = this user's own.

    `snapshots`: where in an object store those snapshots are kept instead; `scratch`: where they are then opened.
    `top` None: all; `per` None: the best of all, else of each value.
    """

    not_in_portal: bool = False
    states: Sequence[Path] = ()
    top: int | None = None
    per: str | None = None
    snapshots: ObjectAddress | None = None
    scratch: Path | None = None

    def with_state_defaults(
        self, state: Path | None, named: Sequence[Path], snapshots: ObjectAddress | None = None
    ) -> CompanySelection:
        """The selection, by where the state is for other commands too, unless it names another.

        `named`: those of `--state`; several, or one beside `--portal-state`, are the states of portals like those.
        Raises UsageError for an option without the one it belongs to.
        """
        if self.per is not None and self.top is None:
            raise UsageError("--per groups the best companies; say how many of each with --top N")
        if self.states and not self.not_in_portal:
            raise UsageError("--portal-state says whose companies to leave out; it goes with --not-in-portal")
        if not self.not_in_portal:
            return self
        if self.states or len(named) > 1:
            return replace(self, states=(*self.states, *named))
        return replace(self, states=(state,) if state else (), snapshots=snapshots, scratch=state)

    def read_portal_domains(self) -> pl.Series:
        """The domains of the companies that portals hold. Raises StateUnusable where they are not known."""
        return (
            read_company_domains(self.states)
            if self.snapshots is None
            else read_domains_from_object_store(self.snapshots, self.scratch)
        )


@dataclass(frozen=True, slots=True)
class ExtraOutputs:
    """What a scoring makes beside the six columns: one of each criterion's credit, the figures of a page."""

    credits: bool = False
    page: bool = False


@dataclass(frozen=True, slots=True)
class WantedRowScoring:
    """Scores a block and keeps the rows that are wanted of it. `own`: the columns of the result; `ranking` as there."""

    scoring: BlockScoring
    ranking: Ranking | None
    own: tuple[str, ...]

    def __call__(self, number: int, batch: pl.DataFrame) -> tuple[pl.DataFrame, BlockCounts]:
        """The rows, with the columns a ranking goes by where there is one, and the counts of the whole block."""
        rows, counts = self.scoring(batch)
        # Cut where the block was scored, so that of a billion rows only so many travel.
        kept = rows.select(self.own) if self.ranking is None else self.ranking.best_of_block(number, rows)
        return kept, counts


@dataclass(frozen=True, slots=True)
class Universe:
    """A scoring with what is kept of it. `new_companies`, `ranking`: None where all companies are wanted."""

    scoring: FileScoring
    new_companies: NewCompanyTable | None
    ranking: Ranking | None
    engine: Engine

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yields the rows wanted, with the columns of `scoring.headers`. Raises TableUnusable."""
        made = self._require_companies(self.engine.map_blocks(self.scoring.file.table, self._block_function()))
        rows = (self._add_counts(rows, counts) for rows, counts in made)
        if self.ranking is None:
            yield from rows
        else:
            yield self.ranking.best_of_blocks(rows).select(self._own_columns())

    def write_parts(self, parts: PartStore) -> Iterator[int]:
        """Write the rows wanted as parts, where the engine makes them; yields how many each has.

        Raises TableUnusable, StateUnusable.
        """
        # Which are the best is known only once every block was scored, so their parts are written here.
        if self.ranking is not None:
            for number, rows in enumerate(self.batches()):
                parts.store(number, parts.encode(rows))
                yield rows.height
            return
        written = self.engine.write_parts(self.scoring.file.table, self._block_function(), parts)
        for height, counts in self._require_companies(written):
            self.scoring.add_counts(counts)
            yield height

    def _block_function(self) -> WantedRowScoring:
        return WantedRowScoring(self.scoring.function, self.ranking, self._own_columns())

    def _own_columns(self) -> tuple[str, ...]:
        return tuple(positional_name(number) for number in range(len(self.scoring.headers)))

    def _add_counts(self, rows: pl.DataFrame, counts: BlockCounts) -> pl.DataFrame:
        self.scoring.add_counts(counts)
        return rows

    def _require_companies(self, made: Iterator[tuple[Made, BlockCounts]]) -> Iterator[tuple[Made, BlockCounts]]:
        # Before any result is begun: a file with nothing but headers is a mistake, not an empty result.
        begun = list[tuple[Made, BlockCounts]]()
        for block in made:
            begun.append(block)
            _, counts = block
            if counts.tally.companies or self.new_companies:
                return chain(begun, made)
        besides = " and rows with nothing in them" if begun else ""
        raise TableUnusable(f"{self.scoring.file.table.path} has no rows, only the names of its columns{besides}")

    def left_out_counts(self) -> dict[str, int]:
        """Rows left out by why: blank ones, and where a portal's companies are, those it holds and doubles."""
        if (known := self.new_companies) is None:
            return {"blank_rows": self.scoring.tally.blank_rows}
        return {"blank_rows": known.blank_rows, "in_portal": known.in_portal, "duplicates": known.duplicates}


def open_wanted_universe(
    file: MatchedFile, selection: CompanySelection, as_of: dt.date, added: ExtraOutputs, engine: Engine
) -> Universe:
    """Leave out what a portal holds, and make the rest ready to be scored. Raises UsageError, TableUnusable.

    Raises StateUnusable where which companies a portal holds is not known.
    """
    new_companies = None
    if selection.not_in_portal:
        # Before scoring, so that what a portal has already takes no place among the best.
        hosts = find_host_columns(file.table.headers, file.columns.used)
        new_companies = drop_known_companies(file.table, hosts, selection.read_portal_domains(), engine)
        file = replace(file, table=new_companies)
    by_country = selection.per == COUNTRY and _means_the_country_understood(file)
    figures = FileFigures(file.table.headers) if added.page else None
    scoring = FileScoring(file, as_of, with_credits=added.credits, with_country=by_country, figures=figures)
    return Universe(scoring, new_companies, _ranking(selection, file, scoring, by_country=by_country), engine)


def _means_the_country_understood(file: MatchedFile) -> bool:
    """Whether a column called `country` is the property, or there is none; another is what a person reads there."""
    headers = file.table.headers
    return COUNTRY not in headers or file.columns.used.get(headers.index(COUNTRY)) == COUNTRY


def open_files(
    sources: Sequence[Location], profile: Profile, mapped: Mapping[str, str], *, for_import: bool = False
) -> MatchedFile:
    """The files as one table, matched with the profile and with where a domain stands. Raises as `match_file`.

    `for_import`: `mapped` may name whatever an import sets.
    """
    mappable = writable_labels() if for_import else {}
    return match_file(open_source_table(sources), profile, mapped, DOMAIN_PROPERTIES, mappable)


def _ranking(
    selection: CompanySelection, file: MatchedFile, scoring: FileScoring, *, by_country: bool
) -> Ranking | None:
    if selection.top is None:
        return None
    places = {header: positional_name(number) for number, header in enumerate(scoring.headers)}
    used = dict(file.columns.used)
    # The country understood stands behind all columns: "Deutschland", "Germany" and "DE" are one group.
    group = (
        positional_name(len(scoring.headers))
        if by_country
        else group_column_name(selection.per, file.table.headers, used)
    )
    return Ranking(
        selection.top,
        tier=places["icp_tier"],
        score=places["icp_score"],
        potential=places["icp_potential"],
        outcome=places["icp_outcome"],
        hosts=find_host_columns(file.table.headers, used),
        group=group,
        group_header=selection.per or "",
    )
