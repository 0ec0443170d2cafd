"""A profile the linter has nothing to say about, to change one thing in."""

from __future__ import annotations

from typing import Any

from icp_sync.profile.findings import LocatedFinding
from tests.profile.example import criterion, loaded

SOUND: dict[str, Any] = {
    "profile": {"name": "x", "kind": "icp", "owner": "me@example.com", "review_by": "2027-02-01"},
    "criteria": [criterion(evidence="14 of our 20 best customers")],
    "disqualifiers": [{"id": "partner", "property": "type", "match": {"is": "PARTNER"}}],
    "tests": [{"name": "fits", "company": {"numberofemployees": "800"}, "expect": {"tier": "tier_1"}}],
}


def asks(*matches: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """A criterion with this match, the others its partials."""
    partial = [{"match": match, "credit": 0.5 / n} for n, match in enumerate(matches[1:], start=1)]
    return criterion(match=matches[0], partial=partial, evidence="we asked", **keys)


def warnings(**sections: Any) -> tuple[LocatedFinding, ...]:
    return loaded(**{**SOUND, **sections}).warnings


def rules(**sections: Any) -> list[str]:
    return [warning.rule for warning in warnings(**sections)]
