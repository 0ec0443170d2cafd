"""YAML text → nodes with the span of the text each stands in: where an editor of the text may put its pen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ruamel.yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from icp_sync.profile.findings import Path
from icp_sync.profile.source.yaml_document import parse_events

_COLON: Final = re.compile(r"[ \t]*:")
_BLANKS: Final = " \t\r\n\x85\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Node:
    """A value at `text[start:end]`; `end` is behind its last character that is not blank."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScalarNode(Node):
    """A scalar; `style` is its quote, `|` or `>`, or "" where it stands plain; `value` its text without them."""

    style: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with its value."""

    key: ScalarNode
    value: Node


@dataclass(frozen=True, slots=True)
class MappingNode(Node):
    """A mapping by key; `is_flow`: written in braces."""

    is_flow: bool
    entries: dict[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SequenceNode(Node):
    """A list; `is_flow`: written in brackets."""

    is_flow: bool
    items: list[Node] = field(default_factory=list)


def parse_nodes(text: str) -> Node:
    """The root node of a valid profile's text (no anchors, aliases, tags, merge or double keys, one document)."""
    events = parse_events(text)
    return next(_build_node(event, events, text) for event in events if isinstance(event, NodeEvent))


def node_at(root: Node, path: Path) -> Node | None:
    """The node at a path; None where there is none."""
    node: Node | None = root
    for step in path:
        if isinstance(node, MappingNode) and isinstance(step, str):
            entry = node.entries.get(step)
            node = entry.value if entry else None
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.items[step] if step < len(node.items) else None
        else:
            return None
    return node


def _build_node(event: Event, events: Iterator[Event], text: str) -> Node:
    if isinstance(event, MappingStartEvent):
        return _build_mapping_node(event, events, text)
    if isinstance(event, SequenceStartEvent):
        return _build_sequence_node(event, events, text)
    return _build_scalar_node(event, text)


def _build_scalar_node(event: Event, text: str) -> ScalarNode:
    start, end = _start_and_end(event)
    style, value = (event.style, event.value) if isinstance(event, ScalarEvent) else (None, "")
    return ScalarNode(start, start + len(text[start:end].rstrip(_BLANKS)), style or "", value)


def _build_mapping_node(start: MappingStartEvent, events: Iterator[Event], text: str) -> MappingNode:
    entries: dict[str, Entry] = {}
    last = _start_and_end(start)[0]
    while not isinstance(event := next(events), MappingEndEvent):
        key = _build_scalar_node(event, text)
        value = _place_behind_colon(key, _build_node(next(events), events, text), text)
        entries[key.value] = Entry(key, value)
        last = value.end
    is_flow = bool(start.flow_style)
    return MappingNode(_start_and_end(start)[0], _start_and_end(event)[1] if is_flow else last, is_flow, entries)


def _build_sequence_node(start: SequenceStartEvent, events: Iterator[Event], text: str) -> SequenceNode:
    items: list[Node] = []
    while not isinstance(event := next(events), SequenceEndEvent):
        items.append(_build_node(event, events, text))
    is_flow = bool(start.flow_style)
    last = items[-1].end if items else _start_and_end(start)[0]
    return SequenceNode(_start_and_end(start)[0], _start_and_end(event)[1] if is_flow else last, is_flow, items)


def _place_behind_colon(key: ScalarNode, value: Node, text: str) -> Node:
    """The value; where nothing is written the parser's mark lies at what comes next, so it is put behind the colon."""
    if value.start < value.end:
        return value
    colon = _COLON.match(text, key.end)
    place = colon.end() if colon else key.end
    return ScalarNode(place, place, "", "")


def _start_and_end(event: Event) -> tuple[int, int]:
    return int(event.start_mark.index), int(event.end_mark.index)
