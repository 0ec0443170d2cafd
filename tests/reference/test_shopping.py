"""The shopping list against a second scorer, which judges each company with the missing answers given both ways."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import pytest

from icp_sync.profile.model.profile import Profile as EngineProfile
from icp_sync.scoring.data_purchase_groups import PropertyGroup, property_groups
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import evaluate_predicates
from icp_sync.scoring.shopping_list import lifted_companies, shopping_list
from tests.reference.agreement import frame_of
from tests.reference.asked import Company, Criterion
from tests.reference.generator import DAYS, company, profile
from tests.reference.scorer import Credit, Reference, Verdict

COMPANIES: Final = 100
EVERY_DAY: Final = (1, 2, 11)
"""Seeds of profiles where purchases lift companies; one has a criterion that counts an empty value as a miss."""
MANY: Final = 60
UNDECIDED: Final = "insufficient_data"


@dataclass(slots=True)
class Shopper(Reference):
    """The second scorer, with a credit assumed for criteria that a company leaves unanswered."""

    assumed: Mapping[str, Fraction] = field(default_factory=dict)

    def _credit(self, criterion: Criterion, company: Company) -> Credit:
        if criterion.id in self.assumed and self._earned(criterion, company) is None:
            return self.assumed[criterion.id]
        return Reference._credit(self, criterion, company)

    def verdict_with(self, group: PropertyGroup, credit: int, company: Company) -> Verdict:
        """The verdict with all that the company leaves unanswered of a group hit (1) or missed (0)."""
        self.assumed = dict.fromkeys(group.answers, Fraction(credit))
        verdict = self.verdict(company)
        self.assumed = {}
        return verdict

    def undecided(self, companies: list[Company]) -> Iterator[tuple[Company, Verdict]]:
        """Those in scope of whom too little is known."""
        for each in companies:
            if self._in_scope(each) and (verdict := self.verdict(each)).outcome == UNDECIDED:
                yield each, verdict


def brute_force(reference: Shopper, companies: list[Company], group: PropertyGroup) -> dict[str, Any]:
    """What a group brings, company by company."""
    lacking = [
        each
        for each, verdict in reference.undecided(companies)
        if any(verdict.credits[name] is None for name in group.criteria)
    ]
    hit = {each.id: reference.verdict_with(group, 1, each) for each in lacking}
    missed = {each.id: reference.verdict_with(group, 0, each) for each in lacking}
    lifted = {name: verdict.reached for name, verdict in hit.items() if verdict.outcome == "tiered"}
    settled = [name for name in hit if UNDECIDED not in {hit[name].outcome, missed[name].outcome}]
    return {
        "missing": len(lacking), "lifts": dict(Counter(lifted.values())), "settles": len(settled), "lifted": lifted,
    }  # fmt: skip


def compare(seed: int) -> int:
    """Compares all groups of a profile over as many companies; returns how many purchases lift one."""
    rng = random.Random(seed)
    asked, as_of = profile(rng), rng.choice(DAYS)
    companies = [company(rng, number, as_of) for number in rng.sample(range(1, 2000), COMPANIES)]
    program = compile_profile(EngineProfile.model_validate(asked.written), as_of)
    evaluated, groups = evaluate_predicates(frame_of(companies), program), property_groups(program.profile)
    values = {value.properties: value for value in shopping_list(evaluated, program).groups}
    lifts = 0
    for group in groups:
        value = values[group.properties]
        rows = lifted_companies(evaluated, program, [group]).select("id", "tier").rows()
        got = {"missing": value.missing, "lifts": dict(value.lifts), "settles": value.settles, "lifted": dict(rows)}
        assert got == brute_force(Shopper(asked, as_of), companies, group), f"seed {seed}, {group}"
        lifts += len(rows)
    return lifts


def test_every_purchase_lifts_and_settles_what_a_second_scorer_says() -> None:
    assert all(compare(seed) for seed in EVERY_DAY)


@pytest.mark.long
@pytest.mark.slow
def test_every_purchase_of_many_profiles_lifts_and_settles_what_a_second_scorer_says() -> None:
    assert sum(compare(seed) for seed in range(MANY)) > MANY
