"""A profile's own tests: a company, and what it must come out as."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from icp_sync.profile.model.types import Day, Number, Outcome, ProfileModel, Sentence, TierName


def _value_as_text(value: object) -> object:
    """A test company's value as HubSpot sends it: text; null → ""."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value) if isinstance(value, int | float) else value


CellText = Annotated[str, BeforeValidator(_value_as_text, json_schema_input_type=str | float | bool | None)]


class Expectation(ProfileModel):
    """What a profile test expects; only what is named is compared (`tier: null` = no tier)."""

    tier: TierName | None = Field(None, description="null: no tier.")
    outcome: Outcome | None = Field(None, description="One of the four outcomes.")
    score: Number | None = Field(None, description="The fit score, one decimal.")
    potential: Number | None = Field(None, description="The potential, one decimal.")
    coverage: Number | None = Field(None, description="The coverage, three decimals.")
    credits: dict[str, Number | None] | None = Field(None, description="Criterion id → its credit; null: unknown.")


class ProfileTest(ProfileModel):
    """A test of the profile: a company and what it must come out as."""

    name: Sentence = Field(description="What the test is about.")
    company: dict[str, CellText] = Field(description="Property name → text; anything unnamed is empty.")
    as_of: Day | None = Field(None, description="The day dates are held against; today if left out.")
    expect: Expectation
