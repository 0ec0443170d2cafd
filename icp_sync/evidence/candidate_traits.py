"""Candidate traits: questions in the profile's own language that the companies at hand suggest.

A trait is a match, so what is found here means the same to a profile that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.catalogue.standard_properties import is_written_by_deals, standard_properties
from icp_sync.evidence.membership_traits import candidate_industry_matches, technology_matches
from icp_sync.evidence.number_bands import NumberBand, age_bands, number_bands, recency_bands
from icp_sync.evidence.place_traits import place_matches
from icp_sync.profile.describe.match_sentences import match_sentence
from icp_sync.profile.model.match import OPERATORS, Match
from icp_sync.profile.model.operator import Group
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import iter_leaves, iter_matches, question_leaf_properties
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.inputs_to_parse import Requirements, parse_company_inputs
from icp_sync.scoring.predicates import Predicate

Properties = tuple[str, ...]


def property_label(name: str) -> str:
    """A property's name for people: HubSpot's label of its own, else its name with spaces."""
    labels = {standard.name: standard.label.lower() for standard in standard_properties()}
    return labels.get(name, name.replace("_", " "))


@dataclass(frozen=True, slots=True)
class TraitSource:
    """Properties a profile reads, and as what; `leaf`: a match of the profile over them."""

    properties: Properties
    group: Group
    leaf: Match

    def inputs(self, profile: Profile) -> frozenset[str]:
        """The properties that can answer, those of a place and of a formula among them."""
        needs = Requirements.for_leaf(Predicate(self.properties, self.leaf))
        return needs.answering_properties(profile)


@dataclass(frozen=True, slots=True)
class CandidateTrait:
    """A yes-no-unknown question to a company.

    `source`: traits of the same one may overlap. `span`: of a number the first and the last of the bands it covers;
    None of anything else.
    """

    source: TraitSource
    match: Match
    span: tuple[int, int] | None = None

    @property
    def predicate(self) -> Predicate:
        """The question as scoring evaluates it."""
        return Predicate(self.source.properties, self.match)

    @property
    def words(self) -> str:
        """What is asked, for people."""
        is_place = self.source.group is Group.AREA and not self.asks_known
        asked = match_sentence(self.match, () if is_place else [property_label(self.properties[0])])
        return asked.replace("`", "").removeprefix("the company ")

    @property
    def properties(self) -> Properties:
        """The properties it reads."""
        return self.source.properties

    @property
    def asks_known(self) -> bool:
        """Whether it only asks if there is a value."""
        return self.match.known is not None


def profile_trait_sources(profile: Profile, without: Collection[str] = ()) -> tuple[TraitSource, ...]:
    """What the profile reads of companies, each once; nothing that deals write, that we write, or in `without`."""
    barred = {*without, *profile.write.properties().values()}
    barred |= {profile.lock.property_name} if profile.lock else set()
    sources: dict[tuple[Properties, Group], TraitSource] = {}
    for path, question, match in iter_matches(profile):
        for _, leaf in iter_leaves(match, path):
            source = TraitSource(
                question_leaf_properties(question, leaf, profile.location), OPERATORS[leaf.operator].group, leaf
            )
            group = Group.AREA if source.group is Group.CITY else source.group
            inputs = source.inputs(profile)
            if barred.isdisjoint(inputs) and not any(map(is_written_by_deals, inputs)):
                sources.setdefault((source.properties, group), TraitSource(source.properties, group, leaf))
    return tuple(sources.values())


def candidate_traits(
    sources: Sequence[TraitSource], companies: pl.DataFrame, profile: Profile, context: EvaluationContext, support: int
) -> tuple[CandidateTrait, ...]:
    """Every trait that at least `support` of the companies may have; whether they win plays no part in it."""
    traits = [trait for source in sources for trait in _traits_of_source(source, companies, profile, context, support)]
    known = {source.properties: source for source in sources}.values()
    return (*traits, *(CandidateTrait(source, Match(known=True)) for source in known))


def parse_for_predicates(
    predicates: Iterable[Predicate], companies: pl.DataFrame, profile: Profile, context: EvaluationContext
) -> pl.DataFrame:
    """The companies with the values that these questions read."""
    needs = Requirements()
    for predicate in predicates:
        needs |= Requirements.for_leaf(predicate)
    return parse_company_inputs(companies, profile, needs, context.conventions)


def _traits_of_source(
    source: TraitSource, companies: pl.DataFrame, profile: Profile, context: EvaluationContext, support: int
) -> Iterator[CandidateTrait]:
    question = Predicate(source.properties, source.leaf)
    if source.group in _BANDS:
        parsed = parse_for_predicates([question], companies, profile, context)
        for band in _BANDS[source.group](parsed, source.properties, context):
            yield CandidateTrait(source, band.match, band.span)
    elif source.group in _NAMED:
        parsed = parse_for_predicates([question], companies, profile, context)
        yield from (
            CandidateTrait(source, match) for match in _NAMED[source.group](parsed, source.properties, context, support)
        )
    elif source.group is not Group.PRESENCE:
        yield CandidateTrait(source, source.leaf.model_copy(update={"property_name": None, "properties": None}))


_BANDS: Final[dict[Group, Callable[[pl.DataFrame, Properties, EvaluationContext], Iterable[NumberBand]]]] = {
    Group.NUMBER: number_bands,
    Group.AGE: age_bands,
    Group.DAYS: recency_bands,
}
_NAMED: Final[dict[Group, Callable[[pl.DataFrame, Properties, EvaluationContext, int], Iterable[Match]]]] = {
    Group.NAME: candidate_industry_matches,
    Group.NAMES: technology_matches,
    Group.AREA: place_matches,
}
