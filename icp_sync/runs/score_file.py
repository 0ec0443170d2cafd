"""Score a file: each of its companies judged by the profile alone, with no portal, no state and no other company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_absent
from icp_sync.companies.spreadsheet_escaping import escape_formula
from icp_sync.errors import TableUnusable
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.property_reads import names_read
from icp_sync.runs.file_columns import MatchedFile
from icp_sync.runs.file_report_document import FileFigures
from icp_sync.scoring.batch_totals import Tally
from icp_sync.scoring.outcome import credit_column
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from icp_sync.scoring.understood_values import understood_column
from icp_sync.tables.column_matching import quoted
from icp_sync.tables.company_frames import company_frame_of, parsing_conventions
from icp_sync.tables.table import position

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


class FileScoring:
    """A file about to be scored: its headers and ours, the batches with both, and the tally they leave.

    `with_country`: a last column, beside `headers`, holds the country understood. `figures`: what a page counts, kept
    where one is asked for. Raises TableUnusable where the file has one of our
    headers already.
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
        self.file, self.tally, self.figures, self._with_country = file, Tally(), figures, with_country
        judged = file.judged
        if with_country:
            # As an output, so that the country is the one scoring understood and no second reading of it.
            write = judged.write.model_copy(update={"understood": {COUNTRY: COUNTRY}})
            judged = judged.model_copy(update={"write": write})
        self.program = compile_profile(judged, as_of, parsing_conventions(file.columns, file.table.numeric))
        criteria = [criterion.id for criterion in file.profile.criteria] if with_credits else []
        self._columns = SCORED_HEADERS | {f"icp_credit_{name}": credit_column(name) for name in criteria}
        self.headers = (*file.table.headers, *self._columns)
        # A result that is scored once more would have two columns of one name, and nobody could tell the new one.
        if clash := [header for header in self._columns if header in file.table.headers]:
            raise TableUnusable(f"{file.table.path} has a column {quoted(clash)} already; rename it or take it out")

    @property
    def digest(self) -> str:
        """The profile's digest: scores of one digest and day are alike."""
        return scoring_digest(self.file.profile)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yields the file's columns and ours, named by position; counts them in `tally`. Raises TableUnusable."""
        batches = self.file.table.batches()
        # Before any result is begun: a file with nothing but headers is a mistake, not an empty result.
        first = next(batches, None)
        if first is None:
            raise TableUnusable(f"{self.file.table.path} has no rows, only the names of its columns")
        for batch in chain([first], batches):
            yield self._with_scores(batch)

    def _with_scores(self, batch: pl.DataFrame) -> pl.DataFrame:
        companies = with_absent(company_frame_of(batch, self.file.columns), names_read(self.file.judged))
        result = score(companies, self.program)
        self.tally.add(result.frame, result.outside.len(), result.unrecognised)
        if self.figures is not None:
            self.figures.add(batch, result)
        # Outside the scope companies are in no score frame, and every row of the file has to come out again.
        rows = companies.select(ID).join(result.frame, on=ID, how="left", maintain_order="left")
        reasons = pl.when(pl.col("outcome").is_null()).then(pl.lit(OUTSIDE)).otherwise(pl.col("reasons"))
        scored = rows.with_columns(reasons=escape_formula(reasons)).select(
            pl.col(column).alias(position(batch.width + number)) for number, column in enumerate(self._columns.values())
        )
        if self._with_country:
            country = result.understood[understood_column(COUNTRY)]
            scored.insert_column(scored.width, country.alias(position(batch.width + scored.width)))
        return batch.hstack(scored)
