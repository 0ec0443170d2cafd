"""A glossary: the spellings of each canonical name, and the groups that stand for several of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from typing import Any, Final

import orjson

from icp_sync.vocabulary.own_terms import OwnTerms, resolve_own_terms
from icp_sync.vocabulary.text_keys import text_key

_DATA: Final = files("icp_sync.vocabulary") / "data"


@dataclass(frozen=True, slots=True)
class CanonicalNames:
    """Canonical keys by spelling, and the members of each group by the group's canonical key.

    A group is a name too, and its own member: a company that says "cloud" has cloud, whichever it means.
    """

    aliases: Mapping[str, str]
    """Key of every spelling → canonical key."""
    groups: Mapping[str, frozenset[str]]
    """Canonical key of a group → canonical keys, its own among them."""
    spellings: tuple[str, ...]
    """Every name as people write it, for suggestions."""

    def members(self, name: str) -> frozenset[str]:
        """The canonical keys a name stands for: itself, or all of its group; an unknown name is its own key."""
        canonical = self.canonical_key(text_key(name))
        return self.groups.get(canonical, frozenset({canonical}))

    def canonical_key(self, key: str) -> str:
        """The canonical key of a spelling's key; the key itself where no name has it."""
        return self.aliases.get(key, key)

    def knows(self, name: str) -> bool:
        """Whether the name is a name, an alias or a group."""
        return text_key(name) in self.aliases

    def with_own_terms(self, own: OwnTerms) -> CanonicalNames:
        """The glossary with a profile's own groups, which may name shipped names, literals and one another.

        Raises ValueError for own names that contain each other.
        """
        with_itself = {name: (name, *members) for name, members in own.items()}
        groups = resolve_own_terms(
            with_itself, lambda name, _: self.members(name), lambda parts: frozenset[str]().union(*parts)
        )
        aliases = {**self.aliases, **{key: key for key in groups}}
        return CanonicalNames(aliases, {**self.groups, **groups}, (*own, *self.spellings))


def read_shipped_csv(file: str) -> list[dict[str, str]]:
    """The rows of a shipped CSV table."""
    return list(csv.DictReader((_DATA / file).read_text(encoding="utf-8").splitlines()))


def read_shipped_json(file: str) -> dict[str, Any]:
    """A shipped JSON document, as `tools/build_spellings.py` writes it."""
    content: dict[str, Any] = orjson.loads((_DATA / file).read_bytes())
    return content


def split_members(cell: str) -> list[str]:
    """The members of a CSV cell, which `;` separates."""
    return [part for part in cell.split(";") if part]


def build_canonical_names(
    names: Iterable[dict[str, str]], groups: Iterable[dict[str, str]], spellings: Mapping[str, str]
) -> CanonicalNames:
    """Builds a glossary from the rows of two tables: `name, groups, aliases` and `name, within, aliases`.

    `spellings` are keys → canonical keys derived from the names; a spelling in a table takes precedence.
    """
    named, grouped = list(names), list(groups)
    written = dict(chain.from_iterable(_spelling_pairs(row) for row in (*grouped, *named)))
    members = {text_key(row["name"]): {text_key(row["name"])} for row in grouped}
    for row in named:
        for group in split_members(row["groups"]):
            members[text_key(group)].add(text_key(row["name"]))
    for row in reversed(grouped):
        for group in split_members(row["within"]):
            members[text_key(group)] |= members[text_key(row["name"])]
    shown = [row.get("label") or row["name"] for row in (*named, *grouped)]
    return CanonicalNames(
        {**spellings, **written}, {key: frozenset(keys) for key, keys in members.items()}, tuple(shown)
    )


def _spelling_pairs(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    canonical = text_key(row["name"])
    for spelling in (*split_members(row["aliases"]), row.get("label") or row["name"], row["name"]):
        yield text_key(spelling), canonical
