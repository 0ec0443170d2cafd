"""From the diff frame to the questions of three-way writes; `standing` carries the decisions back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import polars as pl

from icp_sync.plan.diff_columns import ADOPTED, FOREIGN, LOCKED, OURS, any_of, base, desired, live
from icp_sync.plan.outputs import OUTPUTS
from icp_sync.plan.overrides import QUESTIONS
from icp_sync.plan.value_equality import texts_equal
from icp_sync.profile.model.outputs import Write

KEPT_OUTPUTS: Final = ("tier", "target_account")
"""The outputs that people may set; all others are computed, and put right whoever edited them."""

_OF_DIFF: Final = ("id", "property", "live", "wanted", "base", "stamped", "foreign", "adopted", "locked")

OVERRIDES: Final = pl.Schema(
    {
        "id": pl.Int64,
        "property": pl.String,
        "value": pl.String,
        "kind": pl.String,
        "since": pl.Int64,
        "ended_at": pl.Int64,
    }
)
"""Overrides as remembered, open (`ended_at` null) and ended ones; at most one is open for a company and property.

An ended one has a `value` where an undo had set it and it was released: we wrote it, and it is to go all the same.
"""


def question_frame(
    diff: pl.DataFrame, overrides: pl.DataFrame, write: Write, touched: Collection[int] = ()
) -> pl.DataFrame:
    """Return the questions (`QUESTIONS`) that a diff frame leaves, those without anything to decide left out.

    `overrides`: an `OVERRIDES` frame. `touched`: companies edited since the last run. Left out is a company whose texts
    are all equal and on which nothing is open, and one that is neither ours nor to be written.
    """
    is_open = pl.col("ended_at").is_null()
    opened = overrides.filter(is_open).select("id", "property", "kind", "since", override=pl.col("value").fill_null(""))
    ended = overrides.filter(~is_open).group_by("id", "property").agg(pl.col("ended_at", "value").max())
    kept = dict(overridable_properties(write))
    doubted = any_of(*map(_is_live_changed, kept), pl.col("id").is_in(opened["id"].unique().implode()))
    rows = diff.filter(any_of(OURS, *(desired(output).is_not_null() for output in kept)), doubted)
    frames = [_three_way_rows(rows, output, name, write) for output, name in kept.items()]
    questions = pl.concat([pl.DataFrame(schema=QUESTIONS).select(_OF_DIFF), *frames])
    for known in (opened, ended):
        questions = questions.join(known, on=["id", "property"], how="left", maintain_order="left")
    # That it was released since we wrote it only history tells.
    is_released = (pl.col("base") == pl.col("value")).fill_null(value=False)
    questions = questions.with_columns(base=pl.when(~is_released).then("base"))
    edited = pl.Series("id", sorted(touched), dtype=pl.Int64)
    questions = questions.with_columns(touched=pl.col("id").is_in(edited.implode()))
    return questions.select(QUESTIONS.names()).cast(QUESTIONS)


def inherit_from_merged(
    overrides: pl.DataFrame, survivors: pl.DataFrame, diff: pl.DataFrame, write: Write
) -> pl.DataFrame:
    """Return the open overrides of merged companies that go on with their survivor, as an `OVERRIDES` frame of it.

    `survivors`: `id` of the merged company and its `survivor`. An override goes on where the survivor shows its value
    and not that of one of its own; of several the newest does.
    """
    opened = overrides.filter(pl.col("ended_at").is_null())
    merged = opened.join(survivors, on="id", how="inner").drop("id").rename({"survivor": "id"})
    own, of_merged = (_overrides_still_live(rows, diff, write) for rows in (opened, merged))
    inherited = of_merged.join(own, on=["id", "property"], how="anti").sort("since", descending=True)
    return inherited.unique(["id", "property"], keep="first", maintain_order=True).sort("id", "property")


def overrides_after_merge(overrides: pl.DataFrame, inherited: pl.DataFrame) -> pl.DataFrame:
    """Return the overrides with those `inherited` in the place of the open ones of the survivors."""
    ended = overrides.filter(pl.col("ended_at").is_not_null())
    opened = overrides.filter(pl.col("ended_at").is_null())
    return pl.concat([ended, opened.join(inherited, on=["id", "property"], how="anti"), inherited])


def ended_by_merge(overrides: pl.DataFrame, survivors: pl.DataFrame, inherited: pl.DataFrame) -> pl.DataFrame:
    """Return the open overrides (`OVERRIDES`) that end with a merge.

    Those of companies that were merged away, which go on with the survivor or end; left open they would stand for a
    company that is gone, and pass to the survivor anew each time its own is released. And those of survivors in whose
    place others are `inherited`. `survivors`: `id` of the merged company and its `survivor`.
    """
    opened = overrides.filter(pl.col("ended_at").is_null())
    of_merged = opened.join(survivors, on="id", how="semi", maintain_order="left")
    own = opened.join(inherited, on=["id", "property"], how="semi", maintain_order="left")
    return pl.concat([of_merged, own])


def overrides_of_gone(overrides: pl.DataFrame, survivors: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Return the open overrides (`OVERRIDES`) of companies that are deleted, or lie in the recycle bin.

    `survivors`: as in `ended_by_merge`; `ids`: of the companies of the portal.
    """
    opened = overrides.filter(pl.col("ended_at").is_null(), ~pl.col("id").is_in(survivors["id"].implode()))
    return opened.filter(~pl.col("id").is_in(ids.implode()))


def locked_unknown_keys(diff: pl.DataFrame, write: Write) -> pl.DataFrame:
    """Return `id` and `property` of values on locked companies of ours of which it is not known what we last wrote."""
    keys = [
        diff.filter(OURS & LOCKED & base(output).is_null()).select("id", property=pl.lit(name))
        for output, name in overridable_properties(write)
    ]
    return pl.concat([pl.DataFrame(schema={"id": pl.Int64, "property": pl.String}), *keys])


def overridable_properties(write: Write) -> Iterator[tuple[str, str]]:
    """Yields the kept outputs that are written, with their properties."""
    named = write.properties()
    yield from ((output, named[output]) for output in KEPT_OUTPUTS if output in named)


def _is_live_changed(output: str) -> pl.Expr:
    """Whether what is live differs from what is desired, or from what we last wrote."""
    kind = OUTPUTS[output].type
    wanted = texts_equal(live(output), desired(output), kind).fill_null(value=True)
    untouched = texts_equal(live(output), base(output), kind).fill_null(value=True)
    return ~(wanted & untouched)


def _three_way_rows(rows: pl.DataFrame, output: str, name: str, write: Write) -> pl.DataFrame:
    """The questions about one property; without a stamp nobody can tell whose a value of an unknown base is."""
    stamped = OURS if write.profile else OURS & base(output).is_not_null()
    return rows.select(
        "id",
        property=pl.lit(name),
        live=live(output),
        wanted=desired(output),
        base=base(output),
        stamped=stamped,
        foreign=FOREIGN,
        adopted=ADOPTED,
        locked=LOCKED,
    )


def _overrides_still_live(overrides: pl.DataFrame, diff: pl.DataFrame, write: Write) -> pl.DataFrame:
    """The overrides whose value stands on their company."""
    frames = [pl.DataFrame(schema=OVERRIDES)]
    for output, name in overridable_properties(write):
        rows = overrides.filter(pl.col("property") == name).join(diff.select("id", live=live(output)), on="id")
        is_live = texts_equal(pl.col("value"), pl.col("live"), OUTPUTS[output].type)
        frames.append(rows.filter(is_live).select(OVERRIDES.names()))
    return pl.concat(frames)
