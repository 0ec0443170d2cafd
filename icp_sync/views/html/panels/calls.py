"""Panel 13: what the run cost: calls by route, their share of the day, seconds, and the forecast beside it."""

from __future__ import annotations

from dataclasses import dataclass

from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import BarSegment, Panel, bar


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A route with its calls, their share of all, and whether it writes."""

    route: str
    calls: int
    share: str
    writes: bool
    bar: tuple[BarSegment, ...]


@dataclass(frozen=True, slots=True)
class CallsPanel(Panel):
    """Routes, the busiest first, and facts in words."""

    routes: tuple[RouteRow, ...]
    facts: tuple[tuple[str, str], ...]


def build(document: ReportDocument) -> CallsPanel:
    """The calls of a run."""
    total = document.calls.total
    routes = sorted(document.calls.by_route.items(), key=lambda item: (-item[1], item[0]))
    rows = tuple(
        RouteRow(route, calls, words.percent(calls, total), is_write(route), bar("accent", calls / total))
        for route, calls in routes
        if calls
    )
    return CallsPanel(
        finding=_finding_sentence(document), empty=not total, routes=rows, facts=tuple(_facts(document, rows))
    )


def is_write(route: str) -> bool:
    """Whether calls of a route change the portal: searches and batch reads are POSTs that do not."""
    return not route.startswith("GET ") and not route.endswith(("/search", "/read", "-token-info"))


def _finding_sentence(document: ReportDocument) -> str:
    total, limit = document.calls.total, document.quota.limit
    if not total:
        return "HubSpot was not called for this page."
    share = f", {words.exact_percent(total / limit)} of the portal's day" if limit else ""
    return f"{total:,} {'call' if total == 1 else 'calls'} in {_seconds(document.seconds)}{share}."


def _seconds(seconds: float) -> str:
    """`61.4 seconds`, `12 minutes`."""
    return f"{seconds:.1f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _facts(document: ReportDocument, rows: tuple[RouteRow, ...]) -> list[tuple[str, str]]:
    writes = sum(row.calls for row in rows if row.writes)
    facts = [("Calls that read", number(document.calls.total - writes)), ("Calls that wrote", number(writes))]
    if document.forecast is not None:
        forecast = document.forecast
        share = "" if forecast.share_of_day is None else f", {words.exact_percent(forecast.share_of_day)} of the day"
        facts.append(
            ("Forecast for writing", f"{forecast.calls:,} calls, {max(forecast.minutes, 0.1):.1f} minutes{share}")
        )
    quota = document.quota
    if quota.limit is not None:
        left = "unknown" if quota.left is None else f"{quota.left:,}"
        bound = f" ({quota.bound})" if quota.bound else ""
        facts.append(("Calls a day", f"{quota.limit:,}, left to us after the run: {left}{bound}"))
    return facts


def number(value: int) -> str:
    """A count with its thousands."""
    return words.number(value)
