"""A profile's tests: distinct names, companies made of properties, and possible expectations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.types import NO_PROPERTY, RECORD_ID
from icp_sync.profile.semantic.criteria import criterion_exists
from icp_sync.profile.semantic.partial_profile import PartialProfile
from icp_sync.text_truncation import shorten

_PROPERTY: Final = re.compile(r"[a-z][a-z0-9_]{0,99}")


def names_are_unique(draft: PartialProfile) -> Iterator[Finding]:
    """No two tests have the same name."""
    seen: set[str] = set()
    for path, test in draft.tests:
        if test.name in seen:
            yield Finding((*path, "name"), f"another test is called {shorten(test.name)!r}; choose another name")
        seen.add(test.name)


def company_keys_are_properties(draft: PartialProfile) -> Iterator[Finding]:
    """A test's company has internal property names as keys."""
    for path, test in draft.tests:
        for name in test.company:
            if not _PROPERTY.fullmatch(name):
                message = "is no property name; write the internal name, such as numberofemployees"
                yield Finding((*path, "company", name), f"{shorten(name)!r} {message}")
            elif name == RECORD_ID:
                yield Finding((*path, "company", name), NO_PROPERTY)
            elif name in draft.derived_formulas:
                message = f"{name} is derived and would be overlooked; name the properties of its formula"
                yield Finding((*path, "company", name), message)


def expectation_is_possible(draft: PartialProfile) -> Iterator[Finding]:
    """A test expects something, and no tier or criterion the profile lacks."""
    for path, test in draft.tests:
        expect_path, expect = (*path, "expect"), test.expect
        refused = any(refused_path[: len(expect_path)] == expect_path for refused_path in draft.refused)
        if not expect.model_fields_set and not refused:
            yield Finding(expect_path, "expects nothing; name tier, outcome, score, potential, coverage or credits")
        if expect.tier and draft.tier_names and expect.tier not in draft.tier_names:
            yield Finding(
                (*expect_path, "tier"), f"{expect.tier} is not among tiers and can never come out; correct it"
            )
        for name in expect.credits or {}:
            yield from criterion_exists(draft, name, (*expect_path, "credits", name))
