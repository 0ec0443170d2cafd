"""A small satisfiability check: the sample companies that a few matches can tell apart.

A sample is one value for each variable, and a variable is what a leaf reads. The samples are never too few: a leaf
that cannot be reasoned about (a regular expression, two cities) is a Boolean variable of its own. So a match that no
sample hits is hit by no company, and one that all samples hit is hit by every company.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, combinations, product
from math import inf
from typing import Final

from icp_sync.profile.lint.bands import interval
from icp_sync.profile.model.criteria import Condition
from icp_sync.profile.model.match import Match
from icp_sync.profile.reads import NUMERIC
from icp_sync.vocabulary.industries import members as industry_members
from icp_sync.vocabulary.keys import key_of
from icp_sync.vocabulary.vocabulary import Vocabulary

Variable = tuple[str, ...]
"""The kind of operator and the properties it reads, or one whole leaf."""
Sample = float | bool | frozenset[str]
Company = Mapping[Variable, Sample]

MAX_SAMPLES: Final = 5_000
"""Samples of one space that are evaluated; a larger space is taken to be satisfiable."""
_MAX_MEMBERS: Final = 8
_NEVER_NEGATIVE: Final = frozenset({"numberofemployees", "annualrevenue", "total_money_raised", "founded_year"})
_ONE_VALUE: Final = frozenset({"industry", "type", "lifecyclestage", "hs_lead_status"})
_NAMING: Final = frozenset({"is", "in", "not_in", "has_any", "has_all", "has_none"})
_ANYWHERE: Final = 20_000  # kilometres; half the way round the world
_OTHER: Final = frozenset({""})


class SampleSpace:
    """Iterates over the sample companies of some matches."""

    def __init__(self, matches: Iterable[tuple[Condition, Match]], words: Vocabulary) -> None:
        self._technologies, self._industries = words.technologies, words.industries
        self._groups_of: dict[int, list[frozenset[str]]] = {}
        pairs = [(question, leaf) for question, match in matches for leaf in match.leaves()]
        members: dict[Variable, set[str]] = {}
        for question, leaf in pairs:
            if leaf.operator in _NAMING:
                members.setdefault(_name_variable(question, leaf), set()).update(*self._groups(question, leaf))
        self._members = {
            variable: names for variable, names in members.items() if variable[0] == "one" or len(names) <= _MAX_MEMBERS
        }
        self._samples: dict[Variable, set[Sample]] = {}
        for question, leaf in pairs:
            variable = self._variable(question, leaf)
            self._samples.setdefault(variable, set()).update(self._sample_values(variable, leaf))

    @property
    def count(self) -> int:
        """The number of samples; iterating over a large space does not end in useful time."""
        count = 1
        for samples in self._samples.values():
            count *= len(samples)
        return count

    def __iter__(self) -> Iterator[Company]:
        for values in product(*self._samples.values()):
            yield dict(zip(self._samples, values, strict=True))

    def variables(self, question: Condition, match: Match) -> set[Variable]:
        """The variables of a match; matches that share one must be evaluated on the same samples."""
        return {self._variable(question, leaf) for leaf in match.leaves()}

    def hit(self, question: Condition, match: Match, company: Company) -> bool:
        """Whether a sample company meets a match."""
        if not match.operands:
            return self._leaf_hit(question, match, company)
        answers = (self.hit(question, part, company) for part in match.operands)
        if match.operator == "not":
            return not next(answers)
        return all(answers) if match.operator == "all" else any(answers)

    def _variable(self, question: Condition, leaf: Match) -> Variable:
        names, operator = leaf.own_properties or question.own_properties, leaf.operator
        if operator in NUMERIC:
            return "number", *names
        if operator == "age_years":
            return "age", *names
        if operator in {"within_days", "older_than_days"}:
            return "days", *names
        if operator in _NAMING and (variable := _name_variable(question, leaf)) in self._members:
            return variable
        return "leaf", operator, repr(leaf.argument), *names

    def _sample_values(self, variable: Variable, leaf: Match) -> Iterable[Sample]:
        kind = variable[0]
        if kind in {"number", "age"}:
            ends = [end for end in _range(leaf) if abs(end) != inf]
            lowest = 0 if kind == "age" or (variable[1:2] and variable[1] in _NEVER_NEGATIVE) else -inf
            return {step for end in ends for step in (end - 0.5, end, end + 0.5, -1.0, 0.0) if step >= lowest}
        if kind == "days":
            days = float(leaf.within_days if leaf.within_days is not None else leaf.older_than_days or 0)
            return {-1.0, 0.0, days, days + 1}
        if kind == "one":
            return {_OTHER, *(frozenset({name}) for name in self._members[variable])}
        if kind == "set":
            names = sorted(self._members[variable])
            sizes = range(1, len(names) + 1)
            chosen = chain.from_iterable(combinations(names, size) for size in sizes)
            return {_OTHER, *(frozenset(chosen_names) for chosen_names in chosen)}
        return {True} if _always_hit(leaf) else {True, False}

    def _leaf_hit(self, question: Condition, leaf: Match, company: Company) -> bool:
        variable = self._variable(question, leaf)
        value = company[variable]
        if isinstance(value, bool):
            return value
        if isinstance(value, frozenset):
            return _names_hit(leaf, self._groups(question, leaf), value)
        if leaf.operator == "within_days":
            return 0 <= value <= (leaf.within_days or 0)
        if leaf.operator == "older_than_days":
            return value > (leaf.older_than_days or 0)
        low, high = _range(leaf)
        return low <= value <= high

    def _groups(self, question: Condition, leaf: Match) -> list[frozenset[str]]:
        """The canonical keys of each name of a leaf; resolved once, used for every sample."""
        if id(leaf) not in self._groups_of:
            self._groups_of[id(leaf)] = self._resolve_names(question, leaf)
        return self._groups_of[id(leaf)]

    def _resolve_names(self, question: Condition, leaf: Match) -> list[frozenset[str]]:
        read = leaf.own_properties or question.own_properties
        names = [name for name in leaf.argument if isinstance(name, str)] if isinstance(leaf.argument, tuple) else []
        if "web_technologies" in read:
            return [self._technologies.members(name) for name in names]
        if "industry" in read:
            return [industry_members(name, self._industries) for name in names]
        return [frozenset({key_of(name)}) for name in names]


def _name_variable(question: Condition, leaf: Match) -> Variable:
    names = leaf.own_properties or question.own_properties
    return ("one" if set(names) <= _ONE_VALUE else "set"), *names


def _range(leaf: Match) -> tuple[float, float]:
    if leaf.age_years:
        low, high = leaf.age_years
        return (-inf if low is None else low, inf if high is None else high)
    return interval(leaf) or (-inf, inf)


def _always_hit(leaf: Match) -> bool:
    if leaf.within_km:
        return leaf.within_km.km >= _ANYWHERE
    return leaf.matches is not None and leaf.matches in {".*", ".", ".+", "", "^", "$", "^.*$", "^.+$", r"\S", r"\w"}


def _names_hit(leaf: Match, groups: list[frozenset[str]], value: frozenset[str]) -> bool:
    met = sum(bool(group & value) for group in groups)
    if leaf.operator == "has_all":
        return met == len(groups)
    if leaf.operator in {"has_none", "not_in"}:
        return met == 0
    return met >= (leaf.at_least or 1)
