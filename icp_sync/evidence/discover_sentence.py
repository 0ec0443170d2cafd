"""The answer of `discover` in a sentence: what tells the two sides apart, or what would have been seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from icp_sync.evidence.comparison_sides import ComparedSides
from icp_sync.evidence.discover import Discovery
from icp_sync.evidence.discover_document import Draft

NOTHING: Final = "These deals and fields show no clear difference between the companies you won and those you lost."
NOTHING_LISTED: Final = "These fields show no clear difference between the companies you listed and the others."
_NONE: Final = "No trait could be compared: what was looked at is alike, or unknown, for nearly all of these companies."


def discover_sentence(discovery: Discovery, sides: ComparedSides, draft: Draft | None) -> str:
    """The answer of `discover`, for people without statistics."""
    if not discovery.matrix.traits:
        return _NONE
    listed = sides.contrast == "customers"
    rise = [trait.difference > 0 for trait in discovery.traits.values() if trait.distinct]
    if not rise:
        nothing, means = (NOTHING_LISTED, _SHARED) if listed else (NOTHING, _CONFIRMED)
        return f"{nothing} {_detectable_phrase(discovery.detectable_lift, sides)} {means}"
    what = "listed companies from all others" if listed else "won from lost companies"
    traits = "One trait tells" if len(rise) == 1 else f"{len(rise):,} traits tell"
    end = "" if draft else ", so there is nothing to draft a profile from"
    means = f"{_direction_phrase(rise, 'are listed' if listed else 'were won')}{end}"
    return f"{traits} {what} by more than chance, of {len(discovery.matrix.traits):,} looked at; {means}."


_CONFIRMED: Final = "That neither confirms nor refutes your profile, and is no reason to sell to just anyone."
_SHARED: Final = "That does not mean that they share nothing."


def _detectable_phrase(lift: float | None, sides: ComparedSides) -> str:
    """What would have been found, had it been there: in 8 of 10 such samples, held by one company in four."""
    listed = sides.contrast == "customers"
    if lift is None:
        return f"There are too few {'companies' if listed else 'deals'} for even a strong one to show."
    companies = int(sides.tally.won)
    listed_only, often = (f"with {companies:,} companies listed ", "are listed") if listed else ("", "win")
    return (
        f"Smaller ones may exist: {listed_only}only a common trait whose companies {often} {lift:.1f} times as often "
        "would most likely have shown."
    )


def _direction_phrase(rise: Sequence[bool], what: str) -> str:
    """In how many traits companies were won, say, more often, and in how many less often."""
    rising, falling = sum(rise), len(rise) - sum(rise)
    if rising and falling:
        return f"with {rising:,} of them companies {what} more often, with {falling:,} less often"
    return f"companies with {'it' if len(rise) == 1 else 'them'} {what} {'more' if rising else 'less'} often"
