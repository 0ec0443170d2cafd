"""The few companies a document names: target accounts, movers, and examples of each cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_explanation import Why
from icp_sync.plan.change_frame import Change, cause_counts, iter_changes
from icp_sync.plan.change_sentence import change_sentence, set_by_sentence
from icp_sync.plan.diff_columns import IN_SCOPE
from icp_sync.plan.document.movement import CauseFigures
from icp_sync.plan.document.named_companies import (
    MAX_MOVERS,
    MAX_NAME,
    MAX_REASONS,
    MAX_TARGET_ACCOUNTS,
    Example,
    Mover,
    Movers,
    TargetAccount,
    name_fields,
)
from icp_sync.plan.document.profile_figures import MAX_EXAMPLES
from icp_sync.plan.tiers_set_by_others import SET_BY_OTHERS
from icp_sync.profile.model.types import TIERS
from icp_sync.text_truncation import truncate

OWNER: Final = "hubspot_owner_id"
_RANKS: Final = {tier: len(TIERS) - place for place, tier in enumerate(TIERS)}
_BEST_FIRST: Final = pl.col("score").fill_null(-1.0)


def rank_target_accounts(diff: pl.DataFrame) -> tuple[TargetAccount, ...]:
    """The best companies in a tier: by tier, fit score, id."""
    tiered = diff.lazy().filter(IN_SCOPE & pl.col("effective_tier").is_not_null())
    # Ranked by numbers alone: of a wide frame's million rows only fifty are ever gathered.
    ranked = tiered.select(ID, rank=_tier_rank(pl.col("effective_tier")), score="score").collect()
    best = ranked.top_k(MAX_TARGET_ACCOUNTS, by=["rank", "score", ID], reverse=[False, False, True])
    rows = _diff_rows_by_id(diff, best[ID])
    return tuple(
        TargetAccount(
            **name_fields(row), owner=row["owner"], tier=row["effective_tier"], score=row["score"],
            reasons=truncate(row["reasons"] or "", MAX_REASONS),
        )
        for row in (rows[company] for company in best[ID])
    )  # fmt: skip


def causes_with_best_companies(preview: PlanPreview) -> tuple[CauseFigures, ...]:
    """Each cause with its companies, and the best of them by fit score, those that change tier first."""
    counts = cause_counts(preview.plan.changes)
    moved = _company_moves(preview).with_columns(score=_BEST_FIRST)
    best = {
        cause: moved.filter(cause=cause).top_k(
            MAX_EXAMPLES, by=["is_moved", "score", ID], reverse=[False, False, True]
        )[ID]
        for cause in counts
    }
    changed = _changes_by_id(preview, [company for ids in best.values() for company in ids])
    return tuple(
        CauseFigures(
            cause=cause, companies=count, examples=tuple(_example(*changed[company]) for company in best[cause])
        )
        for cause, count in counts.items()
    )


def rank_movers(preview: PlanPreview, tiers_set: pl.DataFrame) -> Movers:
    """The companies that rise and fall most: by tiers moved, then by points, then by id.

    `tiers_set`: the tiers that others set since the last run (`SET_BY_OTHERS`), which count as moves too.
    """
    moved = _company_moves(preview, tiers_set).filter(~pl.col("cause").is_in(["first", "adopted"]))
    directions = {}
    for name, sign in (("up", 1), ("down", -1)):
        signed = moved.select(ID, tiers=sign * pl.col("tiers"), points=sign * pl.col("points"))
        going = signed.filter((pl.col("tiers") > 0) | ((pl.col("tiers") == 0) & (pl.col("points") > 0)))
        directions[name] = going.top_k(MAX_MOVERS, by=["tiers", "points", ID], reverse=[False, False, True])[ID]
    changed = _changes_by_id(preview, [company for ids in directions.values() for company in ids])
    by_others = {row[ID]: row for row in tiers_set.iter_rows(named=True)}
    return Movers(
        **{
            name: tuple(_mover(*changed[company], by_others.get(company)) for company in ids)
            for name, ids in directions.items()
        }
    )


def _company_moves(preview: PlanPreview, tiers_set: pl.DataFrame | None = None) -> pl.DataFrame:
    """The companies the plan changes: `id`, `cause`, `score`, `tiers` and `points` they rise, `is_moved`."""
    changes, diff = preview.plan.changes, preview.diff
    live = pl.col("live.tier") if "live.tier" in diff.columns else pl.lit(None, pl.String)
    before = (SET_BY_OTHERS.to_frame() if tiers_set is None else tiers_set).select(ID, "before")
    rows = diff.lazy().filter("is_changed").join(before.lazy(), on=ID, how="left").select(
        ID, score="score", tiers=_tier_rank(_tier_after()) - _tier_rank(pl.coalesce("before", live)),
    )  # fmt: skip
    why = pl.col("why").struct if "why" in changes.columns else None
    given = {name: why.field(name).fill_null(0.0) if why else pl.lit(0.0) for name in ("score_after", "score_before")}
    points = (given["score_after"] - given["score_before"]).round(1)
    caused = changes.lazy().select(ID, "cause", points=points)
    return caused.join(rows, on=ID).with_columns(is_moved=pl.col("tiers") != 0).collect()


def _tier_after() -> pl.Expr:
    """The tier a company has after the plan, null where it left the scope."""
    return pl.when(IN_SCOPE).then("effective_tier")


def _tier_rank(tier: pl.Expr) -> pl.Expr:
    """3 for tier 1, 0 for no tier."""
    return tier.replace_strict(_RANKS, default=0, return_dtype=pl.Int64)


def _diff_rows_by_id(diff: pl.DataFrame, ids: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
    """The rows of a few companies of the diff, by id, with null for what it lacks."""
    wanted = diff.filter(pl.col(ID).is_in(pl.Series(list(ids), dtype=pl.Int64).implode()))
    lacking = [
        pl.lit(None, pl.String).alias(name)
        for name in ("name", "domain", OWNER, "live.tier", "desired.tier", "live.score", "live.reasons")
        if name not in diff.columns
    ]
    rows = wanted.with_columns(*lacking).with_columns(tier_after=_tier_after(), owner=pl.col(OWNER).str.head(MAX_NAME))
    return {row[ID]: row for row in rows.iter_rows(named=True)}


def _changes_by_id(preview: PlanPreview, ids: Iterable[int]) -> Mapping[int, tuple[Mapping[str, Any], Change]]:
    """Of a few companies the row of the diff and the change, by id."""
    wanted = pl.Series(list(ids), dtype=pl.Int64)
    rows = _diff_rows_by_id(preview.diff, wanted)
    changes = preview.plan.changes.filter(pl.col(ID).is_in(wanted.implode()))
    return {change.id: (rows[change.id], change) for change in iter_changes(changes)}


def _example(row: Mapping[str, Any], change: Change) -> Example:
    return Example(
        **name_fields(row),
        before=_known_tier(row["live.tier"]),
        after=row["tier_after"],
        sentence=_sentence(row, change),
    )


def _mover(row: Mapping[str, Any], change: Change, by_others: Mapping[str, Any] | None) -> Mover:
    """`by_others`: how somebody else moved its tier since the last run (a row of `SET_BY_OTHERS`), None for nobody."""
    why = change.why or Why(change.cause)  # type: ignore[arg-type]  # a plan has no other causes
    before, after = why.score_before or 0.0, why.score_after or 0.0
    return Mover(
        **name_fields(row),
        owner=row["owner"],
        cause=why.cause,
        tier_before=_known_tier(by_others["before"] if by_others else row["live.tier"]),
        tier_after=row["tier_after"],
        score_before=why.score_before,
        score_after=row["score"],
        points=round(after - before, 1),
        outcome=row["outcome"],
        reasons_before=truncate(row["live.reasons"] or "", MAX_REASONS) or None,
        reasons=truncate(row["reasons"] or "", MAX_REASONS) or None,
        sentence=_set_by_sentence(by_others) if by_others else _sentence(row, change),
        pieces=why.pieces,
        thresholds=why.thresholds,
    )


def _sentence(row: Mapping[str, Any], change: Change) -> str:
    """By the texts of the record: a tier, or a word of somebody else's, that is left alone makes no move."""
    before, wanted = row["live.tier"], row["desired.tier"]
    after = before if wanted is None else wanted
    return change_sentence(change.why or Why(change.cause), before, after)  # type: ignore[arg-type]  # as above


def _set_by_sentence(by_others: Mapping[str, Any]) -> str:
    return set_by_sentence(by_others["before"], by_others["after"], by_others["by"])


def _known_tier(text: str | None) -> str | None:
    """The tier on a record; None for none, and for a word of somebody else's."""
    return text if text in TIERS else None
