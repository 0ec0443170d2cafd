"""The write-ahead log of one run: a batch is committed before it is sent, and what came of it after.

Whenever a run dies, a batch without `answered_at` marks companies whose write may or may not have arrived; the next
run reads them and settles the batch. A lost answer is never a lost write.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from icp_sync.plan.change_frame import Change
from icp_sync.state.ledger import schema
from icp_sync.state.ledger.column_types import clean_text
from icp_sync.state.ledger.ledger import Ledger, insert_rows

WriteStatus = Literal["written", "already", "skipped", "rejected", "unknown"]
Fence = Callable[[Connection], None]
"""Raises StateUnusable inside the announcing transaction unless this run may still write."""
_BATCH: Final = schema.batch
_CHANGE: Final = schema.change
_LIST: Final = schema.list_change
# Built once: building a statement takes longer than SQLite takes to carry it out.
_ANNOUNCE: Final = insert(_BATCH)
_OWN_BATCH: Final = (_BATCH.c.run == bindparam("in_run"), _BATCH.c.number == bindparam("with_number"))
_ANSWER: Final = (
    update(_BATCH).where(*_OWN_BATCH, _BATCH.c.answered_at.is_(None)).values(answered_at=bindparam("answered_at"))
)
_WITHDRAW: Final = delete(_CHANGE).where(
    _CHANGE.c.run == bindparam("in_run"), _CHANGE.c.batch == bindparam("with_number")
)


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The result of one company of a batch; `reason` where it was not written."""

    id: int
    result: WriteStatus
    reason: str | None = None


def no_fence(_: Connection) -> None:
    """The fence of a run that needs none: the lock of the state directory keeps others away."""


@dataclass(frozen=True, slots=True)
class Journal:
    """Records one run's writes; thread-safe. Every method raises StateUnusable when its commit fails.

    `run`: the row of the run in the ledger. `tier`: the property that holds the tier, None where none is written.
    """

    ledger: Ledger
    run: int
    tier: str | None
    clock: Callable[[], dt.datetime]
    fence: Fence = no_fence

    def announce_batch(self, number: int, changes: Iterable[Change]) -> None:
        """Record the changes about to be sent as batch `number`; what cannot be announced must not be sent."""
        body = [_change_as_json(change) for change in changes]
        with self.ledger.write_transaction() as connection:
            self.fence(connection)
            connection.execute(_ANNOUNCE, {"run": self.run, "number": number, "sent_at": self.clock(), "body": body})

    def answer_batch(self, number: int, results: Iterable[WriteResult], changes: Mapping[int, Change]) -> None:
        """Record the result of companies of batch `number`; `changes`: company id → its change."""
        rows = [self._change_row(number, result, changes[result.id]) for result in results]
        batch = {"in_run": self.run, "with_number": number}
        with self.ledger.write_transaction() as connection:
            if connection.execute(_ANSWER, {**batch, "answered_at": self.clock()}).rowcount == 0:
                # A later run may have settled this batch while this one was away; who sent it knows better.
                connection.execute(_WITHDRAW, batch)
            insert_rows(connection, _CHANGE, rows)

    def announce_list(self, name: str, list_id: str | None, add: Sequence[int], remove: Sequence[int]) -> None:
        """Record that a list is about to be changed, or created where `list_id` is None."""
        with self.ledger.write_transaction() as connection:
            self.fence(connection)
            connection.execute(insert(_LIST).values(self._list_row(name, list_id, add, remove)))

    def answer_list(self, name: str, list_id: str | None, failed: str | None = None) -> None:
        """Record that the list was changed, or why it was not, even if it was never announced."""
        latest = (
            select(_LIST.c.id)
            .where(_LIST.c.run == self.run, _LIST.c.list == name, _LIST.c.answered_at.is_(None))
            .order_by(_LIST.c.id.desc())
            .limit(1)
        )
        values = {"list_id": list_id, "answered_at": self.clock(), "failed": failed}
        with self.ledger.write_transaction() as connection:
            row_id = connection.execute(latest).scalar()
            if row_id is None:
                connection.execute(insert(_LIST).values(self._list_row(name, list_id, (), ()) | values))
            else:
                connection.execute(update(_LIST).where(_LIST.c.id == row_id).values(values))

    def _change_row(self, number: int, result: WriteResult, change: Change) -> tuple[Any, ...]:
        """A row of the table `change`, in the order of its columns."""
        tiers = [clean_text(texts.get(self.tier or "")) for texts in (change.before, change.after)]
        return (self.run, result.id, number, change.cause, result.result, *tiers, clean_text(result.reason))

    def _list_row(self, name: str, list_id: str | None, add: Sequence[int], remove: Sequence[int]) -> dict[str, Any]:
        ids = {"added": sorted(add), "removed": sorted(remove)}
        return {"run": self.run, "list": name, "list_id": list_id, "sent_at": self.clock(), **ids}


def _change_as_json(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "before": dict(change.before),
        "after": dict(change.after),
        "why": change.why_document(),
    }
