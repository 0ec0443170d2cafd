"""Panel 4: how near each guardrail is to its limit; those that hold the plan first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.plan.document.run_sections import GuardrailFigures
from icp_sync.plan.guardrails import GUARDRAILS
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import BarSegment, Panel, bar

_VERDICTS: Final = ("held", "allowed", "ok", "unjudged")
_WORDS: Final = {"held": "✕ held", "allowed": "! allowed by hand", "ok": "✓ within", "unjudged": "– not judged"}


@dataclass(frozen=True, slots=True)
class GuardrailRow:
    """A guardrail: `verdict` is held, allowed, ok or unjudged; the bar's whole is the limit, or for a floor all."""

    name: str
    meaning: str
    verdict: str
    verdict_words: str
    actual: str
    counts: str
    limit: str
    bar: tuple[BarSegment, ...]


@dataclass(frozen=True, slots=True)
class GuardrailsPanel(Panel):
    """`next_command` only where something is held."""

    rows: tuple[GuardrailRow, ...]
    next_command: str | None


def build(document: ReportDocument) -> GuardrailsPanel:
    """The guardrails of a plan by verdict, then in their own order."""
    rows = sorted((_row(figures) for figures in document.guardrails), key=lambda row: _VERDICTS.index(row.verdict))
    blocking = [row for row in rows if row.verdict == "held"]
    return GuardrailsPanel(
        finding=_finding_sentence(rows, blocking),
        empty=not rows,
        rows=tuple(rows),
        next_command=document.next_command if blocking else None,
    )


def _finding_sentence(rows: list[GuardrailRow], blocking: list[GuardrailRow]) -> str:
    if not rows:
        return "No guardrail was measured, since nothing was planned."
    if blocking:
        hold = "guardrail holds" if len(blocking) == 1 else "guardrails hold"
        return (
            f"{len(blocking)} {hold} the plan: {words.join_names(f'{row.counts} {row.meaning}' for row in blocking)}."
        )
    judged = sum(row.verdict != "unjudged" for row in rows)
    allowed = sum(row.verdict == "allowed" for row in rows)
    if not judged:
        return "Nothing is held: there are too few companies to judge, or nothing to compare with."
    if allowed:
        beyond = f"{allowed} of {judged} guardrails {words.is_are(allowed)} beyond the limit"
        return f"Nothing is held; {beyond} and allowed by hand."
    return f"Nothing is held: every guardrail that could be judged ({judged}) is within its limit."


def _row(figures: GuardrailFigures) -> GuardrailRow:
    verdict = _verdict(figures)
    guardrail = GUARDRAILS.get(figures.name)
    # A document of another version may name a guardrail that this one does not have.
    meaning = guardrail.meaning if guardrail else words.plain_name(figures.name)
    return GuardrailRow(
        name=figures.name,
        meaning=f"{meaning}: {figures.list}" if figures.list else meaning,
        verdict=verdict,
        verdict_words=_WORDS[verdict],
        actual="–" if figures.actual is None else words.exact_percent(figures.actual),
        counts="–" if figures.whole is None else f"{figures.part:,} of {figures.whole:,}",
        limit=f"{figures.bound} {words.exact_percent(figures.limit)}",
        bar=() if figures.actual is None else bar(verdict, _used_share(figures, figures.actual)),
    )


def _verdict(figures: GuardrailFigures) -> str:
    if figures.held:
        return "held"
    if figures.actual is None:
        return "unjudged"
    at_most = figures.bound == "at most"
    beyond = figures.actual > figures.limit if at_most else figures.actual < figures.limit
    return "allowed" if beyond and figures.allowed else "ok"


def _used_share(figures: GuardrailFigures, actual: float) -> float:
    """How much of a limit is used (0-1 and more)."""
    if figures.bound == "at least":
        return actual
    return actual / figures.limit if figures.limit else float(actual > 0)
