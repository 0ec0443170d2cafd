"""The diff: for every company what we last wrote, what stands on the record, who owns it, and what is desired.

`diff(base, live, desired)` joins three frames, each made on its own: `base` from what was remembered, `live` from the
company frame, `desired` from scores (or, for an undo, from the texts an earlier run replaced).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from icp_sync.plan import ownership
from icp_sync.plan.diff_columns import (
    ADOPTED,
    CONTEXT,
    FOREIGN_VALUE,
    IN_SCOPE,
    LEFT_ALONE,
    any_of,
    base,
    desired,
    known_tier,
    live,
)
from icp_sync.plan.output_spec import Output, OutputContext
from icp_sync.plan.outputs import OUTPUTS, output_specs
from icp_sync.plan.overridden_companies import overridden_columns
from icp_sync.plan.value_equality import texts_equal
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import live_tier as live_tier_columns

VERDICT: Final[Mapping[str, pl.DataType]] = {
    "tier": pl.String(),
    "outcome": pl.String(),
    "score": pl.Float64(),
    "reasons": pl.String(),
}
"""The scored columns that a plan and its preview read; null where what is desired does not come from scores."""


def output_properties(profile: Profile) -> tuple[str, ...]:
    """The properties that hold what is written to a record, and the one that locks it."""
    lock = [profile.lock.property_name] if profile.lock else []
    return (*profile.write.properties().values(), *lock)


def diff_candidate_mask(companies: pl.DataFrame, in_scope: pl.Series, profile: Profile) -> pl.Series:
    """Which companies of the frame a plan may be about (Boolean): those in scope, and whose record has an output.

    Of the others, mostly many, nothing is desired, and nothing stands on the record: neither by us nor by anybody.
    """
    filled = (pl.col(name).is_not_null() for name in output_properties(profile))
    return companies.select(pl.any_horizontal(pl.col("id").is_in(in_scope.implode()), *filled)).to_series()


def live_frame(companies: pl.DataFrame, profile: Profile, concerned: pl.Series | None = None) -> pl.DataFrame:
    """One row a company: `live.OUTPUT` texts ("" = empty), ownership columns, and what previews show beside it.

    `companies`: the company frame after `with_ownership`. `concerned`: which of them (Boolean), None = all. Boolean
    columns: `ours`: we wrote this record before;
    `counted`: it counts in guardrails; `foreign_value`: it holds a tier or flag we did not write; those of
    `scoring.live_tier` for a locked record and for one whose tier stands; `tier_stands`, `flag_stands`, `left_alone`:
    by `mark_overridden_companies`, false where nobody asked.
    """
    written = profile.write.properties()
    standing = overridden_columns(companies)
    # A tier that stands by somebody's word is no doing of the profile, so no guardrail counts the company.
    counted = pl.col(ownership.COUNTED) & ~standing["tier_stands"]
    rows = companies.lazy() if concerned is None or concerned.all() else companies.lazy().filter(concerned)
    return rows.select(
        "id",
        live_tier_columns.LOCKED,
        live_tier_columns.FIXED,
        *(name for name in CONTEXT if name in companies.columns),
        **{f"live.{output}": pl.col(name).fill_null("") for output, name in written.items()},
        ours=pl.col(ownership.OURS),
        counted=counted,
        foreign_value=pl.col(ownership.FOREIGN_VALUE),
        **standing,
    ).collect()


def desired_from_scores(live_texts: pl.DataFrame, scored: pl.DataFrame, context: OutputContext) -> pl.DataFrame:
    """One row a company: `desired.OUTPUT` texts (null = leave untouched, "" = clear), `in_scope`, and `scored`.

    `live_texts`: of `live_frame`. `scored`: the scored frame with canonical values and `best_profile`; its columns
    are null for a company outside the scope (`in_scope` false). A record of ours that left the scope is cleared.
    """
    outputs = output_specs(context.profile)
    rows = _join_by_id(live_texts, scored).with_columns(in_scope=pl.col("outcome").is_not_null())
    texts = {f"desired.{name}": output.desired_text(context) for name, output in outputs.items()}
    return rows.select("id", *(name for name in scored.columns if name != "id"), "in_scope", **texts)


def diff(
    base: pl.DataFrame | None, live_texts: pl.DataFrame, wanted: pl.DataFrame, profile: Profile, *, adopt: bool
) -> pl.DataFrame:
    """One row a company, sorted by id: `base.*`, `live.*` and `desired.*` texts, owner columns, and those of `wanted`.

    `base`: `id` and `base.OUTPUT`, the text we last wrote (String, "" = cleared, null = unknown); what it lacks is
    unknown. `live_texts`: of `live_frame`. `wanted`: `id`, `in_scope` and `desired.OUTPUT`, such as
    `desired_from_scores` returns; a company or column it lacks is left untouched.

    Where the record's own value is left alone (a tier that is foreign, locked or overridden), `desired` is null; the
    stamp and the time of the last move are desired only beside another change. Boolean columns: `foreign`: it holds a
    tier or flag we did not write; `adopted`: such a record taken over by this run. `effective_tier`: the tier after
    the run, null for a word of somebody else's.
    """
    # Step by step: as one lazy chain a million companies take twice the memory.
    rows = _join_by_id(live_texts, wanted).with_columns(IN_SCOPE.fill_null(value=False))
    rows = rows if base is None else _join_by_id(rows, base)
    rows = _with_missing_columns(rows, profile)
    rows = rows.with_columns(
        foreign=FOREIGN_VALUE & IN_SCOPE & pl.lit(value=not adopt),
        adopted=FOREIGN_VALUE & IN_SCOPE & pl.lit(value=adopt),
    )
    outputs = output_specs(profile)
    rows = rows.with_columns(
        pl.when(~output.kept).then(desired(name)).alias(f"desired.{name}")
        for name, output in outputs.items()
        if output.kept is not None
    )
    rows = rows.with_columns(pl.when(~LEFT_ALONE).then(desired(name)).alias(f"desired.{name}") for name in outputs)
    rows = rows.with_columns(**_accompanying_texts(outputs)).with_columns(effective_tier=_effective_tier(outputs))
    return rows if rows["id"].is_sorted() else rows.sort("id")


def differs(output: str, kind: str | None = None) -> pl.Expr:
    """Whether the desired value differs from the live one, by type: `80` equals `80.0`; a datetime never differs.

    False where nothing is desired. `kind` may be left out for the outputs in `OUTPUTS`.
    """
    equal = texts_equal(desired(output), live(output), kind or OUTPUTS[output].type)
    return desired(output).is_not_null() & ~equal


def _join_by_id(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """The columns of both, by id, for the companies of `left`."""
    if left["id"].equals(right["id"]):
        return left.hstack(right.drop("id"))
    # The left side's columns stay as they are: a join of all would copy every text of a million companies.
    return left.hstack(left.select("id").join(right, on="id", how="left", maintain_order="left").drop("id"))


def _with_missing_columns(rows: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The rows with a null column for each text and verdict they lack."""
    texts = {f"{side}.{name}": pl.String() for name in profile.write.properties() for side in ("base", "desired")}
    absent = {name: dtype for name, dtype in {**texts, **VERDICT}.items() if name not in rows.columns}
    return rows.with_columns(**{name: pl.lit(None, dtype) for name, dtype in absent.items()})


def _accompanying_texts(outputs: dict[str, Output]) -> dict[str, pl.Expr]:
    """The desired texts of the outputs that are written beside others; a text that clears stays as it is."""
    others = [differs(name, output.type) for name, output in outputs.items() if output.written == "where it differs"]
    # Where somebody edited a verdict that is put back, nothing has moved since our last one.
    moves = [
        differs(name) & ~texts_equal(desired(name), base(name), outputs[name].type).fill_null(value=False)
        for name in ("tier", "outcome")
        if name in outputs
    ]
    conditions = {"beside any change": any_of(*others, ADOPTED), "beside a move": any_of(*moves)}
    return {
        f"desired.{name}": pl.when(conditions[output.written] | (desired(name) == "")).then(desired(name))
        for name, output in outputs.items()
        if output.written in conditions
    }


def _effective_tier(outputs: dict[str, Output]) -> pl.Expr:
    if "tier" not in outputs:
        return pl.col("tier")
    return known_tier(pl.coalesce(desired("tier"), live("tier")))
