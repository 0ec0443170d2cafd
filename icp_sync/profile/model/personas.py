"""Who decides at an account: people, kept apart from the fit of the company. No part of what scoring means."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import Field

from icp_sync.profile.model.match import Match
from icp_sync.profile.model.types import Identifier, ProfileModel, PropertyName, Sentence, TierName

Role = Literal["decision_maker", "user", "champion", "influencer", "blocker"]
ROLES: Final[tuple[Role, ...]] = ("decision_maker", "user", "champion", "influencer", "blocker")
DECIDING_ROLES: Final[tuple[Role, ...]] = ("decision_maker", "user")
"""The roles a complete committee has: who signs, and who works with it. The others help, and are not waited for."""


class Description(ProfileModel):
    """A persona in words, for people: `icp-sync doc` shows them, nothing else reads them."""

    title: Sentence | None = Field(None, description="What the card says, such as CTO.")
    department: Sentence | None = Field(None, description="Where they work.")
    team: Sentence | None = Field(None, description="With how many they work.")
    education: Sentence | None = Field(None, description="What they learnt.")
    interests: Sentence | None = Field(None, description="What they like to do.")
    jobs: Sentence | None = Field(None, description="What they have to get done.")
    day: Sentence | None = Field(None, description="How a working day of theirs goes.")
    challenges: Sentence | None = Field(None, description="What is hard about it.")
    goals: Sentence | None = Field(None, description="What they want to reach.")
    motivations: Sentence | None = Field(None, description="What drives them.")
    frustrations: Sentence | None = Field(None, description="What they are tired of.")
    tools: Sentence | None = Field(None, description="What they work with.")
    triggers: Sentence | None = Field(None, description="What makes them look for something new.")
    buys: Sentence | None = Field(None, description="Their part in the decision to buy.")

    def texts_by_key(self) -> Mapping[str, str]:
        """What is written, by key, in the order of the language."""
        return MappingProxyType(self.model_dump(exclude_none=True))


class Persona(ProfileModel):
    """A kind of person at an account, and how their contact is recognised."""

    id: Identifier
    role: Role | None = Field(None, description="decision_maker and user make a committee complete; others do not.")
    match: Match = Field(description="A match on contact properties; every leaf names its own.")
    describe: Description = Description()

    @property
    def title(self) -> str:
        """The words for this persona on records, where a semicolon parts it from the next."""
        return (self.describe.title or self.id.replace("_", " ")).replace(";", ",")


class CommitteeWrite(ProfileModel):
    """Output → property; what is left out is not written, and without any of them no contact is read."""

    committee: PropertyName | None = Field(None, description="complete, partial, none or unknown.")
    missing: PropertyName | None = Field(None, description="The personas nobody among the contacts is.")

    def properties(self) -> dict[str, str]:
        """Output name → property name, for the outputs that are written."""
        return dict(self.model_dump(exclude_none=True))


class Personas(ProfileModel):
    """The people of the buying committee, and where their coverage by contacts is looked after."""

    tiers: Annotated[tuple[TierName, ...], Field(strict=False, min_length=1)] = Field(
        description="Of companies in one of these tiers contacts are looked at; the committee of others is empty."
    )
    people: Annotated[tuple[Persona, ...], Field(strict=False, min_length=1)] = Field(
        description="The personas, each recognised by properties of contacts."
    )
    write: CommitteeWrite = CommitteeWrite()
    most_calls: Annotated[int, Field(ge=1, le=100_000)] = Field(
        2_000, description="At most so many calls a run to read contacts; the rest of the companies the next night."
    )

    @property
    def required_personas(self) -> tuple[Persona, ...]:
        """The personas a complete committee has."""
        return tuple(persona for persona in self.people if persona.role in DECIDING_ROLES)
