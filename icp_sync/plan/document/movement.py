"""What moves: from tier to tier, for which causes, on which lists, and whom people hold fast."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from icp_sync.plan.change_explanation import Cause
from icp_sync.plan.document.named_companies import MAX_LOCKED, DocumentPart, Example, NamedCompany
from icp_sync.plan.document.profile_figures import MAX_EXAMPLES, Count
from icp_sync.profile.model.types import Committee, TierName

Standing = TierName | Literal["none"]


class Move(DocumentPart):
    """Companies with the tier `before` on the record and `after` wanted; one cell of the matrix."""

    before: Standing
    after: Standing
    companies: Count


class CauseFigures(DocumentPart):
    """Companies the plan changes for one cause, and the best of them by fit score, those that change tier first."""

    cause: Cause
    companies: Count
    examples: Annotated[tuple[Example, ...], Field(max_length=MAX_EXAMPLES)] = ()


class ListFigures(DocumentPart):
    """A list of the profile. `members`: companies on it before; None for an active list, which HubSpot fills itself.

    `add`, `remove`: companies the plan moves. `create`: it is not in HubSpot yet. `filter`: its filter is replaced.
    """

    name: str
    kind: Literal["static", "active"]
    members: Count | None
    add: Count
    remove: Count
    create: bool = False
    filter: bool = False


class People(DocumentPart):
    """Companies that people hold against the profile, after the run.

    `locked`: by the profile's lock property, `locked_named` the first of them; `foreign`: with a tier or flag that is
    not ours; `overrides`: tiers and flags somebody set by hand, still open; `held`: companies judged by an input they
    lost; `pins`: companies put on or taken off static lists by hand.
    """

    locked: Count = 0
    foreign: Count = 0
    overrides: Count = 0
    held: Count = 0
    pins: Count = 0
    locked_named: Annotated[tuple[NamedCompany, ...], Field(max_length=MAX_LOCKED)] = ()


class CommitteeTier(DocumentPart):
    """Companies of a tier by how far their buying committee is covered by contacts, after the run."""

    tier: TierName
    committees: dict[Committee, Count]


class MissingPersona(DocumentPart):
    """A decision maker or user we look for, and the companies none of whose contacts is one."""

    title: str
    companies: Count


class Committees(DocumentPart):
    """The buying committees of the tiers that are looked after; empty where the profile writes none."""

    tiers: tuple[CommitteeTier, ...] = ()
    missing: tuple[MissingPersona, ...] = ()


class EvidenceNote(DocumentPart):
    """Whether a criterion says why we believe in it, and whether that is still the template's placeholder."""

    id: str
    given: bool
    placeholder: bool


class Drift(DocumentPart):
    """How far fit scores have shifted since the run at the last review, by the same rules.

    `psi`: the population stability index over `before` and `now`, companies in scope by tenth of the scale, the lowest
    first; over 0.2 is a shift one should look at.
    """

    since: dt.datetime
    run_id: str
    psi: Annotated[float, Field(ge=0)]
    before: Annotated[tuple[Count, ...], Field(min_length=10, max_length=10)]
    now: Annotated[tuple[Count, ...], Field(min_length=10, max_length=10)]


class Review(DocumentPart):
    """Who answers for the profile and by when it must be looked at again; None where the profile does not say.

    `last`, `by`: the day of the last review, and whose it was. `drift`: None without a review, and where no report of a
    run since then by the same rules is kept.
    """

    review_by: dt.date | None = None
    owner: str | None = None
    last: dt.date | None = None
    by: str | None = None
    drift: Drift | None = None
    evidence: tuple[EvidenceNote, ...] = ()
