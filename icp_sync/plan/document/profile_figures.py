"""Counts of companies by what the profile asks of them: scores, criteria, properties, places, missing values."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from icp_sync.plan.document.named_companies import DocumentPart
from icp_sync.profile.model.criteria import Trait
from icp_sync.profile.model.types import Outcome, TierName

BIN_POINTS: Final = 5
"""The width of a bin of scores; a full 100 counts in the last one, 95."""
MAX_EXAMPLES: Final = 3
MAX_SHOPPING: Final = 10
NEAR_POINTS: Final = 5
"""How far under a threshold a score still counts as near."""

Count = Annotated[int, Field(ge=0)]
Bin = tuple[Annotated[int, Field(ge=0, le=95, multiple_of=BIN_POINTS)], Outcome, Count]
"""The lower end of a bin, an outcome, and the companies of that outcome whose score lies in it; never 0 of them."""
Examples = Annotated[tuple[str, ...], Field(max_length=MAX_EXAMPLES)]


class Scores(DocumentPart):
    """Companies in scope by fit score and by potential, in bins of 5 points that ascend; empty bins are left out."""

    fit: tuple[Bin, ...] = ()
    potential: tuple[Bin, ...] = ()


class TierLine(DocumentPart):
    """A tier of the profile and its line on the scale of scores.

    `enter`, `leave`: points, 0–100; `leave` equals `enter` where the profile has none. `capacity`: places in all or,
    where `per` names a property, for each of its values; None = no limit. `companies`: in the tier as wanted. `near`:
    companies in scope outside it, and outside every higher one, with a fit score at most 5 points under `enter`;
    `near_leave`: those in it less than 5 points above `leave`, None where that was not counted. `full`: companies above
    the line that find no place in it.
    """

    tier: TierName
    enter: float
    leave: float
    capacity: int | None = None
    per: str | None = None
    companies: Count = 0
    near: Count = 0
    near_leave: Count | None = None
    full: Count = 0


class Answers(DocumentPart):
    """Companies by their answer to one criterion. `unknown` counts only where unknown is no miss by the profile."""

    hit: Count = 0
    partial: Count = 0
    miss: Count = 0
    unknown: Count = 0


class CriterionFigures(Answers):
    """A criterion and the answers of all companies in scope; `in_tier_1`: of those wanted in tier 1 alone.

    `weight`: as the profile has it; `points`: what a hit adds to the fit score, of 100. `trait` None = not said.
    """

    id: str
    label: str
    trait: Trait | None
    weight: float
    points: float
    required: bool
    in_tier_1: Answers


class DisqualifierFigures(DocumentPart):
    """A disqualifier, and the companies it rules out; of several that would, the first in the profile counts."""

    id: str
    reason: str
    companies: Count


class PropertyFigures(DocumentPart):
    """A property the profile reads, over all companies read.

    `filled`: with any text; `read`: of them those whose text says what was asked for; `unrecognised`: those whose
    text says something that nobody could read. The rest of `filled` are words such as "N/A". `examples`: of texts not
    recognised, the most frequent first, quoted, with the nearest known value in brackets where there is one.
    """

    name: str
    filled: Count
    read: Count
    unrecognised: Count
    examples: Examples = ()


class Place(DocumentPart):
    """Companies in scope by country; `tier_1` … `tier_3`: of them those wanted in the tier."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")]
    companies: Count
    tier_1: Count = 0
    tier_2: Count = 0
    tier_3: Count = 0


class ShoppingItem(DocumentPart):
    """Missing values that would decide most, best first: what filling one property group could change.

    `properties`: what one purchase fills; `criteria`: whose answers it gives. Of the undecided companies: `missing`
    lack it; `lifts`: tier → those a hit would lift to that tier; `settles`: those it decides either way; `expected`:
    lifted ones at the rate known companies hit, None where too few are known; `unreadable`: those with a text that
    nobody can read, which is free to correct.
    """

    properties: tuple[str, ...]
    criteria: tuple[str, ...]
    missing: Count
    lifts: dict[TierName, Count]
    settles: Count
    expected: float | None
    unreadable: Count
