"""What happens to each list, how many companies each of its clauses lets through, and a few that are on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.members import Members
from icp_sync.plan.summary import NO_TIER, Example, members_of
from icp_sync.views.sanitise import sanitise

LONGEST: Final = 80


def lists_view(changes: tuple[ListChange, ...], drawing: PlanPreview | None = None) -> Iterator[RenderableType]:
    """What happens to each list; by whom it is to be held, and why, where the plan was drawn here."""
    for one in changes:
        yield Text(f"List {one.name}: {_change(one)}")
        if drawing is not None and (held := drawing.members.get(one.name)):
            yield _indented(_let_through(held))
            if some := members_of(drawing, one.name):
                yield _indented("such as " + ", ".join(map(_member, some)))


def lists_document(changes: tuple[ListChange, ...], drawing: PlanPreview | None = None) -> dict[str, dict[str, Any]]:
    """The same for machines, by list name."""
    return {one.name: _changed(one) | _held(one.name, drawing) for one in changes}


def _change(one: ListChange) -> str:
    if one.kind == "active":
        return "made, HubSpot fills it" if one.id is None else "filter updated" if one.filters else "as it should be"
    made = "made, " if one.id is None else ""
    return f"{made}+{len(one.add):,} −{len(one.remove):,} ({one.members:,} members now)"


def _let_through(held: Members) -> str:
    parts = [f"{_brief(one.says)}: {one.companies:,}" for one in held.clauses]
    if len(parts) > 1:
        parts.append(f"all of it: {held.meet:,}")
    if held.ids.len() < held.meet:
        parts.append(f"the best of them: {held.ids.len():,}")
    return " · ".join(parts)


def _member(one: Example) -> str:
    return f"{one.name.strip() or one.domain or one.id} ({one.after.replace('_', ' ')}, {one.score})"


def _brief(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _indented(text: str) -> Padding:
    return Padding(sanitise(text), (0, 0, 0, 4), expand=False)


def _changed(one: ListChange) -> dict[str, Any]:
    updated = one.id is not None and one.filters is not None
    return {"add": len(one.add), "remove": len(one.remove), "create": one.id is None, "filter": updated}


def _held(name: str, drawing: PlanPreview | None) -> dict[str, Any]:
    held = drawing.members.get(name) if drawing is not None else None
    if drawing is None or held is None:
        return {}
    return {
        "wanted": held.ids.len(),
        "meet": held.meet,
        "clauses": [{"where": one.place, "says": one.says, "companies": one.companies} for one in held.clauses],
        "sample": [
            {"id": str(one.id), "name": one.name, "domain": one.domain, "tier": _tier(one), "score": one.score}
            for one in members_of(drawing, name)
        ],
    }


def _tier(one: Example) -> str | None:
    return None if one.after == NO_TIER else one.after
