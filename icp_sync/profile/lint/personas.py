"""Personas that say nothing: without a role, or the same as another."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.personas import DECIDING_ROLES, ROLES
from icp_sync.profile.model.profile import Profile


def persona_without_role(profile: Profile) -> Iterator[Finding]:
    """Every persona has a role."""
    for n, persona in enumerate(profile.personas.people if profile.personas else ()):
        if persona.role is None:
            message = f"{persona.id} has no role, so no committee waits for it; write one of {', '.join(ROLES)}"
            yield Finding(("personas", "people", n), f"{message} ({' and '.join(DECIDING_ROLES)} are waited for)")


def duplicate_persona(profile: Profile) -> Iterator[Finding]:
    """No two personas have the same match: one contact would always stand for both."""
    first: dict[str, str] = {}
    for n, persona in enumerate(profile.personas.people if profile.personas else ()):
        asks = persona.match.model_dump_json(exclude_none=True)
        if first.setdefault(asks, persona.id) != persona.id:
            message = f"{persona.id} is recognised exactly as {first[asks]} is, so whoever is one is both"
            yield Finding(("personas", "people", n, "match"), f"{message}; tell them apart or keep one")
