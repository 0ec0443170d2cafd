"""Names in a profile against the options of the portal's enumerations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.lint.basics import parse_written_path
from icp_sync.profile.model.match import operators_of_groups
from icp_sync.profile.model.operator import Group
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.portal_measurements import PortalFacts
from icp_sync.profile.property_reads import iter_all_matches, iter_leaves
from icp_sync.profile.vocabulary_names import NAMING, vocabulary_with_own_terms
from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.name_suggestions import nearest_names
from icp_sync.vocabulary.text_keys import text_key
from icp_sync.vocabulary.vocabulary import Vocabulary

_SETS: Final = operators_of_groups(Group.NAMES)
_MOST_SHOWN: Final = 8


class _OptionName(NamedTuple):
    """A name in a match, its path, and the options (value → label) of the properties it is compared with."""

    name: str
    operator: str
    path: Path
    properties: tuple[str, ...]
    options: Mapping[str, str]


def unknown_options(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Every name is an option's value or label, or a vocabulary name for one of them."""
    known = vocabulary_with_own_terms(profile)
    for named in _option_names(profile, facts):
        if not _matches_an_option(named, known) and not _is_technology(named, known):
            yield Finding(named.path, f"{_message(named)}; {_advice(named)}")


def dead_options(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Every technology is an option of its property; only a warning, since HubSpot adds technologies."""
    known = vocabulary_with_own_terms(profile)
    for named in _option_names(profile, facts):
        if not _matches_an_option(named, known) and _is_technology(named, known):
            yield Finding(named.path, f"{_message(named)}, so nobody can have it; {_advice(named)}")


def doubtful_options(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """No name is the value of one option and the label of another; the value goes first."""
    for named in _option_names(profile, facts):
        key = text_key(named.name)
        other = [f"{value} ({label})" for value, label in named.options.items() if text_key(label) == key]
        meant = [f"{value} ({label})" for value, label in named.options.items() if text_key(value) == key]
        if meant and set(other) - set(meant):
            message = f"{shorten(named.name)!r} is read as the option {meant[0]}, and {other[0]} has it for a label"
            yield Finding(named.path, f"{message}; name the other by its value if you mean that one")


def _option_names(profile: Profile, facts: PortalFacts) -> Iterator[_OptionName]:
    """Yields the names that are compared with enumerations alone; a text property may hold any name."""
    for path, question, match in iter_all_matches(profile):
        reads = question.own_properties if question else ()
        for leaf_path, leaf in iter_leaves(match, path):
            names = leaf.argument if leaf.operator in NAMING else ()
            properties = tuple(
                property_name
                for property_name in leaf.own_properties or reads
                if property_name in facts.properties or property_name in profile.derive
            )
            listed = [
                facts.properties[property_name].options
                for property_name in properties
                if property_name in facts.properties
            ]
            if not isinstance(names, tuple) or not listed or len(listed) < len(properties) or not all(listed):
                continue
            labels = {value: label for options in listed for value, label in (options or {}).items()}
            for n, name in enumerate(names):
                if isinstance(name, str):
                    yield _OptionName(
                        name, leaf.operator, (*parse_written_path(leaf_path), leaf.operator, n), properties, labels
                    )


def _matches_an_option(named: _OptionName, known: Vocabulary) -> bool:
    """Whether a name, or a member of it, is among the options."""
    keys = {text_key(text) for option in named.options.items() for text in option}
    meant = (
        known.covered_technology_keys(named.name)
        if named.operator in _SETS
        else known.covered_industry_keys(named.name)
    )
    canonical = known.canonical_technology if named.operator in _SETS else known.canonical_industry
    return text_key(named.name) in keys or not meant.isdisjoint({canonical(key) for key in keys})


def _is_technology(named: _OptionName, known: Vocabulary) -> bool:
    return named.operator in _SETS and known.knows_technology(named.name)


def _message(named: _OptionName) -> str:
    return f"{' or '.join(named.properties)} has no option {shorten(named.name)!r} in this portal, by value or by label"


def _advice(named: _OptionName) -> str:
    """The options most similar to the name; all of them where they are few and none is similar."""
    shown = {value: value if value == label else f"{value} ({label})" for value, label in named.options.items()}
    texts = {text: value for value, label in named.options.items() for text in (label, value)}
    near = list(dict.fromkeys(shown[texts[text]] for text in nearest_names(named.name, texts)))
    if near:
        return f"did you mean {' or '.join(near)}?"
    if len(shown) <= _MOST_SHOWN:
        return f"it has {', '.join(shown.values())}"
    return "correct it or remove it"
