"""The answer of `discover` in a sentence: what tells the two sides apart, or what would have been seen."""

from __future__ import annotations

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
    if draft:
        end = _traits_per_side_phrase(
            sum(rise), len(rise) - sum(rise), ("listed", "others") if listed else ("won", "lost")
        )
    else:
        others = "are not listed" if listed else "did not buy"
        end = f"each marks companies that {others}, so there is nothing to draft a profile from"
    return f"{traits} {what} by more than chance, of {len(discovery.matrix.traits):,} looked at; {end}."


_CONFIRMED: Final = "That neither confirms nor refutes your profile, and is no reason to sell to just anyone."
_SHARED: Final = "That does not mean that they share nothing."


def _detectable_phrase(lift: float | None, sides: ComparedSides) -> str:
    """What would have been found, had it been there: in 8 of 10 such samples, held by one company in four."""
    listed = sides.contrast == "customers"
    if lift is None:
        return f"There are too few {'companies' if listed else 'deals'} for even a strong one to show."
    companies = int(sides.tally.won)
    only, often = (f"With {companies:,} companies listed, a", "are listed") if listed else ("A", "win")
    return (
        f"{only} common trait whose companies {often} {lift:.1f} times as often as the others would most likely have "
        "been found; weaker or rarer ones may exist."
    )


def _traits_per_side_phrase(won: int, lost: int, names: tuple[str, str]) -> str:
    """Which side the traits mark."""
    if won + lost == 1:
        return f"it marks the {names[0 if won else 1]}"
    return f"{won:,} mark the {names[0]}, {lost:,} the {names[1]}"
