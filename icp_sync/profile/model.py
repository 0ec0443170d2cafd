"""The profile as a value: what the file says, typed and frozen; whether the parts fit is for `sense`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from icp_sync.profile.match import Match, Model, Number, PropertyName, Text

Identifier = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$", description="A small letter, then small letters, digits and _.")
]
TierName = Literal["tier_1", "tier_2", "tier_3"]
Outcome = Literal["tiered", "disqualified", "not_icp", "insufficient_data"]
TIERS: Final[tuple[TierName, ...]] = ("tier_1", "tier_2", "tier_3")
OUTCOMES: Final[tuple[Outcome, ...]] = ("tiered", "disqualified", "not_icp", "insufficient_data")
Trait = Literal["industry", "need", "finance", "readiness", "scale", "size", "geography"]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]


def _calendar_day(value: object) -> object:
    """Text such as 2027-02-01; pydantic alone would also take seconds since 1970."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return value
    if isinstance(value, dt.date):
        return value
    raise ValueError("is no date; write one such as 2027-02-01")


Day = Annotated[
    dt.date,
    BeforeValidator(_calendar_day, json_schema_input_type=Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]),
    Field(strict=False),
]


def _share(value: object) -> object:
    """`10%` → Decimal("0.10"); anything else is left for pydantic to refuse."""
    if not isinstance(value, str) or not value.strip().endswith("%"):
        raise ValueError("is no percentage; write one such as 10%")
    try:
        share = Decimal(value.strip()[:-1].strip()) / 100
    except InvalidOperation as error:
        raise ValueError("is no percentage; write one such as 10%") from error
    if not share.is_finite() or not 0 <= share <= 1:
        raise ValueError("lies outside 0% to 100%; write a share within")
    return share


SHARE: Final = r"^\s*\d+(\.\d+)?\s*%\s*$"
Share = Annotated[Decimal, BeforeValidator(_share, json_schema_input_type=Annotated[str, Field(pattern=SHARE)])]


class Header(Model):
    """Who the profile is for and who answers for it."""

    name: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="Short name; stamped on every company written."),
    ]
    kind: Literal["icp", "ecp"] = Field(description="icp = Ideal Customer Profile, ecp = early customer profile.")
    title: Sentence | None = Field(None, description="One line that says whom the profile describes.")
    owner: Sentence | None = Field(None, description="Who answers for this profile.")
    review_by: Day | None = Field(None, description="The day by which the profile must have been looked at again.")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        None, description="ISO 4217, such as EUR: what amounts of money in the rules are in."
    )


Formula = Annotated[str, Field(min_length=1, max_length=1000)]


class Partial(Model):
    """A near miss that earns part of the weight."""

    match: Match
    credit: Annotated[Number, Field(gt=0, lt=1, description="The share of the weight it earns.")]


class Question(Model):
    """What criteria and disqualifiers share: an id, the properties read, and the match put to them."""

    id: Identifier
    property_name: PropertyName | None = Field(None, alias="property")
    properties: Annotated[tuple[PropertyName, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="The first of these that can be read."
    )
    match: Match
    optional: bool = Field(False, description="true: a portal without the property means unknown, not an error.")

    @model_validator(mode="after")
    def _one_way_to_name(self) -> Self:
        if self.property_name and self.properties:
            raise ValueError("property and properties exclude each other; keep one")
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        """The properties named here; leaves may name their own, geography has a default."""
        return self.properties or ((self.property_name,) if self.property_name else ())


class Criterion(Question):
    """One weighted question to a company; its credit is 0…1, or null when the answer is unknown."""

    label: Sentence | None = Field(None, description="What the reasons say; the id when left out.")
    trait: Trait | None = Field(None, description="Which of the guides' seven traits it asks about.")
    weight: Annotated[Number, Field(gt=0, le=100_000, description="How much it counts, relative to the other weights.")]
    partial: Annotated[tuple[Partial, ...], Field(strict=False)] = Field(
        (), description="Near misses, tried in this order when the match missed."
    )
    missing: Literal["unknown", "miss"] = Field("unknown", description="What an empty or unreadable value counts as.")
    evidence: Annotated[str, Field(min_length=1, max_length=2000)] | None = Field(
        None, description="Why we believe this."
    )

    @property
    def title(self) -> str:
        """The words for this criterion in reasons and tables."""
        return self.label or self.id


class Disqualifier(Question):
    """Rules a company out whatever its score; an unknown one does not."""

    reason: Sentence | None = Field(None, description="Why such a company is no customer; what the reasons say.")

    @property
    def title(self) -> str:
        """The words for this disqualifier in reasons and tables."""
        return self.reason or self.id


class Coverage(Model):
    """How much of the weight must be known before a tier is given."""

    minimum: Annotated[Number, Field(ge=0, le=1)] = Field(0.0, description="A share of the weight, from 0 to 1.")


class Capacity(Model):
    """How many companies a tier holds, in all or for each value of a property."""

    limit: Annotated[int, Field(ge=1, description="How many companies.")]
    per: PropertyName | None = Field(None, description="Companies without a value here share one place.")


def _capacity(value: object) -> object:
    if isinstance(value, Capacity | Mapping) or value is None:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return {"limit": value}
    raise ValueError("is no capacity; write a whole number such as 500, or {limit: 50, per: hubspot_owner_id}")


class Tier(Model):
    """A tier, the fit score that enters it, and the lower one a company in it must fall below to leave."""

    tier: TierName = Field(description="tier_1 is the highest.")
    enter: Annotated[Number, Field(ge=0, le=100, description="The fit score, 0 to 100, that enters the tier.")]
    leave: Annotated[Number, Field(ge=0, le=100)] | None = Field(None, description="Default: the same as enter.")
    capacity: Annotated[Capacity | None, BeforeValidator(_capacity, json_schema_input_type=int | Capacity)] = Field(
        None, description="At most so many companies; who does not fit goes to the next tier."
    )

    @property
    def stays(self) -> float:
        """The fit score that keeps a company in the tier."""
        return self.enter if self.leave is None else self.leave


class TargetAccount(Model):
    """The target-account flag and the tiers that set it."""

    property_name: PropertyName = Field(alias="property")
    tiers: Annotated[tuple[TierName, ...], Field(strict=False, min_length=1)] = Field(
        description="The tiers that set the flag."
    )


class Write(Model):
    """Output → property; what is left out is not written."""

    tier: PropertyName | None = Field(None, description="tier_1, tier_2, tier_3 or empty.")
    target_account: TargetAccount | None = None
    score: PropertyName | None = Field(None, description="The fit score, 0 to 100: what is proven.")
    potential: PropertyName | None = Field(None, description="What the score could still become.")
    coverage: PropertyName | None = Field(None, description="The share of the weight that is known, 0 to 1.")
    outcome: PropertyName | None = Field(None, description="tiered, disqualified, not_icp or insufficient_data.")
    reasons: PropertyName | None = Field(None, description="The sentence a sales rep reads.")
    profile: PropertyName | None = Field(None, description="Which profile wrote it: tells our values from others'.")
    changed_at: PropertyName | None = Field(None, description="When tier or outcome last changed.")
    best_profile: PropertyName | None = Field(
        None, description="Of several profiles run together, the one that fits best; in the first of them."
    )
    understood: dict[Identifier, PropertyName] = Field(
        default_factory=dict,
        description="Canonical values for lists and reports: country, region, state, city, or a criterion's id.",
    )

    def properties(self) -> dict[str, str]:
        """Output name → property name, for the outputs that are written, in the table's order.

        What is written as understood is called `understood.NAME`.
        """
        named = {name: getattr(self, name) for name in type(self).model_fields if name != "understood"}
        outputs = {
            name: value.property_name if isinstance(value, TargetAccount) else value
            for name, value in named.items()
            if value is not None
        }
        return outputs | {f"understood.{name}": value for name, value in self.understood.items()}


class Where(Model):
    """Which companies a list holds: keys are ANDed, the values of a key ORed."""

    tier: Annotated[tuple[TierName, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="Companies in one of these tiers."
    )
    outcome: Annotated[tuple[Outcome, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="Companies with one of these outcomes."
    )
    hits: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="Criteria of which one earned credit."
    )
    changed_within_days: Annotated[int, Field(ge=1, le=3_650)] | None = Field(
        None, description="Tier or outcome changed at most so many days ago."
    )
    property: dict[PropertyName, Match] | None = Field(None, description="Property → match; static lists only.")


class TargetList(Model):
    """A list of companies kept in HubSpot."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$", description="The list's name.")]
    kind: Literal["static", "active"] = Field(description="static: kept member by member; active: filled by HubSpot.")
    where: Where
    order_by: Literal["score"] | None = Field(None, description="With limit: the best first; static lists only.")
    limit: Annotated[int, Field(ge=1)] | None = Field(None, description="At most so many; static lists only.")


class Guardrails(Model):
    """Brakes that hold a plan; each a share in [0, 1]."""

    changed: Share = Field(Decimal("0.10"), description="Companies of ours whose tier or outcome changes; 10%.")
    leaving_tier_1: Share = Field(Decimal("0.05"), description="Companies of ours that leave tier_1; 5%.")
    list_shrink: Share = Field(Decimal("0.20"), description="Members that one list loses; 20%.")
    read_at_least: Share = Field(Decimal("0.90"), description="Companies read, of those the last run read; 90%.")


def _cell(value: object) -> object:
    """A test company's value as HubSpot would hand it over: text; null is empty."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value) if isinstance(value, int | float) else value


CellText = Annotated[str, BeforeValidator(_cell, json_schema_input_type=str | float | bool | None)]


class Expectation(Model):
    """What a profile test expects; only what is named is compared (`tier: null` = no tier)."""

    tier: TierName | None = Field(None, description="null: no tier.")
    outcome: Outcome | None = Field(None, description="One of the four outcomes.")
    score: Number | None = Field(None, description="The fit score, one decimal.")
    potential: Number | None = Field(None, description="The potential, one decimal.")
    coverage: Number | None = Field(None, description="The coverage, three decimals.")
    credits: dict[str, Number | None] | None = Field(None, description="Criterion id → its credit; null: unknown.")


class Case(Model):
    """A test of the profile: a company and what it must come out as."""

    name: Sentence = Field(description="What the test is about.")
    company: dict[str, CellText] = Field(description="Property name → text; anything unnamed is empty.")
    as_of: Day | None = Field(None, description="The day dates are held against; today if left out.")
    expect: Expectation


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


PropertyNames = Annotated[
    tuple[PropertyName, ...],
    BeforeValidator(_as_list, json_schema_input_type=PropertyName | tuple[PropertyName, ...]),
    Field(strict=False, min_length=1),
]


class Location(Model):
    """Where geography is read: for each part the first property that can be read."""

    country: PropertyNames = Field(("hs_country_code", "country"), description="Where the country is read.")
    state: PropertyNames = Field(("hs_state_code", "state"), description="Where the state or province is read.")
    city: PropertyNames = Field(("city",), description="Where the city is read.")
    zip: PropertyNames = Field(("zip",), description="Where the postal code is read.")


class Lock(Model):
    """The property by which people hold a company's tier and target flag as they stand."""

    property_name: PropertyName = Field(alias="property")


Members = Annotated[tuple[Text, ...], Field(strict=False, min_length=1, max_length=1000)]


class OwnVocabulary(Model):
    """Names of the profile's own, beside the shipped ones: name → members."""

    regions: dict[Text, Members] = Field(default_factory=dict, description="Countries, regions or subdivisions.")
    technologies: dict[Text, Members] = Field(default_factory=dict, description="Technologies or groups of them.")
    industries: dict[Text, Members] = Field(default_factory=dict, description="Industries or groups of them.")


class Profile(Model):
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
    vocabulary: OwnVocabulary = OwnVocabulary()
    tests: Annotated[tuple[Case, ...], Field(strict=False)] = Field(
        (), description="Companies you are sure about; `icp-sync check` runs them."
    )

    @property
    def name(self) -> str:
        """The short name the profile is stamped with."""
        return self.profile.name
