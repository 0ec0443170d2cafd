"""What applying a plan does, in order, as values: forecast, preview and apply all read them.

The forecast counts their calls, the preview names what they make, and apply asks for their scopes before its first
write and then carries them out in this order (`runs/apply/apply.py`, `runs/apply/sync_lists.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import ClassVar, Final

import polars as pl

from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.plan import MissingObjects, Plan

COMPANIES_PER_CALL: Final = 100
# HubSpot names no limit of ids a call; a repeated call changes nothing, so a large one is safe.
MEMBERS_PER_CALL: Final = 5_000
AnyOf = tuple[str, ...]
"""Scopes any of which will do; the first is the one to grant."""
COMPANY_WRITING: Final[AnyOf] = ("crm.objects.companies.write",)
# HubSpot's descriptions name the first and the last; since 2026-09 its documentation names the second beside them.
LIST_WRITING: Final[AnyOf] = ("crm.lists.write", "crm.segments.write", "cms.membership.access_groups.write")


@dataclass(frozen=True, slots=True)
class CreateProperties:
    """Create the property group, properties and options that the portal lacks; one call each.

    `scope` is None: where the token may not create them, apply names the properties to make by hand.
    """

    missing: MissingObjects
    scope: ClassVar[AnyOf | None] = None

    @property
    def calls(self) -> int:
        """HTTP calls, without retries."""
        return len(self.missing.properties) + len(self.missing.options) + self.missing.group


@dataclass(frozen=True, slots=True)
class WriteCompanies:
    """Write the change frame, 100 companies a batch: each batch is read again, then written."""

    changes: pl.DataFrame
    scope: ClassVar[AnyOf | None] = COMPANY_WRITING

    @property
    def calls(self) -> int:
        """HTTP calls, without retries."""
        return 2 * ceil(self.changes.height / COMPANIES_PER_CALL)


@dataclass(frozen=True, slots=True)
class CreateFolder:
    """Create the folder that new lists are put in."""

    scope: ClassVar[AnyOf | None] = LIST_WRITING
    calls: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class SyncList:
    """Create one list, move its members or replace its filters."""

    change: ListChange
    scope: ClassVar[AnyOf | None] = LIST_WRITING

    @property
    def calls(self) -> int:
        """HTTP calls, without retries: one both adds and removes; a list is created together with its filter."""
        change = self.change
        members = max(len(change.add), len(change.remove))
        return ceil(members / MEMBERS_PER_CALL) + (change.id is None or change.filters is not None)


CompanyStage = CreateProperties | WriteCompanies
ListStage = CreateFolder | SyncList


@dataclass(frozen=True, slots=True)
class ApplyStages:
    """The stages of one apply, in order: those of the companies, then those of the lists, which follow the records."""

    companies: tuple[CompanyStage, ...]
    lists: tuple[ListStage, ...]

    def __iter__(self) -> Iterator[CompanyStage | ListStage]:
        yield from self.companies
        yield from self.lists

    @property
    def calls(self) -> int:
        """HTTP calls, without retries: of all stages, and one that asks for the token's scopes before them."""
        return sum(stage.calls for stage in self) + bool(self.scopes)

    @property
    def scopes(self) -> tuple[AnyOf, ...]:
        """The scopes that the stages need, each once, in the order of the stages."""
        return tuple(dict.fromkeys(stage.scope for stage in self if stage.scope))


def apply_stages(plan: Plan) -> ApplyStages:
    """What applying `plan` does, in order; a stage with nothing to do is left out."""
    create = CreateProperties(plan.to_make)
    company_stages = (create, WriteCompanies(plan.changes))
    list_stages = (SyncList(change) for change in plan.lists if change.is_pending)
    return ApplyStages(
        companies=tuple(stage for stage in company_stages if stage.calls),
        lists=(*((CreateFolder(),) if plan.to_make.folder else ()), *list_stages),
    )
