"""The properties a profile reads, leaf by leaf (design: "Geography", "Match")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from icp_sync.profile.model.criteria import Condition
from icp_sync.profile.model.derive_formula import parse_formula
from icp_sync.profile.model.match import Match, operators_of_groups
from icp_sync.profile.model.operator import Group
from icp_sync.profile.model.profile import Location, Profile

COUNTRY: Final = Location().country
PLACE_WORDS: Final = ("country", "region", "state", "city")
"""What `write.understood` may name besides criteria."""
CURRENCY_OF: Final[Mapping[str, str]] = MappingProxyType({"annualrevenue": "hs_annual_revenue_currency_code"})
"""A property that holds amounts of money → the one in which HubSpot keeps their currency."""
CONTACT_COUNTS: Final = ("num_associated_contacts", "hs_num_decision_makers")
"""How many contacts a company has, and how many of them are decision makers by their buying role."""
NUMERIC: Final = operators_of_groups(Group.NUMBER)
GEOGRAPHY: Final = operators_of_groups(Group.AREA, Group.CITY)


@dataclass(frozen=True, slots=True)
class PropertyRead:
    """Alternative properties, of which the first that can be parsed counts; `path` is where the profile reads them.

    `optional`: the portal may lack all of them. `numeric`: their values are parsed as numbers. `is_beside`: no match
    reads it; it is the currency of another property's amounts, or counts contacts.
    """

    alternatives: tuple[str, ...]
    optional: bool
    numeric: bool
    path: str
    is_beside: bool = False


def question_leaf_properties(question: Condition | None, leaf: Match, location: Location) -> tuple[str, ...]:
    """The properties a leaf reads: its own, else the condition's, else the country's of the `location` block.

    Empty only for a leaf without any, which no loaded profile has. State, city and zip of a geography leaf are always
    the `location` block's and not among them.
    """
    return leaf_properties(leaf, question.own_properties if question else (), location)


def leaf_properties(leaf: Match, inherited: tuple[str, ...], location: Location) -> tuple[str, ...]:
    """`question_leaf_properties`, given the names of the condition instead of the condition."""
    return leaf.own_properties or inherited or (location.country if leaf.operator in GEOGRAPHY else ())


def property_reads(profile: Profile) -> tuple[PropertyRead, ...]:
    """Every group of alternative properties the profile reads, each once, in the order first written.

    A derived name is replaced by the properties of its formula. A group is optional only if all its readers are.
    """
    merged: dict[tuple[str, ...], PropertyRead] = {}
    for written in _all_reads(profile):
        for read in _resolve_derived(profile, written):
            known = merged.setdefault(read.alternatives, read)
            stricter = read if known.optional and not read.optional else known
            merged[read.alternatives] = PropertyRead(
                read.alternatives,
                known.optional and read.optional,
                known.numeric or read.numeric,
                stricter.path,
                known.is_beside and read.is_beside,
            )
    merged_reads = tuple(merged.values())
    return *merged_reads, *_currency_reads(profile, merged_reads)


def properties_used_of_vendors(profile: Profile) -> frozenset[str]:
    """What the profile asks for, or writes as a vendor's: the rest of what vendors fill decides nothing."""
    asked = property_names_read(profile.model_copy(update={"enrichment": ()}))
    return frozenset(asked) | profile.write.enriched.keys()


def property_names_read(profile: Profile) -> tuple[str, ...]:
    """The names of all properties the profile reads, each once, in the order first written."""
    return tuple(dict.fromkeys(name for read in property_reads(profile) for name in read.alternatives))


def question_reads(profile: Profile) -> tuple[PropertyRead, ...]:
    """What criteria, disqualifiers and the scope read, each group of alternatives as often as it is asked for."""
    reads = tuple(read for written in _match_reads(profile) for read in _resolve_derived(profile, written))
    return *reads, *_currency_reads(profile, reads)


def _currency_reads(profile: Profile, reads: Iterable[PropertyRead]) -> Iterator[PropertyRead]:
    """Yields the currency properties of the amounts read, if the profile has a currency."""
    amounts = {name: read.path for read in reads if read.numeric for name in read.alternatives if name in CURRENCY_OF}
    read_names = {name for read in reads for name in read.alternatives}
    for name, path in amounts.items() if profile.profile.currency else ():
        if CURRENCY_OF[name] not in read_names:
            yield PropertyRead((CURRENCY_OF[name],), optional=True, numeric=False, path=path, is_beside=True)


def _match_reads(profile: Profile) -> Iterator[PropertyRead]:
    for path, question, match in iter_matches(profile):
        for leaf_path, leaf in iter_leaves(match, path):
            yield from _leaf_reads(profile, question, leaf, leaf_path)


def _all_reads(profile: Profile) -> Iterator[PropertyRead]:
    yield from _match_reads(profile)
    yield from _list_reads(profile)
    for n, tier in enumerate(profile.tiers):
        if tier.capacity and tier.capacity.per:
            yield PropertyRead((tier.capacity.per,), optional=False, numeric=False, path=f"tiers[{n}].capacity.per")
    if writes_place_outputs(profile):
        for part in ("country", "state", "city", "zip"):
            yield _location_read(profile.location, part, "write.understood")
    yield from _kpi_reads(profile)
    yield from _vendor_reads(profile)
    yield from _committee_reads(profile)
    if profile.lock:  # optional: apply creates it
        yield PropertyRead((profile.lock.property_name,), optional=True, numeric=False, path="lock.property")


def _kpi_reads(profile: Profile) -> Iterator[PropertyRead]:
    """What `icp-sync backtest` compares of companies; a portal may lack it."""
    for n, kpi in enumerate(profile.outcomes.kpis):
        if not kpi.deal:
            path = f"outcomes.kpis[{n}].property"
            yield PropertyRead((kpi.property_name,), optional=True, numeric=False, path=path)


def _vendor_reads(profile: Profile) -> Iterator[PropertyRead]:
    """What vendors' files fill; a portal may have no property for it."""
    for n, enrichment in enumerate(profile.enrichment):
        for name in dict.fromkeys(enrichment.columns.values()):
            yield PropertyRead((name,), optional=True, numeric=False, path=f"enrichment[{n}].columns")


def _committee_reads(profile: Profile) -> Iterator[PropertyRead]:
    """HubSpot's own counts of a company's contacts; a portal may lack those of target accounts."""
    if profile.personas is not None and profile.personas.write.properties():
        for name in CONTACT_COUNTS:
            yield PropertyRead((name,), optional=True, numeric=False, path="personas", is_beside=True)


def writes_place_outputs(profile: Profile) -> bool:
    """Whether a part of the place is an output, which reads the whole `location` block."""
    return not profile.write.understood.keys().isdisjoint(PLACE_WORDS)


def _list_reads(profile: Profile) -> Iterator[PropertyRead]:
    for path, question, match in iter_list_matches(profile):
        for leaf_path, leaf in iter_leaves(match, path):
            if question is None:
                yield from _leaf_reads(profile, None, leaf, leaf_path)
            else:
                yield PropertyRead(question.own_properties, optional=False, numeric=leaf.operator in NUMERIC, path=path)
                yield from _location_reads(profile, leaf, path)


def _leaf_reads(profile: Profile, question: Condition | None, leaf: Match, path: str) -> Iterator[PropertyRead]:
    naming_path = _naming_path(leaf, path) or (_naming_path(question, path.partition(".")[0]) if question else None)
    if naming_path is None and leaf.operator in GEOGRAPHY:
        yield _location_read(profile.location, "country", path)
    else:
        optional = question is not None and question.optional
        names = question_leaf_properties(question, leaf, profile.location)
        yield PropertyRead(names, optional, leaf.operator in NUMERIC, naming_path or path)
    yield from _location_reads(profile, leaf, path)


def _location_reads(profile: Profile, leaf: Match, path: str) -> Iterator[PropertyRead]:
    """Yields the rest of the `location` block for a geography leaf, even where its country is replaced."""
    if leaf.operator in GEOGRAPHY:
        for part in ("state", "city", "zip"):
            yield _location_read(profile.location, part, path)


def _location_read(location: Location, part: str, path: str) -> PropertyRead:
    """The read of one part of `location`; its default names are optional, names in the profile are not."""
    is_named = part in location.model_fields_set
    return PropertyRead(
        getattr(location, part), not is_named, numeric=False, path=f"location.{part}" if is_named else path
    )


def _resolve_derived(profile: Profile, read: PropertyRead) -> Iterator[PropertyRead]:
    """A read with derived names replaced by what their formulas read; alternatives of a derived name are optional."""
    derived = [name for name in read.alternatives if name in profile.derive]
    if rest := tuple(name for name in read.alternatives if name not in profile.derive):
        yield PropertyRead(rest, read.optional or bool(derived), read.numeric, read.path)
    for name in derived:
        for source in parse_formula(profile.derive[name]).properties():
            yield PropertyRead((source,), read.optional, numeric=True, path=f"derive.{name}")


def _naming_path(reader: Condition | Match, path: str) -> str | None:
    """The path of the key that names the properties; None where there is none."""
    if not reader.own_properties:
        return None
    return f"{path}.properties" if reader.properties else f"{path}.property"


def iter_matches(profile: Profile) -> Iterator[tuple[str, Condition | None, Match]]:
    """Yields every whole match but the lists', with its path and its condition (None for `scope`)."""
    if profile.scope:
        yield "scope", None, profile.scope
    for n, criterion in enumerate(profile.criteria):
        yield f"criteria[{n}].match", criterion, criterion.match
        for m, partial in enumerate(criterion.partial):
            yield f"criteria[{n}].partial[{m}].match", criterion, partial.match
    for n, disqualifier in enumerate(profile.disqualifiers):
        yield f"disqualifiers[{n}].match", disqualifier, disqualifier.match


def iter_list_matches(profile: Profile) -> Iterator[tuple[str, Condition | None, Match]]:
    """Yields every match of a list's `where`, likewise; those of `where.match` have no condition."""
    for n, target in enumerate(profile.lists):
        for clause, name, match in target.where.company_clauses():
            question = Condition(id="listed", property_name=name, match=match) if name else None
            yield f"lists[{n}].where.{clause}", question, match


def iter_all_matches(profile: Profile) -> Iterator[tuple[str, Condition | None, Match]]:
    """Yields the matches of `iter_matches` and `iter_list_matches`."""
    yield from iter_matches(profile)
    yield from iter_list_matches(profile)


def iter_leaves(match: Match, path: str) -> Iterator[tuple[str, Match]]:
    """Yields every leaf of a match with its path, in the order written."""
    if not match.operands:
        yield path, match
    for n, part in enumerate(match.operands):
        inner = f"{path}.not" if match.operator == "not" else f"{path}.{match.operator}[{n}]"
        yield from iter_leaves(part, inner)
