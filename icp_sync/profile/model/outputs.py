"""A profile's effects in HubSpot: the outputs it writes, the lists it keeps, and what bounds a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    model_validator,
)

from icp_sync.profile.model.match import Match
from icp_sync.profile.model.types import Committee, Identifier, Model, Outcome, PropertyName, TierName


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


_BY_NAME: Final = ("understood", "enriched")
"""The keys of `write` that hold several properties, by what stands in them."""
COMMITTEE_OUTPUTS: Final = ("committee", "missing")
"""The outputs whose properties `personas.write` names."""


def output_path(output: str) -> tuple[str, ...]:
    """Where a profile names the property of an output."""
    if output in COMMITTEE_OUTPUTS:
        return ("personas", "write", output)
    return ("write", *output.split("."))


class TargetAccount(Model):
    """The target-account flag and the tiers that set it."""

    property_name: PropertyName = Field(alias="property")
    tiers: Annotated[tuple[TierName, ...], Field(strict=False, min_length=1)] = Field(
        description="The tiers that set the flag."
    )


ArmName = Literal["challenger", "champion"]


ARMS: Final[tuple[ArmName, ArmName]] = ("challenger", "champion")


def _part_of_all(share: Decimal) -> Decimal:
    if not 0 < share < 1:
        raise ValueError("leaves one arm without companies; write a share between, such as 50%")
    return share


class Experiment(Model):
    """A live A/B against another profile of the same run: an arm for each company the two disagree on."""

    name: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="Decides, with the record id, who is in which arm."),
    ]
    against: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="The champion's profile.name.")]
    share: Annotated[Share, AfterValidator(_part_of_all)] = Field(
        Decimal("0.50"), description="How many of them the challenger gets; 50%."
    )
    property_name: PropertyName = Field(alias="property")


class Write(Model):
    """Output → property; what is left out is not written."""

    tier: PropertyName | None = Field(None, description="tier_1, tier_2, tier_3 or empty.")
    target_account: TargetAccount | None = None
    score: PropertyName | None = Field(None, description="The fit score, 0 to 100: what is proven.")
    potential: PropertyName | None = Field(None, description="What the score could still become.")
    coverage: PropertyName | None = Field(None, description="The share of the weight that is known, 0 to 1.")
    outcome: PropertyName | None = Field(None, description="tiered, disqualified, not_icp or insufficient_data.")
    fit_band: PropertyName | None = Field(None, description="The tier as people say it, or why there is none.")
    reasons: PropertyName | None = Field(None, description="The sentence a sales rep reads.")
    profile: PropertyName | None = Field(None, description="Which profile wrote it: tells our values from others'.")
    changed_at: PropertyName | None = Field(None, description="When tier or outcome last changed.")
    best_profile: PropertyName | None = Field(
        None, description="Of several profiles run together, the one that fits best; in the first of them."
    )
    experiment: Experiment | None = Field(
        None, description="The arm of companies that this profile and another disagree on; in the challenger."
    )
    understood: dict[Identifier, PropertyName] = Field(
        default_factory=dict,
        description="Canonical values for lists and reports: country, region, state, city, or a criterion's id.",
    )
    enriched: dict[PropertyName, PropertyName] = Field(
        default_factory=dict,
        description="Property that `enrichment` fills → one of your own, which holds the vendor's value where it "
        "counted and is empty elsewhere.",
    )
    _named_elsewhere: dict[str, str] = PrivateAttr(default_factory=dict)

    def with_outputs(self, properties: Mapping[str, str]) -> Self:
        """The same with outputs whose properties another part of the profile names."""
        copied = self.model_copy()
        object.__setattr__(copied, "__pydantic_private__", {"_named_elsewhere": dict(properties)})
        return copied

    def properties(self) -> dict[str, str]:
        """Output name → property name, for the outputs that are written, in the table's order.

        What is written as understood is called `understood.NAME`, a vendor's value `enriched.NAME`; those of
        `personas.write` are among them.
        """
        named = {name: getattr(self, name) for name in type(self).model_fields if name not in _BY_NAME}
        outputs = {
            name: value.property_name if isinstance(value, TargetAccount | Experiment) else value
            for name, value in named.items()
            if value is not None
        }
        by_name = {f"{kind}.{name}": value for kind in _BY_NAME for name, value in getattr(self, kind).items()}
        return outputs | self._named_elsewhere | by_name

    def without_values(self) -> Write:
        """The same without the values of companies it writes beside their scores."""
        return self.model_copy(update={kind: {} for kind in _BY_NAME})


Criteria = Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]


class Hits(Model):
    """Criteria that earned credit: all of some, or any; with `full` partial credit is not enough."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["all"]}, {"required": ["any"]}]})

    all_: Criteria | None = Field(None, alias="all", description="Every one of these.")
    any_: Criteria | None = Field(None, alias="any", description="At least one of these.")
    full: bool = Field(False, description="true: only a whole match counts, no partial.")

    @model_validator(mode="after")
    def _one_way(self) -> Hits:
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


class Where(Model):
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

    def criteria_hits(self) -> Hits | None:
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
    entering_tier_1: Share = Field(Decimal("0.25"), description="Companies of ours that enter tier_1; 25%.")
    list_growth: Share = Field(Decimal("0.50"), description="Companies of ours that one list gains; 50%.")
    list_taken_off: Share = Field(
        Decimal("0.50"), description="Members of one list that people took off it since the last run; 50%."
    )
    disqualified: Share = Field(Decimal("0.05"), description="Companies of ours that become disqualified; 5%.")
    leaving_tiers: Share = Field(Decimal("0.10"), description="Companies of ours whose tier falls or goes; 10%.")
    other_writer: Share = Field(
        Decimal("0.01"), description="Companies of ours that another icp_sync with this profile's name wrote; 1%."
    )


def _above_zero(share: Decimal) -> Decimal:
    if share == 0:
        raise ValueError("is 0%, so that no hold would end; write more, such as 20%")
    return share


class Hold(Model):
    """How long a company keeps its verdict when a value that decided it vanishes or cannot be read any more."""

    days: Annotated[int, Field(ge=0, le=365)] = Field(14, description="Days a lost value still counts; 0: not at all.")
    outage: Annotated[Share, AfterValidator(_above_zero)] = Field(
        Decimal("0.20"),
        description="While more than this share of the companies with a value lost it, its days stand still; 20%.",
    )
