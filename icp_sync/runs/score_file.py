"""Score a file: each of its companies judged by the profile alone, with no portal, no state and no other company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.spreadsheet_escaping import escape_formula
from icp_sync.errors import TableUnusable
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.property_reads import property_names_read
from icp_sync.runs.file_columns import MatchedFile
from icp_sync.runs.file_report_document import FileFigures, ReportRows, report_rows
from icp_sync.scoring.batch_totals import BatchTotals
from icp_sync.scoring.outcome import credit_column
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import ScoreResult, score
from icp_sync.scoring.understood_values import understood_column
from icp_sync.tables.blank_rows import find_blank_rows
from icp_sync.tables.column_matching import MatchedColumns, quote_headers
from icp_sync.tables.company_batches import batch_to_company_frame, parsing_conventions
from icp_sync.tables.table import positional_name

SCORED_HEADERS: Final = {
    "icp_tier": "tier",
    "icp_outcome": "outcome",
    "icp_score": "score",
    "icp_potential": "potential",
    "icp_coverage": "coverage",
    "icp_reasons": "reasons",
}
"""The columns behind those of the file → the columns of a scored frame they come from."""
COUNTRY: Final = "country"
OUTSIDE: Final = "Outside the profile's scope."


@dataclass(frozen=True, slots=True)
class BlockCounts:
    """What scoring a block leaves beside its rows. `page`: None where no page is asked for."""

    tally: BatchTotals
    page: ReportRows | None


@dataclass(frozen=True, slots=True)
class BlockScoring:
    """Scores the rows of a block: a pure function of them, which any process can run.

    `made`: header → column of a scored frame; `page`: the columns a page names companies by.
    """

    program: Program
    columns: MatchedColumns
    names: tuple[str, ...]
    made: Mapping[str, str]
    with_country: bool
    page: MatchedColumns | None

    def __call__(self, batch: pl.DataFrame) -> tuple[pl.DataFrame, BlockCounts]:
        """The block's columns and ours, named by position, and what they come to. Raises TableUnusable.

        Blank rows stay where they are, with nothing in our columns.
        """
        companies = with_missing_columns(batch_to_company_frame(batch, self.columns), self.names)
        blank = find_blank_rows(batch)
        result = score(companies.filter(~blank) if blank.any() else companies, self.program)
        tally = BatchTotals(blank_rows=int(blank.sum()))
        tally.add(result.frame, result.outside.len(), result.unrecognised)
        page = report_rows(batch, blank, result, self.page) if self.page else None
        rows = companies.select(ID).with_columns(blank=blank)
        return batch.hstack(self._output_columns(rows, result, batch.width)), BlockCounts(tally, page)

    def _output_columns(self, rows: pl.DataFrame, result: ScoreResult, width: int) -> pl.DataFrame:
        rows = rows.join(result.frame, on=ID, how="left", maintain_order="left")
        is_outside = pl.col("outcome").is_null() & ~pl.col("blank")
        reasons = pl.when(is_outside).then(pl.lit(OUTSIDE)).otherwise(pl.col("reasons"))
        scored = rows.with_columns(reasons=escape_formula(reasons)).select(
            pl.col(column).alias(positional_name(width + number)) for number, column in enumerate(self.made.values())
        )
        if self.with_country:
            understood = rows.select(ID).join(result.understood, on=ID, how="left", maintain_order="left")
            country = understood[understood_column(COUNTRY)]
            scored.insert_column(scored.width, country.alias(positional_name(width + scored.width)))
        return scored


class FileScoring:
    """A file about to be scored: its headers and ours, the function that scores its blocks, and the tally they leave.

    `with_country`: a last column, beside `headers`, holds the country understood. `figures`: what a page counts, kept
    where one is asked for. Raises TableUnusable where the file has one of our headers already.
    """

    def __init__(
        self,
        file: MatchedFile,
        as_of: dt.date,
        *,
        with_credits: bool = False,
        with_country: bool = False,
        figures: FileFigures | None = None,
    ) -> None:
        self.file, self.tally, self.figures = file, BatchTotals(), figures
        judged = file.judged
        if with_country:
            # As an output, so that the country is the one scoring understood and no second reading of it.
            write = judged.write.model_copy(update={"understood": {COUNTRY: COUNTRY}})
            judged = judged.model_copy(update={"write": write})
        self.program = compile_profile(judged, as_of, parsing_conventions(file.columns, file.table.numeric_columns))
        criteria = [criterion.id for criterion in file.profile.criteria] if with_credits else []
        made = SCORED_HEADERS | {f"icp_credit_{name}": credit_column(name) for name in criteria}
        self.headers = (*file.table.headers, *made)
        # A result that is scored once more would have two columns of one name, and nobody could tell the new one.
        if clash := [header for header in made if header in file.table.headers]:
            raise TableUnusable(
                f"{file.table.path} has a column {quote_headers(clash)} already; rename it or take it out"
            )
        names = property_names_read(file.judged)
        page = figures.context if figures else None
        self.function = BlockScoring(self.program, file.columns, names, made, with_country, page)

    @property
    def profile_digest(self) -> str:
        """The profile's digest: scores of one digest and day are alike."""
        return scoring_digest(self.file.profile)

    def add_counts(self, counts: BlockCounts) -> None:
        """Add a block's counts, in the order of the file."""
        if self.figures is not None and counts.page is not None:
            self.figures.add_block(counts.page, self.tally.rows)
        self.tally.merge(counts.tally)
