"""A portal's company properties as sources of candidate traits, beside those that a profile reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from icp_sync.catalogue.standard_properties import is_written_by_deals
from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.evidence.candidate_traits import TraitSource, profile_trait_sources
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.operator import Group
from icp_sync.profile.model.profile import Profile

_LEAVES: Final = {
    "number": (Group.NUMBER, Match(at_least=0)),
    "date": (Group.DAYS, Match(within_days=1)),
    "datetime": (Group.DAYS, Match(within_days=1)),
    "bool": (Group.BOOLEAN, Match(is_true=True)),
    "enumeration": (Group.NAME, Match(in_=("any",))),
    "string": (Group.NAME, Match(in_=("any",))),
}
"""HubSpot's type → what is asked of its values; the argument stands for any."""
_SEVERAL: Final = (Group.NAMES, Match(has_any=("any",)))
_PROSE: Final = frozenset({"textarea", "html", "phonenumber", "file"})
"""Field types whose texts hardly two companies share."""
_WHO_SELLS: Final = frozenset({"hubspot_owner_id", "hubspot_team_id"})


def properties_worth_comparing(
    definitions: Iterable[PropertyDefinition], profile: Profile
) -> tuple[PropertyDefinition, ...]:
    """The properties worth comparing won and lost companies by.

    Left out: what deals write, what the profile writes, who sells, long texts, what HubSpot counts by itself
    (visits, calls and contacts grow with selling), and enumerations without options, which point to other records.
    """
    ours = {*profile.write.properties().values(), *([profile.lock.property_name] if profile.lock else [])}
    return tuple(
        definition
        for definition in definitions
        if definition.name not in ours | _WHO_SELLS
        and not is_written_by_deals(definition.name)
        and not (definition.hubspot_defined and not definition.writable)
        and not definition.archived
        and definition.type in _LEAVES
        and definition.field_type not in _PROSE
        and (definition.type != "enumeration" or definition.options)
    )


def all_trait_sources(definitions: Iterable[PropertyDefinition], profile: Profile) -> tuple[TraitSource, ...]:
    """What the profile reads, and these properties, each once; where companies are is asked by place, not by text."""
    own = profile_trait_sources(profile)
    names, location = {definition.name for definition in definitions}, profile.location
    places = {*location.country, *location.state, *location.city, *location.zip}
    known = {(source.properties, source.group) for source in own}
    more = [_property_source(definition) for definition in definitions if definition.name not in places]
    if names.intersection(location.country):
        more.append(TraitSource(location.country, Group.AREA, Match(region=("DE",))))
    return (*own, *(source for source in more if (source.properties, source.group) not in known))


def _property_source(definition: PropertyDefinition) -> TraitSource:
    holds_several = definition.type == "enumeration" and definition.field_type == "checkbox"
    group, leaf = _SEVERAL if holds_several else _LEAVES[definition.type]
    return TraitSource((definition.name,), group, leaf)
