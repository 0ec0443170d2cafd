"""Counts who stands where: moves from tier to tier, changes of lists, records people hold, and evidence not given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.plan.diff_columns import FOREIGN, IN_SCOPE, LOCKED, has_counted_tier, known_tier, live
from icp_sync.plan.document.movement import EvidenceNote, ListFigures, Move, People, Review, Standing
from icp_sync.plan.document.named_companies import MAX_LOCKED, MAX_NAME, NamedCompany
from icp_sync.plan.list_diff import ListChange
from icp_sync.profile.lint.template_leftovers import is_placeholder
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TIERS
from icp_sync.text_truncation import truncate

NONE: Final = "none"
STANDINGS: Final[tuple[Standing, ...]] = (*TIERS, NONE)


def count_moves(diff: pl.DataFrame) -> tuple[Move, ...]:
    """All 16 cells of tier before × tier wanted, of companies in scope and of those that left it and lose their tier.

    The companies are those that `Population.live_tiers` counts. Empty where the profile writes no tier.
    """
    if "live.tier" not in diff.columns:
        return ()
    before = known_tier(live("tier")).fill_null(NONE)
    after = pl.when(IN_SCOPE).then("effective_tier").fill_null(NONE)
    concerned = diff.lazy().filter(has_counted_tier()).select(before=before, after=after)
    counted = concerned.group_by("before", "after").len().collect()
    cells = {(was, now): count for was, now, count in counted.iter_rows()}
    return tuple(
        Move(before=was, after=now, companies=cells.get((was, now), 0)) for was in STANDINGS for now in STANDINGS
    )


def count_list_changes(changes: Iterable[ListChange]) -> tuple[ListFigures, ...]:
    """Each list of the plan with what it changes."""
    return tuple(
        ListFigures(
            name=change.name,
            kind=change.kind,
            members=change.members if change.kind == "static" else None,
            add=len(change.add),
            remove=len(change.remove),
            create=change.id is None,
            filter=change.id is not None and change.filters is not None,
        )
        for change in changes
    )


def count_locked_and_foreign(diff: pl.DataFrame) -> People:
    """Companies locked and foreign; overrides, held inputs and pins are the run's to tell."""
    locked, foreign = diff.select(LOCKED.sum().alias("locked"), FOREIGN.sum().alias("foreign")).row(0)
    return People(locked=locked, foreign=foreign, locked_named=tuple(_name_locked_companies(diff)))


def _name_locked_companies(diff: pl.DataFrame) -> Iterator[NamedCompany]:
    """The first companies that are locked, by id."""
    texts = [name for name in ("name", "domain") if name in diff.columns]
    rows = diff.filter(LOCKED).sort(ID).head(MAX_LOCKED).select(ID, *texts)
    for row in rows.iter_rows(named=True):
        named = {name: truncate(row[name] or "", MAX_NAME) for name in texts}
        yield NamedCompany(id=str(row[ID]), **named)


def profile_review_figures(profile: Profile) -> Review:
    """Who answers for the profile, by when it must be looked at again, and which criteria say why."""
    last = profile.last_review
    return Review(
        review_by=profile.profile.review_by,
        owner=profile.profile.owner,
        last=last and last.date,
        by=last and last.by,
        evidence=tuple(
            EvidenceNote(
                id=criterion.id,
                given=criterion.evidence is not None,
                placeholder=criterion.evidence is not None and is_placeholder(criterion.evidence),
            )
            for criterion in profile.criteria
        ),
    )
