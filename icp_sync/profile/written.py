"""What a profile does in HubSpot: the outputs it writes, the lists it keeps, the guardrails that hold it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from icp_sync.profile.match import Match, Model, PropertyName
from icp_sync.profile.terms import Identifier, Outcome, TierName


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
