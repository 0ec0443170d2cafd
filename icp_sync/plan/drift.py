"""Drift: whether a record still stands as the plan saw it when it comes to writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from icp_sync.plan.change import Change
from icp_sync.plan.outputs import OUTPUTS
from icp_sync.profile.model import Write


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left to write of a change, and the properties somebody else has changed meanwhile."""

    to_write: Mapping[str, str]
    drifted: tuple[str, ...]


def types_of(write: Write) -> dict[str, str]:
    """Property → the type its values are compared by."""
    return {name: OUTPUTS[output].type for output, name in write.properties().items()}


def against(change: Change, live: Mapping[str, str], types: Mapping[str, str]) -> Standing:
    """A property that already holds what the plan wants needs no writing; one that holds neither that nor what the
    plan saw has drifted, and then nothing of the company is written.
    """
    pending = [
        name for name, value in change.after.items() if not same(live.get(name, ""), value, types[name])
    ]
    drifted = [
        name for name in pending if not same(live.get(name, ""), change.before.get(name, ""), types[name])
    ]
    return Standing(dict(change.after) if pending else {}, tuple(drifted))


def same(one: str, other: str, kind: str) -> bool:
    """Equality by type, not text: `80` is `80.0`; a moment is never a difference."""
    if kind == "datetime":
        return True
    if kind == "number":
        return _number(one) == _number(other)
    return one.lower() == other.lower() if kind == "bool" else one == other


def _number(text: str) -> float | str:
    """The number a text stands for; a text that is none stands for itself."""
    try:
        return float(text)
    except ValueError:
        return text
