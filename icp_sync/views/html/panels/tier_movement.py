"""Who came into each tier and who left it, by the matrix of before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.views.html import words


@dataclass(frozen=True, slots=True)
class TierMovement:
    """Companies that come into a tier and leave it."""

    came: int
    left: int

    @property
    def net(self) -> int:
        """How many more it holds."""
        return self.came - self.left


def count_tier_movement(document: ReportDocument, tier: str) -> TierMovement:
    """What a plan moves into a tier and out of it; (0, 0) where nothing is known of the tiers before."""
    moves = [move for move in document.matrix if move.before != move.after]
    came = sum(move.companies for move in moves if move.after == tier)
    return TierMovement(came, sum(move.companies for move in moves if move.before == tier))


def unwritten_words(document: ReportDocument) -> str:
    """`7 companies were skipped and not written (see Skipped)`; "" where all were written.

    Whether those would have changed their tiers is not known, so what was planned is no news of what was done.
    """
    skipped = document.skipped_total
    if document.state != "written" or not skipped:
        return ""
    return f"{words.companies(skipped)} {'was' if skipped == 1 else 'were'} not written (Skipped says why)"


def last_writing_run(earlier: Sequence[ReportDocument]) -> ReportDocument | None:
    """The last earlier run that wrote, which is when the tiers before came about; None where none is remembered."""
    return next((document for document in reversed(earlier) if document.state in {"written", "partly"}), None)
