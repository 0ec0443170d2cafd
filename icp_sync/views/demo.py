"""The demo's output: funnel, lists, five target accounts with reasons, calls used, and the second run."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.preview import pick_best_companies
from icp_sync.plan.run_report import RunReport
from icp_sync.views.plan_terminal import created_in_portal_line, examples_view, funnel_view

PAGE_MISSING: Final = "The first run as a page needs three packages more: pip install 'icp-sync[report]'"


def demo_view(preview: PlanPreview, first: RunReport, second: RunReport, page: Path | None = None) -> RenderableType:
    """Renders two runs over a generated portal; `preview` and `page`, its report, belong to the first."""
    calls = sum(first.calls.values())
    return Group(
        funnel_view(preview.plan),
        Text(""),
        *created_in_portal_line(first.applied.created),
        *(
            Text(
                f"List {list_change.name} ({list_change.kind}): "
                f"{_member_count_phrase(list_change.kind, len(list_change.add))}"
            )
            for list_change in preview.plan.lists
        ),
        Text(""),
        Text("Five target accounts, and why", style="bold"),
        examples_view(pick_best_companies(preview)),
        Text(""),
        Text(
            f"first run: {first.applied.companies:,} companies written, {first.applied.lists} lists kept, "
            f"{calls:,} calls, {first.seconds:.1f} s"
        ),
        Text(
            f"second run: {second.plan.changes.height:,} changes, {sum(second.calls.values()) - calls:,} calls",
            style="bold",
        ),
        Text(""),
        Text(f"The first run as a page, for your browser: {page}" if page else PAGE_MISSING),
    )


def _member_count_phrase(kind: str, added: int) -> str:
    return f"{added:,} companies" if kind == "static" else "HubSpot fills it"
