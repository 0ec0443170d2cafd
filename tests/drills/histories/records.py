"""The companies of the histories as they stand in the portal."""

from __future__ import annotations

from typing import Final

from icp_sync.sandbox import SandboxPortal
from tests.drills.histories.edition import COMPUTED, FLAG, INPUTS, LIST, LOCK, STAMP, TIER

NAMES: Final = (*INPUTS, *COMPUTED, TIER, FLAG, STAMP, LOCK)
Records = dict[int, dict[str, str]]
"""Company → property → text, "" where it is empty."""


def live(portal: SandboxPortal) -> Records:
    """Every live company with all texts that count here."""
    there = [name for name in NAMES if name in portal.schema.definitions]
    rows = portal.companies_frame(*there).to_dicts()
    return {row.pop("id"): dict.fromkeys(NAMES, "") | {name: text or "" for name, text in row.items()} for row in rows}


def members(portal: SandboxPortal) -> frozenset[int] | None:
    """Who is on the list; None while there is no list."""
    try:
        return frozenset(portal.list_members(LIST))
    except LookupError:
        return None
