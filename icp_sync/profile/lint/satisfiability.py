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

from icp_sync.profile.model.criteria import Condition
from icp_sync.profile.model.match import OPERATORS, Match
from icp_sync.profile.model.operator import Group, Interval
from icp_sync.profile.vocabulary_names import NAMING
from icp_sync.vocabulary.industries import covered_industry_keys as industry_members
from icp_sync.vocabulary.text_keys import text_key
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
_OTHER: Final = frozenset({""})


class SampleSpace:
    """Iterates over the sample companies of some matches."""

    def __init__(self, matches: Iterable[tuple[Condition, Match]], words: Vocabulary) -> None:
        self._technologies, self._industries = words.technologies, words.industries
        self._groups_of: dict[int, list[frozenset[str]]] = {}
        pairs = [(question, leaf) for question, match in matches for leaf in match.leaves()]
        members: dict[Variable, set[str]] = {}
        for question, leaf in pairs:
            if leaf.operator in NAMING:
                members.setdefault(_name_variable(question, leaf), set()).update(
                    *self._resolve_names_once(question, leaf)
                )
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

    def company_hits_match(self, question: Condition, match: Match, company: Company) -> bool:
        """Whether a sample company meets a match."""
        if not match.operands:
            return self._leaf_hit(question, match, company)
        answers = (self.company_hits_match(question, part, company) for part in match.operands)
        if match.operator == "not":
            return not next(answers)
        return all(answers) if match.operator == "all" else any(answers)

    def _variable(self, question: Condition, leaf: Match) -> Variable:
        names, operator = leaf.own_properties or question.own_properties, leaf.operator
        group = OPERATORS[operator].group
        if group.edges:
            return group.word, *names
        if operator in NAMING and (variable := _name_variable(question, leaf)) in self._members:
            return variable
        return "leaf", operator, repr(leaf.argument), *names

    def _sample_values(self, variable: Variable, leaf: Match) -> Iterable[Sample]:
        kind, group = variable[0], OPERATORS[leaf.operator].group
        if group.edges:
            never_negative = group is Group.AGE or (variable[1:2] and variable[1] in _NEVER_NEGATIVE)
            edges = (-1.0, 0.0, *group.edges(*_leaf_interval(leaf)))
            return {edge for edge in edges if abs(edge) != inf and (edge >= 0 or not never_negative)}
        if kind == "one":
            return {_OTHER, *(frozenset({name}) for name in self._members[variable])}
        if kind == "set":
            names = sorted(self._members[variable])
            sizes = range(1, len(names) + 1)
            chosen = chain.from_iterable(combinations(names, size) for size in sizes)
            return {_OTHER, *(frozenset(chosen_names) for chosen_names in chosen)}
        return {True} if OPERATORS[leaf.operator].always_hits(leaf.argument) else {True, False}

    def _leaf_hit(self, question: Condition, leaf: Match, company: Company) -> bool:
        variable = self._variable(question, leaf)
        value = company[variable]
        if isinstance(value, bool):
            return value
        if isinstance(value, frozenset):
            return _is_hit_by_names(leaf, self._resolve_names_once(question, leaf), value)
        low, high = _leaf_interval(leaf)
        return low <= value <= high

    def _resolve_names_once(self, question: Condition, leaf: Match) -> list[frozenset[str]]:
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
        return [frozenset({text_key(name)}) for name in names]


def _name_variable(question: Condition, leaf: Match) -> Variable:
    names = leaf.own_properties or question.own_properties
    return ("one" if set(names) <= _ONE_VALUE else "set"), *names


def _leaf_interval(leaf: Match) -> Interval:
    interval = OPERATORS[leaf.operator].interval
    return interval(leaf.argument) if interval else (-inf, inf)


def _is_hit_by_names(leaf: Match, groups: list[frozenset[str]], value: frozenset[str]) -> bool:
    met = sum(bool(group & value) for group in groups)
    match OPERATORS[leaf.operator].quantifier:
        case "all":
            return met == len(groups)
        case "none":
            return met == 0
        case "any":
            return met >= (leaf.at_least or 1)
