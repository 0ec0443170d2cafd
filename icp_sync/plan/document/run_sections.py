"""What a run read, planned, wrote and spent: the parts of a document that `--json` has too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Self

from icp_sync.errors import IcpSyncError
from icp_sync.plan.document.named_companies import DocumentPart
from icp_sync.plan.document.profile_figures import Count
from icp_sync.profile.load import LoadedProfile


class Account(DocumentPart):
    """The portal as a page needs it: the host of its record pages, IANA time zone, ISO 4217 currency (None unknown)."""

    ui_domain: str
    time_zone: str
    currency: str | None = None


class ProfileFigures(DocumentPart):
    """The profile: `digest` of what it means for scoring; `file`: of its whole text; `title` None = it has none."""

    name: str
    digest: str
    file: str
    kind: str
    title: str | None = None

    @classmethod
    def from_loaded(cls, loaded: LoadedProfile) -> Self:
        """Those of a profile as it is in its file."""
        header = loaded.profile.profile
        return cls(
            name=header.name, digest=loaded.digest, file=loaded.file_digest, kind=header.kind, title=header.title
        )


class Companies(DocumentPart):
    """Companies read, in scope and scored, and with a tier or flag that is not ours."""

    read: Count
    scored: Count
    foreign: Count


class Changes(DocumentPart):
    """What the plan changes: `companies` in all, and by property how many get a new text.

    `lists`: list name → what changes on it, how many meet each clause of its rule, and a few members.
    """

    companies: Count
    properties: dict[str, Count]
    lists: dict[str, dict[str, Any]]


class Missing(DocumentPart):
    """What the portal lacks and applying makes: properties, and options by property."""

    properties: tuple[str, ...]
    options: dict[str, tuple[str, ...]]


class Cost(DocumentPart):
    """What applying the plan was forecast to take; shares are 0–1, None = not known.

    `history`: calls more that `run` spends before, on asking who set tiers and flags.
    """

    calls: Count
    minutes: float
    share_of_day: float | None
    left_today: int | None
    history: Count


class Applied(DocumentPart):
    """Companies and lists written, and both that failed."""

    companies: Count
    lists: Count
    failed: Count


class Calls(DocumentPart):
    """HTTP calls sent in all and by route (method and path without version), retries included."""

    total: Count
    by_route: dict[str, Count]


class Quota(DocumentPart):
    """The portal's calls a day: its limit, what is left to us, and which setting bounds that ("" unknown); None too."""

    limit: int | None = None
    left: int | None = None
    bound: str = ""


class GuardrailFigures(DocumentPart):
    """A guardrail: `part` of `whole` is `actual` (0–1, None = too few companies to judge) against `limit` (0–1).

    `bound`: "at most" or "at least". `held`: it blocks the plan. `allowed`: overridden by `--allow`. `list`: the list
    it is about.
    """

    name: str
    limit: float
    actual: float | None
    held: bool
    part: int
    whole: int | None
    allowed: bool
    bound: str
    list: str | None = None


class Reading(DocumentPart):
    """What was read from the portal: every company (`whole`) or only those changed, and what was odd about it."""

    whole: bool
    companies: Count
    notes: tuple[str, ...]


class Offline(DocumentPart):
    """A document scored from the snapshot, with no call to HubSpot.

    `read_at`: the moment (UTC) up to which the snapshot is true. `edited`: the profile's text is another one than at
    the last run; None where no run is known.
    """

    read_at: dt.datetime
    edited: bool | None


class EmptiedProperty(DocumentPart):
    """By whom, in words, and when first (UTC) a lost `property` of so many companies was emptied."""

    property: str
    companies: Count
    at: dt.datetime
    by: str


class HeldInputs(DocumentPart):
    """Companies judged by an input they lost, by property, and the properties that are in an outage."""

    companies: Count
    properties: dict[str, Count]
    outages: tuple[str, ...]
    emptied: tuple[EmptiedProperty, ...] = ()


class Overrides(DocumentPart):
    """Tiers and flags that stand as somebody else set them: open after the run, opened and ended by it."""

    open: Count
    opened: Count
    ended: Count


class TiersSet(DocumentPart):
    """Companies whose tier somebody else set since the last run, by author, `before` and `after` ("" = no tier)."""

    before: str
    after: str
    by: str
    companies: Count


class Fault(DocumentPart):
    """Why a run did not do all of its plan: a code for machines, one sentence, and details."""

    code: str
    message: str
    details: tuple[Any, ...]

    @classmethod
    def from_error(cls, error: IcpSyncError) -> Self:
        """An error as `--json` tells it: a detail that is a mapping as it is, any other as text."""
        details = [dict(detail) if isinstance(detail, Mapping) else str(detail) for detail in error.details]
        return cls(code=error.code, message=error.message, details=tuple(details))


class Continued(DocumentPart):
    """The run that was killed before and that this one finished, after so many batches."""

    run_id: str
    batches: int
