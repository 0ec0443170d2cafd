"""The company frame as questions need it: values read, what is derived worked out, places resolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.parse.numbers.currencies import Currencies
from icp_sync.companies.parse.parsed_columns import Input, ValueKind, parse_properties
from icp_sync.companies.parse.portal_conventions import NO_CONVENTIONS, Conventions
from icp_sync.profile.model.derive_formula import parse_formula
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import CURRENCY_OF, writes_place_outputs
from icp_sync.scoring import derived_values, tier_capacity
from icp_sync.scoring.evaluation_context import DAY
from icp_sync.scoring.operators.geography import CITY_NAME, Properties, with_places
from icp_sync.scoring.operators.operator_table import OPERATORS
from icp_sync.scoring.predicates import (
    Predicate,
    QuestionMatch,
    distinct_predicates,
    profile_matches,
    target_list_matches,
)


@dataclass(frozen=True, slots=True)
class Requirements:
    """What questions need of a company frame.

    `values`: properties, each with a kind of value, derived names among them. `places`: for each place, the
    properties its country is read from. `cities`: whether any of them is asked for its city.
    """

    values: frozenset[Input] = frozenset()
    places: frozenset[Properties] = frozenset()
    cities: bool = False

    @classmethod
    def for_profile(cls, profile: Profile) -> Self:
        """What a profile needs: its questions, its lists, its capacity, and what it writes as understood.

        A derived value nobody asks for is not worked out: what its formula reads is not pulled either.
        """
        groups, cities = frozenset(tier_capacity.grouping_inputs(profile)), "city" in profile.write.understood
        questions = [*profile_matches(profile), *target_list_matches(profile)]
        return cls.for_questions(questions, profile) | cls(groups, country_properties_for_outputs(profile), cities)

    @classmethod
    def for_questions(cls, questions: Iterable[QuestionMatch], profile: Profile) -> Self:
        """What these questions need; the profile says where places are looked for."""
        needs = cls()
        for leaf in distinct_predicates(questions, profile.location):
            needs |= cls.for_leaf(leaf)
        return needs

    @classmethod
    def for_leaf(cls, leaf: Predicate) -> Self:
        """What one leaf needs."""
        operator = OPERATORS[leaf.match.operator]
        values = frozenset((name, reading) for name in leaf.properties for reading in operator.readings)
        # Each place has columns of its own, since two questions may ask about billing and headquarters of one company.
        places = frozenset([leaf.properties] if operator.place_part else [])
        return cls(values, places, operator.place_part == CITY_NAME)

    def __or__(self, other: Self) -> Self:
        """What either needs."""
        return type(self)(self.values | other.values, self.places | other.places, self.cities or other.cities)

    def derived_inputs(self, profile: Profile) -> list[Input]:
        """What is needed of derived names."""
        return sorted(need for need in self.values if need[0] in profile.derive)

    def source_inputs(self, profile: Profile) -> frozenset[Input]:
        """What is read of the companies' own properties: derived names apart, what their formulas read among them."""
        values = (need for need in self.values if need[0] not in profile.derive)
        countries = ((name, ValueKind.COUNTRY) for names in self.places for name in names)
        formulas = (parse_formula(profile.derive[name]) for name, _ in self.derived_inputs(profile))
        numbers = ((name, ValueKind.NUMBER) for formula in formulas for name in formula.properties())
        return frozenset(values).union(countries, numbers)

    def source_properties(self, profile: Profile) -> frozenset[str]:
        """The properties that are looked at: those that can answer, and the currency beside an amount.

        Those of a place but its country, and the currency, may be lacking in the frame.
        """
        amounts = frozenset(name for name, reading in self.source_inputs(profile) if reading is ValueKind.NUMBER)
        beside = (CURRENCY_OF[name] for name in amounts.intersection(CURRENCY_OF) if currency_rates(profile))
        return self.answering_properties(profile).union(beside)

    def answering_properties(self, profile: Profile) -> frozenset[str]:
        """The properties whose values can answer: those that are read, and the state and city around a country."""
        location = profile.location
        around = (*location.state, *location.city) if self.places else ()
        return frozenset(name for name, _ in self.source_inputs(profile)).union(around)

    def select_inputs(self, companies: pl.DataFrame, profile: Profile) -> pl.DataFrame:
        """The columns of `sources`, as far as the frame has them; the ids where it has none, to keep its height."""
        # Only what is looked at: any column more would make rows differ that are the same to these questions.
        looked_at = self.source_properties(profile) | {DAY}
        there = looked_at.intersection(companies.columns)
        return companies.select(sorted(there) or ID)


def parse_company_inputs(
    companies: pl.DataFrame, profile: Profile, needs: Requirements, conventions: Conventions = NO_CONVENTIONS
) -> pl.DataFrame:
    """The company frame with these readings and places, and derived values."""
    own = parse_properties(
        companies, needs.source_inputs(profile), replace(conventions, currencies=currency_rates(profile))
    )
    parsed = derived_values.with_derived_values(own, needs.derived_inputs(profile), profile)
    return with_places(parsed, sorted(needs.places), profile.location)


def currency_rates(profile: Profile) -> Currencies | None:
    """What amounts are converted by; None where the profile says no worth, and they are compared as they stand."""
    # Without rates nothing is converted rather than everything unknown: most portals hold one currency in fact.
    header = profile.profile
    if header.currency is None or header.currencies is None:
        return None
    return Currencies(header.currency, header.currencies, CURRENCY_OF)


def country_properties(needs: Requirements, profile: Profile) -> Properties | None:
    """The properties a company's country is read from: the profile's location, else what a question names; None."""
    own = profile.location.country
    return own if own in needs.places else min(needs.places, default=None)


def country_properties_for_outputs(profile: Profile) -> frozenset[Properties]:
    """The profile's own place, if any part of it is written as understood."""
    return frozenset([profile.location.country] if writes_place_outputs(profile) else [])
