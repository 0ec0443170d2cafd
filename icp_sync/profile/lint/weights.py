"""The distribution of weight over revenue and the seven traits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, get_args

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.criteria import Criterion, Trait
from icp_sync.profile.model.derive_formula import parse_formula
from icp_sync.profile.model.profile import Profile

_MOST: Final = 0.75
_MONEY: Final = re.compile(r"(^|_)(annualrevenue|revenue|budget|arr|mrr|turnover|amount|money)(_|$)")
_TRAITS: Final = {
    "industry": "industry alignment",
    "need": "a need for the product",
    "finance": "financial viability",
    "readiness": "readiness to buy",
    "scale": "room to grow",
    "size": "size",
    "geography": "geography",
}


def mostly_revenue(profile: Profile) -> Iterator[Finding]:
    """At most three quarters of the weight read amounts of money."""
    weight = sum(criterion.weight for criterion in profile.criteria)
    money = sum(criterion.weight for criterion in profile.criteria if asks_for_money(profile, criterion))
    if money > _MOST * weight:
        share = f"{100 * money / weight:.0f} %"
        message = f"{share} of the weight asks for money; give weight to the need you meet and who feels it"
        yield Finding(("criteria",), message)


def asks_for_money(profile: Profile, criterion: Criterion) -> bool:
    """Whether everything a criterion reads is an amount of money."""
    if criterion.trait == "finance":
        return True
    named = {name for leaf in criterion.match.leaves() for name in leaf.own_properties or criterion.own_properties}
    return bool(named) and all(_is_money(profile, name) for name in named)


def _is_money(profile: Profile, name: str) -> bool:
    if name in profile.derive:
        return any(_MONEY.search(source) for source in parse_formula(profile.derive[name]).properties())
    return bool(_MONEY.search(name))


def traits_without_criterion(profile: Profile, _as_of: object) -> Iterator[Finding]:
    """Every one of the seven traits has a criterion."""
    traits = {criterion.trait for criterion in profile.criteria}
    if missing := [_TRAITS[trait] for trait in get_args(Trait) if trait not in traits]:
        yield Finding(("criteria",), f"nothing asks about {', '.join(missing)}; name its trait: where a criterion does")
