"""The changes of lists as JSON: what is added and taken off, how many companies meet each clause, a few members."""

from __future__ import annotations

from typing import Any

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.preview import NO_TIER, PreviewExample, pick_list_members


def lists_document(changes: tuple[ListChange, ...], preview: PlanPreview | None = None) -> dict[str, dict[str, Any]]:
    """The changes of lists as a JSON document by list name."""
    return {change.name: _change_document(change) | _members_document(change.name, preview) for change in changes}


def _change_document(change: ListChange) -> dict[str, Any]:
    updated = change.id is not None and change.filters is not None
    return {"add": len(change.add), "remove": len(change.remove), "create": change.id is None, "filter": updated}


def _members_document(name: str, preview: PlanPreview | None) -> dict[str, Any]:
    members = preview.members.get(name) if preview is not None else None
    if preview is None or members is None:
        return {}
    return {
        "wanted": members.ids.len(),
        "meet": members.match_count,
        "clauses": [
            {"where": clause.place, "says": clause.says, "companies": clause.companies} for clause in members.clauses
        ],
        "sample": [
            {
                "id": str(example.id),
                "name": example.name,
                "domain": example.domain,
                "tier": _tier_or_none(example),
                "score": example.score,
            }
            for example in pick_list_members(preview, name)
        ],
    }


def _tier_or_none(example: PreviewExample) -> str | None:
    return None if example.after == NO_TIER else example.after
