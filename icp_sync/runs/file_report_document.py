"""The report of a scored file: the document a page is drawn from, counted by the functions that count a run's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.errors import TableUnusable
from icp_sync.plan.diff_columns import CONTEXT
from icp_sync.plan.document.input_counts import (
    LostTexts,
    asks_place,
    count_companies_by_country,
    count_properties,
    shopping_items,
)
from icp_sync.plan.document.movement_counts import profile_review_figures
from icp_sync.plan.document.ranked_companies import rank_target_accounts
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.plan.document.run_sections import (
    Account,
    Applied,
    Calls,
    Changes,
    Companies,
    HeldInputs,
    Missing,
    Overrides,
    ProfileFigures,
)
from icp_sync.plan.document.score_counts import count_criteria, count_disqualifiers, count_score_bins, count_tier_lines
from icp_sync.plan.plan import Population
from icp_sync.profile.load import LoadedProfile
from icp_sync.scoring.batch_totals import BatchTotals
from icp_sync.scoring.program import Program
from icp_sync.scoring.score import ScoreResult
from icp_sync.tables.column_matching import MatchedColumns, match_columns
from icp_sync.tables.company_batches import batch_to_company_frame

NO_PORTAL: Final = 0


@dataclass(frozen=True, slots=True)
class ReportRows:
    """What a page counts of a block; `id` is the row in it, from 0."""

    scored: pl.DataFrame
    evaluated: pl.DataFrame


def report_rows(batch: pl.DataFrame, blank: pl.Series, result: ScoreResult, context: MatchedColumns) -> ReportRows:
    """The companies of a block with names, by the columns of `FileFigures.context`, and their scores."""
    named = batch_to_company_frame(batch, context).filter(~blank)
    return ReportRows(named.join(result.frame, on=ID, how="left", maintain_order="left"), result.evaluated)


class FileFigures:
    """Keeps what a page counts of each block, in memory: some 1 kB a company, reasons included."""

    def __init__(self, headers: tuple[str, ...]) -> None:
        self.context = _context_columns(headers)
        self._evaluated: list[pl.DataFrame] = []
        self._scored: list[pl.DataFrame] = []

    def add_block(self, rows: ReportRows, before: int) -> None:
        """Keep a block, ahead of which the file has so many rows. Companies are numbered by their rows, from 1."""
        # The rows of each block are numbered from 0 anew.
        number = pl.col(ID) + before + 1
        self._scored.append(rows.scored.with_columns(number))
        self._evaluated.append(rows.evaluated.with_columns(number))

    def document(
        self, loaded: LoadedProfile, program: Program, tally: BatchTotals, file: str, at: dt.datetime
    ) -> ReportDocument:
        """The document of all batches, of which there is one at least; `file`: the file's name."""
        evaluated, population = pl.concat(self._evaluated), _population(tally, loaded)
        diff = pl.concat(self._scored).with_columns(in_scope=pl.col("outcome").is_not_null(), effective_tier="tier")
        counted = {
            "companies": Companies(read=population.read, scored=population.scored, foreign=0),
            "outcomes": population.outcomes,
            "tiers": population.tiers,
            "tier_lines": count_tier_lines(diff, loaded.profile),
            "scores": count_score_bins(diff),
            "criteria": count_criteria(diff, program.profile),
            "disqualifiers": count_disqualifiers(diff, program.profile),
            "properties": count_properties(evaluated, program, population, LostTexts()),
            "unrecognised": population.unrecognised,
            "unrecognised_examples": population.examples,
            "shopping": shopping_items(evaluated, program),
            "places": count_companies_by_country(diff, evaluated, program),
            "asks_place": asks_place(program),
            "target_accounts": rank_target_accounts(diff),
            "review": profile_review_figures(program.profile),
        }
        origin = {"file": file, "at": at, "as_of": program.context.as_of, "profile": ProfileFigures.from_loaded(loaded)}
        return ReportDocument.model_validate(_empty_plan_fields() | origin | counted)


def _context_columns(headers: tuple[str, ...]) -> MatchedColumns:
    try:
        return match_columns(headers, CONTEXT, {})
    except TableUnusable:  # which of two names is the company's does not matter to its score
        return match_columns((), CONTEXT, {})


def _population(tally: BatchTotals, loaded: LoadedProfile) -> Population:
    return Population(
        read=tally.companies,
        scored=tally.companies - tally.outside,
        foreign=0,
        outcomes=tally.outcomes,
        tiers=tally.tiers(loaded.profile),
        unrecognised={name: texts.count for name, texts in tally.unrecognised.items()},
        examples={name: texts.examples for name, texts in tally.unrecognised.items()},
    )


def _empty_plan_fields() -> dict[str, Any]:
    """What a document says of a portal, where there is none."""
    return {
        "command": "score",
        "state": "planned",
        "run_id": None,
        "portal_id": NO_PORTAL,
        "account": Account(ui_domain="", time_zone="UTC"),
        "live_tiers": {},
        "written_tiers": {},
        "changes": Changes(companies=0, properties={}, lists={}),
        "to_make": Missing(properties=(), options={}),
        "held": HeldInputs(companies=0, properties={}, outages=()),
        "overrides": Overrides(open=0, opened=0, ended=0),
        "pins": {"in": 0, "out": 0},
        "applied": Applied(companies=0, lists=0, failed=0),
        "already": 0,
        "made": (),
        "skipped": (),
        "rejected": (),
        "rejected_total": 0,
        "quarantined": (),
        "quarantined_total": 0,
        "lists_failed": (),
        "seconds": 0.0,
        "calls": Calls(total=0, by_route={}),
    }
