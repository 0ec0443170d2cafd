"""Whatever a valid profile asks and whatever a CRM holds, check, score and plan come to an end.

What scoring needs and what is pulled are worked out in two places; a profile is generated in all its variety, and
scored over the pulled properties alone, so that a difference between the two is an exception here.
"""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icp_sync.profile.model.match import OPERATORS
from tests.generated.companies import AROUND, Company, companies
from tests.generated.everywhere import ARGUMENT, SOME, everywhere
from tests.generated.matches import ARGUMENTS, TEXTS, Written
from tests.generated.profiles import profiles
from tests.generated.whole import check, loaded, plan
from tests.marks import with_slow

GENERATED: Final = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
EVERY_DAY: Final = ("has_any", "between", "region", "matches", "within_days")
"""An operator of each kind of value."""
LACKING: Final = st.sets(st.sampled_from((*TEXTS, *AROUND)), max_size=4)


def goes_through(profile: Written, some: list[Company], lacking: set[str], *, again: bool = True) -> None:
    profile_loaded = loaded(profile)
    check(profile_loaded)
    plan(profile_loaded.profile, some, lacking, again=again)


@pytest.mark.slow
@settings(GENERATED, max_examples=3)
@given(profiles(), companies(), LACKING)
def test_no_profile_and_no_company_raises(profile: Written, some: list[Company], lacking: set[str]) -> None:
    goes_through(profile, some, lacking)


@pytest.mark.long
@pytest.mark.slow
@settings(GENERATED, max_examples=60)
@given(profiles(), companies(), LACKING)
def test_no_profile_and_no_company_raises_at_length(profile: Written, some: list[Company], lacking: set[str]) -> None:
    goes_through(profile, some, lacking)


def test_every_operator_is_asked() -> None:
    assert set(ARGUMENTS) == set(ARGUMENT) == set(OPERATORS)


@pytest.mark.slow
@pytest.mark.parametrize("operator", with_slow(EVERY_DAY, [name for name in OPERATORS if name not in EVERY_DAY]))
def test_an_operator_may_stand_in_every_place(operator: str) -> None:
    goes_through(everywhere(operator), SOME, set(), again=False)
