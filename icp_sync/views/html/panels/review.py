"""Panel 12: when the profile must be looked at again, and which criteria do not say why we believe in them."""

from __future__ import annotations

from dataclasses import dataclass

from icp_sync.plan.document.document import ReportDocument
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import Panel


@dataclass(frozen=True, slots=True)
class Review(Panel):
    """`due` in words; labels of criteria with no evidence, and of those that still have a template's placeholder."""

    due: str
    owner: str
    missing: tuple[str, ...]
    placeholders: tuple[str, ...]


def build(document: ReportDocument) -> Review:
    """Days to the review, counted from the day the run judged by."""
    review = document.review
    labels = {figures.id: figures.label for figures in document.criteria}
    missing = tuple(labels.get(note.id, note.id) for note in review.evidence if not note.given)
    placeholders = tuple(labels.get(note.id, note.id) for note in review.evidence if note.given and note.placeholder)
    due = _due(document)
    unfounded = len(missing) + len(placeholders)
    founded = "every criterion says why we believe it" if review.evidence else "no criterion is known"
    if unfounded:
        say = "does not say" if unfounded == 1 else "do not say"
        founded = f"{unfounded} of {len(review.evidence)} criteria {say} yet why we believe them"
    return Review(
        finding=f"{due}; {founded}.",
        due=due,
        owner=review.owner or "nobody named",
        missing=missing,
        placeholders=placeholders,
    )


def _due(document: ReportDocument) -> str:
    by = document.review.review_by
    if by is None:
        return "The profile names no day for its review"
    days = (by - document.as_of).days
    unit = "day" if abs(days) == 1 else "days"
    if days < 0:
        return f"The review is overdue by {-days:,} {unit} (it was due on {words.day(by)})"
    return (
        f"The review is due in {days:,} {unit} ({words.day(by)})"
        if days
        else f"The review is due today ({words.day(by)})"
    )
