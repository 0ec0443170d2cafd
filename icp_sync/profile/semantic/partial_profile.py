"""The well-shaped parts of a profile that may have errors elsewhere, with their paths."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from icp_sync.profile.findings import Path
from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.profile.model.lists import TargetList
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.outputs import Write
from icp_sync.profile.model.personas import CommitteeWrite, Personas
from icp_sync.profile.model.profile import Location, Lock, OwnVocabulary, Tier
from icp_sync.profile.model.profile_tests import ProfileTest
from icp_sync.profile.model.types import TIERS
from icp_sync.vocabulary.text_keys import text_key

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf with its path and the properties of its condition; `depth` counts the compositions around it."""

    path: Path
    match: Match
    inherited: tuple[str, ...]
    depth: int

    @property
    def reads_companies(self) -> bool:
        """Whether its properties are a company's, and not a contact's or a deal's under whatever name."""
        return self.path[0] not in {"personas", "outcomes"}


@dataclass(frozen=True)
class PartialProfile:
    """A profile's plain data without the refused values, and typed views of its parts."""

    data: dict[str, object]
    refused: Collection[Path]

    @cached_property
    def criterion_paths(self) -> dict[str, Path]:
        """Criterion id → its path; the first where an id is used twice."""
        path_of: dict[str, Path] = {}
        for path, name in self.iter_ids("criteria"):
            path_of.setdefault(name, path)
        return path_of

    @cached_property
    def tiers(self) -> list[tuple[Path, Tier]]:
        return list(self._valid_items("tiers", Tier))

    @cached_property
    def tier_names(self) -> frozenset[str]:
        """The names of all tiers, whatever else is wrong with them; none where a tier has no valid name."""
        names = [_mapping_or_empty(item).get("tier") for item in _list_or_empty(self.data.get("tiers"))]
        return (
            frozenset(name for name in TIERS if name in names) if all(name in TIERS for name in names) else frozenset()
        )

    @cached_property
    def lists(self) -> list[tuple[Path, TargetList]]:
        return list(self._valid_items("lists", TargetList))

    @cached_property
    def tests(self) -> list[tuple[Path, ProfileTest]]:
        return list(self._valid_items("tests", ProfileTest))

    @cached_property
    def enrichment(self) -> list[tuple[Path, Enrichment]]:
        return list(self._valid_items("enrichment", Enrichment))

    @cached_property
    def write(self) -> Write:
        write = _validate_or_none(Write, self.data.get("write")) or Write()
        people = _validate_or_none(CommitteeWrite, _mapping_or_empty(self.data.get("personas")).get("write"))
        return write.with_outputs(people.properties()) if people else write

    @cached_property
    def personas(self) -> Personas | None:
        """The personas, None where there are none or they are not well-shaped."""
        return _validate_or_none(Personas, self.data.get("personas"))

    @cached_property
    def people(self) -> list[tuple[Path, dict[str, object]]]:
        """The personas, with their paths."""
        people = _list_or_empty(_mapping_or_empty(self.data.get("personas")).get("people"))
        return [(("personas", "people", n), item) for n, item in enumerate(people) if isinstance(item, dict)]

    @cached_property
    def deal_where(self) -> dict[str, object]:
        """Deal property → what counting deals meet."""
        deals = _mapping_or_empty(_mapping_or_empty(self.data.get("outcomes")).get("deals"))
        return _mapping_or_empty(deals.get("where"))

    @cached_property
    def kpi_ids(self) -> list[tuple[Path, str]]:
        """The ids of the KPIs, with their paths."""
        kpis = enumerate(_list_or_empty(_mapping_or_empty(self.data.get("outcomes")).get("kpis")))
        ids = ((("outcomes", "kpis", n, "id"), _mapping_or_empty(kpi).get("id")) for n, kpi in kpis)
        return [(path, name) for path, name in ids if isinstance(name, str)]

    @cached_property
    def location(self) -> Location:
        return _validate_or_none(Location, self.data.get("location")) or Location()

    @cached_property
    def lock_property(self) -> str | None:
        """The property by which people lock a company's tier."""
        lock = _validate_or_none(Lock, self.data.get("lock"))
        return lock.property_name if lock else None

    @cached_property
    def own_vocabulary(self) -> OwnVocabulary:
        return _validate_or_none(OwnVocabulary, self.data.get("vocabulary")) or OwnVocabulary()

    @cached_property
    def own_regions(self) -> frozenset[str]:
        """The text keys of the profile's own regions."""
        return frozenset(text_key(name) for name in self.own_vocabulary.regions)

    @cached_property
    def derived_formulas(self) -> dict[str, str]:
        """Derived name → its formula's text."""
        derived = self.data.get("derive")
        items = derived.items() if isinstance(derived, dict) else ()
        return {name: formula for name, formula in items if isinstance(formula, str)}

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Every well-shaped leaf: of scope, criteria with their partials, disqualifiers, lists, personas and deals."""
        leaves = list(_iter_leaves(self.data.get("scope"), ("scope",), {}))
        for section in ("criteria", "disqualifiers"):
            for path, question in self.iter_items(section):
                for inner, match in _iter_matches(question):
                    leaves.extend(_iter_leaves(match, (*path, *inner), question))
        for path, target in self.iter_items("lists"):
            where = _mapping_or_empty(target.get("where"))
            for name, match in _mapping_or_empty(where.get("property")).items():
                leaves.extend(_iter_leaves(match, (*path, "where", "property", name), {"property": name}))
            leaves.extend(_iter_leaves(where.get("match"), (*path, "where", "match"), {}))
        for path, persona in self.people:
            leaves.extend(_iter_leaves(persona.get("match"), (*path, "match"), {}))
        for name, match in self.deal_where.items():
            leaves.extend(_iter_leaves(match, ("outcomes", "deals", "where", name), {"property": name}))
        return leaves

    @cached_property
    def hit_criteria(self) -> list[tuple[Path, str]]:
        """The criteria that the lists' `hits` name, in either form, with their paths."""
        named_criteria: list[tuple[Path, str]] = []
        for path, target in self.iter_items("lists"):
            at, hits = (*path, "where", "hits"), _mapping_or_empty(target.get("where")).get("hits")
            ways = [((*at, way), _mapping_or_empty(hits).get(way)) for way in ("all", "any")]
            for inner, names in ((at, hits), *ways):
                named_criteria += [
                    ((*inner, n), name) for n, name in enumerate(_list_or_empty(names)) if isinstance(name, str)
                ]
        return named_criteria

    def iter_ids(self, section: str) -> Iterator[tuple[Path, str]]:
        for path, item in self.iter_items(section):
            if isinstance(name := item.get("id"), str):
                yield (*path, "id"), name

    def iter_items(self, section: str) -> Iterator[tuple[Path, dict[str, object]]]:
        """The entries of a section that are mappings."""
        for n, item in enumerate(_list_or_empty(self.data.get(section))):
            if isinstance(item, dict):
                yield (section, n), item

    def iter_texts(self, section: str) -> Iterator[tuple[Path, str]]:
        """The entries of a section that are texts."""
        for n, item in enumerate(_list_or_empty(self.data.get(section))):
            if isinstance(item, str):
                yield (section, n), item

    def _valid_items(self, section: str, model: type[M]) -> Iterator[tuple[Path, M]]:
        for path, item in self.iter_items(section):
            if part := _validate_or_none(model, item):
                yield path, part


def drop_invalid_values(data: dict[str, object], refused: Collection[Path]) -> PartialProfile:
    """A partial profile without the values at the refused paths (a list keeps a null there)."""
    return PartialProfile(
        {key: _drop_values(data[key], (key,), refused) for key in data if (key,) not in refused}, refused
    )


def _drop_values(value: object, path: Path, refused: Collection[Path]) -> object:
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if (*path, key) not in refused}
        return {key: _drop_values(inner, (*path, key), refused) for key, inner in kept.items()}
    if isinstance(value, list):
        numbered = (((*path, n), inner) for n, inner in enumerate(value))
        return [None if at in refused else _drop_values(inner, at, refused) for at, inner in numbered]
    return value


def _validate_or_none(model: type[M], data: object) -> M | None:
    try:
        return model.model_validate(data, by_alias=True, by_name=False)
    except ValidationError:
        return None  # `shape` has a finding about it


def _list_or_empty(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _mapping_or_empty(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _iter_matches(question: dict[str, object]) -> Iterator[tuple[Path, object]]:
    yield ("match",), question.get("match")
    for n, partial in enumerate(_list_or_empty(question.get("partial"))):
        if isinstance(partial, dict):
            yield ("partial", n, "match"), partial.get("match")


def _iter_leaves(match: object, path: Path, question: dict[str, object], depth: int = 0) -> Iterator[Leaf]:
    if not isinstance(match, dict):
        return
    parts = list(_iter_operands(match))
    for inner, part in parts:
        yield from _iter_leaves(part, (*path, *inner), question, depth + 1)
    if not parts and (leaf := _validate_or_none(Match, match)):
        named = question.get("properties") or question.get("property")
        names = [name for name in (named if isinstance(named, list) else [named]) if isinstance(name, str)]
        yield Leaf(path, leaf, tuple(names), depth)


def _iter_operands(match: dict[str, object]) -> Iterator[tuple[Path, object]]:
    for composition in ("all", "any"):
        for n, part in enumerate(_list_or_empty(match.get(composition))):
            yield (composition, n), part
    if "not" in match:
        yield ("not",), match["not"]
