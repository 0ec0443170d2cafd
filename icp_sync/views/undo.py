"""What an undo leaves alone, and whose change it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from icp_sync.plan.plurals import count_noun
from icp_sync.plan.undo import UndoSummary
from icp_sync.plan.undo_conflicts import RUN
from icp_sync.plan.undo_list_members import UnrestoredMembers
from icp_sync.views.sanitise import sanitise

SHOWN: Final = 10
MOST_LISTED: Final = 1_000
_WHY: Final = {
    "locked": "locked by a person",
    "gone": "no longer in the portal",
    "unowned": "no longer written by the profile",
}
_WRITERS: Final = {
    "person": "by a person (user {})",
    "automation": "by a workflow, import or the like ({})",
    "app": "by an app ({})",
    "system": "by HubSpot itself ({})",
    RUN: "by run {}",
}


def undo_view(summary: UndoSummary) -> RenderableType:
    """Which run is taken back, and what stays as it is."""
    run = summary.undone
    head = f"Undo of run {run.run_id} ({run.command}, {run.started_at:%Y-%m-%d %H:%M} UTC)"
    return Group(
        Text(head, style="bold"),
        *_restored_count_line(summary.done),
        *_left_alone_lines(summary),
        *_left_member_lines(summary),
        Text("Properties and lists that the run made stay."),
    )


def undo_document(summary: UndoSummary) -> dict[str, Any]:
    """The same for machines."""
    rows = summary.left.head(MOST_LISTED).iter_rows(named=True)
    return {
        "undoes": summary.undone.run_id,
        "as_before": summary.done,
        "left": [row | {"id": str(row["id"])} for row in rows],
        "left_total": summary.left["id"].n_unique(),
        "left_members": {
            left.name: {"moved": len(left.moved), "pinned": len(left.pinned), "overridden": len(left.overridden)}
            for left in summary.left_members
        },
        "left_lists": list(summary.left_lists),
    }


def _restored_count_line(done: int) -> Iterator[Text]:
    if done:
        hold = count_noun(done, "company holds again what it held", "companies hold again what they held")
        yield Text(f"{hold} before the run")


def _left_alone_lines(summary: UndoSummary) -> Iterator[Text]:
    left = summary.left
    if left.is_empty():
        return
    yield Text(f"{count_noun(left['id'].n_unique(), 'company is', 'companies are')} left alone, whole or in part:")
    for row in left.head(SHOWN).iter_rows(named=True):
        yield sanitise(f"  {row['id']}: {_left_value_sentence(row)}")
    if left.height > SHOWN:
        yield Text(f"  … and {left.height - SHOWN:,} more values; --json lists them")


def _left_value_sentence(row: dict[str, Any]) -> str:
    """Why one value is left, such as `icp_tier is tier_3 now, by a person (user 77)`."""
    where = f"{row['property']} " if row["property"] else ""
    if row["why"] != "moved":
        return f"{where}{_WHY[row['why']]}"
    who = _WRITERS[row["writer"]].format(row["writer_id"]) if row["writer"] else "by somebody else"
    return f"{where}is {row['value'] or 'empty'} now, {who}"


def _left_member_lines(summary: UndoSummary) -> Iterator[Text]:
    for left in summary.left_members:
        if words := _unrestored_members_text(left):
            yield Text(f"List {left.name}: {words}, left as they are")
    for name in summary.left_lists:
        yield sanitise(f"List {name} is left as it is: the profile keeps no static list of that name now")


def _unrestored_members_text(left: UnrestoredMembers) -> str:
    counts = (
        (len(left.moved), "moved again since"),
        (len(left.pinned), "pinned by a person"),
        (len(left.overridden), "of a tier that somebody set"),
    )
    return " and ".join(f"{count:,} {words}" for count, words in counts if count)
