"""A small valid profile to change one thing in, and what loading the result finds."""

from __future__ import annotations

import json
from typing import Any

from icp_sync.errors import ProfileInvalid
from icp_sync.profile.load import LoadedProfile, parse_profile

FILE = "icp.yaml"


def profile(**sections: Any) -> dict[str, Any]:
    """The example with these sections instead of its own."""
    return {
        "schema": 1,
        "profile": {"name": "example", "kind": "icp"},
        "criteria": [criterion()],
        "tiers": [{"tier": "tier_1", "enter": 80}, {"tier": "tier_2", "enter": 50}],
        "write": {"tier": "icp_tier", "outcome": "icp_fit_outcome"},
        **sections,
    }


def criterion(**keys: Any) -> dict[str, Any]:
    """A criterion with these keys instead of its own."""
    return {"id": "size", "property": "numberofemployees", "weight": 20, "match": {"at_least": 500}, **keys}


def loaded(**sections: Any) -> LoadedProfile:
    """The changed example, loaded; JSON is YAML."""
    return parse_profile(json.dumps(profile(**sections)), FILE)


def errors(**sections: Any) -> list[str]:
    """What is wrong with the changed example, as `path: message`."""
    return refusals(json.dumps(profile(**sections)))


def refusals(text: str | bytes) -> list[str]:
    """What is wrong with a text, as `line: path: message`, the line left out where it is 1."""
    try:
        parse_profile(text, FILE)
    except ProfileInvalid as invalid:
        return [str(problem).removeprefix(f"{FILE}:").removeprefix("1: ") for problem in invalid.details]
    return []
