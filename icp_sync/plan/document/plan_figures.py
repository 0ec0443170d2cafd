"""The figures of a plan, counted while its frames are at hand; a document is made of them once the run has ended."""

from __future__ import annotations

from dataclasses import dataclass

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.document.companies import Movers, TargetAccount
from icp_sync.plan.document.figures import (
    CriterionFigures,
    DisqualifierFigures,
    Place,
    PropertyFigures,
    Scores,
    ShoppingItem,
    TierLine,
)
from icp_sync.plan.document.input_counts import count_places, count_properties
from icp_sync.plan.document.movement import CauseFigures, Move, People, Review
from icp_sync.plan.document.ranking import list_causes, rank_movers, rank_target_accounts
from icp_sync.plan.document.score_counts import count_criteria, count_disqualifiers, count_scores, count_tier_lines
from icp_sync.plan.document.standing_counts import count_moves, count_people, review_of
from icp_sync.plan.report import HeldInputs, OverrideCounts, PinCounts
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
    target_accounts: tuple[TargetAccount, ...]
    people: People
    review: Review


def plan_figures(
    preview: PlanPreview,
    scores: ScoreResult,
    program: Program,
    overrides: OverrideCounts,
    held: HeldInputs,
    pins: PinCounts,
) -> PlanFigures:
    """Count the companies of a plan. `scores`: those it was drawn from, with the frame they were judged on."""
    diff, profile, population = preview.diff, preview.profile, preview.plan.population
    return PlanFigures(
        tier_lines=count_tier_lines(diff, profile),
        matrix=count_moves(diff),
        causes=list_causes(preview),
        movers=rank_movers(preview),
        scores=count_scores(diff),
        criteria=count_criteria(diff, profile),
        disqualifiers=count_disqualifiers(diff, profile),
        properties=count_properties(scores.evaluated, program, population),
        shopping=(),
        places=count_places(diff, scores.evaluated, program),
        target_accounts=rank_target_accounts(diff),
        people=count_people(diff, population.foreign, overrides, held, pins),
        review=review_of(profile),
    )
