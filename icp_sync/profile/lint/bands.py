"""The bands of one criterion: its match and its partials, where they are number ranges over the same property."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Final

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.match import OPERATORS, Match
from icp_sync.profile.model.operator import Group, Interval
from icp_sync.profile.model.profile import Profile

_WIDEST_GAP: Final = 1
_MAX_BANDS: Final = 100  # of one criterion; each is compared with every other


@dataclass(frozen=True, slots=True)
class Band:
    """A closed range of numbers and its path in the profile; ±inf where open."""

    low: float
    high: float
    path: Path

    def __str__(self) -> str:
        low, high = ("" if abs(end) == inf else f"{end:,.15g}" for end in (self.low, self.high))
        return f"{low}–{high}" if low and high else f"from {low}" if low else f"up to {high}"


def match_interval(match: Match) -> Interval | None:
    """The closed range of numbers that hits a leaf, ±inf where open; None for an operator that asks for no number."""
    facts = OPERATORS.get(match.operator)
    if facts is None or facts.group is not Group.NUMBER or facts.interval is None:
        return None
    return facts.interval(match.argument)


def band_gaps(profile: Profile) -> Iterator[Finding]:
    """No numbers lie between two bands of a criterion."""
    for bands in _all_bands(profile):
        ordered = sorted(bands, key=lambda band: (band.low, band.high))
        covered_to = -inf
        for lower, upper in pairwise(ordered):
            covered_to = max(covered_to, lower.high)
            if upper.low - covered_to > _WIDEST_GAP:
                message = f"between {lower} and {upper} nothing earns credit; close the gap or say so with a partial"
                yield Finding(upper.path, message)


def band_overlaps(profile: Profile) -> Iterator[Finding]:
    """No two bands share numbers, unless the later one encloses the earlier."""
    for bands in _all_bands(profile):
        for n, later in enumerate(bands):
            for earlier in bands[:n]:
                if message := _overlap_message(earlier, later):
                    yield Finding(later.path, message)
                    break


def _overlap_message(earlier: Band, later: Band) -> str | None:
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
        for path, match in _iter_matches(criterion):
            if (ends := match_interval(match)) is not None:
                band = Band(*ends, ("criteria", n, *path))
                by_property.setdefault(match.own_properties or criterion.own_properties, []).append(band)
        for bands in by_property.values():
            yield bands[:_MAX_BANDS]


def _iter_matches(criterion: Criterion) -> Iterator[tuple[Path, Match]]:
    yield ("match",), criterion.match
    for n, partial in enumerate(criterion.partial):
        yield ("partial", n, "match"), partial.match
