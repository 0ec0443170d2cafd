"""A file's columns beside what a profile reads: used, missing, and which criteria no row can answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from icp_sync.catalogue.standard_properties import standard_properties
from icp_sync.catalogue.vendor_headers import headers_with_its_words
from icp_sync.errors import TableUnusable, UsageError
from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.derive_formula import parse_formula
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import (
    GEOGRAPHY,
    iter_leaves,
    property_names_read,
    property_reads,
    question_leaf_properties,
)
from icp_sync.tables.column_matching import MatchedColumns, match_table_columns, quote_headers
from icp_sync.tables.table import Table
from icp_sync.vocabulary.name_suggestions import did_you_mean, nearest_names
from icp_sync.vocabulary.text_keys import text_key, text_keys

_NAME: Final = "name"
_MIN_LENGTH: Final = 4
"""Characters of a header that count as a part of a property's name; shorter ones are part of anything."""


@dataclass(frozen=True, slots=True)
class MatchedFile:
    """A table matched with a profile.

    `judged`: the profile as far as it can judge the companies of a file. `missing`: property it reads and no column
    fills → the criteria no row can answer without it, empty where they read another property as well. `suggested`:
    unread header → the property that those criteria lack and it may be.
    """

    table: Table
    profile: Profile
    judged: Profile
    columns: MatchedColumns
    missing: Mapping[str, tuple[str, ...]]
    suggested: Mapping[str, str]


def match_file(
    table: Table,
    profile: Profile,
    mapped: Mapping[str, str],
    beside: Collection[str] = (),
    mappable: Collection[str] = (),
) -> MatchedFile:
    """Match a table's columns with what a profile reads; `mapped`: header → property, "" leaves the column out.

    `beside`: properties that are looked for although the profile does not read them; `mappable`: those that `mapped`
    may name besides.

    Raises UsageError for a mapping of what is not there, TableUnusable where no criterion can be answered.
    """
    judged = profile_for_single_companies(profile)
    read = list(dict.fromkeys([*property_names_read(judged), *beside]))
    _require_known_mapping(mapped, table.headers, read, mappable)
    columns = match_table_columns(table, read, mapped)
    filled = {*columns.used.values()}
    needs = {criterion.id: _criterion_properties(criterion, profile) for criterion in profile.criteria}
    silent = {name: names for name, names in needs.items() if not filled & names}
    missing = {
        name: tuple(criterion for criterion, names in silent.items() if name in names)
        for group in property_reads(judged)
        # Hardly a list has the currency of its amounts; without it they count as the profile's own.
        if not group.is_beside and not filled.intersection(group.alternatives)
        for name in group.alternatives
    }
    # Else every row would come out as lacking data, which looks like an answer.
    if len(silent) == len(needs):
        raise TableUnusable(
            f"{table.path} has no column that a criterion of the profile reads; say which is which with "
            f'--map "COLUMN=PROPERTY"',
            details=list(_header_hints(missing, table.headers)),
        )
    lacking = [name for name, criteria in missing.items() if criteria]
    if _NAME in mappable and _NAME not in match_table_columns(table, [_NAME], mapped).used.values():
        lacking.append(_NAME)
    return MatchedFile(
        table, profile, judged, columns, missing, _suggested_mapping(lacking, columns.ignored_headers, mapped)
    )


def profile_for_single_companies(profile: Profile) -> Profile:
    """The profile as far as it judges one company by its values: without what is around it.

    Left out are capacity, lock, lists, vendor files, and the values it writes.

    Whether a tier has a place left depends on all companies of the portal, and a lock on the record there.
    """
    tiers = tuple(tier.model_copy(update={"capacity": None}) for tier in profile.tiers)
    updates = {
        "tiers": tiers,
        "lock": None,
        "lists": (),
        "enrichment": (),
        "write": profile.write.without_understood_and_enriched(),
    }
    return profile.model_copy(update=updates)


def _criterion_properties(criterion: Criterion, profile: Profile) -> frozenset[str]:
    """The properties one of which has to be filled for the criterion to have an answer."""
    location, names = profile.location, set[str]()
    for match in (criterion.match, *(partial.match for partial in criterion.partial)):
        for _, leaf in iter_leaves(match, ""):
            names.update(question_leaf_properties(criterion, leaf, location))
            if leaf.operator in GEOGRAPHY:
                names.update(location.state, location.city, location.zip)
    derived = {source for name in names & profile.derive.keys() for source in _formula_properties(profile.derive[name])}
    return frozenset(names - profile.derive.keys() | derived)


def _formula_properties(formula: str) -> Collection[str]:
    return parse_formula(formula).properties()


def _require_known_mapping(
    mapped: Mapping[str, str], headers: Sequence[str], read: Collection[str], mappable: Collection[str]
) -> None:
    for header, name in mapped.items():
        option = f'--map "{header}={name}"'
        if header not in headers:
            advice = did_you_mean(header, headers, "write it as in the first line of the file")
            raise UsageError(f"{option}: the file has no column {header}; {advice}")
        if name and name not in read and name not in mappable:
            advice = did_you_mean(name, read, f"it reads {', '.join(sorted({*read}))}")
            raise UsageError(f"{option}: the profile does not read {name}; {advice}")


def _header_hints(missing: Collection[str], headers: Sequence[str]) -> Iterator[str]:
    """A line for each property that headers resemble, by its name or HubSpot's label of it; one for all others."""
    near = _near_headers(missing, headers)
    yield from (f"{name}: is it {quote_headers(found)}?" for name, found in near.items() if found)
    if others := [name for name, found in near.items() if not found]:
        yield f"no column is called like {', '.join(others)}"


def _suggested_mapping(lacking: Collection[str], unread: Sequence[str], mapped: Mapping[str, str]) -> Mapping[str, str]:
    """Header → property, each once; what has a word of a property goes before what merely resembles its name."""
    headers = [header for header in unread if header not in mapped]
    candidates = [(name, header) for name in lacking for header in headers_with_its_words(name, headers)]
    candidates += [(name, header) for name, near in _near_headers(lacking, headers).items() for header in near]
    suggested: dict[str, str] = {}
    for name, header in candidates:
        if header not in suggested and name not in suggested.values():
            suggested[header] = name
    return suggested


def _near_headers(names: Collection[str], headers: Sequence[str]) -> dict[str, list[str]]:
    """Property → the headers that resemble its name or HubSpot's label of it, or have another word for it."""
    labels = {standard.name: standard.label for standard in standard_properties()}
    similar = {name: _similar_headers([name, labels.get(name, name)], headers) for name in names}
    return {
        name: list(dict.fromkeys([*near, *headers_with_its_words(name, headers)])) for name, near in similar.items()
    }


def _similar_headers(names: Sequence[str], headers: Sequence[str]) -> Iterator[str]:
    keys = list(zip(headers, text_keys(headers), strict=True))
    for name in names:
        yield from nearest_names(name, headers)
        key = text_key(name)
        yield from (header for header, other in keys if len(other) >= _MIN_LENGTH and other in key)
