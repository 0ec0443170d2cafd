"""The bands of one criterion: its match and its partials, where they are number ranges over the same property."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Final

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile

_WIDEST_GAP: Final = 1
_MOST_BANDS: Final = 100  # of one criterion; each is held against every other


@dataclass(frozen=True, slots=True)
class Band:
    """The numbers from low to high, both included, and where they are written."""

    low: float
    high: float
    path: Path

    def __str__(self) -> str:
        low, high = ("" if abs(end) == inf else f"{end:,.15g}" for end in (self.low, self.high))
        return f"{low}–{high}" if low and high else f"from {low}" if low else f"up to {high}"


def interval(match: Match) -> tuple[float, float] | None:
    """The numbers a single question is hit by; None when it asks something else."""
    if match.operator == "between" and match.between:
        low, high = match.between
        return (-inf if low is None else low, inf if high is None else high)
    if match.operator == "at_least" and match.at_least is not None:
        return match.at_least, inf
    if match.operator == "at_most" and match.at_most is not None:
        return -inf, match.at_most
    return None


def gaps(profile: Profile) -> Iterator[Finding]:
    """Between two bands lies no room for companies that nobody thought of."""
    for bands in _all_bands(profile):
        ordered = sorted(bands, key=lambda band: (band.low, band.high))
        reached = -inf
        for lower, upper in pairwise(ordered):
            reached = max(reached, lower.high)
            if upper.low - reached > _WIDEST_GAP:
                message = f"between {lower} and {upper} nothing earns credit; close the gap or say so with a partial"
                yield Finding(upper.path, message)


def overlaps(profile: Profile) -> Iterator[Finding]:
    """No number is claimed by two bands, unless the later one simply goes around the earlier."""
    for bands in _all_bands(profile):
        for n, later in enumerate(bands):
            for earlier in bands[:n]:
                if message := _overlap(earlier, later):
                    yield Finding(later.path, message)
                    break


def _overlap(earlier: Band, later: Band) -> str | None:
    if later.low >= earlier.high or later.high <= earlier.low:
        return None
    if earlier.low <= later.low and later.high <= earlier.high:
        return f"{later} lies within {earlier}, which is tried first, and is never reached; correct one of them"
    if later.low <= earlier.low and earlier.high <= later.high:
        return None
    return f"{later} overlaps {earlier}, and the first hit counts; let one begin where the other ends"


def _all_bands(profile: Profile) -> Iterator[list[Band]]:
    for n, criterion in enumerate(profile.criteria):
        by_property: dict[tuple[str, ...], list[Band]] = {}
        for path, match in _tried(criterion):
            if (found := interval(match)) is not None:
                band = Band(*found, ("criteria", n, *path))
                by_property.setdefault(match.reads or criterion.reads, []).append(band)
        for bands in by_property.values():
            yield bands[:_MOST_BANDS]


def _tried(criterion: Criterion) -> Iterator[tuple[Path, Match]]:
    yield ("match",), criterion.match
    for n, partial in enumerate(criterion.partial):
        yield ("partial", n, "match"), partial.match
