"""Reads what HubSpot's history tells of the companies of decided deals: what stood there when each deal opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from icp_sync.errors import UsageError, WrongPortal
from icp_sync.plan.history_sources import is_ours, our_sources
from icp_sync.portal.companies.property_history import calls_for_history, read_whole_history
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.portal_session import PortalSession
from icp_sync.state.store import StateStore

PastMoment = Literal["opened", "written"]
_OUTPUTS = ("tier", "score", "outcome")


@dataclass(frozen=True, slots=True)
class PastRequest:
    """The companies whose history is wanted, and of which properties; `calls` is what it takes."""

    moment: PastMoment
    companies: tuple[int, ...]
    properties: tuple[str, ...]

    @property
    def calls(self) -> int:
        return calls_for_history(len(self.companies))


@dataclass(frozen=True, slots=True)
class Past:
    """A request, and the history frame that answers it."""

    request: PastRequest
    history: pl.DataFrame


def read_past(session: PortalSession, store: StateStore, request: PastRequest) -> Past:
    """Read the history that is wanted. Raises WrongPortal, PortalError or Stopped rather than return part of it."""
    if session.account.portal_id != store.portal_id:
        raise WrongPortal(f"the token belongs to portal {session.account.portal_id}, the state to {store.portal_id}")
    session.progress.stage("history", len(request.companies))
    advance = session.progress.advance
    return Past(request, read_whole_history(session.connection, request.companies, request.properties, advance))


def own_writes(past: Past, profile: Profile, store: StateStore) -> pl.DataFrame:
    """The history of what we wrote ourselves: by sources known to be ours, and those that wrote our stamp there."""
    stamp = profile.write.profile
    proved = our_sources(past.history, stamp, profile.name) if stamp else frozenset()
    return past.history.filter(is_ours(store.sources.load() | proved))


def written_outputs(profile: Profile) -> dict[str, str]:
    """Output → property of what is compared with the deals."""
    written = profile.write.properties()
    return {name: written[name] for name in _OUTPUTS if name in written}


def written_properties(profile: Profile) -> list[str]:
    """The properties whose history tells what we had written. Raises UsageError for a profile that writes no tier."""
    outputs = written_outputs(profile)
    if "tier" not in outputs:
        raise UsageError(f"profile {profile.name} writes no tier (write.tier), so there is none to judge by")
    return [*outputs.values(), *([profile.write.profile] if profile.write.profile else [])]
