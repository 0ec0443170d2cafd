"""Every kind of company that a few questions can tell apart, each as one sample value for each thing they ask.

The kinds are never too few: what cannot be reasoned about (a regular expression, two cities) may be hit or missed
independently. So a question that no kind hits is hit by no company, and one that all hit is hit by all.
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

Thing = tuple[str, ...]
"""What is asked: the kind of question and the properties read, or one whole leaf."""
Sample = float | bool | frozenset[str]
Company = Mapping[Thing, Sample]

MOST: Final = 5_000
"""How many kinds of company are tried before a question is taken to be possible."""
_MOST_MEMBERS: Final = 8
_NEVER_NEGATIVE: Final = frozenset({"numberofemployees", "annualrevenue", "total_money_raised", "founded_year"})
_ONE_VALUE: Final = frozenset({"industry", "type", "lifecyclestage", "hs_lead_status"})
_NAMING: Final = frozenset({"is", "in", "not_in", "has_any", "has_all", "has_none"})
_ANYWHERE: Final = 20_000  # kilometres; half the way round the world
_OTHER: Final = frozenset({""})


class SampleSpace:
    """The kinds of company that some questions tell apart."""

    def __init__(self, asked: Iterable[tuple[Condition, Match]], words: Vocabulary) -> None:
        self._technologies, self._industries = words.technologies, words.industries
        self._groups_of: dict[int, list[frozenset[str]]] = {}
        pairs = [(question, leaf) for question, match in asked for leaf in match.leaves()]
        members: dict[Thing, set[str]] = {}
        for question, leaf in pairs:
            if leaf.operator in _NAMING:
                members.setdefault(_named(question, leaf), set()).update(*self._groups(question, leaf))
        self._members = {
            thing: names for thing, names in members.items() if thing[0] == "one" or len(names) <= _MOST_MEMBERS
        }
        self._samples: dict[Thing, set[Sample]] = {}
        for question, leaf in pairs:
            thing = self._thing(question, leaf)
            self._samples.setdefault(thing, set()).update(self._tried(thing, leaf))

    @property
    def count(self) -> int:
        """How many kinds there are; more than fit into memory, where much is asked together."""
        count = 1
        for samples in self._samples.values():
            count *= len(samples)
        return count

    def __iter__(self) -> Iterator[Company]:
        for values in product(*self._samples.values()):
            yield dict(zip(self._samples, values, strict=True))

    def things(self, question: Condition, match: Match) -> set[Thing]:
        """What a match asks; two that ask the same thing cannot be judged apart."""
        return {self._thing(question, leaf) for leaf in match.leaves()}

    def hit(self, question: Condition, match: Match, company: Company) -> bool:
        """Whether a company of this kind meets a match."""
        if not match.parts:
            return self._leaf_hit(question, match, company)
        answers = (self.hit(question, part, company) for part in match.parts)
        if match.operator == "not":
            return not next(answers)
        return all(answers) if match.operator == "all" else any(answers)

    def _thing(self, question: Condition, leaf: Match) -> Thing:
        names, operator = leaf.reads or question.reads, leaf.operator
        if operator in NUMERIC:
            return "number", *names
        if operator == "age_years":
            return "age", *names
        if operator in {"within_days", "older_than_days"}:
            return "days", *names
        if operator in _NAMING and (thing := _named(question, leaf)) in self._members:
            return thing
        return "leaf", operator, repr(leaf.argument), *names

    def _tried(self, thing: Thing, leaf: Match) -> Iterable[Sample]:
        kind = thing[0]
        if kind in {"number", "age"}:
            ends = [end for end in _range(leaf) if abs(end) != inf]
            lowest = 0 if kind == "age" or (thing[1:2] and thing[1] in _NEVER_NEGATIVE) else -inf
            return {step for end in ends for step in (end - 0.5, end, end + 0.5, -1.0, 0.0) if step >= lowest}
        if kind == "days":
            days = float(leaf.within_days if leaf.within_days is not None else leaf.older_than_days or 0)
            return {-1.0, 0.0, days, days + 1}
        if kind == "one":
            return {_OTHER, *(frozenset({name}) for name in self._members[thing])}
        if kind == "set":
            names = sorted(self._members[thing])
            sizes = range(1, len(names) + 1)
            chosen = chain.from_iterable(combinations(names, size) for size in sizes)
            return {_OTHER, *(frozenset(some) for some in chosen)}
        return {True} if _always(leaf) else {True, False}

    def _leaf_hit(self, question: Condition, leaf: Match, company: Company) -> bool:
        thing = self._thing(question, leaf)
        value = company[thing]
        if isinstance(value, bool):
            return value
        if isinstance(value, frozenset):
            return _named_hit(leaf, self._groups(question, leaf), value)
        if leaf.operator == "within_days":
            return 0 <= value <= (leaf.within_days or 0)
        if leaf.operator == "older_than_days":
            return value > (leaf.older_than_days or 0)
        low, high = _range(leaf)
        return low <= value <= high

    def _groups(self, question: Condition, leaf: Match) -> list[frozenset[str]]:
        """What each name of a leaf stands for; looked up once, asked for each kind of company."""
        if id(leaf) not in self._groups_of:
            self._groups_of[id(leaf)] = self._looked_up(question, leaf)
        return self._groups_of[id(leaf)]

    def _looked_up(self, question: Condition, leaf: Match) -> list[frozenset[str]]:
        read = leaf.reads or question.reads
        names = [name for name in leaf.argument if isinstance(name, str)] if isinstance(leaf.argument, tuple) else []
        if "web_technologies" in read:
            return [self._technologies.members(name) for name in names]
        if "industry" in read:
            return [industry_members(name, self._industries) for name in names]
        return [frozenset({key_of(name)}) for name in names]


def _named(question: Condition, leaf: Match) -> Thing:
    names = leaf.reads or question.reads
    return ("one" if set(names) <= _ONE_VALUE else "set"), *names


def _range(leaf: Match) -> tuple[float, float]:
    if leaf.age_years:
        low, high = leaf.age_years
        return (-inf if low is None else low, inf if high is None else high)
    return interval(leaf) or (-inf, inf)


def _always(leaf: Match) -> bool:
    if leaf.within_km:
        return leaf.within_km.km >= _ANYWHERE
    return leaf.matches is not None and leaf.matches in {".*", ".", ".+", "", "^", "$", "^.*$", "^.+$", r"\S", r"\w"}


def _named_hit(leaf: Match, groups: list[frozenset[str]], value: frozenset[str]) -> bool:
    met = sum(bool(group & value) for group in groups)
    if leaf.operator == "has_all":
        return met == len(groups)
    if leaf.operator in {"has_none", "not_in"}:
        return met == 0
    return met >= (leaf.at_least or 1)
