"""Measurements of a portal that the linter takes; `runs.measure_portal` makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PropertyFacts:
    """One property over the companies in scope; shares lie in [0, 1].

    `options`: internal value → label of an enumeration; None for any other type and where HubSpot lists none.
    `zeros`: the share of the filled values that are zero. `unread`: the number of companies with an unrecognised value,
    `unread_share` their share of the filled values; `unrecognised`: examples of those values, the most frequent first
    → the most similar known value, None where none is similar. `assumed`: examples of texts that were parsed with an
    assumption → the value they were parsed to.
    """

    filled: float
    options: Mapping[str, str] | None = None
    zeros: float = 0.0
    unread: int = 0
    unread_share: float = 0.0
    unrecognised: Mapping[str, str | None] = field(default_factory=dict)
    assumed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PortalFacts:
    """A portal as measured for one profile.

    `tiers`: tier → its share of the companies scored; `undecided`: the share with insufficient data. Empty and None
    where nothing was scored. `other_currencies`: property → the message about amounts in currencies the profile does
    not convert.
    """

    properties: Mapping[str, PropertyFacts]
    currency: str | None = None
    tiers: Mapping[str, float] = field(default_factory=dict)
    undecided: float | None = None
    other_currencies: Mapping[str, str] = field(default_factory=dict)
