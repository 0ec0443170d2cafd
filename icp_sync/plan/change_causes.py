"""Works out why each company of a plan changes: the cause, its pieces, and the thresholds that decided.

Every company is scored again as it was, and once a step (`plan/stepwise_rescoring.py`). The cause is the last step that
changed its tier or outcome or, where neither changes, the last that changed anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import UNKNOWN_TEXT
from icp_sync.plan.change_explanation import PIECE, THRESHOLD, WHY, Cause
from icp_sync.plan.change_frame import property_names
from icp_sync.plan.score_pieces import (
    PIECES,
    limit_pieces,
    score_change_pieces,
    select_piece_columns,
    tenths_to_points,
    to_tenths,
    zero_point_input_pieces,
)
from icp_sync.plan.stepwise_rescoring import STEPS, Baseline, score_steps
from icp_sync.plan.stepwise_tier_moves import MOVES, moves_by_rescoring_step
from icp_sync.profile.model.outputs import Write
from icp_sync.scoring.program import Program

Known = Mapping[Cause, Collection[int]]
"""Ids of companies of which more is known than scores tell: whose override ended since (`released`), on which one
stands (`overridden`), and those scored by a lost input (`held`)."""
COMPANIES_AT_A_TIME: Final = 100_000
_BY_RECORD: Final = ("left_scope", "adopted", "first")
"""Causes that follow from the record alone, whatever its scores were."""
_MAX_SCORE: Final = 1_000_000.0
"""A number on the record beyond this is nobody's fit score, and counts as none."""
_CAUSE, _SCORED_AGAIN = pl.col("cause"), pl.col("limited").is_not_null()
_TIER_MOVES: Final = pl.col("live.tier") != pl.col("given.tier")
_OUTCOME_MOVES: Final = pl.col("live.outcome") != pl.col("given.outcome")


def explain_changes(
    changes: pl.DataFrame,
    diff: pl.DataFrame,
    companies: pl.DataFrame,
    program: Program,
    baseline: Baseline | None,
    known: Known = MappingProxyType({}),
) -> pl.DataFrame:
    """The change frame with the true `cause` of each change, and `why` (`WHY`) beside it.

    `diff`: what `diff.diff` returns. `companies`: the frame the plan was scored from, with every property an old
    profile reads (`stepwise_rescoring.properties_to_rescore`). A company keeps the cause its stamp tells where its old
    profile is not known, was scored by another vocabulary, or reads what the frame lacks; so does every one where
    `baseline` is None. `known`: see `Known`.
    """
    parts = [
        _explain(_change_facts(part, diff, program.profile.write, baseline), companies, program, baseline, known)
        for part in changes.iter_slices(COMPANIES_AT_A_TIME)
    ]
    causes = pl.concat(parts) if parts else pl.DataFrame(schema={"cause": pl.String(), "why": WHY})
    rest = changes.drop(ID, "cause", "why", strict=False)
    return pl.concat([changes.select(ID), causes, rest], how="horizontal")


def _explain(
    facts: pl.DataFrame,
    companies: pl.DataFrame,
    program: Program,
    baseline: Baseline | None,
    known: Known,
) -> pl.DataFrame:
    """`cause` and `why`, a row for each of `facts`."""
    stamps = facts.filter(~_CAUSE.is_in(_BY_RECORD)).select(ID, "profile")
    concerned = companies.join(stamps, on=ID, how="semi", maintain_order="left")
    scored = list(score_steps(concerned, stamps, baseline, program)) if baseline else []
    moved = pl.concat([pl.DataFrame(schema=MOVES), *(moves_by_rescoring_step(steps) for steps in scored)])
    facts = _decide_causes(facts.join(moved, on=ID, how="left", maintain_order="left"), known)
    split = pl.concat([pl.DataFrame(schema=PIECES), *(score_change_pieces(steps) for steps in scored)])
    silent = pl.concat([pl.DataFrame(schema=PIECES), *(zero_point_input_pieces(steps) for steps in scored)])
    pieces = limit_pieces(_concat_pieces(facts, split, silent))
    listed = facts.join(pieces, on=ID, how="left", maintain_order="left")
    why = pl.struct(
        score_before=tenths_to_points(pl.col("before")),
        score_after=tenths_to_points(pl.col("after")),
        pieces=pl.col("pieces").fill_null(pl.lit([], pl.List(PIECE))),
        thresholds=pl.when("moved.profile").then("thresholds").fill_null(pl.lit([], pl.List(THRESHOLD))),
    )
    return listed.select("cause", why.alias("why"))


def _change_facts(changes: pl.DataFrame, diff: pl.DataFrame, write: Write, baseline: Baseline | None) -> pl.DataFrame:
    """One row a change: `id`, `cause` by the stamp, and of its record what stands, what is given, and what was edited.

    `profile`: the stamp. `before`, `after`: scores in tenths; `before` is null where the profile writes none.
    `live.*`, `given.*`: tier and outcome, "" for none, null where the profile writes none. `kept`: the tier we wrote
    last. `property`, `was`, `now`: of the first value of ours that somebody edited, what we wrote and what stands.
    """
    written = write.properties()
    live = {output: pl.col(f"live.{output}") if output in written else pl.lit(None, pl.String) for output in _OUTPUTS}
    given = {
        f"given.{output}": pl.coalesce(f"desired.{output}", live[output]) if output in written else live[output]
        for output in ("tier", "outcome")
    }
    number = live["score"].cast(pl.Float64, strict=False)
    number = pl.when(number.abs() <= _MAX_SCORE).then(number).otherwise(0.0)
    rows = diff.select(
        ID,
        profile=live["profile"].replace("", None),
        before=to_tenths(number) if write.score else pl.lit(None, pl.Int64),
        after=to_tenths(pl.col("score")),
        **{f"live.{output}": live[output] for output in ("tier", "outcome")},
        **given,
    )
    differences = baseline.differences if baseline else pl.DataFrame(schema=_DIFFERENCES)
    # Where nobody knows what we wrote, there is nothing that somebody could have edited.
    differences = differences.filter(pl.col("was").ne_missing(UNKNOWN_TEXT))
    facts = changes.select(ID, "cause").join(rows, on=ID, how="left", maintain_order="left")
    kept = differences.filter(pl.col("property") == pl.lit(write.tier)).select(ID, kept=pl.col("was").fill_null(""))
    for more in (kept.unique(ID), _overwritten_edits(changes, differences)):
        facts = facts.join(more, on=ID, how="left", maintain_order="left")
    return facts


_OUTPUTS: Final = ("profile", "score", "tier", "outcome")
_DIFFERENCES: Final = {ID: pl.Int64(), "property": pl.String(), "was": pl.String()}


def _overwritten_edits(changes: pl.DataFrame, differences: pl.DataFrame) -> pl.DataFrame:
    """`id`, `property`, `was`, `now`: the first value each change writes over an edit of somebody else."""
    names = property_names(changes)
    order = pl.DataFrame({"property": names, "order": range(len(names))}, schema_overrides={"property": pl.String()})
    ours = differences.select(ID, "property", pl.col("was").fill_null("")).join(order, on="property")
    ours = ours.join(changes.select(ID), on=ID, how="semi")
    texts = changes.select(ID, *(pl.col(f"before.{name}").alias(name) for name in names))
    stands = texts.join(ours, on=ID, how="semi").unpivot(index=ID, variable_name="property", value_name="now")
    edited = ours.join(stands.drop_nulls("now"), on=[ID, "property"]).filter(pl.col("was") != pl.col("now"))
    return edited.sort(ID, "order").unique(ID, keep="first").select(ID, "property", "was", "now")


def _decide_causes(facts: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The facts with the true `cause`, `before` filled, `moved.STEP`, and `put_back` (Boolean).

    `moved.STEP`: whether the step changed the tier or outcome of a company of which the plan changes it.
    """
    facts = facts.with_columns(
        pl.coalesce("live.tier", "reached.before").alias("live.tier"),
        pl.coalesce("given.tier", "reached.after").alias("given.tier"),
        pl.coalesce("live.outcome", "outcome.before").alias("live.outcome"),
        pl.coalesce("given.outcome", "outcome.after").alias("given.outcome"),
        pl.when(_CAUSE.is_in(["first", "adopted"])).then(0).otherwise("after").alias("unknown"),
        first=pl.when(_SCORED_AGAIN).then(to_tenths(pl.col("score.before"))),
    )
    steps = {
        f"moved.{step}": (pl.col(f"reached.{step}") & _TIER_MOVES) | (pl.col(f"outcome.{step}") & _OUTCOME_MOVES)
        for step in STEPS
    }
    facts = facts.with_columns(**steps).with_columns(
        pl.coalesce("before", "first", "unknown").alias("before"),
        **{"moved.capacity": _TIER_MOVES & _is_decided_by_capacity()},
    )
    moved = _last_true_step([(f"moved.{step}", step) for step in (*STEPS, "capacity")])
    anything = _last_true_step([(f"any.{step}", step) for step in STEPS])
    astray = moved.is_null() & (_TIER_MOVES | _OUTCOME_MOVES)
    edited = pl.col("property").is_not_null() | (pl.col("before") != pl.col("first")) | astray
    facts = facts.with_columns(put_back=_SCORED_AGAIN & edited.fill_null(value=False))
    # By the stamp alone nothing but data can have changed; here it is known that it was not that either.
    standing = pl.coalesce(
        pl.when((_CAUSE == "data") & _has_cause(known, cause)).then(pl.lit(cause)) for cause in ("overridden", "held")
    )
    cause = (
        pl.when(_CAUSE.is_in(_BY_RECORD))
        .then("cause")
        .when(_has_cause(known, "released"))
        .then(pl.lit("released"))
        .when(_SCORED_AGAIN)
        .then(pl.coalesce(moved, pl.when("put_back").then(pl.lit("put_back")), anything, standing, "cause"))
        .otherwise(pl.coalesce(standing, "cause"))
    )
    return facts.with_columns(cause.alias("cause"), by_stamp="cause")


def _has_cause(known: Known, cause: Cause) -> pl.Expr:
    return pl.col(ID).is_in(pl.Series(list(known.get(cause, ())), dtype=pl.Int64).implode())


def _is_decided_by_capacity() -> pl.Expr:
    """Whether a place, taken or freed, decided the tier given: the step after the tier reached by thresholds."""
    same = pl.col("reached.before") == pl.col("reached.after")
    given, kept = pl.col("given.tier"), pl.coalesce("kept", "live.tier")
    return pl.col("limited") & pl.when(same).then(given != kept).otherwise(given != pl.col("reached.after"))


def _last_true_step(steps: list[tuple[str, str]]) -> pl.Expr:
    """The last of the steps whose Boolean column is true, null for none."""
    return pl.coalesce(*(pl.when(column).then(pl.lit(step)) for column, step in reversed(steps)))


def _concat_pieces(facts: pl.DataFrame, split: pl.DataFrame, silent: pl.DataFrame) -> pl.DataFrame:
    """All pieces: `split` by criterion; of `silent` those of a step that is the cause and changed no points."""
    back = facts.filter("put_back")
    whole = facts.filter(~_SCORED_AGAIN & (pl.col("by_stamp") != "left_scope") & (pl.col("before") != pl.col("after")))
    needed = pl.any_horizontal((pl.col("step") == step) & pl.col(f"moved.{step}") for step in STEPS)
    known = split.join(facts.select(ID, *(f"moved.{step}" for step in STEPS)), on=ID, maintain_order="left")
    named = known.filter((pl.col("tenths") != 0) | needed).select(PIECES.names())
    lacking = silent.join(facts.select(ID, "cause"), on=ID, maintain_order="left").filter(pl.col("step") == _CAUSE)
    lacking = lacking.join(named, on=[ID, "step"], how="anti", maintain_order="left").select(PIECES.names())
    return pl.concat(
        [
            select_piece_columns(back, step=pl.lit("put_back"), tenths=pl.col("first") - pl.col("before")),
            named,
            lacking,
            select_piece_columns(
                whole.drop("property", "was", "now"), step=pl.col("by_stamp"), tenths=pl.col("after") - pl.col("before")
            ),
        ]
    )
