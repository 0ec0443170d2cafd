"""The reference scorer: design.md sections 2 and 4 in plain Python, one company after the other, over meanings."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

from tests.reference.asked import Company, Composition, Criterion, Leaf, Profile, Question, Tier
from tests.reference.capacity import Asking, within_capacity
from tests.reference.geography import asked_where
from tests.reference.meanings import Interval, Meaning, Nothing
from tests.reference.operators import VALUE_OPERATORS, Kleene, anyone, everyone, negated

ARITHMETIC: Final[Mapping[str, Any]] = {
    "+": lambda left, other: left + other,
    "-": lambda left, other: left - other,
    "*": lambda left, other: left * other,
    "/": lambda left, other: left / other if other else math.nan,
    "least": min,
    "greatest": max,
    "abs": abs,
}
Credit = Fraction | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a company comes to; `reached` is its tier before capacity."""

    credits: Mapping[str, Credit]
    disqualified_by: str | None
    score: Fraction
    potential: Fraction
    coverage: Fraction
    outcome: str
    reached: str | None
    tier: str | None


@dataclass(slots=True)
class Reference:
    """Scores companies against one profile on one day, counting in `seen` what occurred."""

    profile: Profile
    as_of: dt.date
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def score(self, companies: list[Company]) -> dict[int, Verdict]:
        """The verdicts on the companies in scope, by id."""
        inside = [company for company in companies if self._in_scope(company)]
        verdicts = {company.id: self.verdict(company) for company in inside}
        asking = [Asking(company, verdicts[company.id].score, verdicts[company.id].reached) for company in inside]
        tiers = within_capacity(self.profile.tiers, asking, self.seen)
        return {name: replace(verdict, tier=tiers[name]) for name, verdict in verdicts.items()}

    def verdict(self, company: Company) -> Verdict:
        """The verdict on one company, were the tiers boundless."""
        earned = {criterion.id: self._credit(criterion, company) for criterion in self.profile.criteria}
        met = [name for name, question in self.profile.disqualifiers if self.truth(question, company)]
        score, potential, coverage = self._figures(earned)
        thresholds = {tier.name: self._threshold(tier, company) for tier in self.profile.tiers}
        reached = next((name for name, threshold in thresholds.items() if score >= threshold), None)
        enough = coverage >= Fraction(self.profile.minimum)
        rule, outcome = self._outcome(
            disqualified=bool(met),
            required=[earned[name] for name in self.profile.required],
            hopeless=potential < min(thresholds.values()),
            at_a_tier=None if reached is None else "tiered" if enough else "insufficient_data",
        )
        if rule in {3, 5, 6}:
            self._notice_hysteresis(thresholds, score, company)
        tier = reached if outcome == "tiered" else None
        return Verdict(earned, met[0] if met else None, score, potential, coverage, outcome, tier, tier)

    def truth(self, question: Question, company: Company) -> Kleene:
        """Kleene logic throughout."""
        if isinstance(question, Leaf):
            return self._leaf(question, company)
        return self._composition(question, company)

    def _in_scope(self, company: Company) -> bool:
        inside = self.profile.scope is None or self.truth(self.profile.scope, company) is not False
        self.seen["scope", "inside" if inside else "outside"] += 1
        return inside

    def _composition(self, question: Composition, company: Company) -> Kleene:
        parts = [self.truth(part, company) for part in question.parts]
        if question.kind == "not":
            answer = negated(parts[0])
        else:
            answer = everyone(parts) if question.kind == "all" else anyone(parts)
        self.seen[question.kind, {True: "hit", False: "miss", None: "unknown"}[answer]] += 1
        return answer

    def _credit(self, criterion: Criterion, company: Company) -> Credit:
        credit = self._earned(criterion, company)
        if credit is None and criterion.missing == "miss":
            self.seen["missing", "miss"] += 1
            return Fraction(0)
        return credit

    def _earned(self, criterion: Criterion, company: Company) -> Credit:
        for question, credit in ((criterion.match, "1"), *criterion.partials):
            answer = self.truth(question, company)
            if answer is None:
                return None
            if answer:
                self.seen["credit", "partial" if question is not criterion.match else "whole"] += 1
                return Fraction(credit)
        return Fraction(0)

    def _figures(self, earned: Mapping[str, Credit]) -> tuple[Fraction, Fraction, Fraction]:
        """Score, potential and coverage; Python rounds fractions exactly and half to even."""
        weights = {criterion.id: Fraction(criterion.weight) for criterion in self.profile.criteria}
        whole = sum(weights.values(), Fraction(0))
        proven = sum((weights[name] * (credit or 0) for name, credit in earned.items()), Fraction(0))
        unknown = sum((weights[name] for name, credit in earned.items() if credit is None), Fraction(0))
        self.seen["score", "half way between two decimals"] += (1000 * proven / whole) % 1 == Fraction(1, 2)
        score, potential = 100 * proven / whole, 100 * (proven + unknown) / whole
        coverage = (whole - unknown) / whole
        return round(round(score, 9), 1), round(round(potential, 9), 1), round(round(coverage, 9), 3)

    def _outcome(
        self, *, disqualified: bool, required: list[Credit], hopeless: bool, at_a_tier: str | None
    ) -> tuple[int, str]:
        """The first of the six rules that applies, by its number in the design, and its outcome."""
        rules = (
            (disqualified, "disqualified"),
            (0 in required, "not_icp"),
            (hopeless, "not_icp"),
            (None in required, "insufficient_data"),
            (at_a_tier is not None, at_a_tier or ""),
            (True, "insufficient_data"),
        )
        number, outcome = next((at, outcome) for at, (applies, outcome) in enumerate(rules, 1) if applies)
        self.seen["outcome", f"rule {number}: {outcome}"] += 1
        return number, outcome

    def _threshold(self, tier: Tier, company: Company) -> Fraction:
        holds = company.live.tier is not None and company.live.tier <= tier.name
        return Fraction(tier.leave if holds else tier.enter)

    def _notice_hysteresis(self, thresholds: Mapping[str, Fraction], score: Fraction, company: Company) -> None:
        for tier in self.profile.tiers:
            if Fraction(tier.leave) <= score < Fraction(tier.enter):
                holds = company.live.tier is not None and company.live.tier <= tier.name
                self.seen["hysteresis", "a holder stays" if holds else "a newcomer stays out"] += 1
        if score in thresholds.values():
            self.seen["score", "exactly at a threshold"] += 1

    def _leaf(self, leaf: Leaf, company: Company) -> Kleene:
        if leaf.operator in {"region", "city", "within_km"}:
            answer, meaning = asked_where(leaf, company, self.profile.location)
        else:
            meaning = self._value(leaf.properties, company)
            answer = self._answer(leaf, meaning)
        if isinstance(meaning, Nothing):
            self.seen[leaf.operator, meaning.situation] += 1
        elif answer is None:
            self.seen[leaf.operator, "across the border"] += 1
        if answer is not None:
            self.seen[leaf.operator, "hit" if answer else "miss"] += 1
        return answer

    def _answer(self, leaf: Leaf, meaning: Meaning) -> Kleene:
        """`known` asks for a text with a word in it; what the word means is not its concern."""
        if leaf.operator == "known":
            return leaf.argument is (meaning not in {Nothing.EMPTY, Nothing.WORDLESS})
        if isinstance(meaning, Nothing):
            return None
        return VALUE_OPERATORS[leaf.operator](meaning, leaf.argument, self.as_of)

    def _value(self, properties: tuple[str, ...], company: Company) -> Meaning:
        if len(properties) == 1 and properties[0] in self.profile.derived:
            return self._derived(self.profile.derived[properties[0]].tree, company)
        return company.first_readable(properties)

    def _derived(self, tree: Any, company: Company) -> Meaning:
        """Only point values enter; division by zero, NaN and infinity are unknown, as any unknown is.

        A formula without a result has no text either, hence `WORDLESS`: it is not known.
        """
        if isinstance(tree, float):
            return Interval(tree, tree)
        if isinstance(tree, str):
            meaning = company.first_readable((tree,))
            point = isinstance(meaning, Interval) and meaning.low == meaning.high
            return meaning if point or meaning is Nothing.EMPTY else Nothing.WORDLESS
        parts = [self._derived(part, company) for part in tree[1:]]
        points = [part.low for part in parts if isinstance(part, Interval)]
        if len(points) < len(parts):
            return Nothing.WORDLESS if Nothing.WORDLESS in parts else Nothing.EMPTY
        value = ARITHMETIC[tree[0]](*points)
        return Interval(value, value) if math.isfinite(value) else Nothing.WORDLESS
