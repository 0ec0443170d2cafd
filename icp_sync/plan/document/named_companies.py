"""Companies a document names one by one: who they are, and the part of a document all models share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from icp_sync.plan.change_explanation import Cause, Pieces, Thresholds
from icp_sync.profile.model.types import Outcome, TierName
from icp_sync.text_truncation import truncate

MAX_NAME: Final = 200
"""Characters of a company's name or domain; longer ones end in "…"."""
MAX_REASONS: Final = 1024
"""Characters of reasons, as on the record."""
MAX_TARGET_ACCOUNTS: Final = 50
MAX_LOCKED: Final = 50
MAX_MOVERS: Final = 20
"""Companies that rise, and as many that fall."""


class DocumentPart(BaseModel):
    """A part of a document: frozen, with no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NamedCompany(DocumentPart):
    """A company as a list shows it. Its texts are the portal's, and may hold anything."""

    id: Annotated[str, Field(pattern=r"^\d{1,19}$", description="HubSpot's record id, digits.")]
    name: Annotated[str, Field(max_length=MAX_NAME)] = ""
    domain: Annotated[str, Field(max_length=MAX_NAME)] = ""


class TargetAccount(NamedCompany):
    """A company in a tier, best first: by tier, fit score, id.

    `owner`: HubSpot's id of the record's owner, None where there is none or it was not read. `tier`: the one wanted
    after the run. `score`: 0–100.
    """

    owner: Annotated[str, Field(max_length=MAX_NAME)] | None = None
    tier: TierName
    score: float
    reasons: Annotated[str, Field(max_length=MAX_REASONS)]


class Example(NamedCompany):
    """A company that changes for a cause, with the sentence that says why; `before` and `after` None = no tier."""

    before: TierName | None
    after: TierName | None
    sentence: str


class Mover(NamedCompany):
    """A company whose fit score, tier or outcome moves, and what moved it.

    `tier_before`, `reasons_before`: from the record, None = none. `tier_after`, `reasons`: wanted; None = no tier.
    `score_before`: 0–100, from the record or, where the profile writes no score, as scored then; None where the cause
    was not worked out. `score_after`: None where the company left the scope. `points`: `score_after` less
    `score_before`, a missing one counting 0. `outcome`: None where the company left the scope. `pieces`: points by
    criterion and step, which sum to `points`; empty where they were not worked out. `sentence`: all of it in one line
    without a full stop.
    """

    owner: Annotated[str, Field(max_length=MAX_NAME)] | None = None
    cause: Cause
    tier_before: TierName | None
    tier_after: TierName | None
    score_before: float | None
    score_after: float | None
    points: float
    outcome: Outcome | None
    reasons_before: Annotated[str, Field(max_length=MAX_REASONS)] | None
    reasons: Annotated[str, Field(max_length=MAX_REASONS)] | None
    sentence: str
    pieces: Pieces = ()
    thresholds: Thresholds = ()


class Movers(DocumentPart):
    """The companies of the plan that rise and fall most: by tiers moved, then by points, then by id.

    Companies scored for the first time are in neither: they came from nowhere.
    """

    up: Annotated[tuple[Mover, ...], Field(max_length=MAX_MOVERS)] = ()
    down: Annotated[tuple[Mover, ...], Field(max_length=MAX_MOVERS)] = ()


class Quarantined(DocumentPart):
    """A company HubSpot refused and that is left alone; `since` is ISO 8601 in UTC."""

    id: Annotated[str, Field(pattern=r"^\d{1,19}$")]
    reason: str
    since: str


class Refusal(DocumentPart):
    """What was skipped or refused: the id of a company or name of a list, and why."""

    id: str
    reason: str


def name_fields(row: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a `NamedCompany` from a row with `id`, `name` and `domain`."""
    return {
        "id": str(row["id"]),
        "name": truncate(row["name"] or "", MAX_NAME),
        "domain": truncate(row["domain"] or "", MAX_NAME),
    }
