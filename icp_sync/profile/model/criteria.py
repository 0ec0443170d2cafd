"""Conditions on a company: criteria, with weight and partial credit, and disqualifiers."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from icp_sync.profile.model.match import Match
from icp_sync.profile.model.types import Identifier, Number, ProfileModel, PropertyName, Sentence

Trait = Literal["industry", "need", "finance", "readiness", "scale", "size", "geography"]


class Partial(ProfileModel):
    """A near miss that earns part of the weight."""

    match: Match
    credit: Annotated[Number, Field(gt=0, lt=1, description="The share of the weight it earns.")]
    label: Sentence | None = Field(None, description="What the reasons say of a company that earns it.")


class Condition(ProfileModel):
    """What criteria and disqualifiers share: an id, the properties read, and the match put to them."""

    id: Identifier
    property_name: PropertyName | None = Field(None, alias="property")
    properties: Annotated[tuple[PropertyName, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="The first of these that can be read."
    )
    match: Match
    optional: bool = Field(False, description="true: a portal without the property means unknown, not an error.")

    @model_validator(mode="after")
    def _check_property_or_properties(self) -> Self:
        if self.property_name and self.properties:
            raise ValueError("property and properties exclude each other; keep one")
        return self

    @property
    def own_properties(self) -> tuple[str, ...]:
        """The properties the condition names; its leaves may name their own, geography has a default."""
        return self.properties or ((self.property_name,) if self.property_name else ())


class Criterion(Condition):
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


class Disqualifier(Condition):
    """Rules a company out whatever its score; an unknown one does not."""

    reason: Sentence | None = Field(None, description="Why such a company is no customer; what the reasons say.")

    @property
    def title(self) -> str:
        """The words for this disqualifier in reasons and tables."""
        return self.reason or self.id
