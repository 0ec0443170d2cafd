"""A company's values beside a question: the texts as found, and what they were understood as, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from icp_sync.companies.parse.parsed_columns import ValueKind, high_column, low_column, parsed_column
from icp_sync.companies.parse.usage_words import product_words
from icp_sync.profile.model.criteria import Condition
from icp_sync.profile.model.derive_formula import parse_formula
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import question_leaf_properties
from icp_sync.profile.vocabulary_names import vocabulary_with_own_terms
from icp_sync.scoring.operators.geography import (
    CITY_NAME,
    COUNTRY,
    SUBDIVISION,
    Properties,
    needs_subdivision,
    place_column,
)
from icp_sync.scoring.operators.operator_table import OPERATORS
from icp_sync.scoring.predicates import question_matches
from icp_sync.vocabulary.text_keys import text_key

Row = Mapping[str, Any]  # one row of a normalised company frame

_UNBOUNDED: Final = float("inf")


def raw_value(question: Condition, company: Row, profile: Profile) -> str | None:
    """The texts of the properties a question reads; with their names when several have one."""
    names = [
        name
        for leaf, properties in _leaves_with_properties(question, profile)
        for name in _source_properties(leaf, properties, profile)
    ]
    return _join_labelled_texts(names, {name: company[name] for name in names})


def interpreted_value(question: Condition, company: Row, profile: Profile) -> str | None:
    """What those texts were read as; None where nothing could be read."""
    words: dict[str, str | None] = {}
    for leaf, properties in _leaves_with_properties(question, profile):
        for name, text in _operand_texts(leaf, properties, company, profile):
            words[name] = text if words.get(name) is None else words[name]
    return _join_labelled_texts(list(words), words)


def _leaves_with_properties(question: Condition, profile: Profile) -> Iterator[tuple[Match, Properties]]:
    for match in question_matches(question):
        for leaf in match.leaves():
            yield leaf, question_leaf_properties(question, leaf, profile.location)


def _source_properties(leaf: Match, properties: Properties, profile: Profile) -> Iterator[str]:
    """The properties a person would look at: a derived name stands for what its formula reads, a city for its place."""
    for name in properties:
        yield from parse_formula(profile.derive[name]).properties() if name in profile.derive else (name,)
    # A state decides in part of a country only; shown beside a question about whole countries it would mislead.
    location, wanted = profile.location, _decisive_place_part(leaf, profile)
    if wanted in {SUBDIVISION, CITY_NAME}:
        yield from (*(location.city if wanted == CITY_NAME else ()), *location.state, *location.zip)


def _decisive_place_part(leaf: Match, profile: Profile) -> str | None:
    """The part of a place that a leaf decides by, if it asks about places."""
    part = OPERATORS[leaf.operator].place_part
    return SUBDIVISION if part == COUNTRY and needs_subdivision(leaf, vocabulary_with_own_terms(profile)) else part


def _operand_texts(
    leaf: Match, properties: Properties, company: Row, profile: Profile
) -> Iterator[tuple[str, str | None]]:
    """What each property, or the place they make together, was read as."""
    if part := _decisive_place_part(leaf, profile):
        yield part, _place_text(company, properties, part)
    for name in properties:
        for reading in OPERATORS[leaf.operator].readings:
            yield name, describe_value(name, reading, company)


def _place_text(company: Row, countries: Properties, part: str) -> str | None:
    """`DE`; `US-CA`, or `US` where the state is not known; `Munich, DE`; None where nothing is known."""
    country, narrower = company[place_column(countries, COUNTRY)], company[place_column(countries, part)]
    return f"{narrower}, {country}" if part == CITY_NAME and narrower else narrower or country


def _join_labelled_texts(names: list[str], texts: Mapping[str, str | None]) -> str | None:
    """The one text there is, or each with its property's name."""
    there = {name: text for name in dict.fromkeys(names) if (text := texts[name]) is not None}
    if len(there) == 1:
        return next(iter(there.values()))
    return "; ".join(f"{name}: {text}" for name, text in there.items()) or None


def describe_value(name: str, reading: ValueKind, company: Row) -> str | None:
    """What a property of a company was read as; None where it could not be."""
    if reading is ValueKind.NUMBER:
        return _interval_text(company[low_column(name)], company[high_column(name)])
    value = company[parsed_column(name, reading)]
    return None if value is None else _WORDS.get(reading, str)(value)


def _interval_text(least: float | None, most: float | None) -> str | None:
    if least is None or most is None:
        return None
    if least == most:
        return _number_text(least)
    if most == _UNBOUNDED:
        return f"{_number_text(least)} or more"
    return f"up to {_number_text(most)}" if least == -_UNBOUNDED else f"{_number_text(least)} to {_number_text(most)}"


def _number_text(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() else f"{value:,}"


_WORDS: Final[dict[ValueKind, Callable[[Any], str]]] = {
    ValueKind.INDUSTRIES: "; ".join,
    ValueKind.TECHNOLOGIES: lambda members: "; ".join(map(product_words, members)),
    ValueKind.RAW: text_key,  # what phrases are compared with, so that people see why one was found or not
    ValueKind.BOOLEAN: lambda true: "yes" if true else "no",
    ValueKind.PRESENT: lambda known: "filled in" if known else "empty",
}
