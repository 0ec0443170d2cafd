"""The guardrail `undone`: a run may not write again by itself what an undo took back."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.plan.change_frame import Change
from icp_sync.plan.guardrails import GuardrailCheck
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.undo_list_members import MemberMoves
from icp_sync.plan.undone_changes import UndoRecord, count_written_again, merge_undos
from tests.plan.drawings import (
    OLD_STAMP,
    OURS_1,
    OURS_2,
    PROFILE,
    PROPERTY,
    TIER_1,
    TIER_2,
    Company,
    drawn,
    judged,
    verdict,
)

RESTORED = OURS_2 | {"profile": OLD_STAMP}
"""What stands on a company once a run that moved it to tier_1 was undone."""


def undoing(company: int = 1, *, lifts: bool = False, **lists: MemberMoves) -> UndoRecord:
    """The undo of a run that moved a company from tier_2 to tier_1; one that lifts writes tier_1 again."""
    sides = (OURS_1, RESTORED)
    before, after = reversed(sides) if lifts else sides
    names = [output for output in before if before[output] != after.get(output)]
    old, new = ({PROPERTY[output]: side.get(output, "") for output in names} for side in (before, after))
    return UndoRecord(lifts, [Change(company, "undo", old, new)], lists)


def undone(*companies: Company, undos: list[UndoRecord] | None = None, **given: Any) -> GuardrailCheck:
    return judged("undone", *companies, taken_back=merge_undos(undos or [undoing()]), **given)


def test_writing_the_same_again_is_held() -> None:
    check = undone((RESTORED, TIER_1), (OURS_1, TIER_1))
    assert (check.part, check.whole, check.blocks) == (1, 1, True)
    assert check.sentence == "undone: 1, none"


def test_it_may_be_allowed_by_name() -> None:
    assert not undone((RESTORED, TIER_1), allow=["undone"]).blocks


ANOTHER: dict[str, Company] = {
    "the restored values": (RESTORED, TIER_2),
    "another tier": (RESTORED, verdict("tier_3", score=40.0)),
    "another company": (OURS_1, TIER_2),
}


@pytest.mark.parametrize("company", ANOTHER.values(), ids=ANOTHER)
def test_what_the_undo_did_not_take_back_may_be_written(company: Company) -> None:
    assert undone(company).part == 0


def test_without_an_undo_there_is_nothing_to_judge() -> None:
    assert judged("undone", (RESTORED, TIER_1)).whole is None
    assert merge_undos([]) is None


def test_a_tier_counts_whatever_the_reasons_say() -> None:
    assert undone((RESTORED, verdict(reasons="fits as well")), (OURS_1, TIER_1)).part == 1


def test_texts_that_are_no_move_count_only_all_together() -> None:
    change = Change(1, "undo", {PROPERTY["score"]: "91", PROPERTY["reasons"]: "more"}, {PROPERTY["score"]: "90"})
    undos = [UndoRecord(False, [change])]
    assert undone((OURS_1, verdict(score=91.0, reasons="more")), undos=undos).part == 1
    assert undone((OURS_1, verdict(score=91.0, reasons="others")), undos=undos).part == 0


def test_undoing_the_undo_lifts_it() -> None:
    assert merge_undos([undoing(), undoing(lifts=True)]) is None
    again = merge_undos([undoing(), undoing(lifts=True), undoing()])
    assert again is not None
    assert again.company_count == 1


def test_lifting_it_for_one_company_leaves_the_others() -> None:
    merged = merge_undos([undoing(1), undoing(2), undoing(1, lifts=True)])
    assert merged is not None
    assert merged.texts["id"].unique().to_list() == [2]


def test_companies_whose_inputs_changed_are_excused() -> None:
    assert merge_undos([undoing()], excused=[1]) is None


def members_again(change: ListChange, moves: MemberMoves) -> int:
    taken = merge_undos([UndoRecord(False, [], {"Targets": moves})])
    assert taken is not None
    return count_written_again(drawn((OURS_1, TIER_1)).diff, [change], taken, PROFILE.write)


def test_members_an_undo_moved_stay_where_it_put_them() -> None:
    moves = MemberMoves(added=frozenset({1, 2}), removed=frozenset({3, 4}))
    assert members_again(ListChange("Targets", "static", "7", 9, add=(3, 5), remove=(1, 8)), moves) == 2
    assert members_again(ListChange("Others", "static", "8", 9, add=(3,), remove=(1,)), moves) == 0


def test_a_company_counts_once_for_its_tier_and_its_lists() -> None:
    taken = merge_undos([undoing(Targets=MemberMoves(removed=frozenset({1})))])
    change = ListChange("Targets", "static", "7", 9, add=(1,))
    assert taken is not None
    assert count_written_again(drawn((RESTORED, TIER_1)).diff, [change], taken, PROFILE.write) == 1


def test_members_are_lifted_and_excused_like_texts() -> None:
    moves = MemberMoves(removed=frozenset({1, 2}))
    back = MemberMoves(added=frozenset({1}))
    merged = merge_undos([UndoRecord(False, [], {"Targets": moves}), UndoRecord(True, [], {"Targets": back})])
    assert merged is not None
    assert merged.lists == {"Targets": MemberMoves(removed=frozenset({2}))}
    assert merge_undos([UndoRecord(False, [], {"Targets": moves})], excused=[1, 2]) is None


def test_a_text_taken_back_twice_counts_by_the_last() -> None:
    later = UndoRecord(False, [Change(1, "undo", {PROPERTY["tier"]: "tier_3"}, {PROPERTY["tier"]: "tier_2"})])
    merged = merge_undos([undoing(), later])
    assert merged is not None
    assert merged.texts.filter(pl.col("property") == PROPERTY["tier"])["value"].to_list() == ["tier_3"]
