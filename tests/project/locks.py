"""A requirements lock as pins: one name, one version and its hashes each."""

from __future__ import annotations

import re
from typing import NamedTuple

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ]+)(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)")


class Pin(NamedTuple):
    """One locked package; its name is normalised as in PEP 503."""

    name: str
    version: str
    hashes: frozenset[str]


def pins(text: str) -> list[Pin]:
    """The pins of a lock in its order.

    ValueError for any other line: an unhashed or unpinned requirement, an address, a path, an option.
    """
    logical = re.sub(r"\s*\\\n\s*", " ", text).splitlines()
    return [_pin(line) for line in logical if line.strip() and not line.lstrip().startswith("#")]


def _pin(line: str) -> Pin:
    pinned = PIN.fullmatch(line)
    if pinned is None:
        raise ValueError(f"not a pin with hashes: {line[:200]}")
    return Pin(pinned["name"], pinned["version"], frozenset(pinned["hashes"].split()))
