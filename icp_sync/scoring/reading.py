"""The company frame as questions need it: values read, what is derived worked out, places resolved, live tiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import polars as pl

from icp_sync.companies import places
from icp_sync.companies.readings import Need, Reading, Unrecognised, read, unrecognised
from icp_sync.profile.match import Match
from icp_sync.profile.model import Profile
from icp_sync.profile.question import Criterion, Question
from icp_sync.profile.reads import GEOGRAPHY, asks_for_places, matches, properties_of
from icp_sync.scoring import capacity, derived, live
from icp_sync.scoring.basis import vocabulary
from icp_sync.scoring.geography import Properties, asks_subdivision, place, with_places
from icp_sync.scoring.operators import OPERATORS

Asked = tuple[Question | None, Match]
"""A whole match, and the question it belongs to."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What questions need of a company frame.

    `values`: properties, each with a kind of value, derived names among them. `places`: for each place, the
    properties its country is read from. `cities`: whether any of them is asked for its city.
    """

    values: frozenset[Need]
    places: frozenset[Properties]
    cities: bool = False

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """What a profile needs: its questions, its capacity, and what it writes as understood."""
        needs = cls.of_questions(((question, match) for _, question, match in matches(profile)), profile)
        cities = needs.cities or "city" in profile.write.understood
        return cls(needs.values.union(capacity.needs(profile)), needs.places | written_places(profile), cities)

    @classmethod
    def of_questions(cls, questions: Iterable[Asked], profile: Profile) -> Self:
        """What these questions need; the profile says where places are looked for."""
        asked = [
            (leaf.operator, properties_of(question, leaf, profile.location))
            for question, match in questions
            for leaf in match.leaves()
        ]
        values = (
            (name, reading) for operator, names in asked for name in names for reading in OPERATORS[operator].readings
        )
        places = frozenset(names for operator, names in asked if operator in GEOGRAPHY)
        return cls(frozenset(values), places, any(operator in {"city", "within_km"} for operator, _ in asked))

    def own(self, profile: Profile) -> frozenset[Need]:
        """What is read of the companies' own properties, derived names apart."""
        countries = ((name, Reading.COUNTRY) for names in self.places for name in names)
        return frozenset(need for need in self.values if need[0] not in profile.derive).union(
            countries, derived.needs(profile)
        )


def normalise(companies: pl.DataFrame, profile: Profile, needs: Needs) -> pl.DataFrame:
    """The company frame with these readings and places, derived values, and the columns of `live`."""
    found = derived.with_derived(read(companies, needs.own(profile)), profile)
    found = read(found, [need for need in needs.values if need[0] in profile.derive])
    return live.with_live(with_places(found, sorted(needs.places), profile.location))


def unread(normalised: pl.DataFrame, profile: Profile, needs: Needs) -> dict[str, Unrecognised]:
    """By property, the values that say something and were not understood; states and cities only where asked for."""
    found = unrecognised(normalised, needs.own(profile))
    if parts := [*(["state"] if _asks_for_states(profile) else []), *(["city"] if needs.cities else [])]:
        here = min(needs.places)
        named = normalised.rename({place(here, part): places.place(part) for part in places.PARTS})
        for part in parts:
            found |= places.unrecognised_places(named, part, getattr(profile.location, part))
    return dict(sorted(found.items()))


def _asks_for_states(profile: Profile) -> bool:
    regions = (leaf for *_, match in matches(profile) for leaf in match.leaves() if leaf.operator == "region")
    return "state" in profile.write.understood or any(asks_subdivision(leaf, vocabulary(profile)) for leaf in regions)


def matches_of(question: Question) -> Iterator[Match]:
    """The match of a question and those of its partials."""
    yield question.match
    if isinstance(question, Criterion):
        yield from (partial.match for partial in question.partial)


def written_places(profile: Profile) -> frozenset[Properties]:
    """The profile's own place, if any part of it is written as understood."""
    return frozenset([profile.location.country] if asks_for_places(profile) else [])
