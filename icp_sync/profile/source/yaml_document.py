"""YAML text → plain data with the line of every path; anchors, aliases, tags and merge keys are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from icp_sync.profile.findings import MAX_PER_RULE, Finding, LineIndex, Path, SourceError
from icp_sync.profile.source.encoding import FORBIDDEN, join_surrogates
from icp_sync.profile.source.yaml_scalars import Scalar, resolve_scalar
from icp_sync.text_truncation import shorten

MAX_DEPTH: Final = 40


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A document as plain data; `nulled` are the paths whose value was refused and became null."""

    data: object
    lines: LineIndex
    findings: tuple[Finding, ...]
    nulled: frozenset[Path]


@lru_cache(maxsize=2)  # the linter reads a shipped template again, to see whether it is the profile
def parse_yaml(text: str) -> YamlDocument:
    """Parses the one document of the text. Raises SourceError on a syntax error or more than 40 levels.

    The last documents are kept and handed out again, so nobody may change their `data`.
    """
    composer = _Composer(parse_events(text))
    data = composer.compose_document()
    return YamlDocument(
        data, LineIndex(composer.lines), tuple(composer.findings[:MAX_PER_RULE]), frozenset(composer.nulled)
    )


def parse_events(text: str) -> Iterator[Event]:
    """Yields the parser's events and checks their depth, before the composer recurses over them."""
    depth, line = 0, 1
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            line = event.start_mark.line + 1
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise SourceError(line, f"deeper than {MAX_DEPTH} levels; a profile never needs that, nest less")
            yield event
    except MarkedYAMLError as error:
        raise _syntax_error(error, line) from error
    except (YAMLError, ValueError, OverflowError) as error:  # the scanner lets chr() fail on \U00110000
        what = shorten(str(error), 120)
        raise SourceError(line, f"not valid YAML here or soon after: {what}; correct it") from error


def _syntax_error(error: MarkedYAMLError, line: int) -> SourceError:
    mark = error.problem_mark or error.context_mark
    place = f" at column {mark.column + 1}" if mark else ""
    what = shorten(str(error.problem or error.context or "syntax error"), 160)
    advice = "check indentation, colons, brackets and quotes there, and use spaces, not tabs"
    return SourceError(mark.line + 1 if mark else line, f"not valid YAML{place}: {what}; {advice}")


@dataclass(slots=True)
class _Composer:
    events: Iterator[Event]
    lines: dict[Path, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    nulled: set[Path] = field(default_factory=set)

    def compose_document(self) -> object:
        data: object = None
        for event in self.events:
            if isinstance(event, NodeEvent):
                data = self.compose_node(event, ())
            elif isinstance(event, DocumentEndEvent):
                self._check_end()
                break
        return data

    def _check_end(self) -> None:
        event = next(self.events)
        if not isinstance(event, StreamEndEvent):
            message = "a second document starts here; keep one profile in a file"
            self.findings.append(Finding((), message, rule="syntax", line=_line_number(event)))

    def compose_node(self, event: Event, path: Path) -> object:
        """The value of a node, None if refused; the recursion is bounded by `parse_events`."""
        self.lines.setdefault(path, _line_number(event))
        self._check_anchor(event, path)
        is_refused = self._refuse_alias_or_tag(event, path)
        value = self._compose_value(event, path)
        if is_refused:
            self.nulled.add(path)
        return None if is_refused else value

    def _compose_value(self, event: Event, path: Path) -> object:
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path) if isinstance(event, ScalarEvent) else None

    def _check_anchor(self, event: Event, path: Path) -> None:
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.anchor:
            self._add_finding(event, path, f"anchor &{event.anchor} is not read; remove it")

    def _refuse_alias_or_tag(self, event: Event, path: Path) -> bool:
        if isinstance(event, AliasEvent):
            return self._add_finding(event, path, f"alias *{event.anchor} is not read; write the value out")
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            return self._add_finding(event, path, f"tag {tag} is not read; remove it")
        return False

    def _add_finding(self, event: Event, path: Path, message: str) -> bool:
        self.findings.append(Finding(path, shorten(message, 160), rule="syntax", line=_line_number(event)))
        return True

    def _scalar(self, event: ScalarEvent, path: Path) -> Scalar:
        text = join_surrogates(str(event.value))
        if FORBIDDEN.search(text):
            self._add_finding(event, path, "the text holds a control character; remove it")
            self.nulled.add(path)
            return None
        return resolve_scalar(text) if event.style is None and event.implicit[0] else text

    def _sequence(self, path: Path) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.compose_node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, object]:
        mapping: dict[str, object] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event, path)
            value_event = next(self.events)
            if key is None or self._add_duplicate_key_finding(key, event, path):
                self._skip_node(value_event)
            else:
                self.lines[*path, key] = _line_number(event)
                mapping[key] = self.compose_node(value_event, (*path, key))
        return mapping

    def _key(self, event: Event, path: Path) -> str | None:
        """A key's text as written (`on`, `1` and `null` are keys too); None, and a finding, for a refused key."""
        if isinstance(event, ScalarEvent) and event.value == "<<" and event.style is None:
            self._add_finding(event, (*path, "<<"), "merge keys are not read; write the keys out")
        elif self._refuse_alias_or_tag(event, path):
            pass
        elif not isinstance(event, ScalarEvent):
            self._add_finding(event, path, "a key is text; this one is a list or a mapping")
            self._skip_node(event)
        elif FORBIDDEN.search(key := join_surrogates(event.value)):
            self._add_finding(event, path, "a key holds a control character; remove it")
        else:
            return key
        return None

    def _add_duplicate_key_finding(self, key: str, event: Event, path: Path) -> bool:
        first = self.lines.get((*path, key))
        if first is None:
            return False
        message = f"duplicate key {shorten(key)!r}, first in line {first}; keep one of them"
        return self._add_finding(event, (*path, key), message)

    def _skip_node(self, event: Event) -> None:
        """Consumes the events of a node that is not kept."""
        depth = 0
        while True:
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            if depth == 0:
                return
            event = next(self.events)


def _line_number(event: Event) -> int:
    return int(event.start_mark.line) + 1
