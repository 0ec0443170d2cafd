"""Panel 3: for which causes companies change, and what the largest moves are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from icp_sync.plan.change_explanation import Piece
from icp_sync.plan.change_sentence import CAUSE_WORDS
from icp_sync.plan.document.movement import CauseFigures
from icp_sync.plan.document.named_companies import Mover
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.profile.model.types import TIERS
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import BarSegment, Panel, bar

MAX_MOVES: Final = 10
_STEPS: Final[Mapping[str, str]] = {
    "first": "scored for the first time", "adopted": "adopted", "put_back": "put back", "time": "time passed",
    "data": "data changed", "lost": "input lost", "profile": "profile edited", "rest": "the rest",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A cause with its companies, as a share of all that change, and examples."""

    words: str
    figures: CauseFigures
    share: str
    bar: tuple[BarSegment, ...]


@dataclass(frozen=True, slots=True)
class LargeMove:
    """One of the largest moves: the company, and the points of each piece in words."""

    company: Mover
    pieces: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class CausesPanel(Panel):
    """Causes, the most frequent first, and the largest moves."""

    causes: tuple[CauseRow, ...]
    moves: tuple[LargeMove, ...]


def build(document: ReportDocument) -> CausesPanel:
    """Why companies change, by cause and by company."""
    total = sum(cause.companies for cause in document.causes)
    causes = sorted(document.causes, key=lambda cause: -cause.companies)
    return CausesPanel(
        finding=_finding_sentence(causes, total),
        empty=not total,
        causes=tuple(
            CauseRow(
                CAUSE_WORDS[cause.cause],
                cause,
                words.percent(cause.companies, total),
                bar("accent", cause.companies / total if total else 0),
            )
            for cause in causes
        ),
        moves=tuple(LargeMove(mover, _causes_with_points(mover)) for mover in _largest_moves(document)),
    )


def _finding_sentence(causes: list[CauseFigures], total: int) -> str:
    if not total:
        return "No company changes: the portal is as the profile wants it."
    most = causes[0]
    verb = "changes" if total == 1 else "change"
    sentence = f"{words.companies(total)} {verb}: {most.companies:,} because of “{CAUSE_WORDS[most.cause]}”"
    rest = total - most.companies
    return sentence + (f", {rest:,} for other causes." if rest else ".")


def _largest_moves(document: ReportDocument) -> list[Mover]:
    """The moves over most tiers, then of most points, whichever way."""
    movers = (*document.movers.up, *document.movers.down)
    return sorted(movers, key=lambda mover: (-abs(_tier_rank_change(mover)), -abs(mover.points), int(mover.id)))[
        :MAX_MOVES
    ]


def _tier_rank_change(mover: Mover) -> int:
    """How many tiers a company moves; having none is below the last."""
    rank = {tier: n for n, tier in enumerate(TIERS)}
    before, after = (rank.get(tier, len(rank)) if tier else len(rank) for tier in (mover.tier_before, mover.tier_after))
    return before - after


def _causes_with_points(mover: Mover) -> tuple[tuple[str, float], ...]:
    if mover.pieces:
        return tuple((_piece(piece), piece.points) for piece in mover.pieces)
    return ((CAUSE_WORDS[mover.cause], mover.points),)


def _piece(piece: Piece) -> str:
    """`stack: web_technologies from empty to jira`."""
    if piece.property and (piece.was is not None or piece.now is not None):
        change = f"{piece.property} from {piece.was or 'empty'} to {piece.now or 'empty'}"
    elif piece.edit:
        change = f"{_STEPS[piece.step]}: {piece.edit}"
    else:
        change = _STEPS[piece.step]
    return f"{piece.criterion}: {change}" if piece.criterion else change
