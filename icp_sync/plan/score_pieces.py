"""Splits what each step did to the fit score into pieces, one a criterion, in tenths that sum to the whole."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.plan.change_explanation import MAX_PIECES, MAX_TEXT, PIECE, edit_kind
from icp_sync.plan.stepwise_rescoring import STEPS, ScoredSteps
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.answers import questions_of_profile
from icp_sync.scoring.inputs_to_parse import Requirements
from icp_sync.scoring.outcome import credit_column, max_criterion_points
from icp_sync.scoring.predicates import question_matches

PIECES: Final = pl.Schema({ID: pl.Int64(), "tenths": pl.Int64(), **dict(PIECE)})
"""A frame of pieces, one a row; `tenths` are the points of a piece as a whole number of tenths, `points` is null."""
_SPLIT: Final = {name: PIECES[name] for name in (ID, "step", "criterion", "tenths")}
_RAW, _ANSWERED = pl.col("raw"), pl.col("answered")


def to_tenths(score: pl.Expr) -> pl.Expr:
    """A score as a whole number of tenths, 0 where there is none."""
    return (score.fill_null(0.0) * 10).round().cast(pl.Int64)


def tenths_to_points(whole: pl.Expr) -> pl.Expr:
    """So many tenths as points; Polars divides by a constant through its reciprocal, and round() finds 33.3 again."""
    return whole.truediv(10).round(1)


def score_change_pieces(steps: ScoredSteps) -> pl.DataFrame:
    """The pieces (`PIECES`) of all steps: those with points, and those that earn none but whose answer changed."""
    taken = (number for number in range(len(STEPS)) if steps.results[number] is not steps.results[number + 1])
    pieces = pl.concat([pl.DataFrame(schema=_SPLIT), *(_step_pieces(steps, number) for number in taken)])
    named = pieces.join(_changed_inputs(steps), on=[ID, "step", "criterion"], how="left", maintain_order="left")
    edits = named.join(
        _profile_edits(steps.old, steps.new), on=["step", "criterion"], how="left", maintain_order="left"
    )
    either = [pl.coalesce(name, f"{name}_edit").alias(name) for name in ("was", "now")]
    return edits.with_columns(*either, points=pl.lit(None, pl.Float64)).select(PIECES.names())


def zero_point_input_pieces(steps: ScoredSteps) -> pl.DataFrame:
    """For each company and each of the steps `data` and `lost` its first input, as a piece that earns nothing.

    They are for changes that no points show, such as another word in the reasons.
    """
    return select_piece_columns(
        _changed_inputs(steps).unique([ID, "step"], keep="first", maintain_order=True), tenths=pl.lit(0)
    )


def select_piece_columns(frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """A piece a row, its columns these, else the frame's own, else null."""
    own = {name: pl.col(name) for name in frame.columns}
    return frame.select((own | columns).get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in PIECES.items())


def limit_pieces(pieces: pl.DataFrame) -> pl.DataFrame:
    """One row a company: `id`, and `pieces` (List of `PIECE`), most points first; those beyond the most as one rest."""
    order = pl.int_range(pl.len()).over(ID)
    ranked = pieces.sort(ID, pl.col("tenths").abs(), descending=[False, True], maintain_order=True)
    ranked = ranked.with_columns(rank=order)
    beyond = ranked.filter(pl.col("rank") >= MAX_PIECES).group_by(ID).agg(pl.col("tenths").sum())
    rest = select_piece_columns(beyond, step=pl.lit("rest"))
    kept = pl.concat([ranked.filter(pl.col("rank") < MAX_PIECES).select(PIECES.names()), rest]).sort(
        ID, maintain_order=True
    )
    texts = [_truncate(name).alias(name) for name in ("was", "now")]
    valued = kept.with_columns(*texts, points=tenths_to_points(pl.col("tenths")))
    return valued.group_by(ID, maintain_order=True).agg(pl.struct(dict(PIECE).keys()).alias("pieces"))


def _step_pieces(steps: ScoredSteps, number: int) -> pl.DataFrame:
    """`id`, `step`, `criterion`, `tenths` of one step."""
    before, after = steps.results[number], steps.results[number + 1]
    new = steps.new if STEPS[number] == "profile" else steps.old
    earned = _points_by_criterion(before, steps.old, new).hstack(
        [_points_by_criterion(after, new, steps.old)["points"].alias("after")]
    )
    change = pl.col("after").fill_null(0) - pl.col("points").fill_null(0)
    answered = pl.col("after").is_null() != pl.col("points").is_null()
    asked = earned.with_columns(raw=change, answered=answered).filter((_RAW != 0) | _ANSWERED)
    whole = before.select(ID, whole=to_tenths(pl.lit(after["score"])) - to_tenths(pl.col("score")))
    split = _largest_remainder(asked.filter(_RAW != 0).join(whole, on=ID, how="left", maintain_order="left"))
    silent = asked.filter(_RAW == 0).select(ID, "criterion", tenths=pl.lit(0, pl.Int64))
    pieces = pl.concat([split.filter(pl.col("tenths") != 0), silent, _disqualifier_pieces(before, after)])
    return pieces.select(ID, pl.lit(STEPS[number]).alias("step"), "criterion", "tenths")


def _points_by_criterion(scored: pl.DataFrame, profile: Profile, other: Profile) -> pl.DataFrame:
    """`id`, `criterion`, `points` (not rounded, null = unknown) for each criterion of either profile."""
    full = max_criterion_points(profile)
    ids = sorted(full.keys() | max_criterion_points(other).keys())
    earned = [
        (pl.col(credit_column(name)) * float(full[name]) if name in full else pl.lit(None, pl.Float64)).alias(name)
        for name in ids
    ]
    return (
        scored.select(pl.col(ID).alias(":id"), *earned)
        .unpivot(index=":id", variable_name="criterion", value_name="points")
        .rename({":id": ID})
    )


def _largest_remainder(asked: pl.DataFrame) -> pl.DataFrame:
    """`id`, `criterion`, `tenths`: `raw` rounded so that a company's sum to its `whole`, by the largest remainder."""
    exact = (_RAW * 10).round(6)
    floored = asked.with_columns(floor=exact.floor().cast(pl.Int64), remainder=exact - exact.floor())
    count, short = pl.len().over(ID), (pl.col("whole") - pl.col("floor").sum().over(ID))
    place = pl.col("remainder").rank("ordinal", descending=True).over(ID).cast(pl.Int64)
    up, down = (place <= short).cast(pl.Int64), (place > count + short).cast(pl.Int64)
    return floored.select(ID, "criterion", (pl.col("floor") + up - down).alias("tenths"))


def _disqualifier_pieces(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """A piece without points for each company that another disqualifier rules out, or none any more."""
    moved = before["disqualified_by"].ne_missing(after["disqualified_by"])
    name = pl.coalesce(after["disqualified_by"], before["disqualified_by"])
    return before.select(ID, criterion=name, tenths=pl.lit(0, pl.Int64)).filter(moved)


def _changed_inputs(steps: ScoredSteps) -> pl.DataFrame:
    """`id`, `step`, `criterion`, `property`, `was`, `now`: the first changed input that each question reads."""
    read = pl.DataFrame(
        list(_properties_by_question(steps.old)), schema=["criterion", "property", "order"], orient="row"
    )
    step = pl.when("ended").then(pl.lit("lost")).otherwise(pl.lit("data"))
    texts = pl.col("was", "now").fill_null("")
    inputs = steps.inputs.select(ID, step.alias("step"), "property", texts)
    asked = inputs.join(read, on="property", how="inner").sort(ID, "step", "order", maintain_order=True)
    first = asked.unique([ID, "step", "criterion"], keep="first", maintain_order=True)
    return first.select(ID, "step", "criterion", "property", "was", "now")


def _properties_by_question(profile: Profile) -> Iterator[tuple[str, str, int]]:
    """(question, property, order): the properties each question reads, those it names first."""
    order = 0
    for question in questions_of_profile(profile):
        needs = Requirements.for_questions([(question, match) for match in question_matches(question)], profile)
        read = needs.source_properties(profile)
        own = [name for name in question.own_properties if name in read]
        for name in dict.fromkeys([*own, *sorted(read)]):
            yield question.id, name, order
            order += 1


def _profile_edits(old: Profile, new: Profile) -> pl.DataFrame:
    """`step` ("profile"), `criterion`, `edit`, `was_edit`, `now_edit` for every question that differs."""
    before, after = ({question.id: question for question in questions_of_profile(profile)} for profile in (old, new))
    was, now = max_criterion_points(old), max_criterion_points(new)
    rows: list[dict[str, Any]] = []
    for name in before.keys() | after.keys():
        edit = edit_kind(before.get(name), after.get(name))
        worth = was.get(name), now.get(name)
        if edit is None and worth[0] != worth[1]:
            edit = "reweighted"
        if edit is not None:
            texts = [None if worth[0] == worth[1] else _points_text(each) for each in worth]
            rows.append({"criterion": name, "edit": edit, "was_edit": texts[0], "now_edit": texts[1]})
    schema = dict.fromkeys(("criterion", "edit", "was_edit", "now_edit"), pl.String())
    return pl.DataFrame(rows, schema=schema).with_columns(step=pl.lit("profile"))


def _points_text(full: Fraction | None) -> str | None:
    return None if full is None else f"{float(full):.1f}".removesuffix(".0")


def _truncate(name: str) -> pl.Expr:
    text = pl.col(name)
    return pl.when(text.str.len_chars() > MAX_TEXT).then(text.str.head(MAX_TEXT - 1) + "…").otherwise(text)
