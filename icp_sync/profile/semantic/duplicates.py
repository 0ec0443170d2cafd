"""Duplicates in lists of names, which are most likely slips."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import groupby

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.semantic.partial_profile import PartialProfile
from icp_sync.profile.semantic.vocabulary import partial_profile_vocabulary
from icp_sync.text_truncation import shorten

NameAtPath = tuple[Path, str]


def no_duplicate_items(draft: PartialProfile) -> Iterator[Finding]:
    """No list of ids, tiers, outcomes or properties has a duplicate."""
    yield from _find_duplicates(draft.iter_texts("required"))
    if target := draft.write.target_account:
        yield from _find_duplicates(_names_with_paths(target.tiers, ("write", "target_account", "tiers")))
    for path, target_list in draft.lists:
        for key in ("tier", "outcome", "experiment"):
            yield from _find_duplicates(_names_with_paths(getattr(target_list.where, key) or (), (*path, "where", key)))
    for _, named in groupby(draft.hit_criteria, lambda hit: hit[0][:-1]):
        yield from _find_duplicates(named)
    for part in type(draft.location).model_fields:
        yield from _find_duplicates(_names_with_paths(getattr(draft.location, part), ("location", part)))
    yield from _find_duplicates(draft.kpi_ids)
    yield from _duplicate_alternatives(draft)


def no_duplicate_counted_names(draft: PartialProfile) -> Iterator[Finding]:
    """Beside `at_least`, no two names mean the same technology, which would count once."""
    counting = [leaf for leaf in draft.leaves if leaf.match.has_any and leaf.match.at_least is not None]
    if not counting:
        return
    words = partial_profile_vocabulary(draft)
    for leaf in counting:
        first: dict[Hashable, str] = {}
        for n, name in enumerate(leaf.match.has_any or ()):
            meaning = words.covered_technology_keys(name)
            if meaning in first:
                message = (
                    f"{shorten(name)!r} is the same as {shorten(first[meaning])!r} and counts once; keep one of them"
                )
                yield Finding((*leaf.path, "has_any", n), message)
            first.setdefault(meaning, name)


def _duplicate_alternatives(draft: PartialProfile) -> Iterator[Finding]:
    for section in ("criteria", "disqualifiers"):
        for path, question in draft.iter_items(section):
            names = question.get("properties")
            yield from _find_duplicates(
                _names_with_paths(names if isinstance(names, list) else (), (*path, "properties"))
            )
    for leaf in draft.leaves:
        yield from _find_duplicates(_names_with_paths(leaf.match.properties or (), (*leaf.path, "properties")))


def _names_with_paths(names: Iterable[object], path: Path) -> Iterator[NameAtPath]:
    return (((*path, n), name) for n, name in enumerate(names) if isinstance(name, str))


def _find_duplicates(named: Iterable[NameAtPath]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            yield Finding(path, f"{shorten(name)} is named twice; keep one of them")
        seen.add(name)
