"""The answer of `discover` in a sentence: what tells the two sides apart, or what would have been seen."""

from __future__ import annotations

from typing import Final

from icp_sync.evidence.comparison_sides import Sides
from icp_sync.evidence.discover import Discovery
from icp_sync.evidence.discover_document import Draft

NOTHING: Final = "No trait sets the companies you won apart from those you lost."
NOTHING_LISTED: Final = "No trait sets the companies you listed apart from the others."
_NONE: Final = (
    "No trait could be compared: what the profile reads is alike, or unknown, for nearly all of these companies. "
    "icp-sync discover --all-properties looks at everything the portal has on them."
)
_KEEP: Final = "Keep the profile, ask your people (icp-sync sample), look again in a quarter."


def discover_sentence(discovery: Discovery, sides: Sides, draft: Draft | None) -> str:
    """The answer of `discover`, for people without statistics."""
    if not discovery.matrix.traits:
        return _NONE
    listed = sides.contrast == "customers"
    rise = [trait.difference > 0 for trait in discovery.traits.values() if trait.distinct]
    if not rise:
        return f"{NOTHING_LISTED if listed else NOTHING} {_seen(discovery.detectable_lift, listed=listed)} {_KEEP}"
    what = "listed companies from all others" if listed else "won from lost companies"
    traits = "One trait tells" if len(rise) == 1 else f"{len(rise):,} traits tell"
    if draft:
        end = _marks(sum(rise), len(rise) - sum(rise), ("listed", "others") if listed else ("won", "lost"))
    else:
        others = "are not listed" if listed else "did not buy"
        end = f"each marks companies that {others}, so there is nothing to draft a profile from"
    return f"{traits} {what} by more than chance, of {len(discovery.matrix.traits):,} looked at; {end}."


def _seen(lift: float | None, *, listed: bool) -> str:
    """What would have been found, had it been there."""
    if lift is None:
        return f"There are too few {'companies' if listed else 'deals'} for even a strong one to show."
    often = f"is listed {lift:.1f} times as often" if listed else f"goes with {lift:.1f} times as many wins"
    return (
        f"One that a quarter of the companies have, and that {often}, would very likely have been found; weaker ones "
        "may exist."
    )


def _marks(won: int, lost: int, names: tuple[str, str]) -> str:
    """Which side the traits mark."""
    if won + lost == 1:
        return f"it marks the {names[0]}" if won else f"it marks the {names[1]} (lift under 1)"
    return f"{won:,} mark the {names[0]}, {lost:,} the {names[1]} (lift under 1)"
