"""Controls as values: inputs with their labels and units, grouped as the profile groups them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "choice", "required", "take_out"]


@dataclass(frozen=True, slots=True)
class Control:
    """One input: `name` is what the form sends, `value` what stands in it, `was` what the file has where it differs.

    `label` is read alone, `short` beside its group. `least`, `most`, `step`: of a number; "" = none. `follows`: the
    unit depends on other controls.
    """

    name: str
    kind: Kind
    label: str
    short: str
    value: str
    was: str | None
    unit: str = ""
    least: str = ""
    most: str = ""
    step: str = "any"
    placeholder: str = ""
    follows: bool = False

    @property
    def id(self) -> str:
        """The id of the input on the page."""
        return element_id(f"{self.name}-{self.unit}" if self.kind == "required" else self.name)


@dataclass(frozen=True, slots=True)
class ControlGroup:
    """The controls of one criterion, disqualifier or tier; `says` is its question in words."""

    id: str
    title: str
    says: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Controls:
    """All that can be moved, in the order a page shows it."""

    tiers: tuple[ControlGroup, ...]
    coverage: Control
    criteria: tuple[ControlGroup, ...]
    disqualifiers: tuple[ControlGroup, ...]
    scope: tuple[Control, ...]
    expected: tuple[tuple[str, str], ...]
    """Names and values of edits of tests, which no control of the profile holds."""

    @property
    def all(self) -> tuple[Control, ...]:
        """Every control once."""
        groups = (*self.tiers, *self.criteria, *self.disqualifiers)
        return (*(control for group in groups for control in group.controls), self.coverage, *self.scope)


def element_id(name: str) -> str:
    """The id of the input of that name; names of tests hold anything."""
    return "at-" + "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "-_") else f"-{ord(sign):x}-" for sign in name
    )
