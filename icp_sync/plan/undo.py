"""Undo: what takes a run back, and what it leaves alone because it has moved since.

The desired texts are those the run replaced, where the record still holds what the run wrote; `diff.diff` and
`builder.plan_from_diff` make a plan of them like of any others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from icp_sync.plan.change_frame import property_names
from icp_sync.plan.diff import VERDICT
from icp_sync.plan.diff_columns import LOCKED, OURS, any_of, live
from icp_sync.plan.outputs import type_by_output
from icp_sync.plan.run_record import RunRecord
from icp_sync.plan.undo_conflicts import NO_WRITES
from icp_sync.plan.undo_list_members import UnrestoredMembers
from icp_sync.plan.value_equality import texts_equal
from icp_sync.profile.model.profile import Profile

CAUSE: Final = "undo"
KEPT: Final = ("tier", "target_account")
"""Outputs that people may set: a company whose tier or flag has moved since is left alone whole."""
STAMP: Final = "profile"
MOMENT: Final = "changed_at"
Why = Literal["moved", "locked", "gone", "unowned"]
LEFT: Final = pl.Schema({"id": pl.Int64(), "property": pl.String(), "value": pl.String(), "why": pl.String()})
"""What is left alone: a property, and the text that stands there now (null: the company is not in the portal).

`why`: `moved` since the run, `locked` by a person, `gone` from the portal, or `unowned`: the profile does not write
the property any more.
"""
_WHOLE, _DONE, _GONE = pl.col("is_whole"), pl.col("is_done"), pl.col("is_gone")


@dataclass(frozen=True, slots=True)
class Restoration:
    """What an undo wants on the records, and what it leaves alone.

    `desired`: for `diff.diff`, with a row for every company of the live frame. `left`: a `LEFT` frame. `done`: how many
    companies hold again what they held before the run.
    """

    desired: pl.DataFrame
    left: pl.DataFrame
    done: int


def plan_restoration(
    written: pl.DataFrame,
    live_texts: pl.DataFrame,
    profile: Profile,
    later: pl.DataFrame = NO_WRITES,
    overridden: Collection[tuple[int, str]] = (),
) -> Restoration:
    """Take back what a run wrote.

    `written`: a change frame (`id`, `before.PROPERTY`, `after.PROPERTY`) of the companies the run wrote. `live_texts`:
    of `diff.live_frame`; a company it lacks is gone. `later`: what later runs wrote (`undo_conflicts.WRITES`); where
    they wrote another tier or flag, one that is again what this run wrote is somebody else's. `overridden`: (company
    id, property) of tiers and flags that stand as somebody else set them, be it to what this run wrote.

    A property is desired as it was before where it holds what the run wrote, by type. A company is left alone whole
    where its tier or flag moved or is somebody else's, where a person has locked it, and where somebody took its stamp
    away; so are the stamp and the time of the last move where nothing else is restored.
    """
    named, kinds = profile.write.properties(), type_by_output(profile)
    present = {*property_names(written)}
    outputs = {output: _WrittenOutput(name, kinds[output]) for output, name in named.items() if name in present}
    rows = written.join(live_texts.with_columns(is_gone=False), on="id", how="left", maintain_order="left")
    rows = _with_later_values(rows, outputs, later, overridden)
    rows = rows.with_columns(_GONE.fill_null(value=True)).with_columns(is_done=_is_already_restored(outputs) & ~_GONE)
    rows = rows.with_columns(is_whole=(_GONE | _is_company_moved(outputs)) & ~_DONE)
    restored = rows.select("id", **_desired_texts(outputs))
    left = [_moved_rows(rows, output, spec) for output, spec in outputs.items() if output not in (STAMP, MOMENT)]
    left += [_no_longer_written_rows(rows, name) for name in sorted(present.difference(named.values()))]
    return Restoration(
        _desired_frame(live_texts, restored, profile),
        pl.concat([LEFT.to_frame(), *left, _rows_without_profile_stamp(rows, outputs), _gone_rows(rows)]).sort(
            "id", "property"
        ),
        int(rows.select(_DONE.sum()).item()),
    )


@dataclass(frozen=True, slots=True)
class _WrittenOutput:
    """An output the run wrote: its property, and the type its values are compared by."""

    name: str
    kind: str

    @property
    def before(self) -> pl.Expr:
        return pl.col(f"before.{self.name}")

    @property
    def after(self) -> pl.Expr:
        return pl.col(f"after.{self.name}")

    @property
    def is_written(self) -> pl.Expr:
        """Whether the run wrote it to this company."""
        return self.after.is_not_null()

    def is_still_live(self, output: str) -> pl.Expr:
        """Whether the record holds what the run wrote, and by its writing."""
        same = self.is_written & texts_equal(live(output), self.after, self.kind).fill_null(value=False)
        if output not in KEPT:
            return same
        is_ours = texts_equal(live(output), pl.col(f"later.{self.name}"), self.kind).fill_null(value=True)
        return same & is_ours & ~pl.col(f"overridden.{self.name}")

    def is_back(self, output: str) -> pl.Expr:
        """Whether the record holds again what it held before the run."""
        return self.is_written & texts_equal(live(output), self.before, self.kind).fill_null(value=False)


_Outputs = Mapping[str, _WrittenOutput]


def _with_later_values(
    rows: pl.DataFrame, outputs: _Outputs, later: pl.DataFrame, overridden: Collection[tuple[int, str]]
) -> pl.DataFrame:
    """The rows with `later.PROPERTY` and `overridden.PROPERTY` of tier and flag.

    What the last of the later runs wrote there, null for none; whether it stands as somebody else set it.
    """
    for spec in (spec for output, spec in outputs.items() if output in KEPT):
        ids = [company_id for company_id, name in overridden if name == spec.name]
        rows = rows.with_columns(pl.col("id").is_in(ids).alias(f"overridden.{spec.name}"))
        written = later.filter(pl.col("property") == spec.name).unique("id", keep="last", maintain_order=True)
        texts = written.select("id", pl.col("value").alias(f"later.{spec.name}"))
        rows = rows.join(texts, on="id", how="left", maintain_order="left")
    return rows


def _compared_outputs(outputs: _Outputs) -> dict[str, _WrittenOutput]:
    """The outputs that say what a company is; stamp and moment go with them."""
    return {output: spec for output, spec in outputs.items() if output not in (STAMP, MOMENT)}


def _is_already_restored(outputs: _Outputs) -> pl.Expr:
    compared = _compared_outputs(outputs)
    same = (~spec.is_written | spec.is_back(output) for output, spec in compared.items())
    return pl.all_horizontal(any_of(*(spec.is_written for spec in compared.values())), *same)


def _is_company_moved(outputs: _Outputs) -> pl.Expr:
    kept = {output: spec for output, spec in outputs.items() if output in KEPT}
    touched = any_of(*(spec.is_written for spec in kept.values()))
    moved = any_of(*(spec.is_written & ~spec.is_still_live(output) for output, spec in kept.items()))
    return moved | (touched & LOCKED) | _is_stampless(outputs)


def _is_stampless(outputs: _Outputs) -> pl.Expr:
    """Whether the run stamped the record and somebody took the stamp away, which makes the record nobody's."""
    if STAMP not in outputs:
        return pl.lit(value=False)
    return (outputs[STAMP].after.fill_null("") != "") & (live(STAMP) == "")


def _desired_texts(outputs: _Outputs) -> dict[str, pl.Expr]:
    """`desired.OUTPUT`: the text from before the run where it is restored, else null."""
    restored = {
        output: spec.is_still_live(output) & ~_WHOLE & ~_DONE for output, spec in _compared_outputs(outputs).items()
    }
    anything = any_of(*restored.values())
    if STAMP in outputs:
        restored[STAMP] = anything & outputs[STAMP].is_still_live(STAMP)
    if MOMENT in outputs:
        moves = {output: outputs[output] for output in ("tier", "outcome") if output in outputs}
        back = (~spec.is_written | restored[output] | spec.is_back(output) for output, spec in moves.items())
        restored[MOMENT] = pl.all_horizontal(anything, outputs[MOMENT].is_written, *back)
    return {f"desired.{output}": pl.when(given).then(outputs[output].before) for output, given in restored.items()}


def _desired_frame(live_texts: pl.DataFrame, restored: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The desired frame of all companies; what a restored record says of itself stands for its verdict."""
    rows = live_texts.join(restored, on="id", how="left", maintain_order="left")
    written = profile.write.properties()
    verdict: dict[str, pl.Expr] = {}
    for name, dtype in VERDICT.items():
        sides = [pl.col(side) for side in (f"desired.{name}", f"live.{name}") if side in rows.columns]
        text = pl.coalesce(*sides, pl.lit(None, pl.String)).replace("", None)
        verdict[name] = text.cast(dtype, strict=False) if name in written else pl.lit(None, dtype)
    return rows.select("id", *(name for name in restored.columns if name != "id"), in_scope=OURS, **verdict)


def _moved_rows(rows: pl.DataFrame, output: str, spec: _WrittenOutput) -> pl.DataFrame:
    """The rows of one property that is left alone because it moved, or because its company is locked."""
    locked = LOCKED & spec.is_still_live(output) if output in KEPT else pl.lit(value=False)
    moved = spec.is_written & ~spec.is_still_live(output) & (pl.lit(output in KEPT) | ~spec.is_back(output))
    rows = rows.filter(~_GONE & ~_DONE & (moved | locked))
    why = pl.when(locked).then(pl.lit("locked")).otherwise(pl.lit("moved"))
    return rows.select("id", property=pl.lit(spec.name), value=live(output), why=why)


def _rows_without_profile_stamp(rows: pl.DataFrame, outputs: _Outputs) -> pl.DataFrame:
    """The records whose stamp somebody took away."""
    if STAMP not in outputs:
        return LEFT.to_frame()
    rows = rows.filter(~_GONE & ~_DONE & _is_stampless(outputs))
    name = outputs[STAMP].name
    return rows.select("id", property=pl.lit(name), value=live(STAMP), why=pl.lit("moved"))


def _no_longer_written_rows(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """The rows of a property that the profile does not write any more."""
    rows = rows.filter(~_GONE & pl.col(f"after.{name}").is_not_null())
    return rows.select("id", property=pl.lit(name), value=pl.lit(None, pl.String), why=pl.lit("unowned"))


def _gone_rows(rows: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(None, pl.String)
    return rows.filter(_GONE).select("id", property=nothing, value=nothing, why=pl.lit("gone"))


@dataclass(frozen=True, slots=True)
class UndoSummary:
    """Which run an undo takes back, and what it leaves alone.

    `left`: a `LEFT` frame with `writer` and `writer_id` (`undo_conflicts.with_writers`). `left_lists`: lists the run
    changed that the profile keeps no more. `done`: companies that hold again what they held before the run.
    """

    undone: RunRecord
    left: pl.DataFrame
    left_members: tuple[UnrestoredMembers, ...] = ()
    left_lists: tuple[str, ...] = ()
    done: int = 0
