"""The tier that stands on the record as people say it, and without one the outcome."""

from __future__ import annotations

from typing import Final

import pytest

from icp_sync.plan.outputs import OUTPUTS
from icp_sync.profile.model.types import OUTCOMES, TIERS
from tests.plan.drawings import BLANK, OUTSIDE, STAMP, TIER_1, TIER_2, Company, drawn, profile_of, verdict

WRITE: Final = {
    "tier": "hs_ideal_customer_profile",
    "profile": "icp_fit_profile",
    "fit_band": "icp_fit_band",
}
PROFILE: Final = profile_of(write=WRITE)
BANDED: dict[str, tuple[Company, str | None]] = {
    "a tier": ((BLANK, TIER_1), "Tier 1"),
    "another tier": ((BLANK, TIER_2), "Tier 2"),
    "no fit": ((BLANK, verdict(None, "not_icp")), "Not a fit"),
    "disqualified": ((BLANK, verdict(None, "disqualified")), "Disqualified"),
    "too little known": ((BLANK, verdict(None, "insufficient_data")), "Not enough data"),
    "no place left": ((BLANK, verdict(None)), "No tier"),
    "a tier of somebody else's": (({"tier": "tier_3"}, TIER_1), "Tier 3"),
    "a tier it has lost": (({"tier": "tier_1", "profile": STAMP, "fit_band": "Tier 1"}, TIER_2), "Tier 2"),
    "as it stands": (({"tier": "tier_1", "profile": STAMP, "fit_band": "Tier 1"}, TIER_1), None),
    "out of scope": (({"tier": "tier_1", "profile": STAMP, "fit_band": "Tier 1"}, OUTSIDE), ""),
}


@pytest.mark.parametrize(("company", "band"), BANDED.values(), ids=BANDED)
def test_what_a_company_is_called(company: Company, band: str | None) -> None:
    written = {change.id: change.after for change in drawn(company, profile=PROFILE).plan.iter_changes()}
    assert written.get(1, {}).get("icp_fit_band") == band


def test_every_tier_and_outcome_has_a_band() -> None:
    assert len(OUTPUTS["fit_band"].options) == len({*TIERS, *OUTCOMES})
