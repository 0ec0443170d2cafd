"""Lists of names: a name twice in one of them is a slip, and most likely another was meant."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import groupby

from icp_sync.profile.findings import Finding, Path, brief
from icp_sync.profile.semantic.draft import PartialProfile
from icp_sync.profile.semantic.vocabulary import vocabulary_of

Named = tuple[Path, str]


def nothing_is_named_twice(draft: PartialProfile) -> Iterator[Finding]:
    """In every list of ids, tiers, outcomes and properties each stands once."""
    yield from _twice(draft.texts("required"))
    if target := draft.write.target_account:
        yield from _twice(_numbered(target.tiers, ("write", "target_account", "tiers")))
    for path, one in draft.lists:
        for key in ("tier", "outcome"):
            yield from _twice(_numbered(getattr(one.where, key) or (), (*path, "where", key)))
    for _, named in groupby(draft.hits, lambda hit: hit[0][:-1]):
        yield from _twice(named)
    for part in type(draft.location).model_fields:
        yield from _twice(_numbered(getattr(draft.location, part), ("location", part)))
    yield from _alternatives_twice(draft)


def names_that_are_counted_differ(draft: PartialProfile) -> Iterator[Finding]:
    """Beside `at_least` a technology counts once however often, and under whatever name, it is named."""
    counting = [leaf for leaf in draft.leaves if leaf.match.has_any and leaf.match.at_least is not None]
    if not counting:
        return
    words = vocabulary_of(draft)
    for leaf in counting:
        first: dict[Hashable, str] = {}
        for n, name in enumerate(leaf.match.has_any or ()):
            meaning = words.technology(name)
            if meaning in first:
                message = f"{brief(name)!r} is the same as {brief(first[meaning])!r} and counts once; keep one of them"
                yield Finding((*leaf.path, "has_any", n), message)
            first.setdefault(meaning, name)


def _alternatives_twice(draft: PartialProfile) -> Iterator[Finding]:
    for section in ("criteria", "disqualifiers"):
        for path, question in draft.items(section):
            names = question.get("properties")
            yield from _twice(_numbered(names if isinstance(names, list) else (), (*path, "properties")))
    for leaf in draft.leaves:
        yield from _twice(_numbered(leaf.match.properties or (), (*leaf.path, "properties")))


def _numbered(names: Iterable[object], path: Path) -> Iterator[Named]:
    return (((*path, n), name) for n, name in enumerate(names) if isinstance(name, str))


def _twice(named: Iterable[Named]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            yield Finding(path, f"{brief(name)} is named twice; keep one of them")
        seen.add(name)
