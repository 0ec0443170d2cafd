"""One company explained: value as found, as understood, credit, points; what is unknown; what would lift it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.profile.model import Profile
from icp_sync.scoring.explain import Explanation
from icp_sync.views.words import words


def explanation_document(one: Explanation) -> dict[str, Any]:
    """A company of the `--json` document of `explain`; ids are text there, as in HubSpot."""
    return asdict(one) | {"id": str(one.id)}


def notes_on(profile: Profile, as_of: dt.datetime | None) -> tuple[str, ...]:
    """What an explanation of single companies takes from the snapshot of all, or has to leave out (`as_of` None)."""
    limited = " and ".join(tier.tier for tier in profile.tiers if tier.capacity)
    if not limited:
        return ()
    if as_of is None:
        return (f"capacity is left out: whether {limited} still has a place only a run can tell",)
    return (f"whether {limited} still has a place is judged by the companies as of {as_of:%Y-%m-%d %H:%M} UTC",)


def explanation_view(companies: tuple[Explanation, ...], notes: tuple[str, ...] = ()) -> RenderableType:
    """The same for a terminal."""
    return Group(*(part for one in companies for part in _company(one)), *(words(note) for note in notes))


def _company(one: Explanation) -> Iterator[RenderableType]:
    yield words(f"{(one.name or '').strip() or '(no name)'} · {one.domain or '(no domain)'} · id {one.id}", "bold")
    if one.outcome is None:
        yield Text("outside the profile's scope: neither scored nor written")
        return
    tier = f", {one.tier}" if one.tier else ""
    live = f" (on the record now: {one.live_tier})" if one.live_tier != one.tier and one.live_tier else ""
    yield words(f"{one.outcome.replace('_', ' ')}{tier}{live}")
    yield Text(f"fit score {one.score}, potential {one.potential}, coverage {one.coverage}")
    yield _criteria(one)
    for disqualifier in one.disqualifiers:
        met = {True: "MET", False: "not met", None: "not known, so not met"}[disqualifier.met]
        yield words(f"disqualifier {disqualifier.id}: {met} (value: {disqualifier.value or 'empty'})")
    for lift in one.lifts:
        yield Text(f"a full hit on {lift.id} would make it {(lift.tier or lift.outcome).replace('_', ' ')}")


def _criteria(one: Explanation) -> Table:
    table = Table("criterion", "value", "understood as", "credit", "points", box=None, padding=(0, 2, 0, 0))
    for criterion in one.criteria:
        credit = "unknown" if criterion.credit is None else f"{criterion.credit:g}"
        value = " ".join((criterion.value or "empty").split())
        cells = (criterion.id, value, criterion.understood or "", credit, f"{criterion.points:g}")
        table.add_row(*map(words, cells))
    return table
