"""What an undo leaves alone, in words and as a document."""

from __future__ import annotations

import polars as pl

from icp_sync.plan.undo import LEFT, UndoSummary
from icp_sync.plan.undo_list_members import UnrestoredMembers
from icp_sync.views.undo import undo_document, undo_view
from tests.views.rendering import text_of
from tests.views.test_history import run

COLUMNS = {**LEFT, "writer": pl.String(), "writer_id": pl.String()}


def summary(*rows: tuple[int, str | None, str | None, str, str | None, str | None]) -> UndoSummary:
    left = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return UndoSummary(
        run(), left, (UnrestoredMembers("Tier 1", (4, 5), (6,)), UnrestoredMembers("Tier 2")), ("Gone",), 3
    )


def test_each_value_left_alone_is_said_with_whose_change_it_was() -> None:
    text = text_of(
        undo_view(
            summary(
                (17, "icp_tier", "tier_3", "moved", "person", "42"),
                (18, "icp_score", "", "moved", "run", "night-2"),
                (19, "icp_tier", "tier_1", "moved", None, None),
                (20, "icp_tier", "tier_1", "locked", None, None),
                (21, None, None, "gone", None, None),
            )
        )
    )
    for words in (
        "Undo of run 20261103T020000Z-ab12cd (run, 2026-11-03 02:00 UTC)",
        "3 companies hold again what they held before the run",
        "5 companies are left alone, whole or in part:",
        "17: icp_tier is tier_3 now, by a person (user 42)",
        "18: icp_score is empty now, by run night-2",
        "19: icp_tier is tier_1 now, by somebody else",
        "20: icp_tier locked by a person",
        "21: no longer in the portal",
        "List Tier 1: 2 moved again since and 1 pinned by a person, left as they are",
        "List Gone is left as it is",
        "Properties and lists that the run made stay.",
    ):
        assert words in text
    assert "List Tier 2" not in text


def test_many_are_counted() -> None:
    rows = [(n, "icp_score", "1", "moved", None, None) for n in range(1, 13)]
    assert "… and 2 more values; --json lists them" in text_of(undo_view(summary(*rows)))


def test_the_same_for_machines() -> None:
    document = undo_document(summary((17, "icp_tier", "tier_3", "moved", "person", "42")))
    assert document == {
        "undoes": "20261103T020000Z-ab12cd",
        "as_before": 3,
        "left": [
            {"id": "17", "property": "icp_tier", "value": "tier_3", "why": "moved", "writer": "person",
             "writer_id": "42"}
        ],
        "left_total": 1,
        "left_members": {
            "Tier 1": {"moved": 2, "pinned": 1, "overridden": 0},
            "Tier 2": {"moved": 0, "pinned": 0, "overridden": 0},
        },
        "left_lists": ["Gone"],
    }  # fmt: skip
