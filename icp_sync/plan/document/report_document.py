"""The document of a run as one typed value; its JSON Schema is what `icp-sync schema --report` prints."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from icp_sync.plan.document.movement import CauseFigures, Committees, ListFigures, Move, People, Review
from icp_sync.plan.document.named_companies import (
    MAX_TARGET_ACCOUNTS,
    DocumentPart,
    Movers,
    Quarantined,
    Refusal,
    TargetAccount,
)
from icp_sync.plan.document.profile_figures import (
    MAX_SHOPPING,
    Count,
    CriterionFigures,
    DisqualifierFigures,
    Place,
    PropertyFigures,
    Scores,
    ShoppingItem,
    TierLine,
)
from icp_sync.plan.document.run_sections import (
    Account,
    Applied,
    Calls,
    Changes,
    Companies,
    Continued,
    Cost,
    Fault,
    GuardrailFigures,
    HeldInputs,
    Missing,
    Offline,
    Overrides,
    ProfileFigures,
    Quota,
    Reading,
    TiersSet,
)
from icp_sync.profile.model.types import Outcome, TierName

FORMAT: Final = 1
MAX_LISTED: Final = 50
"""Companies listed as skipped, refused or quarantined; their totals stand beside them."""
Command = Literal["plan", "run", "apply", "backfill", "report", "score"]
State = Literal["planned", "written", "held", "partly", "failed"]
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class ReportDocument(DocumentPart):
    """A run, counted. Shares are 0–1, scores points of 100, moments UTC, ids digits as text.

    `state`: `planned` shows what would be written; `written` all of it was (also when nothing had to be); `held` by a
    guardrail, nothing was written; `partly`: something was; `failed`: nothing, for another reason. `at`: when the run
    began, by the portal's clock. `command` is `report` where the snapshot was scored without a run; `run_id` is then
    None, `offline` is given, and nothing was applied. `file`: the name of the file whose companies were scored by
    `score`, without a portal: `portal_id` is then 0, `account.ui_domain` "", and ids are rows of the file, from 1.

    `tiers`: companies by tier as the plan wants them; `live_tiers`: as they stood on the records before it,
    `written_tiers` as they stand after the run; both empty where the profile writes no tier, as is `matrix` (else 16
    cells; its rows sum to `live_tiers`, its columns to `tiers`). All about scores, criteria, disqualifiers, properties
    and places is empty where nobody counted the companies (`is_counted`): where a plan from a file was applied of which
    no document is left, and where the counts fitted no document.

    `limit`: the most companies a canary changes, which leaves lists alone; None for a run of all. `asks_place`: whether
    the profile asks where a company is.

    `next_command`: the command line to go on with, None where nothing is due. `error`: None where all went well.
    """

    format: Literal[1] = FORMAT
    command: Command
    state: State
    at: dt.datetime
    run_id: str | None
    portal_id: int
    account: Account
    profile: ProfileFigures
    as_of: dt.date
    offline: Offline | None = None
    file: str | None = None
    next_command: str | None = None

    companies: Companies
    outcomes: dict[Outcome, Count]
    tiers: dict[TierName, Count]
    live_tiers: dict[TierName, Count]
    written_tiers: dict[TierName, Count]
    tier_lines: tuple[TierLine, ...] = ()
    matrix: Annotated[tuple[Move, ...], Field(max_length=16)] = ()
    causes: tuple[CauseFigures, ...] = ()
    put_back: Count = 0
    movers: Movers = Movers()

    scores: Scores = Scores()
    criteria: tuple[CriterionFigures, ...] = ()
    disqualifiers: tuple[DisqualifierFigures, ...] = ()
    properties: tuple[PropertyFigures, ...] = ()
    unrecognised: dict[str, Count] = Field(default_factory=dict)
    unrecognised_examples: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    shopping: Annotated[tuple[ShoppingItem, ...], Field(max_length=MAX_SHOPPING)] = ()
    places: tuple[Place, ...] = ()
    asks_place: bool = True
    target_accounts: Annotated[tuple[TargetAccount, ...], Field(max_length=MAX_TARGET_ACCOUNTS)] = ()

    changes: Changes
    to_make: Missing
    limit: Count | None = None
    lists: tuple[ListFigures, ...] = ()
    guardrails: tuple[GuardrailFigures, ...] = ()
    allowed: tuple[str, ...] = ()
    people: People = People()
    held: HeldInputs
    overrides: Overrides
    tiers_set: tuple[TiersSet, ...] = ()
    pins: dict[Literal["in", "out"], Count]
    review: Review = Review()
    committees: Committees = Committees()

    forecast: Cost | None = None
    applied: Applied
    already: Count
    made: tuple[str, ...]
    skipped: Annotated[tuple[Refusal, ...], Field(max_length=MAX_LISTED)]
    skipped_total: Count = 0
    rejected: Annotated[tuple[Refusal, ...], Field(max_length=MAX_LISTED)]
    rejected_total: Count
    quarantined: Annotated[tuple[Quarantined, ...], Field(max_length=MAX_LISTED)]
    quarantined_total: Count
    lists_failed: tuple[dict[str, str], ...]
    calls: Calls
    quota: Quota = Quota()
    seconds: Annotated[float, Field(ge=0)]
    reading: Reading | None = None
    goes_on_with: Continued | None = None
    error: Fault | None = None

    @property
    def is_counted(self) -> bool:
        """Whether the companies in scope were counted; else nothing is known of what the counts would say."""
        return bool(self.scores.fit) or not self.companies.scored


def report_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a saved document."""
    schema = ReportDocument.model_json_schema(mode="serialization")
    return {"$schema": _DIALECT, **schema, "title": "icp_sync report"}


def misfit_reason(misfit: ValidationError) -> str:
    """What does not fit a document, where, without the value: `PropertyFigures, read: Input should be …`."""
    first = misfit.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{misfit.title}, {'.'.join(map(str, first['loc']))}: {first['msg']}"
