"""What a plan depends on besides companies and profile: the lists in HubSpot, what was remembered, what was asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.plan.list_diff import Filters, ListChange
from icp_sync.plan.list_pins import OpenPins
from icp_sync.plan.plan import MissingObjects, PlanOrigin
from icp_sync.plan.quarantine import Quarantine
from icp_sync.plan.undone_changes import UndoneChanges

NO_IDS: Final = pl.Series("id", [], dtype=pl.Int64)


@dataclass(frozen=True, slots=True)
class LiveList:
    """A list of the profile in HubSpot now: `id` None = not created yet; member ids (static) or filters (active).

    Of a static list also, as ids: `last` members after our last change, None = unknown; `sent` and `placed`: whom runs
    of ours may have put there, and whom surely, as far as that is known; `pins`: who stays on it or off it by hand.
    """

    id: str | None = None
    members: pl.Series = field(default_factory=lambda: NO_IDS)
    filters: Filters | None = None
    last: pl.Series | None = None
    sent: pl.Series = field(default_factory=lambda: NO_IDS)
    placed: pl.Series = field(default_factory=lambda: NO_IDS)
    pins: OpenPins = field(default_factory=OpenPins)


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """What a plan depends on besides companies and profile.

    `lists`: profile list name → the live list; None leaves lists alone (a canary). `last_read`: companies read by
    the last complete run, None without one. `limit`: change only the first N companies by fit score. `meeting`: list
    name → Boolean columns of `scoring.list_filter.match_list_clauses`, for lists that ask for companies' own values.
    `best`: `id` and `best_profile`, None for a profile run alone; `arms`: of
    `experiment_arms`, None where the champion is not in the run. `base`: `id` and `base.OUTPUT`, the texts we last
    wrote, None where that is unknown. `quarantine`: companies HubSpot refused before. `taken_back`: what undos took
    back. `cause`: of every change, where the desired texts do not come from scores; `list_changes` are then those of
    the lists. `other_stamps`, `on_missing_files`: see `GuardrailContext`. `committee`: of
    `buying_committee.committee_texts`, None where the profile has none. `read`: the frame of all companies that were
    read, where the company frame has those alone that the plan may be about (`diff_candidate_mask`).
    """

    origin: PlanOrigin
    to_make: MissingObjects
    lists: Mapping[str, LiveList] | None
    last_read: int | None
    allow: Collection[str] = ()
    limit: int | None = None
    meeting: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    best: pl.DataFrame | None = None
    committee: pl.DataFrame | None = None
    arms: pl.DataFrame | None = None
    base: pl.DataFrame | None = None
    quarantine: Quarantine = field(default_factory=Quarantine)
    other_stamps: int | None = None
    on_missing_files: int | None = None
    taken_back: UndoneChanges | None = None
    cause: str | None = None
    list_changes: tuple[ListChange, ...] | None = None
    read: pl.DataFrame | None = None
