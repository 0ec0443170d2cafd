"""Renders the vocabulary for terminal and JSON: names by kind, and what a name covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from icp_sync.views.sanitise import sanitise
from icp_sync.vocabulary.vocabulary_listing import VocabularyEntry


def names_document(listed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Kind → its names."""
    return {"names": {kind: list(names) for kind, names in listed.items()}}


def names_view(listed: Mapping[str, Sequence[str]]) -> RenderableType:
    """One name a line, below its kind if there are several kinds."""
    return Group(*_lines(listed))


def _lines(listed: Mapping[str, Sequence[str]]) -> Iterator[Text]:
    for kind, names in listed.items():
        if len(listed) > 1:
            yield sanitise(f"{kind} ({len(names):,})", "bold")
        yield from (sanitise(f"  {name}" if len(listed) > 1 else name) for name in names)


def entries_document(entries: Sequence[VocabularyEntry]) -> dict[str, Any]:
    """The JSON document of a name: what it covers in each kind."""
    return {"entries": [asdict(entry) for entry in entries]}


def entries_view(entries: Sequence[VocabularyEntry]) -> RenderableType:
    """What a name covers, for a terminal."""
    return Group(*(line for entry in entries for line in _entry(entry)))


def _entry(entry: VocabularyEntry) -> Iterator[Text]:
    yield sanitise(f"{entry.name} ({entry.kind})", "bold")
    for label, names in (("covers", entry.covers), ("counts in", entry.within), ("also written", entry.spellings)):
        if names:
            yield sanitise(f"  {label}: {', '.join(names)}")
