"""One company explained: why it comes out so; value as found, as understood, points; what would lift it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.explain import CriterionAnswer, DisqualifierAnswer, Explanation, WhatIf
from icp_sync.scoring.facts import points_text
from icp_sync.scoring.outcome import points
from icp_sync.views.links import record_link
from icp_sync.views.sanitise import sanitise


@dataclass(frozen=True, slots=True)
class Shown:
    """What the companies are shown with: the rules they were judged by, and where people open their records."""

    profile: Profile
    ui_domain: str
    portal_id: int


def explanation_document(one: Explanation) -> dict[str, Any]:
    """A company of the `--json` document of `explain`; ids are text there, as in HubSpot."""
    document = asdict(one) | {"id": str(one.id)}
    document.pop("reasons")
    return document


def notes_on(profile: Profile, as_of: dt.datetime | None) -> tuple[str, ...]:
    """What an explanation of single companies takes from the snapshot of all, or has to leave out (`as_of` None)."""
    limited = " and ".join(tier.tier for tier in profile.tiers if tier.capacity)
    if not limited:
        return ()
    if as_of is None:
        return (f"capacity is left out: whether {limited} still has a place only a run can tell",)
    return (f"whether {limited} still has a place is judged by the companies as of {as_of:%Y-%m-%d %H:%M} UTC",)


def explanation_view(companies: tuple[Explanation, ...], shown: Shown, notes: tuple[str, ...] = ()) -> RenderableType:
    """The same for a terminal."""
    parts = [part for n, one in enumerate(companies) for part in ([Text("")] if n else []) + [*_company(one, shown)]]
    return Group(*parts, *(sanitise(note) for note in notes))


def several_view(companies: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Companies to choose from; each has `id`, `name`, `domain`."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("id", "name", "domain"):
        table.add_column(heading, overflow="fold")
    for one in companies:
        table.add_row(sanitise(one["id"]), sanitise(one["name"] or "(no name)"), sanitise(one["domain"] or ""))
    return table


def _company(one: Explanation, shown: Shown) -> Iterator[RenderableType]:
    yield sanitise(f"{(one.name or '').strip() or '(no name)'} · {one.domain or '(no domain)'} · id {one.id}", "bold")
    yield sanitise(record_link(shown.ui_domain, shown.portal_id, one.id))
    live = f"on the record now: {(one.live_tier or 'no tier').replace('_', ' ')}"
    if one.outcome is None:
        yield sanitise(f"outside the profile's scope: neither scored nor written; {live}")
        return
    yield Text("")
    yield sanitise(one.reasons or one.outcome.replace("_", " "))
    yield Text("")
    yield sanitise(f"fit score {one.score} of 100, potential {one.potential}, {_percent(one.coverage)} known; {live}")
    yield _criteria(one.criteria, shown.profile)
    yield from _disqualifiers(one.disqualifiers, shown.profile)
    yield from _lifts(one.lifts, shown.profile)


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.1f}".removesuffix(".0") + "%"


def _criteria(answers: Sequence[CriterionAnswer], profile: Profile) -> RenderableType:
    titles = {criterion.id: criterion.title for criterion in profile.criteria}
    full = points(profile)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("criterion", "value", "understood as", "points"):
        table.add_column(heading, overflow="fold")
    for one in answers:
        of = f" of {points_text(full[one.id])}"
        earned = f"unknown{of}" if one.credit is None else f"{one.points:g}{of}"
        required = " (required)" if one.id in profile.required else ""
        value = " ".join((one.value or "empty").split())
        table.add_row(*map(sanitise, (f"{titles[one.id]}{required}", value, one.understood or "", f"{earned} points")))
    return Padding(table, (1, 0), expand=False)


def _disqualifiers(answers: Sequence[DisqualifierAnswer], profile: Profile) -> Iterator[Text]:
    titles = {disqualifier.id: disqualifier.title for disqualifier in profile.disqualifiers}
    for one in answers:
        met = {True: "RULED OUT", False: "not ruled out", None: "not known, so not ruled out"}[one.met]
        yield sanitise(f"{met}: {titles[one.id]} (value: {one.value or 'empty'})", "bold red" if one.met else "")


def _lifts(lifts: Sequence[WhatIf], profile: Profile) -> Iterator[Text]:
    titles = {criterion.id: criterion.title for criterion in profile.criteria}
    for one in lifts:
        better = (one.tier or one.outcome).replace("_", " ")
        yield sanitise(f"a full hit on {titles[one.id]} would make it {better}")
