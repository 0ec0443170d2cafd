"""The figures of a plan, counted while its frames are at hand; a document is made of them once the run has ended."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from pydantic import ValidationError

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_frame import cause_counts
from icp_sync.plan.document.committee_counts import count_committees
from icp_sync.plan.document.input_counts import (
    LostTexts,
    asks_place,
    count_companies_by_country,
    count_properties,
    shopping_items,
)
from icp_sync.plan.document.movement import CauseFigures, Committees, Move, People, Review
from icp_sync.plan.document.movement_counts import count_locked_and_foreign, count_moves, profile_review_figures
from icp_sync.plan.document.named_companies import Movers, TargetAccount
from icp_sync.plan.document.profile_figures import (
    CriterionFigures,
    DisqualifierFigures,
    Place,
    PropertyFigures,
    Scores,
    ShoppingItem,
    TierLine,
)
from icp_sync.plan.document.ranked_companies import causes_with_best_companies, rank_movers, rank_target_accounts
from icp_sync.plan.document.report_document import ReportDocument, misfit_reason
from icp_sync.plan.document.score_counts import count_criteria, count_disqualifiers, count_score_bins, count_tier_lines
from icp_sync.plan.plan import Plan
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.program import Program
from icp_sync.scoring.score import ScoreResult


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What a document says of a plan's companies; every field is the document's key of that name."""

    tier_lines: tuple[TierLine, ...]
    matrix: tuple[Move, ...]
    causes: tuple[CauseFigures, ...]
    movers: Movers
    scores: Scores
    criteria: tuple[CriterionFigures, ...]
    disqualifiers: tuple[DisqualifierFigures, ...]
    properties: tuple[PropertyFigures, ...]
    shopping: tuple[ShoppingItem, ...]
    places: tuple[Place, ...]
    asks_place: bool
    target_accounts: tuple[TargetAccount, ...]
    people: People
    review: Review
    committees: Committees
    limit: int | None = None


def count_plan(
    preview: PlanPreview, scores: ScoreResult, program: Program, lost: LostTexts, tiers_set: pl.DataFrame
) -> PlanFigures:
    """Count the companies of a plan.

    `scores`: those it was drawn from, with the frame they were judged on. `lost`: texts that frame has and records
    have not. `tiers_set`: the tiers that others set since the last run (`SET_BY_OTHERS`).
    """
    diff, profile, evaluated = preview.diff, preview.profile, scores.evaluated
    return PlanFigures(
        tier_lines=count_tier_lines(diff, profile),
        matrix=count_moves(diff),
        causes=causes_with_best_companies(preview),
        movers=rank_movers(preview, tiers_set),
        scores=count_score_bins(diff),
        criteria=count_criteria(diff, profile),
        disqualifiers=count_disqualifiers(diff, profile),
        properties=count_properties(evaluated, program, preview.plan.population, lost),
        shopping=shopping_items(evaluated, program),
        places=count_companies_by_country(diff, evaluated, program),
        asks_place=asks_place(program),
        target_accounts=rank_target_accounts(diff),
        people=count_locked_and_foreign(diff),
        review=profile_review_figures(profile),
        committees=count_committees(diff, profile),
        limit=preview.limit,
    )


def count_plan_or_reason(
    preview: PlanPreview, scores: ScoreResult, program: Program, lost: LostTexts, tiers_set: pl.DataFrame
) -> PlanFigures | str:
    """As `count_plan`; or why what was counted fits no document, which costs figures of the report, never the run."""
    try:
        return count_plan(preview, scores, program, lost, tiers_set)
    except ValidationError as misfit:
        return misfit_reason(misfit)


def figures_from_file(plan: Plan, document: ReportDocument | None, profile: Profile) -> PlanFigures:
    """The figures of a plan that came from a file: those of the `document` of the run that drew it.

    None: no such document is left, and only what the file itself and its profile tell is given.
    """
    if document is not None:
        return PlanFigures(**{name: getattr(document, name) for name in PlanFigures.__slots__})
    causes = tuple(CauseFigures(cause=cause, companies=n) for cause, n in cause_counts(plan.changes).items())
    return PlanFigures(
        tier_lines=(),
        matrix=(),
        causes=causes,
        movers=Movers(),
        scores=Scores(),
        criteria=(),
        disqualifiers=(),
        properties=(),
        shopping=(),
        places=(),
        asks_place=True,
        target_accounts=(),
        people=People(foreign=plan.population.foreign),
        review=profile_review_figures(profile),
        committees=Committees(),
    )
