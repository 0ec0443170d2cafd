"""What a portal says about a profile: facts the linter weighs, measured elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PropertyFacts:
    """One property over the companies in scope; shares lie in [0, 1].

    `options`: internal values of an enumeration, with their labels; None for any other type and where HubSpot lists
    none. `zeros`: the share of the filled values that are zero. `unread`: how many companies have a value that could
    not be read, `unread_share` their share of the filled values; `unrecognised`: some of those values → the nearest
    known one, None when none is near, the most frequent first.
    `assumed`: some texts that were read by leaving something out, or taking something for granted → what they were
    read as.
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
    """A portal as seen by a profile.

    `tiers`: tier → its share of the companies scored; `undecided`: the share with too little known. Both are empty or
    None when nothing was scored. `other_currencies`: property → what is to be said of amounts there that are in a
    currency the profile neither has nor converts.
    """

    properties: Mapping[str, PropertyFacts]
    currency: str | None = None
    tiers: Mapping[str, float] = field(default_factory=dict)
    undecided: float | None = None
    other_currencies: Mapping[str, str] = field(default_factory=dict)
