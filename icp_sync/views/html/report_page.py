"""The page of a run: `report_page` turns its document, and those of the runs before it, into one HTML file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.views.html import words
from icp_sync.views.html.environment import template_environment
from icp_sync.views.html.panels import (
    accounts,
    calls,
    committees,
    coverage,
    criteria,
    evidence,
    guardrails,
    headline,
    lists,
    people,
    places,
    review,
    scores,
    tiers,
    why,
)
from icp_sync.views.html.panels.panel import Panel

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a browser lets the page do: show itself, and nothing else."""


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A panel in its place: `id` names its template and its anchor, `title` its heading."""

    id: str
    title: str
    build: Callable[[ReportDocument, Sequence[ReportDocument]], Panel]


EVIDENCE: Final = ReportSection("evidence", "Evidence", lambda *_: evidence.build())

SECTIONS: Final = (
    ReportSection("headline", "Headline", headline.build),
    ReportSection("tiers", "Tiers and movement", tiers.build),
    ReportSection("why", "Why companies change", lambda document, _: why.build(document)),
    ReportSection("guardrails", "Guardrails", lambda document, _: guardrails.build(document)),
    ReportSection("scores", "Fit scores", lambda document, _: scores.build(document)),
    ReportSection("criteria", "Criteria", lambda document, _: criteria.build(document)),
    ReportSection("coverage", "Coverage and shopping list", lambda document, _: coverage.build(document)),
    ReportSection("places", "Where", lambda document, _: places.build(document)),
    ReportSection("accounts", "Target accounts and movers", lambda document, _: accounts.build(document)),
    ReportSection("lists", "Lists", lambda document, _: lists.build(document)),
    ReportSection("people", "People and exceptions", lambda document, _: people.build(document)),
    ReportSection("review", "Review", lambda document, _: review.build(document)),
    ReportSection("calls", "Calls", lambda document, _: calls.build(document)),
    EVIDENCE,
    ReportSection("committees", "Buying committees", lambda document, _: committees.build(document)),
)
"""The panels in the order a reader asks: what is it, what moved, why, is it safe, what does it stand on."""

_OF_A_FILE: Final = ("headline", "tiers", "scores", "criteria", "coverage", "places", "accounts", "review")
"""The panels that say something without a portal."""


def report_page(
    document: ReportDocument, earlier: Sequence[ReportDocument], backtest: BacktestDocument | None = None
) -> str:
    """The whole page as HTML; `earlier` are documents of the same portal and profile, oldest first.

    `backtest`: what deals say of the profile, where they are read. It holds no script and asks for nothing; all text
    in it is escaped. Raises ValueError where a chart cannot be drawn.
    """
    panels = [
        (section, evidence.build(backtest) if section is EVIDENCE else section.build(document, earlier))
        for section in _sections(document)
    ]
    return _render(
        panels=panels,
        document=document,
        brand="icp_sync report",
        made_of="the document of one run",
        holds="names companies and what people wrote about them",
        heading=document.profile.title or document.profile.name,
        title=f"{document.profile.name}: report of {words.format_moment(document.at, document.account.time_zone)}",
    )


def backtest_page(document: BacktestDocument) -> str:
    """The page of a backtest alone: the same panel as in a report."""
    title = f"{document.profile}: backtest of {words.format_day(document.as_of)}"
    panels = [(EVIDENCE, evidence.build(document))]
    return _render(
        panels=panels,
        document=document,
        brand="icp_sync backtest",
        made_of=f"the last reading and the deals of portal {document.portal_id}",
        holds="tells how much you sell, and to whom",
        heading=document.profile,
        title=title,
    )


def _render(**values: object) -> str:
    return template_environment().get_template("page.html").render(policy=POLICY, style=report_stylesheet(), **values)


def _sections(document: ReportDocument) -> Sequence[ReportSection]:
    if document.file is None:
        return SECTIONS
    return [section for section in SECTIONS if section.id in _OF_A_FILE]


@cache
def report_stylesheet() -> str:
    """The stylesheet, which is ours and so needs no escaping."""
    return (files("icp_sync.views.html") / "templates" / "style.css").read_text(encoding="utf-8")
