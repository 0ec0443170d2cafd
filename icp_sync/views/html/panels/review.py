"""Panel 12: when the profile must be looked at again, and which criteria do not say why we believe in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from icp_sync.plan.document.movement import Drift
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import Panel

MAX_PSI: Final = 0.2
"""A population stability index above which lenders, who made it, look into the cause."""


_FIND_CAUSE: Final = (
    "That is neither good nor bad: find out what changed (an import, a field newly filled in), and whether each "
    "criterion still means what it did."
)


@dataclass(frozen=True, slots=True)
class ReviewPanel(Panel):
    """`due` in words; labels of criteria with no evidence, and of those that still have a template's placeholder.

    `last`: of the last review; `drift`: what has shifted since, `tenths`: by tenth of the scale, then and now.
    """

    due: str
    owner: str
    last: str
    drift: str
    tenths: tuple[tuple[str, int, int], ...]
    missing: tuple[str, ...]
    placeholders: tuple[str, ...]


def build(document: ReportDocument) -> ReviewPanel:
    """Days to the review, counted from the day the run judged by."""
    review = document.review
    labels = {figures.id: figures.label for figures in document.criteria}
    missing = tuple(labels.get(note.id, note.id) for note in review.evidence if not note.given)
    placeholders = tuple(labels.get(note.id, note.id) for note in review.evidence if note.given and note.placeholder)
    due = _due_sentence(document)
    unfounded = len(missing) + len(placeholders)
    founded = "every criterion says why we believe it" if review.evidence else "no criterion is known"
    if unfounded:
        say = "does not say" if unfounded == 1 else "do not say"
        founded = f"{unfounded} of {len(review.evidence)} criteria {say} yet why we believe them"
    return ReviewPanel(
        finding=f"{due}; {founded}.{_shift_sentence(review.drift)}",
        due=due,
        owner=review.owner or "nobody named",
        last=f"on {words.format_day(review.last)}, by {review.by or 'nobody named'}" if review.last else "",
        drift=_score_drift(document),
        tenths=tuple(_score_deciles(review.drift)) if review.drift else (),
        missing=missing,
        placeholders=placeholders,
    )


def _shift_sentence(drift: Drift | None) -> str:
    """What the headline of the panel adds where the population is another one than at the review."""
    return " Fit scores have shifted since the last review." if drift and drift.psi > MAX_PSI else ""


def _score_drift(document: ReportDocument) -> str:
    """The shift in a sentence; what stands in the way of measuring it; "" without a review."""
    review, drift = document.review, document.review.drift
    if review.last is None:
        return ""
    if drift is None:
        return "Whether scores have shifted since cannot be told: no earlier report by the same rules is kept."
    name, before, now = max(
        _score_deciles(drift), key=lambda row: abs(row[2] / sum(drift.now) - row[1] / sum(drift.before))
    )
    largest = (
        f"most of all at {name} points: {_share(before, drift.before)} of companies then, {_share(now, drift.now)} now"
    )
    size = f"(stability index PSI {drift.psi:.2f}; over {MAX_PSI} is a shift)"
    then = f"since the run of {words.format_moment(drift.since, document.account.time_zone)}"
    if drift.psi > MAX_PSI:
        return f"Fit scores have shifted {then} {size}, {largest}. {_FIND_CAUSE}"
    return f"Fit scores are much as they were {then} {size}."


def _share(count: int, counts: tuple[int, ...]) -> str:
    return words.percent(count, sum(counts))


def _score_deciles(drift: Drift) -> Iterator[tuple[str, int, int]]:
    """Yields each tenth of the scale with its companies then and now, the highest first."""
    pairs = list(enumerate(zip(drift.before, drift.now, strict=True)))
    for n, (before, now) in reversed(pairs):
        yield f"{10 * n} to {'100' if n == 9 else f'<{10 * n + 10}'}", before, now


def _due_sentence(document: ReportDocument) -> str:
    by = document.review.review_by
    if by is None:
        return "The profile names no day for its review"
    days = (by - document.as_of).days
    unit = "day" if abs(days) == 1 else "days"
    if days < 0:
        return f"The review is overdue by {-days:,} {unit} (it was due on {words.format_day(by)})"
    return (
        f"The review is due in {days:,} {unit} ({words.format_day(by)})"
        if days
        else f"The review is due today ({words.format_day(by)})"
    )
