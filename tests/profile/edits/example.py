"""A small profile in plain YAML to write pieces of in another style, and why an edit of it is refused."""

from __future__ import annotations

from typing import Final

from icp_sync.errors import EditRefused, ProfileInvalid
from icp_sync.profile.edits.edit_types import Value
from icp_sync.profile.edits.text import edit_text
from icp_sync.profile.findings import Path

FILE: Final = "icp.yaml"
SIZE: Final = ("criteria", "size")
AGE: Final = ("criteria", "age")
TIER_1: Final = ("tiers", "tier_1")
CRITERIA: Final = """\
  - id: size
    property: numberofemployees
    weight: 20 # half
    match: { at_least: 500 }
  - id: age
    property: founded_year
    weight: 20
    match: { age_years: [3, 10] }
"""
TIERS: Final = """\
  - { tier: tier_1, enter: 80, leave: 75 } # the first
  - { tier: tier_2, enter: 50 }
"""


def text_of(criteria: str = CRITERIA, tiers: str = TIERS, more: str = "") -> str:
    """A profile with these pieces."""
    return (
        "schema: 1\nprofile: { name: x, kind: icp } # ours\nwrite: { tier: icp_tier, outcome: icp_fit_outcome }\n"
        f"criteria:\n{criteria}tiers:\n{tiers}{more}"
    )


def refusals(text: str, edits: dict[Path, Value]) -> list[str]:
    """Why an edit of this text is refused, as `line: path: message`; empty where it is not."""
    try:
        edit_text(text, edits, FILE)
    except (EditRefused, ProfileInvalid) as error:
        return [str(detail).removeprefix(f"{FILE}:") for detail in error.details]
    return []
