"""Panel 6: how companies answer each criterion, which tells nothing apart, and which traits nobody asks about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from icp_sync.plan.document.profile_figures import Answers, CriterionFigures, DisqualifierFigures
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.profile.model.criteria import Trait
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import BarSegment, Panel, bar_segments

ANSWERS: Final = ("hit", "partial", "miss", "unknown")


@dataclass(frozen=True, slots=True)
class AnswerBar:
    """Answers to a criterion as one bar, as shares in words, and as numbers in the order of `ANSWERS`."""

    bar: tuple[BarSegment, ...]
    shares: tuple[str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion with the answers of all companies and of tier 1; `verdict` where it tells nothing apart, else ""."""

    figures: CriterionFigures
    everyone: AnswerBar
    tier_1: AnswerBar
    verdict: str


@dataclass(frozen=True, slots=True)
class TraitRow:
    """One of the seven traits, and the criteria that ask about it."""

    name: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriteriaPanel(Panel):
    """Criteria in the profile's order; `caption` says what the bars show; `untold` names criteria without a trait."""

    caption: str
    answers: tuple[str, ...]
    criteria: tuple[CriterionRow, ...]
    traits: tuple[TraitRow, ...]
    untold: tuple[str, ...]
    traits_sentence: str
    disqualifiers: tuple[DisqualifierFigures, ...]
    disqualified: int


def build(document: ReportDocument) -> CriteriaPanel:
    """The answers to each criterion, the traits and the disqualifiers."""
    rows = tuple(_row(figures) for figures in document.criteria)
    traits = tuple(_trait_rows(document.criteria))
    return CriteriaPanel(
        finding=_finding_sentence(rows),
        empty=not rows,
        caption=_caption(rows),
        answers=ANSWERS,
        criteria=rows,
        traits=traits,
        untold=tuple(figures.label for figures in document.criteria if figures.trait is None),
        traits_sentence=_unused_traits_sentence(traits),
        disqualifiers=tuple(sorted(document.disqualifiers, key=lambda rule: -rule.companies)),
        disqualified=document.outcomes.get("disqualified", 0),
    )


def why_uninformative(answers: Answers) -> str:
    """Why a criterion separates nobody from anybody: all meet it, or nobody does; "" where it does separate."""
    total = sum(_counts(answers).values())
    if not total:
        return ""
    if answers.hit == total:
        return "tells nothing apart: everybody meets it"
    return "" if answers.hit or answers.partial else "tells nothing apart: nobody meets it"


def _row(figures: CriterionFigures) -> CriterionRow:
    return CriterionRow(figures, _answer_bar(figures), _answer_bar(figures.in_tier_1), why_uninformative(figures))


def _answer_bar(answers: Answers) -> AnswerBar:
    counts = _counts(answers)
    total = sum(counts.values())
    shares = (f"{words.percent(count, total)} {answer}" for answer, count in counts.items() if count)
    return AnswerBar(bar_segments(counts), tuple(shares), tuple(counts.values()))


def _counts(answers: Answers) -> dict[str, int]:
    return {answer: getattr(answers, answer) for answer in ANSWERS}


def _finding_sentence(rows: Sequence[CriterionRow]) -> str:
    if not rows:
        return "No answers to criteria are remembered for this run."
    idle = [row.figures.label for row in rows if row.verdict]
    count = f"{len(rows)} {'criterion' if len(rows) == 1 else 'criteria'}"
    if idle:
        return (
            f"Of {count}, {len(idle)} {'tells' if len(idle) == 1 else 'tell'} nothing apart: {words.join_names(idle)}."
        )
    if len(rows) == 1:
        return "The one criterion tells companies apart."
    return f"All {count} tell companies apart."


def _caption(rows: Sequence[CriterionRow]) -> str:
    if not rows:
        return ""
    least = max(rows, key=lambda row: row.figures.unknown)
    total = sum(_counts(least.figures).values())
    if not least.figures.unknown:
        return "Every criterion is answered for every company."
    share = words.percent(least.figures.unknown, total)
    return f"Least is known of “{least.figures.label}”: unknown for {least.figures.unknown:,} companies ({share})."


def _trait_rows(criteria: Sequence[CriterionFigures]) -> list[TraitRow]:
    return [
        TraitRow(trait, tuple(figures.label for figures in criteria if figures.trait == trait))
        for trait in get_args(Trait)
    ]


def _unused_traits_sentence(traits: Sequence[TraitRow]) -> str:
    never = [row.name for row in traits if not row.criteria]
    if not never:
        return f"All {len(traits)} traits of an ideal customer are asked about."
    asked = len(traits) - len(never)
    return f"{asked} of the {len(traits)} traits are asked about; never: {words.join_names(never, len(never))}."
