"""Tiers that hold only so many companies, as the design's paragraph on capacity says it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from tests.reference.asked import Company, Tier


@dataclass(frozen=True, slots=True)
class Asking:
    """A company in scope, its fit score and the tier it reaches by thresholds."""

    company: Company
    score: Fraction
    reached: str | None


def within_capacity(
    tiers: tuple[Tier, ...], asking: list[Asking], seen: Counter[tuple[str, str]]
) -> dict[int, str | None]:
    """Each company's tier by id, filled from the highest down; who does not fit goes to the next."""
    given = {each.company.id: each.reached for each in asking}
    for tier, lower in pairwise(tiers):
        for place in {_place(tier, each.company) for each in asking}:
            sharing = [each for each in asking if _place(tier, each.company) == place]
            waiting = [each for each in sharing if given[each.company.id] == tier.name and not each.company.live.fixed]
            taken = sum(each.company.live.fixed and each.company.live.stands == tier.name for each in sharing)
            for late in _late(tier, waiting, taken, seen):
                given[late.company.id] = lower.name
    return given


def _place(tier: Tier, company: Company) -> str:
    """Companies without the value share one."""
    return "" if tier.per is None else company.texts[tier.per] or ""


def _late(tier: Tier, waiting: list[Asking], taken: int, seen: Counter[tuple[str, str]]) -> list[Asking]:
    """Those who find the places taken: by locked companies first, then by holders and the better score."""
    if tier.limit is None:
        return []
    free = max(tier.limit - taken, 0)
    late = sorted(waiting, key=lambda each: (-_claim(tier, each), each.company.id))[free:]
    without_holders = sorted(waiting, key=lambda each: (-each.score, each.company.id))[free:]
    seen["capacity", "cut"] += len(late)
    seen["capacity", "cut by a fixed company"] += min(taken, len(late))
    seen["capacity", "cut by a holder of less score"] += sum(each not in without_holders for each in late)
    return late


def _claim(tier: Tier, asking: Asking) -> Fraction:
    """The score, raised for a present holder by what separates `enter` from `leave`; for the order only."""
    holds = asking.company.live.tier == tier.name
    return asking.score + (Fraction(tier.enter) - Fraction(tier.leave) if holds else 0)
