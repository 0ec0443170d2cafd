"""Panel 5: how fit scores lie around the tiers' lines, and how many companies are just below one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from icp_sync.plan.document.profile_figures import BIN_POINTS, NEAR_POINTS, TierLine
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.views.charts import OUTCOME_COLOURS
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import Panel, PanelFigure
from icp_sync.views.html.score_chart import Bins, ThresholdLine, score_chart

OUTCOMES: Final = tuple(OUTCOME_COLOURS)


@dataclass(frozen=True, slots=True)
class BinRow:
    """Companies by outcome in one bin of fit scores, and of potentials."""

    name: str
    fit: tuple[int, ...]
    potential: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScoresPanel(Panel):
    """`lines` are the profile's tiers; `outcomes` companies by outcome and their share."""

    lines: tuple[TierLine, ...]
    names: tuple[str, ...]
    outcomes: tuple[tuple[str, int, str], ...]
    bins: tuple[BinRow, ...]
    figure: PanelFigure | None


def build(document: ReportDocument) -> ScoresPanel:
    """The histograms, the lines, and who lies just below them."""
    scores, scored = document.scores, document.companies.scored
    empty = not scores.fit
    counts: Mapping[str, int] = {str(outcome): count for outcome, count in document.outcomes.items()}
    return ScoresPanel(
        finding="No fit scores are remembered for this run." if empty else _finding_sentence(document),
        empty=empty,
        lines=document.tier_lines,
        names=OUTCOMES,
        outcomes=tuple((name, counts.get(name, 0), words.percent(counts.get(name, 0), scored)) for name in OUTCOMES),
        bins=tuple(_bins(scores.fit, scores.potential)),
        figure=None if empty else _figure(document),
    )


def _finding_sentence(document: ReportDocument) -> str:
    if not document.tier_lines:
        return "The profile has no tier, so no score leads into one."
    near = words.join_names(f"{line.near:,} of {words.tier(line.tier).lower()}" for line in document.tier_lines)
    entering = f"Up to {NEAR_POINTS} points short of a tier: {near}"
    inside = [(line.tier, line.near_leave) for line in document.tier_lines if line.near_leave is not None]
    if not inside:
        return f"{entering}."
    leaving = words.join_names([f"{count:,} in {words.tier(tier).lower()}" for tier, count in inside])
    return f"{entering}. Up to {NEAR_POINTS} points from leaving one: {leaving}."


def _figure(document: ReportDocument) -> PanelFigure:
    undecided = document.outcomes.get("insufficient_data", 0)
    caption = (
        "Fit score is what is proven, potential what it becomes if all that is unknown fits: "
        f"{words.companies(undecided)} {words.is_are(undecided)} undecided, since too little is known."
        + _other_number_sentence(document)
    )
    lines = [ThresholdLine(line.tier, line.enter, line.leave) for line in document.tier_lines]
    name = "score-histogram"
    return PanelFigure(name, caption, *score_chart(document.scores.fit, document.scores.potential, lines, name))


def _other_number_sentence(document: ReportDocument) -> str:
    """That another number of companies stands in the tiers than the outcomes have, and why; "" where it is the same."""
    by_profile, standing = document.outcomes.get("tiered", 0), sum(document.tiers.values())
    if by_profile == standing:
        return ""
    why = words.join_names(_causes_of_other_number(document))
    after = f"{standing:,} {words.is_are(standing)} after the plan" + (f", {why}" if why else "")
    return f" By the profile alone {by_profile:,} {words.is_are(by_profile)} in a tier; {after}."


def _causes_of_other_number(document: ReportDocument) -> Iterator[str]:
    people = document.people
    if people.locked or people.foreign or people.overrides:
        yield "with tiers that people set or locked"
    if document.limit is not None:
        yield "with no more changes than --limit allows"
    if document.quarantined_total:
        yield "without what HubSpot refused before"


def _bins(fit: Bins, potential: Bins) -> Iterator[BinRow]:
    """All twenty bins, the highest first; the last holds 100 too."""
    fit_counts, potential_counts = _counts_by_bin(fit), _counts_by_bin(potential)
    for lower in range(100 - BIN_POINTS, -1, -BIN_POINTS):
        upper = "100" if lower + BIN_POINTS == 100 else f"<{lower + BIN_POINTS}"
        yield BinRow(
            f"{lower} to {upper}", _counts_by_outcome(fit_counts, lower), _counts_by_outcome(potential_counts, lower)
        )


def _counts_by_bin(bins: Bins) -> dict[tuple[int, str], int]:
    return {(lower, outcome): count for lower, outcome, count in bins}


def _counts_by_outcome(
    counts: Mapping[tuple[int, str], int], lower: int, outcomes: Sequence[str] = OUTCOMES
) -> tuple[int, ...]:
    return tuple(counts.get((lower, outcome), 0) for outcome in outcomes)
