"""A profile's own tests: named apart, made of properties, and expecting what could come out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding, brief
from icp_sync.profile.semantic.criteria import no_criterion
from icp_sync.profile.semantic.draft import PartialProfile

_PROPERTY: Final = re.compile(r"[a-z][a-z0-9_]{0,99}")


def names_are_unique(draft: PartialProfile) -> Iterator[Finding]:
    """A test's name is its own."""
    seen: set[str] = set()
    for path, case in draft.cases:
        if case.name in seen:
            yield Finding((*path, "name"), f"another test is called {brief(case.name)!r}; choose another name")
        seen.add(case.name)


def company_names_properties(draft: PartialProfile) -> Iterator[Finding]:
    """A test's company is made of property names."""
    for path, case in draft.cases:
        for name in case.company:
            if not _PROPERTY.fullmatch(name):
                message = "is no property name; write the internal name, such as numberofemployees"
                yield Finding((*path, "company", name), f"{brief(name)!r} {message}")
            elif name in draft.derive:
                message = f"{name} is derived and would be overlooked; name the properties of its formula"
                yield Finding((*path, "company", name), message)


def something_possible_is_expected(draft: PartialProfile) -> Iterator[Finding]:
    """A test expects something, and nothing that cannot come out."""
    tiers = [tier.tier for _, tier in draft.tiers]
    for path, case in draft.cases:
        place, expect = (*path, "expect"), case.expect
        refused = any(at[: len(place)] == place for at in draft.refused)
        if not expect.model_fields_set and not refused:
            yield Finding(place, "expects nothing; name tier, outcome, score, potential, coverage or credits")
        if expect.tier and tiers and expect.tier not in tiers:
            yield Finding((*place, "tier"), f"{expect.tier} is not among tiers and can never come out; correct it")
        for name in expect.credits or {}:
            yield from no_criterion(draft, name, (*place, "credits", name))
