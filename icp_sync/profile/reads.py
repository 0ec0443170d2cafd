"""Which properties a profile reads, leaf by leaf (design: "Geography", "Match")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from icp_sync.profile.model.criteria import Condition
from icp_sync.profile.model.formula import parse_formula
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Location, Profile

COUNTRY: Final = Location().country
PLACE_WORDS: Final = ("country", "region", "state", "city")
"""What `write.understood` may name besides criteria."""
CURRENCY_OF: Final[Mapping[str, str]] = MappingProxyType({"annualrevenue": "hs_annual_revenue_currency_code"})
"""A property that holds amounts of money → the one in which HubSpot keeps their currency."""
NUMERIC: Final = frozenset({"at_least", "at_most", "between"})
GEOGRAPHY: Final = frozenset({"region", "city", "within_km"})


@dataclass(frozen=True, slots=True)
class PropertyRead:
    """Properties of which the first that can be read answers; `path` is the place that asks for them.

    `optional`: the portal may lack all of them. `numeric`: a number is made of what they hold. `aside`: no question is
    put to it, it says what the amounts in another are in.
    """

    alternatives: tuple[str, ...]
    optional: bool
    numeric: bool
    path: str
    aside: bool = False


def properties_of(question: Condition | None, leaf: Match, location: Location) -> tuple[str, ...]:
    """The properties a leaf reads: its own, else the question's, else where geography finds the country.

    Empty for a leaf that nobody gave a property; no loaded profile has one. State, city and zip of a geography leaf
    are always the `location` block's.
    """
    return named_properties(leaf, question.reads if question else (), location)


def named_properties(leaf: Match, inherited: tuple[str, ...], location: Location) -> tuple[str, ...]:
    """The same where only the names the question gives are known."""
    return leaf.reads or inherited or (location.country if leaf.operator in GEOGRAPHY else ())


def reads(profile: Profile) -> tuple[PropertyRead, ...]:
    """Every group of properties the profile reads, each once, in the order it is first asked for.

    A derived name stands for the properties of its formula. A group is optional only if everyone who asks for it can
    do without it.
    """
    merged: dict[tuple[str, ...], PropertyRead] = {}
    for asked in _all_reads(profile):
        for read in _underived(profile, asked):
            known = merged.setdefault(read.alternatives, read)
            stricter = read if known.optional and not read.optional else known
            merged[read.alternatives] = PropertyRead(
                read.alternatives, known.optional and read.optional, known.numeric or read.numeric, stricter.path
            )
    asked_for = tuple(merged.values())
    return *asked_for, *_currency_reads(profile, asked_for)


def _currency_reads(profile: Profile, asked: Iterable[PropertyRead]) -> Iterator[PropertyRead]:
    """The currencies of the amounts that are asked for, once the profile says which its own is in."""
    amounts = {name: read.path for read in asked if read.numeric for name in read.alternatives if name in CURRENCY_OF}
    named = {name for read in asked for name in read.alternatives}
    for name, path in amounts.items() if profile.profile.currency else ():
        if CURRENCY_OF[name] not in named:
            yield PropertyRead((CURRENCY_OF[name],), optional=True, numeric=False, path=path, aside=True)


def _all_reads(profile: Profile) -> Iterator[PropertyRead]:
    for path, question, match in iter_matches(profile):
        for leaf_path, leaf in iter_leaves(match, path):
            yield from _leaf_reads(profile, question, leaf, leaf_path)
    yield from _list_reads(profile)
    for n, tier in enumerate(profile.tiers):
        if tier.capacity and tier.capacity.per:
            yield PropertyRead((tier.capacity.per,), optional=False, numeric=False, path=f"tiers[{n}].capacity.per")
    if asks_for_places(profile):
        for part in ("country", "state", "city", "zip"):
            yield _part(profile.location, part, "write.understood")
    if profile.lock:  # ours: apply makes it
        yield PropertyRead((profile.lock.property_name,), optional=True, numeric=False, path="lock.property")


def asks_for_places(profile: Profile) -> bool:
    """Whether a place is written as understood, which takes the whole location block."""
    return not profile.write.understood.keys().isdisjoint(PLACE_WORDS)


def _list_reads(profile: Profile) -> Iterator[PropertyRead]:
    for path, question, match in iter_list_matches(profile):
        for leaf_path, leaf in iter_leaves(match, path):
            if question is None:
                yield from _leaf_reads(profile, None, leaf, leaf_path)
            else:
                yield PropertyRead(question.reads, optional=False, numeric=leaf.operator in NUMERIC, path=path)
                yield from _places(profile, leaf, path)


def _leaf_reads(profile: Profile, question: Condition | None, leaf: Match, path: str) -> Iterator[PropertyRead]:
    named = _named_at(leaf, path) or (_named_at(question, path.partition(".")[0]) if question else None)
    if named is None and leaf.operator in GEOGRAPHY:
        yield _part(profile.location, "country", path)
    else:
        optional = question is not None and question.optional
        names = properties_of(question, leaf, profile.location)
        yield PropertyRead(names, optional, leaf.operator in NUMERIC, named or path)
    yield from _places(profile, leaf, path)


def _places(profile: Profile, leaf: Match, path: str) -> Iterator[PropertyRead]:
    """Geography reads the whole location block, whatever replaces its country."""
    if leaf.operator in GEOGRAPHY:
        for part in ("state", "city", "zip"):
            yield _part(profile.location, part, path)


def _part(location: Location, part: str, path: str) -> PropertyRead:
    """The default names may all be lacking; a part that the profile itself names must be there."""
    written = part in location.model_fields_set
    return PropertyRead(
        getattr(location, part), not written, numeric=False, path=f"location.{part}" if written else path
    )


def _underived(profile: Profile, read: PropertyRead) -> Iterator[PropertyRead]:
    """A read with its derived names replaced by what their formulas read; beside one, the others may be lacking."""
    derived = [name for name in read.alternatives if name in profile.derive]
    if rest := tuple(name for name in read.alternatives if name not in profile.derive):
        yield PropertyRead(rest, read.optional or bool(derived), read.numeric, read.path)
    for name in derived:
        for source in parse_formula(profile.derive[name]).properties():
            yield PropertyRead((source,), read.optional, numeric=True, path=f"derive.{name}")


def _named_at(reader: Condition | Match, path: str) -> str | None:
    """The place of the key that names what is read, if there is one."""
    if not reader.reads:
        return None
    return f"{path}.properties" if reader.properties else f"{path}.property"


def iter_matches(profile: Profile) -> Iterator[tuple[str, Condition | None, Match]]:
    """Every whole match put to a company, with its path and the question it belongs to (none for `scope`)."""
    if profile.scope:
        yield "scope", None, profile.scope
    for n, criterion in enumerate(profile.criteria):
        yield f"criteria[{n}].match", criterion, criterion.match
        for m, partial in enumerate(criterion.partial):
            yield f"criteria[{n}].partial[{m}].match", criterion, partial.match
    for n, disqualifier in enumerate(profile.disqualifiers):
        yield f"disqualifiers[{n}].match", disqualifier, disqualifier.match


def iter_list_matches(profile: Profile) -> Iterator[tuple[str, Condition | None, Match]]:
    """Every match by which a list chooses among companies, likewise; those of `where.match` have no question."""
    for n, one in enumerate(profile.lists):
        for clause, name, match in one.where.asked_of_companies():
            question = Condition(id="listed", property_name=name, match=match) if name else None
            yield f"lists[{n}].where.{clause}", question, match


def iter_all_matches(profile: Profile) -> Iterator[tuple[str, Condition | None, Match]]:
    """Whatever is asked of companies, by `matches` or for a list."""
    yield from iter_matches(profile)
    yield from iter_list_matches(profile)


def iter_leaves(match: Match, path: str) -> Iterator[tuple[str, Match]]:
    """Every leaf of a match with its path, in the order written."""
    if not match.parts:
        yield path, match
    for n, part in enumerate(match.parts):
        inner = f"{path}.not" if match.operator == "not" else f"{path}.{match.operator}[{n}]"
        yield from iter_leaves(part, inner)
