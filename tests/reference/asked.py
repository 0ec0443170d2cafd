"""A profile as the reference scorer knows it: each question beside what its arguments mean, and as the file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.reference.meanings import Meaning, Nothing

Written = dict[str, Any]
Kind = Literal["all", "any", "not"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One operator put to the first of `properties` that can be read; `written` is the YAML of it."""

    operator: str
    argument: Any
    properties: tuple[str, ...]
    written: Written


@dataclass(frozen=True, slots=True)
class Composition:
    """Several questions taken together."""

    kind: Kind
    parts: tuple[Question, ...]

    @property
    def written(self) -> Written:
        """The YAML of it."""
        parts = [part.written for part in self.parts]
        return {self.kind: parts[0] if self.kind == "not" else parts}


Question = Leaf | Composition


@dataclass(frozen=True, slots=True)
class Criterion:
    """A weighted question; partials are (question, credit) in the order tried."""

    id: str
    weight: str
    match: Question
    partials: tuple[tuple[Question, str], ...]
    missing: str
    written: Written


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier, what enters it and what stays in it, and how many it holds (None = any number)."""

    name: str
    enter: str
    leave: str
    limit: int | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """A formula over properties as a tree of nested tuples, and as the file says it."""

    tree: Any
    written: str


@dataclass(frozen=True, slots=True)
class Profile:
    """All that decides a company's verdict; tiers highest first."""

    criteria: tuple[Criterion, ...]
    required: tuple[str, ...]
    disqualifiers: tuple[tuple[str, Question], ...]
    scope: Question | None
    minimum: str
    tiers: tuple[Tier, ...]
    location: Mapping[str, tuple[str, ...]]
    derived: Mapping[str, Derived]
    written: Written


@dataclass(frozen=True, slots=True)
class Live:
    """What stands on the record: the tier we wrote, or one that nothing we think will move."""

    tier: str | None = None
    fixed: bool = False
    stands: str | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """A company: its texts for the engine, their meanings for the reference."""

    id: int
    texts: Mapping[str, str | None]
    meanings: Mapping[str, Meaning]
    live: Live = field(default_factory=Live)

    def first_readable(self, properties: tuple[str, ...]) -> Meaning:
        """The first of these that can be read; without one, whether anything was typed at all."""
        values = [self.meanings.get(name, Nothing.EMPTY) for name in properties]
        readable = [meaning for meaning in values if not isinstance(meaning, Nothing)]
        if readable:
            return readable[0]
        return next((why for why in (Nothing.UNREADABLE, Nothing.WORDLESS) if why in values), Nothing.EMPTY)
