"""The companies that `discover` compares: what must be read of them that no run reads, and the reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.errors import TooFewDeals, UsageError
from icp_sync.evidence.comparison_sides import (
    ComparedSides,
    sides_of_deals,
    sides_of_listed_companies,
    too_small_reason,
)
from icp_sync.evidence.deal_history import DealHistory, deal_history, deal_properties
from icp_sync.evidence.discover import SEED
from icp_sync.evidence.document_types import Moment
from icp_sync.evidence.trait_sources import properties_worth_comparing
from icp_sync.plan.managed_properties import GROUP
from icp_sync.portal.client.routes import MAX_INPUTS_PER_BATCH
from icp_sync.portal.companies.property_history import MAX_INPUTS_WITH_HISTORY
from icp_sync.portal.companies.read import read_by_ids
from icp_sync.portal.properties import read_definitions
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.past_companies import (
    HistoryRequest,
    PastHistory,
    deals_of_snapshot,
    deals_with_backtest_columns,
    history_request,
    outputs_compared_with_deals,
    read_past_history,
)
from icp_sync.runs.portal_session import PortalSession
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.runs.snapshot_scoring import OfflineSource, score_snapshot
from icp_sync.state.deals import KnownDeals
from icp_sync.state.store import StateStore


@dataclass(frozen=True, slots=True)
class ComparisonRequest:
    """What is wanted of these companies: all their properties, their history (`past`), or all of it."""

    companies: tuple[int, ...]
    all_properties: bool
    past: HistoryRequest | None = None

    @property
    def calls(self) -> int:
        """What it takes, with one call for the list of properties."""
        texts = ceil(len(self.companies) / MAX_INPUTS_PER_BATCH)
        return (self.past.calls if self.past else texts) + self.all_properties

    @property
    def cost_sentence_template(self) -> str:
        """What it takes, for people; `{left}` is where the calls left today stand."""
        if not self.all_properties and self.past:
            return self.past.cost_sentence_template
        what = "The history of every property" if self.past else "Every property"
        # HubSpot takes 50 companies a call with their history, 100 without (hubspot-api.md, sections 2.1 and 11).
        each = MAX_INPUTS_WITH_HISTORY if self.past else MAX_INPUTS_PER_BATCH
        return f"{what} of {len(self.companies):,} companies takes {self.calls:,} calls{{left}}, {each} companies each."


@dataclass(frozen=True, slots=True)
class ComparisonReading:
    """What was read. `definitions`: of all properties worth comparing by, None unless they were wanted.

    `companies`: the company frame of those properties as they are now, None where `past` has their history.
    """

    definitions: tuple[PropertyDefinition, ...] | None = None
    companies: pl.DataFrame | None = None
    past: PastHistory | None = None

    @property
    def extra_properties(self) -> Sequence[str]:
        """The properties that were read beside the profile's."""
        return [definition.name for definition in self.definitions or ()]


def request_by_deals(
    offline: OfflineSource, deals: KnownDeals, outcomes: DealOutcomes, moment: Moment, *, all_properties: bool
) -> ComparisonRequest | None:
    """What must be read to compare by deals, None for nothing. Raises TooFewDeals before anything is."""
    first = outcomes.model_copy(update={"unit": "first"})
    if moment == "now":
        now = deals_in_scope_today(score_snapshot(offline), deals, first)
        sides = sides_of_deals(now.decided)
        require_enough_companies(sides, now.left_out)
        return ComparisonRequest(tuple(sides.companies), all_properties) if all_properties else None
    then = deals_of_snapshot(offline, deals_with_backtest_columns(offline, deals, first), first)
    require_enough_companies(sides_of_deals(then.decided), then.left_out)
    if moment == "written" and "score" not in outputs_compared_with_deals(offline.source.profile):
        raise UsageError("the profile writes no score (write.score), so there is none to rank companies by")
    opened = history_request(offline, deals, first, "opened")
    written = history_request(offline, deals, first, "written").properties if moment == "written" else ()
    past = replace(opened, moment=moment, properties=tuple(dict.fromkeys([*opened.properties, *written])))
    return ComparisonRequest(past.companies, all_properties, past)


def request_by_list(offline: OfflineSource, listed: pl.Series) -> ComparisonRequest:
    """What must be read to compare listed companies with all others by every property. Raises TooFewDeals."""
    sides = sides_of_listed_companies(listed, score_snapshot(offline).scores.frame[ID], SEED)
    require_enough_companies(sides)
    return ComparisonRequest(tuple(sides.companies), all_properties=True)


def read_comparison(
    session: PortalSession, store: StateStore, request: ComparisonRequest, profile: Profile
) -> ComparisonReading:
    """Read what is wanted. Raises WrongPortal, PortalError or Stopped rather than return part of it."""
    session.require_portal(store.portal_id)
    wide = _candidate_trait_properties(session, profile) if request.all_properties else None
    names = [definition.name for definition in wide or ()]
    if request.past is not None:
        # The latest version of a history is the value as it is, so that one reading answers for now as well.
        properties = tuple(dict.fromkeys([*request.past.properties, *names]))
        return ComparisonReading(
            wide, None, read_past_history(session, store, replace(request.past, properties=properties))
        )
    session.progress.stage("companies", len(request.companies))
    companies = read_by_ids(session.connection, request.companies, names, session.progress.advance)
    return ComparisonReading(wide, companies)


def deals_in_scope_today(scored: ScoredCompanies, deals: KnownDeals, first: DealOutcomes) -> DealHistory:
    """The deals of companies in scope today. `first`: which count, each company's first alone."""
    companies = scored.companies.join(scored.scores.frame, on=ID, how="semi")
    return deal_history(
        with_missing_columns(deals.frame, deal_properties(first)), companies, first, scored.source.program
    )


def require_enough_companies(sides: ComparedSides, left_out: Mapping[str, int] | None = None) -> None:
    """Raise TooFewDeals for sides too small to compare; `left_out`: why deals do not count."""
    if why := too_small_reason(sides, left_out):
        raise TooFewDeals(why)


def _candidate_trait_properties(session: PortalSession, profile: Profile) -> tuple[PropertyDefinition, ...]:
    # What any profile writes stands in our group, and would show what our own scores say.
    others = [known for known in read_definitions(session.connection).values() if known.group != GROUP]
    return properties_worth_comparing(others, profile)
