"""One operator in every place where a match may stand, and a company for each text people type."""

from __future__ import annotations

from typing import Final

from icp_sync.profile.property_reads import GEOGRAPHY
from tests.generated.companies import AROUND, STANDING, TYPED, Company
from tests.generated.matches import TEXTS, Written

ARGUMENT: Final[Written] = {
    "at_least": 5, "at_most": 5, "between": [None, 5], "is": "Banking", "in": ["software", "Banking"],
    "not_in": ["PARTNER"], "contains_any": ["日本"], "starts_with": ["日本", "ban"], "matches": "GmbH$",
    "has_any": ["jira", "aws"], "has_all": ["jira"], "has_none": ["sap"], "region": ["DE", "US-CA"], "city": "Berlin",
    "within_km": {"of": "Berlin, DE", "km": 50}, "within_days": 7, "older_than_days": 7, "age_years": [1, None],
    "known": True, "is_true": True, "is_false": True,
}  # fmt: skip
STANDS: Final = [{name: text for name, (text, *_) in STANDING.items()}, {}]
SOME: Final[list[Company]] = [
    {**dict.fromkeys((*TEXTS, *AROUND), text), **stands}
    for text, stands in zip(TYPED, STANDS * len(TYPED), strict=False)
]
"""A company a text: it stands in every property."""


def everywhere(operator: str) -> Written:
    """A profile with the operator in every place where a match may stand, alone and composed."""
    asked = {operator: ARGUMENT[operator]}
    own = {"property": "state", **asked}
    composed = {"any": [{"all": [own, {"not": own}]}, {"properties": ["p_text", "p_other"], **asked}]}
    number = {"id": "n", "property": "per_head", "weight": 1, "match": {"known": True}}
    placeless = [{"id": "g", "weight": 1, "match": asked}] if operator in GEOGRAPHY else []
    return {
        "schema": 1,
        "profile": {"name": "generated", "kind": "icp"},
        "scope": {"any": [composed, {"property": "p_text", "known": False}, {"property": "p_text", "known": True}]},
        "criteria": [
            {
                "id": "c",
                "property": "city",
                "weight": 1,
                "match": asked,
                "partial": [{"match": composed, "credit": 0.5}],
            },
            {"id": "o", "properties": ["gone", "p_text"], "weight": 1, "optional": True, "match": composed},
            *(number, *placeless),
        ],
        "disqualifiers": [{"id": "d", "property": "p_other", "match": {"not": asked}}],
        "derive": {"per_head": "annualrevenue / numberofemployees", "unused": "founded_year * 2"},
        "tiers": [{"tier": "tier_1", "enter": 50}],
        "write": {"tier": "hs_ideal_customer_profile", "profile": "icp_fit_profile", "understood": {"c": "icp_u_c"}},
        "lists": [
            {
                "name": "property",
                "kind": "static",
                "where": {"property": {"country": asked, "website": {"not": asked}}},
            },
            {"name": "match", "kind": "static", "where": {"match": {"all": [composed, {"property": "zip", **asked}]}}},
        ],
    }
