"""YAML text → plain data with the line of every place, less what YAML allows and a profile does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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

from icp_sync.profile.findings import MOST_OF_A_KIND, Finding, LineIndex, Path, SourceError, brief
from icp_sync.profile.source.encoding import FORBIDDEN, paired
from icp_sync.profile.source.yaml_scalars import Scalar, scalar

DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A document as plain data; `flaws` were refused on the way, `blanks` became null by it."""

    data: object
    lines: LineIndex
    flaws: tuple[Finding, ...]
    blanks: frozenset[Path]


def tree(text: str) -> YamlDocument:
    """The one document of the text. Raises Unreadable on a syntax error or more than 40 levels."""
    builder = _Composer(_events(text))
    data = builder.document()
    return YamlDocument(
        data, LineIndex(builder.lines), tuple(builder.flaws[:MOST_OF_A_KIND]), frozenset(builder.blanks)
    )


def _events(text: str) -> Iterator[Event]:
    """The parser's events, counted for depth before anything is built from them."""
    depth, line = 0, 1
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            line = event.start_mark.line + 1
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            if depth > DEEPEST:
                raise SourceError(line, f"deeper than {DEEPEST} levels; a profile never needs that, nest less")
            yield event
    except MarkedYAMLError as error:
        raise _syntax_error(error, line) from error
    except (YAMLError, ValueError, OverflowError) as error:  # the scanner lets chr() fail on \U00110000
        what = brief(str(error), 120)
        raise SourceError(line, f"not valid YAML here or soon after: {what}; correct it") from error


def _syntax_error(error: MarkedYAMLError, line: int) -> SourceError:
    mark = error.problem_mark or error.context_mark
    place = f" at column {mark.column + 1}" if mark else ""
    what = brief(str(error.problem or error.context or "syntax error"), 160)
    advice = "check indentation, colons, brackets and quotes there, and use spaces, not tabs"
    return SourceError(mark.line + 1 if mark else line, f"not valid YAML{place}: {what}; {advice}")


@dataclass(slots=True)
class _Composer:
    events: Iterator[Event]
    lines: dict[Path, int] = field(default_factory=dict)
    flaws: list[Finding] = field(default_factory=list)
    blanks: set[Path] = field(default_factory=set)

    def document(self) -> object:
        data: object = None
        for event in self.events:
            if isinstance(event, NodeEvent):
                data = self.node(event, ())
            elif isinstance(event, DocumentEndEvent):
                self._check_end()
                break
        return data

    def _check_end(self) -> None:
        after = next(self.events)
        if not isinstance(after, StreamEndEvent):
            message = "a second document starts here; keep one profile in a file"
            self.flaws.append(Finding((), message, rule="syntax", line=_line(after)))

    def node(self, event: Event, path: Path) -> object:
        """The value of a node; nesting is bounded by `_events`."""
        self.lines.setdefault(path, _line(event))
        self._check_anchor(event, path)
        refused = self._refused(event, path)
        value = self._value(event, path)
        if refused:
            self.blanks.add(path)
        return None if refused else value

    def _value(self, event: Event, path: Path) -> object:
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path) if isinstance(event, ScalarEvent) else None

    def _check_anchor(self, event: Event, path: Path) -> None:
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.anchor:
            self._refuse(event, path, f"anchor &{event.anchor} is not read; remove it")

    def _refused(self, event: Event, path: Path) -> bool:
        if isinstance(event, AliasEvent):
            return self._refuse(event, path, f"alias *{event.anchor} is not read; write the value out")
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            return self._refuse(event, path, f"tag {tag} is not read; remove it")
        return False

    def _refuse(self, event: Event, path: Path, message: str) -> bool:
        self.flaws.append(Finding(path, brief(message, 160), rule="syntax", line=_line(event)))
        return True

    def _scalar(self, event: ScalarEvent, path: Path) -> Scalar:
        text = paired(str(event.value))
        if FORBIDDEN.search(text):
            self._refuse(event, path, "the text holds a control character; remove it")
            self.blanks.add(path)
            return None
        return scalar(text) if event.style is None and event.implicit[0] else text

    def _sequence(self, path: Path) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event, path)
            value_event = next(self.events)
            if key is None or self._repeated(key, event, path):
                self._skip(value_event)
            else:
                self.lines[*path, key] = _line(event)
                found[key] = self.node(value_event, (*path, key))
        return found

    def _key(self, event: Event, path: Path) -> str | None:
        """A key is text as written: `on`, `1` and `null` are keys like any other."""
        if isinstance(event, ScalarEvent) and event.value == "<<" and event.style is None:
            self._refuse(event, (*path, "<<"), "merge keys are not read; write the keys out")
        elif self._refused(event, path):
            pass
        elif not isinstance(event, ScalarEvent):
            self._refuse(event, path, "a key is text; this one is a list or a mapping")
            self._skip(event)
        elif FORBIDDEN.search(key := paired(event.value)):
            self._refuse(event, path, "a key holds a control character; remove it")
        else:
            return key
        return None

    def _repeated(self, key: str, event: Event, path: Path) -> bool:
        first = self.lines.get((*path, key))
        if first is None:
            return False
        message = f"duplicate key {brief(key)!r}, first in line {first}; keep one of them"
        return self._refuse(event, (*path, key), message)

    def _skip(self, event: Event) -> None:
        """Runs past a node that is not kept."""
        depth = 0
        while True:
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            if depth == 0:
                return
            event = next(self.events)


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1
