"""What may be edited in a profile, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.profile.edits.edit_types import Value
from icp_sync.profile.findings import Path
from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile, Tier

_BOUNDS: Final = ("at_least", "at_most", "within_days", "older_than_days")
_RANGES: Final = ("between", "age_years")

Held = Iterator[tuple[Path, Value]]


def movable_values(profile: Profile) -> dict[Path, Value]:
    """Every movable place of the profile with the value it has now, in the profile's order; tests are left out.

    A key that the file leaves out has its default: None for `leave`, `capacity` and `at_least` beside `has_any`,
    "unknown" for `missing`, 0.0 for `coverage.minimum`. A criterion or disqualifier itself (the place that None takes
    out) is not listed; it is `path[:2]` of what is inside it.
    """
    return dict(_iter_values(profile))


def _iter_values(profile: Profile) -> Held:
    if profile.scope is not None:
        yield from _match_bounds(profile.scope, ("scope",))
    for criterion in profile.criteria:
        yield from _criterion_values(criterion, ("criteria", criterion.id))
    yield ("required",), profile.required
    for disqualifier in profile.disqualifiers:
        yield from _match_bounds(disqualifier.match, ("disqualifiers", disqualifier.id, "match"))
    yield ("coverage", "minimum"), profile.coverage.minimum
    for tier in profile.tiers:
        yield from _tier_values(tier, ("tiers", tier.tier))


def _criterion_values(criterion: Criterion, path: Path) -> Held:
    yield (*path, "weight"), criterion.weight
    yield from _match_bounds(criterion.match, (*path, "match"))
    for n, partial in enumerate(criterion.partial):
        yield from _match_bounds(partial.match, (*path, "partial", n, "match"))
        yield (*path, "partial", n, "credit"), partial.credit
    yield (*path, "missing"), criterion.missing


def _tier_values(tier: Tier, path: Path) -> Held:
    yield (*path, "enter"), tier.enter
    yield (*path, "leave"), tier.leave
    yield (*path, "capacity"), tier.capacity.limit if tier.capacity else None


def _match_bounds(match: Match, path: Path) -> Held:
    """Yields the numbers of a match's leaves, in whatever depth."""
    for n, part in enumerate(match.operands):
        inner = ("not",) if match.operator == "not" else (match.operator, n)
        yield from _match_bounds(part, (*path, *inner))
    if not match.operands:
        yield from _leaf_bounds(match, path)


def _leaf_bounds(match: Match, path: Path) -> Held:
    for bound in _BOUNDS:
        if (number := getattr(match, bound)) is not None or (bound == "at_least" and match.has_any):
            yield (*path, bound), number
    for bound in _RANGES:
        for n, number in enumerate(getattr(match, bound) or ()):
            yield (*path, bound, n), number
    if match.within_km is not None:
        yield (*path, "within_km", "km"), match.within_km.km
