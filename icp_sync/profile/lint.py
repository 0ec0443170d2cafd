"""Advice on a profile that works: what the people who wrote the guides would ask about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from icp_sync.profile.model import Profile
from icp_sync.profile.problem import Flaw

_CLOSEST: Final = 5


def no_disqualifier(profile: Profile) -> Iterator[Flaw]:
    """A profile says who can never be a customer."""
    if not profile.disqualifiers:
        yield Flaw((), "no disqualifier; name who can never be a customer, such as partners and competitors")


def no_evidence(profile: Profile) -> Iterator[Flaw]:
    """At least one criterion says why it is believed."""
    if not any(criterion.evidence for criterion in profile.criteria):
        yield Flaw(("criteria",), "no criterion has evidence; write down why you believe in it, and since when")


def nobody_answers(profile: Profile) -> Iterator[Flaw]:
    """Somebody answers for the profile."""
    if not profile.profile.owner:
        yield Flaw(("profile",), "no owner; name who answers for this profile")


def no_review_date(profile: Profile) -> Iterator[Flaw]:
    """A profile has a day by which it is looked at again."""
    if not profile.profile.review_by:
        yield Flaw(("profile",), "no review_by; an ICP ages, write the day it must be looked at again")


def close_tiers(profile: Profile) -> Iterator[Flaw]:
    """Tiers lie five points apart, else companies wander between them."""
    for n, (upper, lower) in enumerate(pairwise(profile.tiers), start=1):
        if upper.enter - lower.enter < _CLOSEST:
            gap = upper.enter - lower.enter
            message = f"{lower.tier} begins {gap:g} points below {upper.tier}; leave {_CLOSEST} or more"
            yield Flaw(("tiers", n, "enter"), message)


def no_tests(profile: Profile) -> Iterator[Flaw]:
    """A profile has tests of its own."""
    if not profile.tests:
        yield Flaw((), "no tests; describe a company of each tier, so that an edit cannot move it unnoticed")


RULES: Final[Mapping[str, Callable[[Profile], Iterator[Flaw]]]] = MappingProxyType(
    {
        "no-disqualifier": no_disqualifier,
        "no-evidence": no_evidence,
        "no-owner": nobody_answers,
        "no-review-date": no_review_date,
        "close-tiers": close_tiers,
        "no-tests": no_tests,
    }
)


def linted(profile: Profile) -> Iterator[Flaw]:
    """Every piece of advice, named after its rule; all are warnings."""
    for name, rule in RULES.items():
        for flaw in rule(profile):
            yield replace(flaw, rule=name, severity="warning")
