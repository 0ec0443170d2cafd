"""The types of an edit, and the kinds of place that take one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, TypeVar

from icp_sync.profile.findings import Path

Value = float | str | tuple[str, ...] | None
"""A number, a word, the ids of `required`, or None: nothing there (no bound, no `leave`, no tier; a criterion, a
disqualifier or a test taken out)."""

Edits = Mapping[Path, Value]
"""Place → value wanted there. A place names criteria and disqualifiers by id, tiers by tier, tests by name:

    ("criteria", ID)                                   None: taken out, with all that hangs on it
    ("criteria", ID, "weight")                         a number
    ("criteria", ID, "missing")                        "unknown" or "miss"
    ("criteria", ID, "partial", N, "credit")           a number between 0 and 1
    (…, "match", [… "all"|"any", N | "not" …], BOUND)  BOUND: "at_least" · "at_most" · "between", 0|1 · "age_years", 0|1
                                                       · "within_days" · "older_than_days" · "within_km", "km"
    ("disqualifiers", ID)                              None: taken out
    ("required",)                                      ids of criteria; their order is the profile's own
    ("coverage", "minimum")                            a share, 0 to 1
    ("tiers", TIER, "enter" | "leave")                 a fit score; `leave` may be None
    ("tiers", TIER, "capacity")                        how many companies (of each value of `per`), or None
    ("tests", NAME)                                    None: taken out
    ("tests", NAME, "expect", KEY)                     what the test expects; ("credits", ID) for a credit

`…` before "match" is ("criteria", ID), ("criteria", ID, "partial", N) or ("disqualifiers", ID); for `scope`, which is
a match itself, the bound follows ("scope",).
"""

Kind = Literal["item", "number", "word", "ids"]

NAMED_BY: Final = {"criteria": "id", "disqualifiers": "id", "tiers": "tier", "tests": "name"}
"""List of the profile → the key that names its items in a place."""

V = TypeVar("V", bound=float | str | tuple[str, ...] | None)
_MAX_WHOLE: Final = 10**15  # a float holds every whole number up to here

Pattern = tuple[str, ...]

_MATCHES: Final[tuple[Pattern, ...]] = (
    ("criteria", "*", "match"), ("criteria", "*", "partial", "#", "match"), ("disqualifiers", "*", "match"), ("scope",),
)  # fmt: skip
_BOUNDS: Final[tuple[Pattern, ...]] = (
    ("at_least",), ("at_most",), ("between", "#"), ("age_years", "#"), ("within_days",), ("older_than_days",),
    ("within_km", "km"),
)  # fmt: skip
_EXPECT: Final = ("tests", "*", "expect")
_KINDS: Final[Mapping[Pattern, Kind]] = {
    ("criteria", "*"): "item",
    ("criteria", "*", "weight"): "number",
    ("criteria", "*", "missing"): "word",
    ("criteria", "*", "partial", "#", "credit"): "number",
    **{(*match, *bound): "number" for match in _MATCHES for bound in _BOUNDS},
    ("disqualifiers", "*"): "item",
    ("required",): "ids",
    ("coverage", "minimum"): "number",
    **{("tiers", "*", key): "number" for key in ("enter", "leave", "capacity")},
    ("tests", "*"): "item",
    **{(*_EXPECT, key): "word" for key in ("tier", "outcome")},
    **{(*_EXPECT, key): "number" for key in ("score", "potential", "coverage")},
    (*_EXPECT, "credits", "*"): "number",
}


def whole_as_int(value: V) -> V | int:
    """A whole number as one: days and places are counted, and nobody writes `weight: 20.0`."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _MAX_WHOLE:
        return int(value)
    return value


def edit_place_kind(place: Path) -> Kind | None:
    """What a place takes; None where it is not movable in any profile."""
    return _KINDS.get(tuple(_steps_without_compositions(_edit_place_pattern(place))))


def _edit_place_pattern(place: Path) -> Pattern:
    """The place with `*` for names and `#` for numbers."""
    names = {1} if place[:1] and place[0] in NAMED_BY else set()
    names |= {4} if place[:1] == ("tests",) and place[3:4] == ("credits",) else set()
    return tuple("*" if n in names and isinstance(step, str) else _step_pattern(step) for n, step in enumerate(place))


def _step_pattern(step: str | int) -> str:
    return "#" if isinstance(step, int) and step >= 0 else str(step)


def _steps_without_compositions(pattern: Pattern) -> Iterator[str]:
    """The steps without `all`, `any`, `not` and their numbers, which may stand in any depth between match and bound."""
    steps = iter(pattern)
    for step in steps:
        if step in {"all", "any"}:
            if next(steps, "") != "#":
                yield step  # no list of matches; the pattern is nowhere then
        elif step != "not":
            yield step
