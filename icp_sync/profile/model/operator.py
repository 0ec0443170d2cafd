"""What the language says of an operator, apart from how it is evaluated.

`match` writes an `Operator` beside each field. The operator table, the JSON Schema, sentences, suggestions and the
sample companies of `lint` are made from it, so an operator is described once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import Any, Final, Literal

from icp_sync.vocabulary.vocabulary import Kind

Interval = tuple[float, float]
"""A closed range of numbers, ±inf where open."""


Edges = Callable[[float, float], tuple[float, ...]]


def _sample_edges(low: float, high: float) -> tuple[float, ...]:
    return tuple(end + step for end in (low, high) for step in (-0.5, 0, 0.5))


def _whole_edges(low: float, high: float) -> tuple[float, ...]:
    """Days are whole, so a step is one and the values inside need no sample of their own."""
    return low - 1, low, high, high + 1


_DATE: Final = "a date, or a year in text"
_NO_DATE: Final = "no date can be read"
_NO_NUMBER: Final = "no number can be read, or the range lies across the border"
_PLACE: Final = "the `location` block"


class Group(Enum):
    """Operators that read the same kind of value.

    `reads` and `unknown` are the words of the reference: what is read, and when the result is unknown. `edges`
    are the values around a range's two ends, by which `lint` tells ranges apart; None where values are not numbers.
    """

    NUMBER = "number", "a number, or a range of them in text", _NO_NUMBER, _sample_edges
    NAME = "name", "text or an enumeration", "it is empty"
    TEXT = "text", "text", "it is empty"
    EXPRESSION = "expression", "text", "it is empty"
    NAMES = "names", "a set of names separated by `;`", "it is empty"
    AREA = "area", _PLACE, "the country, or the state asked for, is unknown"
    CITY = "city", _PLACE, "the city is unknown, or could be one of several"
    DAYS = "days", _DATE, _NO_DATE, _whole_edges
    AGE = "age", _DATE, _NO_DATE, _sample_edges
    PRESENCE = "presence", "anything", "never"
    BOOLEAN = "boolean", "a checkbox, or yes and no in text", "it says neither"

    def __init__(self, word: str, reads: str, unknown: str, edges: Edges | None = None) -> None:
        self.word, self.reads, self.unknown, self.edges = word, reads, unknown, edges


def _return_false(_: object) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """The facts of one operator.

    `example`: an argument, in YAML. `hit`: when it is hit, as a clause about the value. `sentence`: the predicate of
    a sentence, with the argument in a form that `sentences` knows (`{:names}`). `also`: other languages' names for it;
    `also_false`: for it with the argument false. `vocabulary`: the kind of vocabulary name it takes.
    `quantifier`: how many of its names a value must have. `interval`: the argument's range, in the group's numbers.
    `always_hits`: whether an argument is met by every value.
    """

    group: Group
    example: str
    hit: str
    sentence: str
    also: tuple[str, ...] = ()
    also_false: tuple[str, ...] = ()
    vocabulary: Kind | None = None
    quantifier: Literal["any", "all", "none"] = "any"
    interval: Callable[[Any], Interval] | None = None
    always_hits: Callable[[Any], bool] = _return_false

    @property
    def description(self) -> str:
        """When it is hit and when it is unknown, in two sentences."""
        return f"Hit when {self.hit}. Unknown when {self.group.unknown}."


def closed_range(bounds: tuple[float | None, float | None]) -> Interval:
    """The bounds of a range, ±inf for null."""
    low, high = bounds
    return (-inf if low is None else low, inf if high is None else high)
