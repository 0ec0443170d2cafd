"""Overrides, held inputs and pins, for a terminal, a table and machines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.plan.overrides_holds_and_pins import Exemptions, OpenOverride
from icp_sync.plan.plurals import count_noun
from icp_sync.plan.who_emptied_inputs import format_moment
from icp_sync.views.csv_text import csv_text
from icp_sync.views.links import record_link
from icp_sync.views.sanitise import sanitise

UI_DOMAIN: Final = "app.hubspot.com"
"""HubSpot leads from here to the portal's own host, which only a call would tell."""
COLUMNS: Final = ("kind", "id", "name", "link", "property", "value", "wanted", "who", "since", "days", "note")


def exemptions_view(exemptions: Exemptions) -> RenderableType:
    """A table of each kind, or that nothing stands."""
    rows = list(_rows(exemptions))
    if not rows:
        nothing = Text("Nothing stands against the profile: no overrides, no held inputs, no pins.")
        return Group(nothing, *_unseen_swaps_line(exemptions))
    table = Table(box=None, padding=(0, 2, 0, 0))
    titles = ("kind", "company", "property or list", "stands", "profile", "who", "since", "days")
    for title in titles:
        table.add_column(title)
    for row in rows:
        company = f"{row['name']} ({row['id']})" if row["name"] else row["id"]
        texts = [row["kind"], company, row["property"], row["value"] or "empty", row["wanted"], row["who"]]
        table.add_row(*map(sanitise, texts), str(row["since"])[:10], str(row["days"]))
    kinds = (("override", exemptions.overrides), ("held input", exemptions.held_inputs), ("pin", exemptions.pins))
    counts = ", ".join(count_noun(len(rows), kind) for kind, rows in kinds)
    emptied = (sanitise(emptied.sentence) for emptied in exemptions.emptied)
    return Group(table, Text(f"{counts}; icp-sync release ends them"), *emptied, *_unseen_swaps_line(exemptions))


def _unseen_swaps_line(exemptions: Exemptions) -> Iterator[Text]:
    """What no pin tells of: HubSpot's size of a list and its time of change look as a run left them."""
    if exemptions.keeps_lists:
        yield Text(
            "As many put on a static list as taken off within a minute of a run: icp-sync run --full finds that.",
            style="dim",
        )


def exemptions_document(exemptions: Exemptions) -> dict[str, Any]:
    """All of it for machines."""
    return {
        "overrides": [
            {"id": str(value.id), "property": value.property, "value": value.value, "wanted": value.wanted,
             "kind": value.kind, "user_id": value.user_id, "by": value.by, "since": value.since.isoformat()}
            | ({"email": value.email} if value.email else {})
            for value in exemptions.overrides
        ],
        "held": [
            {"id": str(hold.id), "property": hold.property, "was": hold.was, "since": hold.since.isoformat(),
             "emptied_at": hold.emptied_at.isoformat() if hold.emptied_at else None, "emptied_by": hold.emptied_by}
            for hold in exemptions.held_inputs
        ],
        "pins": [
            {"list": pin.list, "id": str(pin.id), "side": pin.side, "since": pin.since.isoformat()}
            for pin in exemptions.pins
        ],
    }  # fmt: skip


def exemptions_csv(exemptions: Exemptions) -> str:
    """One row for each thing that stands."""
    return csv_text(COLUMNS, _rows(exemptions))


def _rows(exemptions: Exemptions) -> Iterator[dict[str, Any]]:
    for override in exemptions.overrides:
        texts = {"property": override.property, "value": override.value, "wanted": override.wanted or ""}
        facts = {"who": _override_author(override), "note": override.note or ""}
        yield _row(exemptions, "override", override.id, override.name, override.since) | texts | facts
    for hold in exemptions.held_inputs:
        note = f"emptied {format_moment(hold.emptied_at)}" if hold.emptied_at else ""
        texts = {"property": hold.property, "value": hold.was, "wanted": "", "who": hold.emptied_by or "", "note": note}
        yield _row(exemptions, "held input", hold.id, hold.name, hold.since) | texts
    for pin in exemptions.pins:
        texts = {"property": pin.list, "value": pin.side, "wanted": "", "who": "", "note": ""}
        yield _row(exemptions, "pin", pin.id, pin.name, pin.since) | texts


def _row(exemptions: Exemptions, kind: str, company_id: int, name: str, since: dt.datetime) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": str(company_id),
        "name": name,
        "link": record_link(UI_DOMAIN, exemptions.portal_id, company_id),
        "since": since.isoformat(),
        "days": max((exemptions.now - since).days, 0),
    }


def _override_author(override: OpenOverride) -> str:
    """Who set it: the person, else the workflow, import or app; a workflow's user only enrolled the company."""
    if override.kind != "person" and override.by:
        return override.by
    return override.email or override.by or (f"user {override.user_id}" if override.user_id else override.kind)
