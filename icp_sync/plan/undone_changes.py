"""What undos took back, which no run may write again by itself: the measure of the guardrail `undone`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.plan.change_frame import Change
from icp_sync.plan.diff import differs
from icp_sync.plan.diff_columns import IS_CHANGED, any_of, desired
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.outputs import OUTPUTS
from icp_sync.plan.undo import MOMENT, STAMP
from icp_sync.plan.undo_list_members import MemberMoves
from icp_sync.plan.value_equality import texts_equal
from icp_sync.profile.model.outputs import Write

TAKEN: Final = pl.Schema({"id": pl.Int64(), "property": pl.String(), "value": pl.String()})
"""Texts an undo replaced; one row at most for each property of a company."""
_MOVES: Final = ("tier", "target_account", "outcome")
_STRINGS: Final = "string"


@dataclass(frozen=True, slots=True)
class UndoRecord:
    """What one undo wrote. `lifts`: it forbids nothing, nor do earlier ones any more what it wrote.

    So does one that took back another undo, and one that wrote companies named, whose tiers and flags overrides keep.
    `lists`: list name → the companies the undo put on it and took off it.
    """

    lifts: bool
    changes: Sequence[Change]
    lists: Mapping[str, MemberMoves] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UndoneChanges:
    """What undos took back: the texts (`TAKEN`) and the members of lists they replaced.

    `lists`: list name → the companies that undos put on it and took off it, and that stay so.
    """

    texts: pl.DataFrame
    lists: Mapping[str, MemberMoves]

    @property
    def company_count(self) -> int:
        """How many companies undos concern."""
        return len(frozenset(self.texts["id"]).union(*(moves.ids for moves in self.lists.values())))


def merge_undos(undos: Iterable[UndoRecord], excused: Collection[int] = ()) -> UndoneChanges | None:
    """What `undos`, oldest first, took back and nothing lifted since; None where nothing is left.

    `excused`: companies that may be written anew: their inputs changed since.
    """
    texts, lists = TAKEN.to_frame(), dict[str, MemberMoves]()
    for undo in undos:
        rows = [(change.id, name, text) for change in undo.changes for name, text in change.before.items()]
        replaced = pl.DataFrame(rows, schema=TAKEN, orient="row")
        texts = texts.join(replaced, on="id", how="anti")
        texts = texts if undo.lifts else pl.concat([texts, replaced])
        for name, moves in undo.lists.items():
            lists[name] = _merge_moves(lists.get(name, MemberMoves()), moves, lifts=undo.lifts)
    free = pl.Series(list(excused), dtype=pl.Int64)
    texts = texts.filter(~pl.col("id").is_in(free.implode()))
    kept = {
        name: MemberMoves(moves.added.difference(excused), moves.removed.difference(excused))
        for name, moves in lists.items()
    }
    result = UndoneChanges(texts, {name: moves for name, moves in kept.items() if moves.ids})
    return result if result.company_count else None


def undo_depths(undos: Iterable[tuple[str, str | None]]) -> dict[str, int]:
    """Run id → 1 for the undo of a run, 2 for the undo of that, and so on; an even one lifts what the odd took back.

    `undos`: run id and the run it takes back, the oldest first.
    """
    depths: dict[str, int] = {}
    for run_id, undoes in undos:
        depths[run_id] = depths.get(undoes or "", 0) + 1
    return depths


def count_written_again(diff: pl.DataFrame, lists: Collection[ListChange], taken: UndoneChanges, write: Write) -> int:
    """How many companies a plan gives again what an undo took from them.

    `diff`: with `is_changed`. Where the undo took back a tier, flag or outcome, each of them counts by itself; else
    the plan has to write all the texts the undo took back. Stamp and moment never count.
    """
    moved = (
        change_ids
        for change in lists
        for moves in (taken.lists.get(change.name, MemberMoves()),)
        for change_ids in (moves.removed.intersection(change.add), moves.added.intersection(change.remove))
    )
    return len(frozenset(_ids_written_again(diff, taken.texts, write)).union(*moved))


def _ids_written_again(diff: pl.DataFrame, texts: pl.DataFrame, write: Write) -> pl.Series:
    """The ids of the companies to which the plan writes the texts taken back."""
    outputs = {name: output for output, name in write.properties().items() if output not in (STAMP, MOMENT)}
    compared = texts.filter(pl.col("property").is_in(list(outputs)))
    if compared.is_empty():
        return compared["id"]
    named = compared.with_columns(property=pl.format("taken.{}", pl.col("property").replace_strict(outputs)))
    wide = named.pivot("property", index="id", values="value")
    rows = diff.filter(IS_CHANGED).join(wide, on="id", how="inner")
    names = [name.removeprefix("taken.") for name in wide.columns if name != "id"]
    same = {name: _equals_undone(name) for name in names}
    moves = [name for name in names if name in _MOVES]
    has_moved = any_of(*(_undone_column(name).is_not_null() for name in moves))
    again = any_of(*(differs(name) & same[name].fill_null(value=False) for name in moves))
    all_again = pl.all_horizontal(same[name].fill_null(_undone_column(name).is_null()) for name in names)
    return rows.filter(pl.when(has_moved).then(again).otherwise(all_again))["id"]


def _undone_column(output: str) -> pl.Expr:
    return pl.col(f"taken.{output}")


def _equals_undone(output: str) -> pl.Expr:
    """Whether what is desired is what was taken back; null where either is unknown."""
    kind = OUTPUTS[output].type if output in OUTPUTS else _STRINGS
    either = desired(output).is_null() | _undone_column(output).is_null()
    return pl.when(~either).then(texts_equal(desired(output), _undone_column(output), kind))


def _merge_moves(before: MemberMoves, moves: MemberMoves, *, lifts: bool) -> MemberMoves:
    """The moves in force after one more undo, or after one that lifts."""
    added, removed = before.added - moves.ids, before.removed - moves.ids
    return MemberMoves(added, removed) if lifts else MemberMoves(added | moves.added, removed | moves.removed)
