"""One run as the ledger remembers it: numbers, causes, guardrails, who, and what it wrote and left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from icp_sync.plan.change_sentence import remembered_sentence
from icp_sync.plan.plurals import count_noun
from icp_sync.plan.run_record import ChangeDetails, RunDetails, RunRecord
from icp_sync.text_truncation import truncate
from icp_sync.views.csv_text import csv_text
from icp_sync.views.history import MOMENT, causes_words, outcome_words, runs_document
from icp_sync.views.sanitise import sanitise

SHOWN: Final = 10
LONGEST_TEXT: Final = 40
MOST_LISTED: Final = 1_000
_COLUMNS: Final = ("id", "property", "before", "after", "cause", "result", "reason")


def show_view(shown: RunDetails) -> RenderableType:
    """The run for a terminal."""
    return Group(
        *_header_lines(shown.run),
        *_guardrails(shown),
        *_changes(shown),
        *_unwritten_lines(shown),
        *_list_change_lines(shown),
    )


def show_document(shown: RunDetails) -> dict[str, Any]:
    """The run for machines: at most 1,000 values, and how many companies there are."""
    run = shown.run
    (row,) = runs_document([run])["runs"]
    who = {name: getattr(run, name) for name in _FACTS}
    ended = run.ended_at.isoformat() if run.ended_at else None
    facts = {
        **row,
        **who,
        "ended_at": ended,
        "profile": {"name": run.profile, "digest": run.digest},
        "as_of": run.as_of.isoformat(),
        "guardrails": [dict(check) for check in run.guardrails],
        "calls": dict(run.calls),
        "plan": shown.plan_file,
    }
    left = [{"id": str(one.id), "result": one.result, "reason": one.reason} for one in shown.left[:MOST_LISTED]]
    values = [value for value, _ in zip(_changed_value_rows(shown), range(MOST_LISTED), strict=False)]
    return {
        "run": facts,
        "changes": values,
        "changes_total": len(shown.changes),
        "left": left,
        "left_total": len(shown.left),
        "lists": [
            {"name": change.name, "id": change.list_id, "added": len(change.added), "removed": len(change.removed),
             "failed": change.failed}
            for change in shown.lists
        ],
    }  # fmt: skip


_FACTS: Final = (
    "portal_id", "host", "os_user", "because", "version", "plan_of", "undoes", "read", "scored", "written", "already",
    "skipped", "rejected", "error", "seconds",
)  # fmt: skip


def show_csv(shown: RunDetails) -> str:
    """Every value the run wrote or meant to write, one a row."""
    return csv_text(_COLUMNS, _changed_value_rows(shown))


def _changed_value_rows(shown: RunDetails) -> Iterator[dict[str, Any]]:
    for change in shown.changes:
        for name, after in change.change.after.items():
            yield {
                "id": str(change.change.id),
                "property": name,
                "before": change.change.before.get(name, ""),
                "after": after,
                "cause": change.change.cause,
                "result": change.result,
                "reason": change.reason,
            }


def _header_lines(run: RunRecord) -> Iterator[Text]:
    yield sanitise(f"Run {run.run_id} · {run.command} · portal {run.portal_id} · {run.profile}@{run.digest}", "bold")
    ended = f" to {run.ended_at:{MOMENT}}" if run.ended_at else ""
    yield sanitise(f"{run.started_at:{MOMENT}}{ended} UTC, by {run.os_user} on {run.host}: {outcome_words(run)}")
    if run.because:
        yield sanitise(f"because: {run.because}")
    if run.undoes:
        yield sanitise(f"takes back run {run.undoes}")
    if run.plan_of:
        yield sanitise(f"applied the plan of run {run.plan_of}")
    yield Text(
        f"{run.read:,} read, {run.scored:,} scored, {run.changes:,} to change, {run.written:,} written, "
        f"{run.already:,} already so, {run.skipped:,} skipped, {run.rejected:,} refused; "
        f"{sum(run.calls.values()):,} calls, {run.seconds:.1f} s"
    )
    if run.causes:
        yield sanitise(causes_words(run))


def _guardrails(shown: RunDetails) -> Iterator[Text]:
    for check in shown.run.guardrails:
        holds = check["name"] in shown.run.blocking_guardrails
        if check.get("whole") or holds:
            yield sanitise(_guardrail(check, holds=holds), "bold red" if holds else "")
    if shown.run.blocking_guardrails and shown.plan_file:
        yield sanitise(f"the held plan: {shown.plan_file}")


def _guardrail(check: Mapping[str, Any], *, holds: bool) -> str:
    title = f"{check['name']} of list {check['list']}" if check.get("list") else str(check["name"])
    verdict = ": HELD" if holds else ""
    share = f"{check['part']:,}"
    if check.get("whole"):
        share += f" of {check['whole']:,}, limit {check['limit']:.1%}"
    return f"Guardrail {title}: {share}{verdict}"


def _changes(shown: RunDetails) -> Iterator[Text]:
    for change in shown.changes[:SHOWN]:
        yield sanitise(f"  {change.change.id} {change.result}: {_cause_sentence(change)}")
        yield sanitise(f"      {_values_summary(change)}")
    if len(shown.changes) > SHOWN:
        more = count_noun(len(shown.changes) - SHOWN, "more company", "more companies")
        yield Text(f"  … and {more}; --csv FILE lists them all")


def _values_summary(change: ChangeDetails) -> str:
    before, after = change.change.before, change.change.after
    moved = [f"{name} {_value_text(before.get(name))} → {_value_text(text)}" for name, text in after.items()]
    return ", ".join(moved[:3]) + (f" and {len(moved) - 3} more" if len(moved) > 3 else "")


def _value_text(text: str | None) -> str:
    """A value of the portal, cut where it is a long sentence."""
    return truncate(text or "empty", LONGEST_TEXT)


def _cause_sentence(change: ChangeDetails) -> str:
    return remembered_sentence(change.why, change.change.cause)


def _unwritten_lines(shown: RunDetails) -> Iterator[Text]:
    for left in shown.left[:SHOWN]:
        yield sanitise(f"  {left.id}: {left.result}" + (f", {left.reason}" if left.reason else ""))
    if len(shown.left) > SHOWN:
        yield Text(f"  … and {len(shown.left) - SHOWN:,} more that were not written; --json lists them")


def _list_change_lines(shown: RunDetails) -> Iterator[Text]:
    # A list that is made and filled has two entries, and the first moves nobody.
    moving = [change for change in shown.lists if change.added or change.removed or change.failed]
    for change in moving:
        failed = f", not changed: {change.failed}" if change.failed else ""
        yield sanitise(f"List {change.name}: +{len(change.added):,} −{len(change.removed):,}{failed}")
    for name in dict.fromkeys(change.name for change in shown.lists):
        if name not in {change.name for change in moving}:
            yield sanitise(f"List {name}: made, or its filter set")
