"""Panel 7: how much is known, property by property, and which missing value pays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.plan.document.profile_figures import PropertyFigures, ShoppingItem
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import BarSegment, Panel, bar_segments
from icp_sync.views.shopping_list import SHOPPING_LIST, UNREADABLE

MAX_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A property: shares of all companies read; the bar parts read, unreadable, and without a value."""

    figures: PropertyFigures
    filled: str
    read: str
    bar: tuple[BarSegment, ...]


@dataclass(frozen=True, slots=True)
class ShoppingRow:
    """What one purchase fills: `lifts` in words, `expected` None where too little is known, `advice` what is free."""

    item: ShoppingItem
    lifts: str
    advice: str


@dataclass(frozen=True, slots=True)
class CoveragePanel(Panel):
    """Properties, the emptiest of those with a value first, and the shopping list's head.

    `command` lists it all, `correct` the values that nobody can read; None where there is nothing to list.
    """

    properties: tuple[PropertyRow, ...]
    shopping: tuple[ShoppingRow, ...]
    shopping_sentence: str
    command: str | None
    correct: str | None


def build(document: ReportDocument) -> CoveragePanel:
    """What is filled and read, and what to buy."""
    rows = [_row(figures, document.companies.read) for figures in document.properties]
    rows.sort(key=lambda row: (not row.figures.filled, row.figures.read))
    shopping = document.shopping[:MAX_SHOWN]
    unreadable = any(item.unreadable for item in shopping)
    return CoveragePanel(
        finding=_finding_sentence(document),
        empty=not rows and not document.shopping,
        properties=tuple(rows),
        shopping=tuple(_shopping_row(item, document.file or "HubSpot") for item in shopping),
        shopping_sentence=_shopping_sentence(document),
        command=None if document.file else SHOPPING_LIST,
        correct=UNREADABLE if unreadable and not document.file else None,
    )


def _finding_sentence(document: ReportDocument) -> str:
    if not document.properties:
        return "What is filled was not counted for this run."
    odd = sum(figures.unrecognised for figures in document.properties)
    wrong = f"{odd:,} {'value is' if odd == 1 else 'values are'} filled in, but not understood"
    return f"{_least_known_sentence(document)}; {wrong if odd else 'every value that is filled in is understood'}."


def _least_known_sentence(document: ReportDocument) -> str:
    """Of what least is known: the properties that nobody fills, else the one that can be read least often."""
    empty = [figures.name for figures in document.properties if not figures.filled]
    if empty:
        hold = "holds" if len(empty) == 1 else "hold"
        return f"{len(empty)} of {len(document.properties)} properties {hold} nothing: {words.join_names(empty)}"
    least = min(document.properties, key=lambda figures: figures.read)
    return f"Least is known of {least.name}, which can be read for {words.percent(least.read, document.companies.read)}"


def _row(figures: PropertyFigures, companies: int) -> PropertyRow:
    counts = {"hit": figures.read, "miss": figures.unrecognised}
    counts["unknown"] = max(companies - figures.read - figures.unrecognised, 0)
    return PropertyRow(
        figures, words.percent(figures.filled, companies), words.percent(figures.read, companies), bar_segments(counts)
    )


def _shopping_row(item: ShoppingItem, place: str) -> ShoppingRow:
    lifts = [f"{count:,} to {words.tier(tier).lower()}" for tier, count in item.lifts.items() if count]
    free = f"correct {item.unreadable:,} in {place} first, that is free" if item.unreadable else ""
    return ShoppingRow(item, words.join_names(lifts) or "none", free)


def _shopping_sentence(document: ReportDocument) -> str:
    best = next((item for item in document.shopping if any(item.lifts.values())), None)
    if best is None:
        return "No missing value alone would lift a company into a tier."
    most = sum(best.lifts.values())
    undecided = document.outcomes.get("insufficient_data", 0)
    likely = f"up to {most:,}" if best.expected is None else f"about {best.expected:,.0f} (at most {most:,})"
    return (
        f"Filling {words.join_names(best.properties)} would lift {likely} of {undecided:,} undecided "
        f"{'company' if undecided == 1 else 'companies'} into a tier."
    )
