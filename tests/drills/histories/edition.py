"""The profile of the histories, as somebody may edit it, and what it says of a company: worked out in plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from icp_sync.profile.load import LoadedProfile, parse_profile

TIER: Final = "hs_ideal_customer_profile"
FLAG: Final = "hs_is_target_account"
OUTCOME: Final = "icp_fit_outcome"
STAMP: Final = "icp_fit_profile"
LOCK: Final = "icp_fit_lock"
KEPT: Final = (TIER, FLAG)
COMPUTED: Final = {"icp_fit_score": "1", OUTCOME: "not_icp", "icp_fit_reasons": "because I say so"}
"""Outputs that nobody may keep, and what somebody writes there."""
INPUTS: Final = {
    "country": ("Deutschland", "USA"),
    "numberofemployees": ("50", "300", "900"),
    "hs_lead_status": ("NEW", "UNQUALIFIED"),
}
"""What the profile reads, and texts of it."""
HOLD_DAYS: Final = 14
STRICT: Final = "5%"
"""A limit of the guardrail `changed` that more than one company in twenty passes."""
LIST: Final = "Histories tier 1"

_PROFILE: Final = """
schema: 1
profile: {{name: histories, kind: icp, owner: drills, review_by: 2027-12-31}}
criteria:
  - {{id: country, label: German, trait: geography, weight: {weight}, match: {{region: DE}}, evidence: none}}
  - id: employees
    label: large
    trait: size
    property: numberofemployees
    weight: {rest}
    match: {{at_least: {size}}}
    evidence: none
disqualifiers:
  - {{id: lost, reason: a lost customer, property: hs_lead_status, match: {{is: UNQUALIFIED}}}}
tiers:
  - {{tier: tier_1, enter: {first}}}
  - {{tier: tier_2, enter: {second}}}
overrides: {overrides}
write:
  tier: hs_ideal_customer_profile
  target_account: {{property: hs_is_target_account, tiers: [tier_1]}}
  score: icp_fit_score
  potential: icp_fit_potential
  coverage: icp_fit_coverage
  outcome: icp_fit_outcome
  reasons: icp_fit_reasons
  profile: icp_fit_profile
  changed_at: icp_fit_changed_at
lock: {{property: icp_fit_lock}}
lists:
  - {{name: Histories tier 1, kind: static, where: {{tier: [tier_1]}}, order_by: score}}
guardrails:
  changed: {changed}
  leaving_tier_1: 100%
  list_shrink: 100%
  read_at_least: 1%
  list_growth: 100%
  list_taken_off: 100%
  disqualified: 100%
  leaving_tiers: 100%
"""


@dataclass(frozen=True)
class Edition:
    """What is edited in the profile. `weight`: of the country, of 100. `first`, `second`: points to enter the tiers."""

    weight: int = 60
    size: int = 100
    first: int = 90
    second: int = 60
    people: str = "keep"
    automation: str = "keep"
    expire_days: int | None = None
    changed: str = "100%"

    @cached_property
    def loaded(self) -> LoadedProfile:
        """The profile."""
        days = f", expire_days: {self.expire_days}" if self.expire_days else ""
        overrides = f"{{people: {self.people}, automation: {self.automation}{days}}}"
        text = _PROFILE.format(**self.__dict__, rest=100 - self.weight, overrides=overrides)
        return parse_profile(text, "icp.yaml")

    def verdict(self, texts: Mapping[str, str]) -> tuple[str, str]:
        """Tier ("" for none) and outcome of a company with these inputs; an empty text is unknown."""
        employees = texts["numberofemployees"]
        answers = {
            self.weight: None if not texts["country"] else texts["country"] == "Deutschland",
            100 - self.weight: None if not employees else int(employees) >= self.size,
        }
        score = sum(points for points, answer in answers.items() if answer)
        potential = sum(points for points, answer in answers.items() if answer is not False)
        if texts["hs_lead_status"] == "UNQUALIFIED":
            return "", "disqualified"
        if potential < self.second:
            return "", "not_icp"
        if score < self.second:
            return "", "insufficient_data"
        return ("tier_1" if score >= self.first else "tier_2"), "tiered"
