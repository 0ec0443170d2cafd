"""Two people of a buying committee, for profiles of tests."""

from __future__ import annotations

from typing import Any, Final

BUYER: Final[dict[str, Any]] = {
    "id": "buyer",
    "role": "decision_maker",
    "match": {
        "any": [
            {"property": "hs_buying_role", "has_any": ["DECISION_MAKER", "BUDGET_HOLDER"]},
            {"property": "jobtitle", "contains_any": ["cto", "vp engineering"]},
        ]
    },
    "describe": {"title": "CTO"},
}
DEVELOPER: Final[dict[str, Any]] = {
    "id": "developer",
    "role": "user",
    "match": {"property": "jobtitle", "contains_any": ["developer", "sre"]},
}
BY_ROLE: Final = {"property": "hs_buying_role", "has_any": ["DECISION_MAKER"]}
WRITE: Final = {"committee": "icp_committee", "missing": "icp_committee_missing"}


def personas(*people: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """The `personas` of a profile: these people, else both."""
    return {"tiers": ["tier_1"], "people": list(people) or [BUYER, DEVELOPER], "write": WRITE, **keys}
