"""Target lists: which companies a list holds, and how it is called in HubSpot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from icp_sync.profile.model.match import Match
from icp_sync.profile.model.outputs import ArmName
from icp_sync.profile.model.types import (
    MOST_COMPANIES,
    Committee,
    Identifier,
    Outcome,
    ProfileModel,
    PropertyName,
    TierName,
)

Criteria = Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]


class Hits(ProfileModel):
    """Criteria that earned credit: all of some, or any; with `full` partial credit is not enough."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["all"]}, {"required": ["any"]}]})

    all_: Criteria | None = Field(None, alias="all", description="Every one of these.")
    any_: Criteria | None = Field(None, alias="any", description="At least one of these.")
    full: bool = Field(False, description="true: only a whole match counts, no partial.")

    @model_validator(mode="after")
    def _check_all_or_any(self) -> Hits:
        if self.all_ is not None and self.any_ is not None:
            raise ValueError("all and any exclude each other; keep one")
        if self.all_ is None and self.any_ is None:
            raise ValueError("names no criterion; write all: […] or any: […]")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The criteria it is about."""
        return self.all_ or self.any_ or ()


LIST_FORM: Final = "<named>"
CONDITION_FORM: Final = "<asked>"
"""The two ways to write `hits`; pydantic adds the tag to an error's path, and `shape` removes it."""


def _hits_form(value: object) -> str:
    return CONDITION_FORM if isinstance(value, Hits | Mapping) else LIST_FORM


class Where(ProfileModel):
    """Which companies a list holds: keys are ANDed, the values of a key ORed."""

    tier: Annotated[tuple[TierName, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="Companies in one of these tiers."
    )
    outcome: Annotated[tuple[Outcome, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="Companies with one of these outcomes."
    )
    committee: Annotated[tuple[Committee, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="Companies whose buying committee is covered so far by contacts; needs `personas.write`."
    )
    experiment: Annotated[tuple[ArmName, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="Companies in one of these arms of the profile's experiment."
    )
    hits: (
        Annotated[Annotated[Criteria, Tag(LIST_FORM)] | Annotated[Hits, Tag(CONDITION_FORM)], Discriminator(_hits_form)]
        | None
    ) = Field(
        None,
        description="Criteria of which one earned credit; {all: […]} or {any: […]}, full: true for whole matches.",
    )
    changed_within_days: Annotated[int, Field(ge=1, le=3_650)] | None = Field(
        None, description="Tier or outcome changed at most so many days ago."
    )
    property: dict[PropertyName, Match] | None = Field(None, description="Property → match; static lists only.")
    match: Match | None = Field(
        None, description="A match as in a criterion, its leaves naming their own property; static lists only."
    )

    def hits_condition(self) -> Hits | None:
        """`hits` as a condition, whichever way it is written; None where there is none."""
        return Hits(any_=self.hits) if isinstance(self.hits, tuple) else self.hits

    def company_clauses(self) -> Iterator[tuple[str, str | None, Match]]:
        """Yields the clauses on company properties: path below `where`, property or None, match.

        The operands of an `all` are clauses of their own, since a hit of `all` is a hit of each.
        """
        for name, match in (self.property or {}).items():
            yield f"property.{name}", name, match
        if self.match is not None and self.match.all_ is not None:
            yield from ((f"match.all[{n}]", None, part) for n, part in enumerate(self.match.all_))
        elif self.match is not None:
            yield "match", None, self.match


class TargetList(ProfileModel):
    """A list of companies kept in HubSpot."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$", description="The list's name.")]
    kind: Literal["static", "active"] = Field(description="static: kept member by member; active: filled by HubSpot.")
    where: Where
    order_by: Literal["score"] | None = Field(None, description="With limit: the best first; static lists only.")
    limit: Annotated[int, Field(ge=1, le=MOST_COMPANIES)] | None = Field(
        None, description="At most so many; static lists only."
    )
