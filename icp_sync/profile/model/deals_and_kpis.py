"""What tells whether a profile works: decided deals, and KPIs of customers. No part of what scoring means."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from icp_sync.profile.model.match import Match
from icp_sync.profile.model.types import Day, Identifier, ProfileModel, PropertyName

DEFAULT_YEARS: Final = 3


class DealOutcomes(ProfileModel):
    """Which deals count, and how."""

    where: dict[PropertyName, Match] = Field(
        default_factory=dict, description="Deal property → match; every one must be met. Default: all deals."
    )
    since: Day | None = Field(None, description="Deals closed on this day or later; default: the last three years.")
    unit: Literal["first", "deal"] = Field(
        "first",
        description="first: each company's first decided deal, since a company decides once whether we fit; "
        "deal: every deal, with wider intervals.",
    )
    amount: PropertyName | None = Field(
        None,
        description="Where a deal's amount stands; default: `amount_in_home_currency`, else `amount` where all are in "
        "one currency.",
    )


class Kpi(ProfileModel):
    """A figure that good customers have more of, or less."""

    id: Identifier
    property_name: PropertyName = Field(alias="property", description="Where it stands, on the company.")
    deal: bool = Field(False, description="It stands on the deal instead.")
    kind: Literal["number", "flag"] = Field("number", description="flag: yes or no, counted as a rate.")
    better: Literal["higher", "lower"] = Field(description="Which way is good.")


class Outcomes(ProfileModel):
    """What is held against the tiers by `icp-sync backtest`."""

    deals: DealOutcomes | None = Field(DealOutcomes(), description="Won and lost deals; null: none are read.")
    nightly: bool = Field(
        False, description="Whether `icp-sync run` reads the deals that changed after its writes; else `backtest` does."
    )
    kpis: Annotated[tuple[Kpi, ...], Field(strict=False)] = Field((), description="Figures compared by tier.")
