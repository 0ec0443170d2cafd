"""Renders explanations of companies: value on the record, value as parsed, points, and what would raise the tier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from icp_sync.plan.company_memory import NOTHING, CompanyMemory, KnownCommittee
from icp_sync.plan.plurals import count_noun
from icp_sync.plan.who_emptied_inputs import format_moment
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.explain import CriterionAnswer, CriterionLift, DisqualifierAnswer, Explanation
from icp_sync.scoring.outcome import max_criterion_points
from icp_sync.scoring.reason_facts import points_text
from icp_sync.views.links import record_link
from icp_sync.views.sanitise import sanitise


@dataclass(frozen=True, slots=True)
class ExplanationContext:
    """What the companies are shown with: the rules they were judged by, and where people open their records.

    `remembered`: company id → its overrides, held inputs and vendors' values, where it has any.
    """

    profile: Profile
    ui_domain: str
    portal_id: int
    remembered: Mapping[int, CompanyMemory] = field(default_factory=dict)


def explanation_document(explanation: Explanation, remembered: CompanyMemory = NOTHING) -> dict[str, Any]:
    """A company of the `--json` document of `explain`; ids are text there, as in HubSpot."""
    document = asdict(explanation) | {"id": str(explanation.id)}
    document.pop("reasons")
    return document | {
        "override": [_with_iso_dates(asdict(value)) for value in remembered.overrides],
        "held": [_with_iso_dates(asdict(value)) for value in remembered.held_inputs],
        "enriched": [_with_iso_dates(asdict(value)) for value in remembered.vendor_values],
        "committee": _with_iso_dates(asdict(remembered.committee)) if remembered.committee else None,
    }


def _with_iso_dates(document: dict[str, Any]) -> dict[str, Any]:
    moments = {name: value.isoformat() for name, value in document.items() if isinstance(value, dt.date)}
    return document | moments


def override_and_input_lines(remembered: CompanyMemory) -> Iterator[Text]:
    """What stands on a record as somebody else set it, and what counts though it was lost or is a vendor's."""
    for value in remembered.overrides:
        by = {"person": "by hand", "undo": "back by an undo"}.get(value.kind, f"by {value.by or 'an automation'}")
        who = f" ({value.by})" if value.kind == "person" and value.by else ""
        shown = value.value or "empty"
        yield sanitise(f"{value.property} was set {by} to {shown} on {value.since:%Y-%m-%d}{who} and stands")
    for lost in remembered.held_inputs:
        emptied_at, emptied_by = lost.emptied_at, lost.emptied_by
        how = f", emptied on {format_moment(emptied_at)} by {emptied_by}," if emptied_at and emptied_by else ""
        yield sanitise(f"{lost.property} was lost on {lost.since:%Y-%m-%d}{how} and still counts as {lost.was}")
    for theirs in remembered.vendor_values:
        own = f"HubSpot has {theirs.was}" if theirs.was else "HubSpot has none"
        of = f"{theirs.source} of {theirs.as_of:%Y-%m-%d} ({count_noun(theirs.age_days, 'day')} old)"
        yield sanitise(f"{theirs.property} counts as {theirs.value}, by {of}; {own}")


def committee_line(known: KnownCommittee) -> Text:
    """How far contacts cover the buying committee, and who is missing."""
    if known.committee == "unknown":
        return sanitise("buying committee: not known, since its contacts were not read yet")
    missing = f"; nobody is {', or '.join(known.missing)}" if known.missing else ""
    at = f" on {known.looked_at:%Y-%m-%d}" if known.looked_at else ""
    contacts = "one contact" if known.contacts == 1 else f"{known.contacts:,} contacts"
    return sanitise(f"buying committee: {known.committee}{missing} ({contacts} looked at{at})")


def snapshot_notes(profile: Profile, as_of: dt.datetime | None) -> tuple[str, ...]:
    """Notes on what comes from the snapshot of all companies; `as_of` None: there is none, and it is left out."""
    question = question_of_places(profile)
    if not question:
        return ()
    if as_of is None:
        return (f"capacity is left out: {question} only a run can tell",)
    return (f"{question} is judged by the companies as of {as_of:%Y-%m-%d %H:%M} UTC",)


def question_of_places(profile: Profile) -> str:
    """`whether tier_1 and tier_2 still have a place`; "" for a profile of no limit."""
    limited = [tier.tier for tier in profile.tiers if tier.capacity]
    return f"whether {' and '.join(limited)} still {'has' if len(limited) == 1 else 'have'} a place" if limited else ""


def offline_explanation_note(read_at: dt.datetime, *, edited: bool | None) -> str:
    """That a company is explained as it was last read, and whether by another profile than that of the last run."""
    profile = "; the profile was edited since its last run" if edited else ""
    return f"as of the reading of {read_at:%Y-%m-%d %H:%M} UTC, and not asked of HubSpot now{profile}"


def explanation_view(
    companies: tuple[Explanation, ...], shown: ExplanationContext, notes: tuple[str, ...] = ()
) -> RenderableType:
    """The explanation of a company for a terminal."""
    parts = [
        part
        for n, explanation in enumerate(companies)
        for part in ([Text("")] if n else []) + [*_company_explanation(explanation, shown)]
    ]
    return Group(*parts, *(sanitise(note) for note in notes))


def matches_view(companies: Sequence[Mapping[str, Any]]) -> RenderableType:
    """The list of companies that share a name; each has `id`, `name`, `domain`."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("id", "name", "domain"):
        table.add_column(heading, overflow="fold")
    for company in companies:
        table.add_row(
            sanitise(company["id"]), sanitise(company["name"] or "(no name)"), sanitise(company["domain"] or "")
        )
    return table


def _company_explanation(explanation: Explanation, shown: ExplanationContext) -> Iterator[RenderableType]:
    name, domain = (explanation.name or "").strip() or "(no name)", explanation.domain or "(no domain)"
    yield sanitise(f"{name} · {domain} · id {explanation.id}", "bold")
    yield sanitise(record_link(shown.ui_domain, shown.portal_id, explanation.id))
    live = f"on the record now: {(explanation.live_tier or 'no tier').replace('_', ' ')}"
    if explanation.outcome is None:
        yield sanitise(f"outside the profile's scope: neither scored nor written; {live}")
        return
    yield Text("")
    yield sanitise(explanation.reasons or explanation.outcome.replace("_", " "))
    yield Text("")
    scores = f"fit score {explanation.score} of 100, potential {explanation.potential}"
    yield sanitise(f"{scores}, {_percent(explanation.coverage)} known; {live}")
    remembered = shown.remembered.get(explanation.id, NOTHING)
    yield from override_and_input_lines(remembered)
    if remembered.committee:
        yield committee_line(remembered.committee)
    yield _criteria(explanation.criteria, shown.profile)
    yield from _disqualifiers(explanation.disqualifiers, shown.profile)
    yield from _lifts(explanation.lifts, shown.profile)


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.1f}".removesuffix(".0") + "%"


def _criteria(answers: Sequence[CriterionAnswer], profile: Profile) -> RenderableType:
    titles = {criterion.id: criterion.title for criterion in profile.criteria}
    full = max_criterion_points(profile)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("criterion", "value", "understood as", "points"):
        table.add_column(heading, overflow="fold")
    for answer in answers:
        of = f" of {points_text(full[answer.id])}"
        earned = f"unknown{of}" if answer.credit is None else f"{answer.points:g}{of}"
        required = " (required)" if answer.id in profile.required else ""
        value = " ".join((answer.value or "empty").split())
        table.add_row(
            *map(sanitise, (f"{titles[answer.id]}{required}", value, answer.understood or "", f"{earned} points"))
        )
    return Padding(table, (1, 0), expand=False)


def _disqualifiers(answers: Sequence[DisqualifierAnswer], profile: Profile) -> Iterator[Text]:
    titles = {disqualifier.id: disqualifier.title for disqualifier in profile.disqualifiers}
    for answer in answers:
        met = {True: "RULED OUT", False: "not ruled out", None: "not known, so not ruled out"}[answer.met]
        yield sanitise(
            f"{met}: {titles[answer.id]} (value: {answer.value or 'empty'})", "bold red" if answer.met else ""
        )


def _lifts(lifts: Sequence[CriterionLift], profile: Profile) -> Iterator[Text]:
    titles = {criterion.id: criterion.title for criterion in profile.criteria}
    for lift in lifts:
        better = (lift.tier or lift.outcome).replace("_", " ")
        yield sanitise(f"a full hit on {titles[lift.id]} would make it {better}")
