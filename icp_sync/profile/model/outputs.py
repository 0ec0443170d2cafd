"""What a profile writes in HubSpot, what bounds a plan, and how long lost inputs and others' values stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr

from icp_sync.profile.model.types import Identifier, ProfileModel, PropertyName, TierName
from icp_sync.text_truncation import shorten


def _parse_share(value: object) -> object:
    """`10%` → Decimal("0.10"); anything else is left for pydantic to refuse."""
    if not isinstance(value, str) or not value.strip().endswith("%"):
        raise ValueError(f"{shorten(str(value), 40)!r} is no percentage; write one such as 10%")
    try:
        share = Decimal(value.strip()[:-1].strip()) / 100
    except InvalidOperation as error:
        raise ValueError(f"{shorten(value, 40)!r} is no percentage; write one such as 10%") from error
    if not share.is_finite() or not 0 <= share <= 1:
        raise ValueError(f"{shorten(value, 40)} lies outside 0% to 100%; write a share within")
    if not re.fullmatch(SHARE, value, re.ASCII):  # of what Decimal takes beside: `1e1%`, `1_0%`
        raise ValueError(f"{shorten(value, 40)!r} is no percentage; write one such as 10%")
    return share


SHARE: Final = r"^\s*\d+(\.\d+)?\s*%\s*$"
Share = Annotated[Decimal, BeforeValidator(_parse_share, json_schema_input_type=Annotated[str, Field(pattern=SHARE)])]


_BY_NAME: Final = ("understood", "enriched")
"""The keys of `write` that hold several properties, by what stands in them."""
COMMITTEE_OUTPUTS: Final = ("committee", "missing")
"""The outputs whose properties `personas.write` names."""


def output_path(output: str) -> tuple[str, ...]:
    """Where a profile names the property of an output."""
    if output in COMMITTEE_OUTPUTS:
        return ("personas", "write", output)
    return ("write", *output.split("."))


class TargetAccount(ProfileModel):
    """The target-account flag and the tiers that set it."""

    property_name: PropertyName = Field(alias="property")
    tiers: Annotated[tuple[TierName, ...], Field(strict=False, min_length=1)] = Field(
        description="The tiers that set the flag."
    )


ArmName = Literal["challenger", "champion"]
ARMS: Final[tuple[ArmName, ArmName]] = ("challenger", "champion")


def _check_proper_share(share: Decimal) -> Decimal:
    if not 0 < share < 1:
        raise ValueError("leaves one arm without companies; write a share between, such as 50%")
    return share


class Experiment(ProfileModel):
    """A live A/B against another profile of the same run: an arm for each company the two disagree on."""

    name: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="Decides, with the record id, who is in which arm."),
    ]
    against: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="The champion's profile.name.")]
    share: Annotated[Share, AfterValidator(_check_proper_share)] = Field(
        Decimal("0.50"), description="How many of them the challenger gets; 50%."
    )
    property_name: PropertyName = Field(alias="property")


class Write(ProfileModel):
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

    def without_understood_and_enriched(self) -> Write:
        """The same without the values of companies it writes beside their scores."""
        return self.model_copy(update={kind: {} for kind in _BY_NAME})


class Guardrails(ProfileModel):
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


def _check_above_zero(share: Decimal) -> Decimal:
    if share == 0:
        raise ValueError("is 0%, so that no hold would end; write more, such as 20%")
    return share


class Hold(ProfileModel):
    """How long a company keeps its verdict when a value that decided it vanishes or cannot be read any more."""

    days: Annotated[int, Field(ge=0, le=365)] = Field(14, description="Days a lost value still counts; 0: not at all.")
    outage: Annotated[Share, AfterValidator(_check_above_zero)] = Field(
        Decimal("0.20"),
        description="While more than this share of the companies with a value lost it, its days stand still; 20%.",
    )


Stance = Literal["keep", "put_back"]
Days = Annotated[int, Field(ge=1, le=3_650)]


class Overrides(ProfileModel):
    """Whether the tier and the target flag that others set in HubSpot are kept, and for how long."""

    people: Stance = Field("keep", description="What a person set: keep it, or put_back what the profile says.")
    automation: Stance = Field("keep", description="What a workflow, an import or another app set: keep or put_back.")
    review_days: Days = Field(90, description="After so many days a kept value is listed as old.")
    expire_days: Days | None = Field(None, description="After so many days a kept value is put back; left out: never.")
