"""The edits that make a profile's tests expect what comes out now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from icp_sync.profile.edits.edit_types import Value
from icp_sync.profile.findings import Path
from icp_sync.scoring.profile_tests import CaseResult


def expect_as_scored(results: Iterable[CaseResult]) -> dict[Path, Value]:
    """Edits that give each failing test what it got, for what it names; "expect tier_2 from now on".

    Run the tests of the edited profile, and lay these edits over its own.
    """
    edits: dict[Path, Value] = {}
    for result in results:
        expected = _flat(result.expected)
        wrong = {keys: value for keys, value in _flat(result.got).items() if value != expected[keys]}
        edits |= {("tests", result.name, "expect", *keys): value for keys, value in wrong.items()}
    return edits


def _flat(named: Mapping[str, Any]) -> dict[Path, Any]:
    """The values by keys, each credit by itself."""
    flat: dict[Path, Any] = {(key,): value for key, value in named.items() if key != "credits"}
    return flat | {("credits", name): value for name, value in named.get("credits", {}).items()}
