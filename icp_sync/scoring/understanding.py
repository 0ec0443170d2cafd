"""A company's values beside a question: the texts as found, and what they were understood as, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from icp_sync.companies.readings import Reading, column, high, low
from icp_sync.profile.formula import parse
from icp_sync.profile.match import Match
from icp_sync.profile.model import Criterion, Profile, Question
from icp_sync.profile.reads import properties_of
from icp_sync.scoring.operators import OPERATORS

Row = Mapping[str, Any]  # one row of a normalised company frame

_UNBOUNDED: Final = float("inf")


def found(question: Question, company: Row, profile: Profile) -> str | None:
    """The texts of the properties a question reads; with their names when several have one."""
    read = (name for name, _ in _reads(question, profile))
    names = [source for name in read for source in _sources(name, profile)]
    return _listed(names, {name: company[name] for name in names})


def understood(question: Question, company: Row, profile: Profile) -> str | None:
    """What those texts were read as; None where nothing could be read."""
    words: dict[str, str | None] = {}
    for name, reading in _reads(question, profile):
        said = _in_words(name, reading, company)
        words[name] = said if words.get(name) is None else words[name]
    return _listed(list(words), words)


def _sources(name: str, profile: Profile) -> tuple[str, ...]:
    """The properties a person would look at: a derived name stands for those its formula reads."""
    return parse(profile.derive[name]).properties() if name in profile.derive else (name,)


def _listed(names: list[str], texts: Mapping[str, str | None]) -> str | None:
    """The one text there is, or each with its property's name."""
    there = {name: text for name in dict.fromkeys(names) if (text := texts[name]) is not None}
    if len(there) == 1:
        return next(iter(there.values()))
    return "; ".join(f"{name}: {text}" for name, text in there.items()) or None


def _reads(question: Question, profile: Profile) -> Iterator[tuple[str, Reading]]:
    for match in _matches(question):
        for leaf in match.leaves():
            for name in properties_of(question, leaf, profile.location):
                yield name, OPERATORS[leaf.operator].reading


def _matches(question: Question) -> Iterator[Match]:
    yield question.match
    if isinstance(question, Criterion):
        yield from (partial.match for partial in question.partial)


def _in_words(name: str, reading: Reading, company: Row) -> str | None:
    if reading is Reading.NUMBER:
        return _interval(company[low(name)], company[high(name)])
    value = company[column(name, reading)]
    return None if value is None else _WORDS.get(reading, str)(value)


def _interval(least: float | None, most: float | None) -> str | None:
    if least is None or most is None:
        return None
    if least == most:
        return _number(least)
    if most == _UNBOUNDED:
        return f"{_number(least)} or more"
    return f"up to {_number(most)}" if least == -_UNBOUNDED else f"{_number(least)} to {_number(most)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() else f"{value:,}"


_WORDS: Final[dict[Reading, Callable[[Any], str]]] = {
    Reading.MEMBERS: "; ".join,
    Reading.TRUTH: lambda true: "yes" if true else "no",
    Reading.KNOWN: lambda known: "filled in" if known else "empty",
}
