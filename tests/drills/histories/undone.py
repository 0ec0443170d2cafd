"""Undo in the histories: what it has to restore, and what no run may write again by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from icp_sync.plan.change_frame import Change
from tests.drills.histories.edition import FLAG, KEPT, LOCK, OUTCOME, STAMP, TIER
from tests.drills.histories.inputs import Key
from tests.drills.histories.records import Records
from tests.read_ledger import RecordedRun

VERDICT: Final = (TIER, FLAG, OUTCOME)


def unrestored(
    undone: RecordedRun,
    chosen: Collection[int] | None,
    before: Records,
    after: Records,
    later: Sequence[RecordedRun] = (),
    overridden: Collection[Key] = (),
) -> Iterator[str]:
    """Companies that are not as an undo has to leave them; `chosen`: those it was asked for, None = all.

    `later`: the runs since. Where they wrote another tier or flag, one that is again as it was is somebody else's.
    `overridden`: tiers and flags that stood as somebody else set them.
    """
    changes = [change for run in later for change in _written(run)]
    last = {(change.id, name): text for change in changes for name, text in change.after.items()}
    sent = {change.id: change for change in _written(undone)}
    for company, texts in before.items():
        change = sent.get(company) if chosen is None or company in chosen else None
        if change is None:
            if texts != after[company]:
                yield f"{company} was not to be undone, {texts} became {after[company]}"
            continue
        kept = [name for name in KEPT if name in change.after]
        ours = [(name, text) for name in kept for text in (change.after[name], last.get((company, name), texts[name]))]
        moved = any((company, name) in overridden or not _same(name, texts[name], text) for name, text in ours)
        left = moved or (kept and texts[LOCK] == "true") or (change.after.get(STAMP) and not texts[STAMP])
        for name in VERDICT:
            stands = name in change.after and _same(name, texts[name], change.after[name]) and not left
            wanted = change.before[name] if stands else texts[name]
            if not _same(name, after[company][name], wanted or ""):
                yield f"{company}: {name} {texts[name]!r} became {after[company][name]!r}, not {wanted!r}, by {change}"


def _written(run: RecordedRun) -> list[Change]:
    """The changes of a run that were confirmed."""
    ids = set(run.by_result("written"))
    return [change for batch in run.batches for change in batch.changes if change.id in ids]


@dataclass(slots=True)
class TakenBack:
    """What the undos of one ledger took back: a text for each company and property, until something moves.

    `depths`: undo → 1 for the undo of a run, 2 for the undo of that.
    """

    texts: dict[Key, str] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    in_force: bool = False

    def undo(
        self,
        run_id: str,
        undone: str,
        before: Records,
        after: Records,
        *,
        spared: Collection[int],
        named: Collection[int] | None,
    ) -> None:
        """Run `run_id` took back `undone`; `spared`: companies whose inputs may change.

        `named`: the companies it was asked for; their values overrides keep, so that they hold no night; None: all.
        """
        depth = self.depths[run_id] = self.depths.get(undone, 0) + 1
        for company, texts in before.items():
            moved = {name: texts[name] for name in VERDICT if texts[name] != after[company][name]}
            if moved:
                self.forget(company)
            if depth % 2 and named is None and company not in spared:
                self.texts |= {(company, name): text for name, text in moved.items()}
        # No override keeps members that were moved on a list alone.
        self.in_force |= named is None or before == after

    def forget(self, company: int) -> None:
        """A company was edited: the next run may write what it likes."""
        self.texts = {key: text for key, text in self.texts.items() if key[0] != company}

    def clear(self) -> None:
        """Everything may be written."""
        self.texts.clear()
        self.in_force = False

    def wrong(self, before: Records, after: Records, opened: Mapping[Key, str]) -> Iterator[str]:
        """What a run that was not allowed to wrote again."""
        for (company, name), text in self.texts.items():
            was, now = before.get(company, {}).get(name), after.get(company, {}).get(name)
            if (company, name) not in opened and now == text != was:
                yield f"{company}: {name} = {text!r} was taken back by an undo and written again"


def _same(name: str, first: str, other: str) -> bool:
    """An empty flag is none."""
    return (first or "false") == (other or "false") if name == FLAG else first == other
