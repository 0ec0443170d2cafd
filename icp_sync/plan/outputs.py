"""The outputs a profile may write and how each stands in HubSpot (design: "What is written")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from icp_sync.profile.model import OUTCOMES, TIERS

Options = tuple[tuple[str, str], ...]
PropertyType = Literal["enumeration", "bool", "number", "string", "datetime"]


@dataclass(frozen=True, slots=True)
class Output:
    """How one output is stored: HubSpot's type and field type, the options it needs, label and help text."""

    type: PropertyType
    field_type: str
    label: str
    help: str
    options: Options = ()


def _words(values: tuple[str, ...]) -> Options:
    return tuple((value, value.replace("_", " ").capitalize()) for value in values)


OUTPUTS: Final[Mapping[str, Output]] = MappingProxyType(
    {
        "tier": Output(
            "enumeration",
            "radio",
            "ICP tier",
            "Tier 1 is the highest; empty when the company is in no tier.",
            _words(TIERS),
        ),
        "target_account": Output(
            "bool",
            "booleancheckbox",
            "ICP target account",
            "Yes when the company's tier makes it a target account.",
            (("true", "Yes"), ("false", "No")),
        ),
        "score": Output(
            "number",
            "number",
            "ICP fit score",
            "0–100: what is proven to fit; unknown answers earn nothing.",
        ),
        "potential": Output(
            "number",
            "number",
            "ICP fit potential",
            "0–100: what the fit score could become if every unknown answer fitted.",
        ),
        "coverage": Output(
            "number",
            "number",
            "ICP fit coverage",
            "0–1: the share of the profile's weight whose answer is known.",
        ),
        "outcome": Output(
            "enumeration",
            "select",
            "ICP fit outcome",
            "Tiered, disqualified, not ICP, or not enough data to say.",
            _words(OUTCOMES),
        ),
        "reasons": Output(
            "string",
            "textarea",
            "ICP fit reasons",
            "Why the company came out as it did, best first, with what is not known.",
        ),
        "profile": Output(
            "string",
            "text",
            "ICP fit profile",
            "The profile and its digest under which the other outputs last changed.",
        ),
        "changed_at": Output("datetime", "date", "ICP fit changed at", "When the tier or the outcome last changed."),
    }
)
