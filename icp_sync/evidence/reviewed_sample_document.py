"""The document of a blind sample read back: what people say of companies, beside what the profile says of them."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from icp_sync.evidence.document_types import Auc, Count, Difference, DocumentPart, Share

Opinion = Literal["fit", "no_fit", "unsure"]


class SheetFigures(DocumentPart):
    """A filled sheet: its reviewers, its rows, and how many of them have an opinion."""

    file: str
    reviewers: tuple[str, ...]
    rows: Count
    filled: Count


class TierAgreement(DocumentPart):
    """Opinions on the companies of a tier or outcome; `agreed` of the `counted` say what the profile says.

    `counted`: those that say fit or no fit of companies of which the profile says either. A tier says fit, `not_icp`
    and `disqualified` say no fit; `insufficient_data` says nothing, and `agreed` is null.
    `rate` between `low` and `high` (95 %) is null under 20 opinions, as `too_few` says.
    """

    tier: str
    companies: Count
    fit: Count
    no_fit: Count
    unsure: Count
    counted: Count
    agreed: Count | None
    rate: Share | None
    low: Share | None
    high: Share | None
    too_few: bool


class DepartmentAgreement(DocumentPart):
    """Opinions of a department, as those on a tier; `department` is empty where none was given."""

    department: str
    reviewers: Count
    companies: Count
    fit: Count
    no_fit: Count
    unsure: Count
    counted: Count
    agreed: Count
    rate: Share | None
    low: Share | None
    high: Share | None
    too_few: bool


class Pair(DocumentPart):
    """Two reviewers: companies both called fit or no fit, of how many they said the same, and Cohen's kappa.

    `kappa` is null under 20 companies, and where both gave one answer only.
    """

    first: str
    second: str
    in_common: Count
    agreed: Count
    kappa: Difference | None


class GivenOpinion(DocumentPart):
    """What one person said of one company."""

    reviewer: str
    department: str
    opinion: Opinion
    why: str


class Disagreement(DocumentPart):
    """A company of which somebody says the contrary of the profile. `against`: how many do; `reasons`: the profile's.

    `id` is HubSpot's, as text; `tier`: a tier or an outcome.
    """

    id: str
    name: str
    tier: str
    score: float
    reasons: str
    against: Count
    with_profile: Count
    opinions: tuple[GivenOpinion, ...]


class SampleDocument(DocumentPart):
    """What people say of a sample, by the profile as it is on disk.

    `unfilled`: rows without an opinion; `repeated`: opinions given twice alike and counted once; `gone`: opinions on
    companies that are not scored any more. `design_effect`: how many opinions on one company tell as much as one on
    another. `auc`: how well the fit score ranks what the majority calls fit before what it calls no fit.
    """

    format: Literal[1] = 1
    profile: str
    digest: str
    portal_id: int
    as_of: dt.date
    read_at: dt.datetime
    sheets: tuple[SheetFigures, ...]
    companies: Count
    opinions: Count
    unsure: Count
    unfilled: Count
    repeated: Count
    gone: Count
    design_effect: float
    tiers: tuple[TierAgreement, ...]
    departments: tuple[DepartmentAgreement, ...]
    pairs: tuple[Pair, ...]
    auc: Auc
    disagreements: tuple[Disagreement, ...]
