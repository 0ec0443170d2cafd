"""Renders the changes of lists for a terminal: action, companies that meet each clause, and examples of members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.preview import PreviewExample, pick_list_members
from icp_sync.plan.static_list_members import DesiredMembers
from icp_sync.text_truncation import truncate
from icp_sync.views.sanitise import sanitise

LONGEST: Final = 80


def lists_view(changes: tuple[ListChange, ...], preview: PlanPreview | None = None) -> Iterator[RenderableType]:
    """The changes of lists for a terminal; with `preview` also how many companies meet each clause, and examples."""
    for change in changes:
        yield Text(f"List {change.name}: {_change(change)}")
        if preview is not None and (members := preview.members.get(change.name)):
            yield _indent(_clause_counts(members))
            if examples := pick_list_members(preview, change.name):
                yield _indent("such as " + ", ".join(map(_member, examples)))


def _change(change: ListChange) -> str:
    if change.kind == "active":
        return (
            "made, HubSpot fills it" if change.id is None else "filter updated" if change.filters else "as it should be"
        )
    made = "made, " if change.id is None else ""
    return f"{made}+{len(change.add):,} −{len(change.remove):,} ({change.members:,} members now)"


def _clause_counts(members: DesiredMembers) -> str:
    parts = [f"{truncate(clause.says, LONGEST)}: {clause.companies:,}" for clause in members.clauses]
    if len(parts) > 1:
        parts.append(f"all of it: {members.match_count:,}")
    inside, outside = members.pins.standing.inside.len(), members.pins.standing.outside.len()
    if members.limit is not None and members.limit < members.match_count:
        parts.append(f"the best of them: {members.ids.len() - inside:,}")
    parts.extend([f"stay on it by hand: {inside:,}"] if inside else [])
    parts.extend([f"stay off it by hand: {outside:,}"] if outside else [])
    return " · ".join(parts)


def _member(example: PreviewExample) -> str:
    return (
        f"{example.name.strip() or example.domain or example.id} ({example.after.replace('_', ' ')}, {example.score})"
    )


def _indent(text: str) -> Padding:
    return Padding(sanitise(text), (0, 0, 0, 4), expand=False)
