"""Panel 15: how far contacts cover the buying committees, by tier, and who is missing most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from icp_sync.plan.document.movement import MissingPersona
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.profile.model.types import COMMITTEES, Committee, TierName
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import Panel

NONE: Final = "Not asked: the profile's `personas` write no committee, so nobody looked who is missing."


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier: its companies, and those with a complete, partial, empty and unread committee."""

    tier: TierName
    companies: int
    counts: tuple[int, ...]
    complete: str


@dataclass(frozen=True, slots=True)
class CommitteesPanel(Panel):
    """Tiers, the highest first; personas, those missing most first."""

    rows: tuple[TierRow, ...]
    missing: tuple[MissingPersona, ...]


def build(document: ReportDocument) -> CommitteesPanel:
    """The buying committees of the tiers that are looked after."""
    rows = tuple(_tier_row(figures.tier, figures.committees) for figures in document.committees.tiers)
    missing = tuple(persona for persona in document.committees.missing if persona.companies)
    return CommitteesPanel(finding=_finding_sentence(document, rows), empty=not rows, rows=rows, missing=missing)


def _tier_row(tier: TierName, counts: Mapping[Committee, int]) -> TierRow:
    companies = sum(counts.values())
    return TierRow(
        tier,
        companies,
        tuple(counts.get(name, 0) for name in COMMITTEES),
        words.percent(counts.get("complete", 0), companies),
    )


def _finding_sentence(document: ReportDocument, rows: tuple[TierRow, ...]) -> str:
    if not document.is_counted:
        return "Buying committees were not counted for this run."
    if not rows:
        return NONE
    first = rows[0]
    _, partial, nobody, unread = first.counts
    tier = first.tier.replace("_", " ")
    unknown = f"; of {unread:,} contacts were not read yet" if unread else ""
    lack = f"{partial + nobody:,} of {first.companies:,} companies in {tier} lack a contact who decides or uses"
    return f"{lack}, {nobody:,} of them have no such contact in HubSpot at all{unknown}."
