"""The document of `discover`: traits that tell won from lost, how well they rank, and a draft of a profile."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from icp_sync.evidence.document_types import (
    BoundedDifference,
    Count,
    Difference,
    DocumentPart,
    Leak,
    Moment,
    PastReading,
    Share,
)

Contrast = Literal["won_lost", "customers"]


class FoundTrait(DocumentPart):
    """A trait that companies of one side have more often than chance explains.

    `n`: all companies compared; `known`: those of which the trait is known. Shares are of the won among those `with`
    and `without` it; `difference` lies between `low` and `high` (95 %, Newcombe). `p_adjusted` holds for all
    candidates at once. `distinct`: it says something that no stronger trait of the same property does. `criterion`: its
    id in the draft, null where it has none.
    """

    trait: str
    property: str
    n: Count
    known: Count
    won_with: Count
    decided_with: Count
    won_without: Count
    decided_without: Count
    lift: float | None
    difference: Difference
    low: Difference
    high: Difference
    p_adjusted: Share
    distinct: bool
    criterion: str | None = None


class ModelFigures(DocumentPart):
    """Means over `folds` parts of the companies that neither was fitted on; the model finds its traits anew in each.

    `gain`: of `auc` over `profile_auc`, between its bounds (paired DeLong in each part).
    """

    auc: Share
    profile_auc: Share
    gain: BoundedDifference
    folds: Count


class DraftTier(DocumentPart):
    """A tier of the draft, and the share of the scored companies it would hold."""

    tier: str
    enter: float
    companies: Count
    share: Share


class DraftCriterion(DocumentPart):
    """A criterion of the draft."""

    id: str
    words: str
    weight: float


class Draft(DocumentPart):
    """The draft: `text` is its file, in the profile's language; `file`: where it was written, null if nowhere."""

    name: str
    kind: Literal["icp", "ecp"]
    criteria: tuple[DraftCriterion, ...]
    tiers: tuple[DraftTier, ...]
    text: str
    file: str | None = None


class DiscoverDocument(DocumentPart):
    """What tells won from lost, or listed companies from all others.

    `judged`: by companies as they are (`now`), as each was when its deal `opened`, or so of the deals that opened once
    we had `written` a score, by which the present profile then ranks; `past`: what of it could be read.
    `properties_read`: with `--all-properties`, of how many beside the profile's; null without. `candidates`: traits
    compared. `detectable_lift`: how many times as often companies with a trait that a quarter have must win to be found
    in 8 of 10 such samples. `model` and `draft` are null where nothing was found; `draft` is null too where every found
    trait marks the lost.
    """

    format: Literal[1] = 1
    profile: str
    digest: str
    portal_id: int
    contrast: Contrast
    judged: Moment
    properties_read: Count | None
    past: PastReading | None
    since: dt.date | None
    as_of: dt.date
    won: Count
    lost: Count
    others_sampled: bool
    left_out: dict[str, Count]
    leaks: tuple[Leak, ...]
    seed: int
    permutations: Count
    candidates: Count
    found: tuple[FoundTrait, ...]
    detectable_lift: float | None
    model: ModelFigures | None
    draft: Draft | None
    sentence: str
