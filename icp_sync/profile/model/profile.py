"""The profile as a typed, frozen value; `semantic` checks whether its parts fit each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from icp_sync.profile.model.criteria import Criterion, Disqualifier
from icp_sync.profile.model.deals_and_kpis import Outcomes
from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.profile.model.lists import TargetList
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.outputs import Guardrails, Hold, Overrides, Write
from icp_sync.profile.model.personas import Personas
from icp_sync.profile.model.profile_tests import ProfileTest
from icp_sync.profile.model.types import (
    MOST_COMPANIES,
    Day,
    Identifier,
    Number,
    ProfileModel,
    PropertyName,
    Sentence,
    Text,
    TierName,
)

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Rate = Annotated[Number, Field(gt=0)]


class Review(ProfileModel):
    """That somebody went through the profile, whether or not it was changed."""

    date: Day = Field(description="The day of the review.")
    by: Sentence = Field(description="Who went through it.")
    note: Sentence | None = Field(None, description="What came of it.")


class Header(ProfileModel):
    """Who the profile is for and who answers for it."""

    name: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="Short name; stamped on every company written."),
    ]
    kind: Literal["icp", "ecp"] = Field(description="icp = Ideal Customer Profile, ecp = early customer profile.")
    title: Sentence | None = Field(None, description="One line that says whom the profile describes.")
    owner: Sentence | None = Field(None, description="Who answers for this profile.")
    review_by: Day | None = Field(None, description="The day by which the profile must have been looked at again.")
    reviews: Annotated[tuple[Review, ...], Field(strict=False)] = Field(
        (), description="When the profile was gone through, the last one last; `icp-sync tune` adds one at saving."
    )
    currency: CurrencyCode | None = Field(
        None, description="ISO 4217, such as EUR: what amounts of money in the rules are in."
    )
    currencies: dict[CurrencyCode, Rate] | None = Field(
        None,
        description="Currency → what one unit of it is worth in `currency`. Amounts that name one of these are "
        "converted, those that name another are unknown. Left out: amounts are compared as they stand.",
    )


Formula = Annotated[str, Field(min_length=1, max_length=1000)]


class Coverage(ProfileModel):
    """How much of the weight must be known before a tier is given."""

    minimum: Annotated[Number, Field(ge=0, le=1)] = Field(0.0, description="A share of the weight, from 0 to 1.")


class Capacity(ProfileModel):
    """How many companies a tier holds, in all or for each value of a property."""

    limit: Annotated[int, Field(ge=1, le=MOST_COMPANIES, description="How many companies.")]
    per: PropertyName | None = Field(None, description="Companies without a value here share one place.")


def _parse_capacity(value: object) -> object:
    if isinstance(value, Capacity | Mapping) or value is None:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return {"limit": value}
    raise ValueError("is no capacity; write a whole number such as 500, or {limit: 50, per: hubspot_owner_id}")


class Tier(ProfileModel):
    """A tier, the fit score that enters it, and the lower one a company in it must fall below to leave."""

    tier: TierName = Field(description="tier_1 is the highest.")
    enter: Annotated[Number, Field(ge=0, le=100, description="The fit score, 0 to 100, that enters the tier.")]
    leave: Annotated[Number, Field(ge=0, le=100)] | None = Field(None, description="Default: the same as enter.")
    capacity: Annotated[Capacity | None, BeforeValidator(_parse_capacity, json_schema_input_type=Capacity | int)] = (
        Field(None, description="At most so many companies; who does not fit goes to the next tier.")
    )

    @property
    def leave_threshold(self) -> float:
        """The fit score below which a company leaves the tier."""
        return self.enter if self.leave is None else self.leave


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


PropertyNames = Annotated[
    tuple[PropertyName, ...],
    BeforeValidator(_as_list, json_schema_input_type=PropertyName | tuple[PropertyName, ...]),
    Field(strict=False, min_length=1),
]


class Location(ProfileModel):
    """Where geography is read: for each part the first property that can be read."""

    country: PropertyNames = Field(("hs_country_code", "country"), description="Where the country is read.")
    state: PropertyNames = Field(("hs_state_code", "state"), description="Where the state or province is read.")
    city: PropertyNames = Field(("city",), description="Where the city is read.")
    zip: PropertyNames = Field(("zip",), description="Where the postal code is read.")


class Lock(ProfileModel):
    """The property by which people hold a company's tier and target flag as they stand."""

    property_name: PropertyName = Field(alias="property")


Members = Annotated[tuple[Text, ...], Field(strict=False, min_length=1, max_length=1000)]


class OwnVocabulary(ProfileModel):
    """Names of the profile's own, beside the shipped ones: name → members."""

    regions: dict[Text, Members] = Field(default_factory=dict, description="Countries, regions or subdivisions.")
    technologies: dict[Text, Members] = Field(default_factory=dict, description="Technologies or groups of them.")
    industries: dict[Text, Members] = Field(default_factory=dict, description="Industries or groups of them.")


class Profile(ProfileModel):
    """One ICP or ECP: the reviewed file the whole run follows."""

    schema_version: Literal[1] = Field(alias="schema", description="The version of this language: 1.")
    profile: Header
    scope: Match | None = Field(
        None, description="Which companies the profile is about; only a proven miss is outside."
    )
    location: Location = Location()
    criteria: Annotated[tuple[Criterion, ...], Field(strict=False, min_length=1)] = Field(
        description="The weighted questions put to every company."
    )
    required: Annotated[tuple[Identifier, ...], Field(strict=False)] = Field(
        (), description="Criteria whose miss means not_icp, whatever the score."
    )
    disqualifiers: Annotated[tuple[Disqualifier, ...], Field(strict=False)] = Field(
        (), description="What rules a company out, whatever the score."
    )
    derive: dict[Identifier, Formula] = Field(
        default_factory=dict, description="Name → formula over properties; usable as a property."
    )
    coverage: Coverage = Coverage()
    tiers: Annotated[tuple[Tier, ...], Field(strict=False, min_length=1, max_length=3)] = Field(
        description="One to three tiers, the highest first."
    )
    write: Write
    lock: Lock | None = None
    lists: Annotated[tuple[TargetList, ...], Field(strict=False)] = Field((), description="Lists kept in HubSpot.")
    guardrails: Guardrails = Guardrails()
    hold: Hold = Hold()
    overrides: Overrides = Overrides()
    outcomes: Outcomes = Field(
        Outcomes(), description="Deals and KPIs that tell whether the tiers work; no part of the digest."
    )
    enrichment: Annotated[tuple[Enrichment, ...], Field(strict=False)] = Field(
        (), description="Vendor files that fill what HubSpot lacks; of several the first that has a value counts."
    )
    personas: Personas | None = Field(
        None, description="The people of the buying committee; no part of the fit, nor of the digest."
    )
    vocabulary: OwnVocabulary = OwnVocabulary()
    tests: Annotated[tuple[ProfileTest, ...], Field(strict=False)] = Field(
        (), description="Companies you are sure about; `icp-sync check` runs them."
    )

    @model_validator(mode="after")
    def _add_committee_outputs(self) -> Self:
        """Its outputs are written like all others, wherever the profile names their properties."""
        if self.personas is not None:
            object.__setattr__(self, "write", self.write.with_outputs(self.personas.write.properties()))
        return self

    @property
    def name(self) -> str:
        """The short name the profile is stamped with."""
        return self.profile.name

    @property
    def last_review(self) -> Review | None:
        """The review of the latest day, in whatever order they are written."""
        return max(self.profile.reviews, key=lambda review: review.date, default=None)
