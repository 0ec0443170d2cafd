"""Personas: distinct ids, tiers that exist, properties of contacts, and somebody a committee waits for."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.model.personas import DECIDING_ROLES
from icp_sync.profile.property_reads import GEOGRAPHY
from icp_sync.profile.semantic.partial_profile import PartialProfile
from icp_sync.profile.semantic.tiers import unknown_tiers
from icp_sync.text_truncation import shorten

_DECIDING = " or ".join(DECIDING_ROLES)


def ids_are_unique(draft: PartialProfile) -> Iterator[Finding]:
    """No two personas have one id."""
    first: dict[str, Path] = {}
    for path, persona in draft.people:
        name = persona.get("id")
        if isinstance(name, str) and first.setdefault(name, path) != path:
            yield Finding((*path, "id"), f"the id {shorten(name)!r} is taken by another persona; choose another")


def tiers_exist(draft: PartialProfile) -> Iterator[Finding]:
    """The tiers whose contacts are looked at are among the profile's."""
    if draft.personas is not None:
        yield from unknown_tiers(draft, draft.personas.tiers, ("personas", "tiers"))


def somebody_decides(draft: PartialProfile) -> Iterator[Finding]:
    """Where a committee is written, one of its personas is a decision maker or a user."""
    personas = draft.personas
    if personas is not None and personas.write.properties() and not personas.required_personas:
        message = f"no persona has the role {_DECIDING}, so no committee could ever be complete; give one of them"
        yield Finding(("personas", "people"), f"{message} that role")


def places_name_their_property(draft: PartialProfile) -> Iterator[Finding]:
    """A persona asked for its place names the property: `location` says where companies are, not people."""
    for leaf in draft.leaves:
        asks_place = leaf.path[0] == "personas" and leaf.match.operator in GEOGRAPHY
        if asks_place and not leaf.match.own_properties:
            message = f"{leaf.match.operator} has no property to read; write property: country inside the leaf"
            yield Finding(leaf.path, message)


def lists_have_a_committee(draft: PartialProfile) -> Iterator[Finding]:
    """A list by committee needs the output `committee`."""
    missing = "committee" not in draft.write.properties() and ("personas",) not in [path[:1] for path in draft.refused]
    for path, target in draft.lists:
        if target.where.committee and missing:
            message = "needs the committee of each company; add committee: icp_committee to the write of personas"
            yield Finding((*path, "where", "committee"), message)
