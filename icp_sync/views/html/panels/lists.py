"""Panel 10: the target lists, and what they gain and lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from icp_sync.plan.document.movement import ListFigures
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.views.html.panels.panel import Panel


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list: `after` is how many members it has then, None for an active list; `notes` what else happens to it."""

    figures: ListFigures
    after: int | None
    notes: str


@dataclass(frozen=True, slots=True)
class ListsPanel(Panel):
    """Lists in the profile's order, and those HubSpot refused to change: name and reason."""

    rows: tuple[ListRow, ...]
    failed: tuple[tuple[str, str], ...]


def build(document: ReportDocument) -> ListsPanel:
    """The lists of the profile."""
    rows = tuple(_row(figures) for figures in document.lists)
    failed = tuple((failure.get("name", ""), failure.get("reason", "")) for failure in document.lists_failed)
    return ListsPanel(finding=_finding_sentence(document), empty=not rows and not failed, rows=rows, failed=failed)


def _row(figures: ListFigures) -> ListRow:
    after = None if figures.members is None else figures.members + figures.add - figures.remove
    return ListRow(figures, after, ", ".join(_notes(figures)))


def _notes(figures: ListFigures) -> Iterator[str]:
    if figures.create:
        yield "new in HubSpot"
    if figures.filter:
        yield "its filter is replaced"
    if figures.kind == "active":
        yield "filled by HubSpot itself"


def _finding_sentence(document: ReportDocument) -> str:
    if document.limit is not None:
        return "Lists are left alone with --limit."
    if not document.lists:
        return "The profile keeps no list."
    add, remove = (sum(getattr(figures, side) for figures in document.lists) for side in ("add", "remove"))
    count = f"{len(document.lists)} {'list' if len(document.lists) == 1 else 'lists'}"
    if not add and not remove:
        return f"{count}, and no member of a static one changes."
    join, leave = "company joins" if add == 1 else "companies join", "leaves" if remove == 1 else "leave"
    return f"{count}: {add:,} {join} and {remove:,} {leave}."
