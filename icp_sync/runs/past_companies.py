"""The companies of decided deals in the past: which are wanted, and what HubSpot's history tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from icp_sync.companies.frame import with_missing_columns
from icp_sync.errors import UsageError
from icp_sync.evidence.deal_history import DealHistory, backtest_deal_properties, deal_history
from icp_sync.plan.history_sources import find_own_sources, is_own_source
from icp_sync.plan.plurals import count_noun
from icp_sync.portal.companies.property_history import calls_for_history, read_history_or_raise
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.portal_session import PortalSession
from icp_sync.runs.snapshot_scoring import OfflineSource
from icp_sync.state.deals import KnownDeals
from icp_sync.state.store import StateStore

PastMoment = Literal["opened", "written"]
_OUTPUTS = ("tier", "score", "outcome")


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """The companies whose history is wanted, and of which properties; `calls` is what it takes."""

    moment: PastMoment
    companies: tuple[int, ...]
    properties: tuple[str, ...]

    @property
    def calls(self) -> int:
        return calls_for_history(len(self.companies))

    @property
    def cost_sentence_template(self) -> str:
        """What it takes, for people; `{left}` is where the calls left today stand."""
        companies = count_noun(len(self.companies), "company", "companies")
        return f"The history of {companies} takes {count_noun(self.calls, 'call')}{{left}}, 50 companies each."


@dataclass(frozen=True, slots=True)
class PastHistory:
    """A request, and the history frame that answers it."""

    request: HistoryRequest
    history: pl.DataFrame


def history_request(
    offline: OfflineSource, deals: KnownDeals, outcomes: DealOutcomes, moment: PastMoment
) -> HistoryRequest:
    """What must be read to judge by the past. Raises UsageError for a profile that writes no tier to judge by."""
    profile, program = offline.source.profile_run.profile, offline.source.program
    history = deals_of_snapshot(offline, deals_with_backtest_columns(offline, deals, outcomes), outcomes)
    companies = tuple(sorted(history.decided["company"].unique()))
    if moment == "written":
        return HistoryRequest(moment, companies, tuple(history_properties(profile)))
    read = program.requirements.source_properties(profile)
    # What the portal does not have has no history either.
    return HistoryRequest(moment, companies, tuple(sorted(read.intersection(offline.snapshot.companies.columns))))


def deals_of_snapshot(
    offline: OfflineSource, deals: pl.DataFrame, outcomes: DealOutcomes, by: str | None = None
) -> DealHistory:
    """The deals of all companies of the snapshot: who is out of scope now may have been in it then."""
    history = deal_history(deals, offline.snapshot.companies, outcomes, offline.source.program, by)
    return history.with_known_opening()


def deals_with_backtest_columns(
    offline: OfflineSource, deals: KnownDeals, outcomes: DealOutcomes, by: str | None = None
) -> pl.DataFrame:
    """The known deals with every property that a backtest reads, null where the portal lacks it."""
    return with_missing_columns(deals.frame, backtest_deal_properties(offline.source.profile_run.profile, outcomes, by))


def read_past_history(session: PortalSession, store: StateStore, request: HistoryRequest) -> PastHistory:
    """Read the history that is wanted. Raises WrongPortal, PortalError or Stopped rather than return part of it."""
    session.require_portal(store.portal_id)
    session.progress.stage("history", len(request.companies))
    advance = session.progress.advance
    return PastHistory(
        request, read_history_or_raise(session.connection, request.companies, request.properties, advance)
    )


def find_own_writes(past: PastHistory, profile: Profile, store: StateStore) -> pl.DataFrame:
    """The history of what we wrote ourselves: by sources known to be ours, and those that wrote our stamp there."""
    stamp = profile.write.profile
    proved = find_own_sources(past.history, stamp, profile.name) if stamp else frozenset()
    return past.history.filter(is_own_source(store.own_sources.load() | proved))


def outputs_compared_with_deals(profile: Profile) -> dict[str, str]:
    """Output → property of what is compared with the deals."""
    written = profile.write.properties()
    return {name: written[name] for name in _OUTPUTS if name in written}


def history_properties(profile: Profile) -> list[str]:
    """The properties whose history tells what we had written. Raises UsageError for a profile that writes no tier."""
    outputs = outputs_compared_with_deals(profile)
    if "tier" not in outputs:
        raise UsageError(f"profile {profile.name} writes no tier (write.tier), so there is none to judge by")
    return [*outputs.values(), *([profile.write.profile] if profile.write.profile else [])]
