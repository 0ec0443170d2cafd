"""What runs wrote: the batches of one run, a company's changes over runs, and runs that died while writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Row, func, select

from icp_sync.plan.change_frame import Change
from icp_sync.plan.list_pins import ListMove
from icp_sync.plan.run_record import CompanyResult, ListChangeRecord, TimelineEntry
from icp_sync.state.ledger import schema
from icp_sync.state.ledger.journal import WriteStatus
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.pins import AGREED, RELEASED

_RUN: Final = schema.run
_BATCH: Final = schema.batch
_CHANGE: Final = schema.change
_LIST: Final = schema.list_change
_PIN: Final = schema.pin
_WRITTEN: Final[WriteStatus] = "written"
_UNKNOWN: Final[WriteStatus] = "unknown"


@dataclass(frozen=True, slots=True)
class AnnouncedBatch:
    """A batch as it was sent; `answered_at` None: its result is unknown. `why`: company id → its causes as JSON."""

    number: int
    sent_at: dt.datetime
    answered_at: dt.datetime | None
    changes: tuple[Change, ...]
    why: Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run that never ended; `open_batches`: number → changes of the batches without an answer, of `read_batches`."""

    row_id: int
    run_id: str
    batches: int
    open_batches: Mapping[int, tuple[Change, ...]]


def read_batches(ledger: Ledger, run: int) -> Iterator[AnnouncedBatch]:
    """The batches of the run of that row id, by number; forgotten after the retention. Raises StateUnusable.

    No transaction is open between two of them, so the ledger may be written meanwhile.
    """
    numbers = select(_BATCH.c.number).where(_BATCH.c.run == run).order_by(_BATCH.c.number)
    with ledger.read_transaction() as connection:
        batch_numbers = connection.execute(numbers).scalars().all()
    for number in batch_numbers:
        with ledger.read_transaction() as connection:
            row = connection.execute(select(_BATCH).where(_BATCH.c.run == run, _BATCH.c.number == number)).one()
        why = {entry["id"]: entry["why"] for entry in row.body}
        yield AnnouncedBatch(row.number, row.sent_at, row.answered_at, parse_changes(row.body), why)


def read_written_changes(ledger: Ledger, run: int, *, confirmed: bool = False) -> tuple[Change, ...]:
    """The changes of the run of that row id that reached the portal, or may have: those it got no answer to as well.

    `confirmed`: only those that surely did. Raises StateUnusable.
    """
    wanted = (_WRITTEN,) if confirmed else (_WRITTEN, _UNKNOWN)
    came_of = {result.id: result.result for result in read_results(ledger, run)}
    sent = {change.id: change for batch in read_batches(ledger, run) for change in batch.changes}
    return tuple(change for change in sent.values() if came_of.get(change.id, _UNKNOWN) in wanted)


def read_results(ledger: Ledger, run: int) -> tuple[CompanyResult, ...]:
    """What came of each company of the run of that row id, by company id. Raises StateUnusable."""
    query = select(*_RESULT).where(_CHANGE.c.run == run).order_by(_CHANGE.c.company_id)
    with ledger.read_transaction() as connection:
        return tuple(CompanyResult(*row) for row in connection.execute(query))


def read_list_changes(ledger: Ledger, run: int) -> tuple[ListChangeRecord, ...]:
    """The list changes of the run of that row id, in their order. Raises StateUnusable."""
    columns = (_LIST.c.list, _LIST.c.list_id, _LIST.c.sent_at, _LIST.c.answered_at)
    query = select(*columns, _LIST.c.added, _LIST.c.removed, _LIST.c.failed).where(_LIST.c.run == run)
    with ledger.read_transaction() as connection:
        rows = connection.execute(query.order_by(_LIST.c.id))
        return tuple(
            ListChangeRecord(name, list_id, sent_at, answered_at, tuple(added), tuple(removed), failed)
            for name, list_id, sent_at, answered_at, added, removed, failed in rows
        )


def read_list_moves(ledger: Ledger, portal_id: int, since: dt.datetime | None) -> dict[str, tuple[ListMove, ...]]:
    """List id → the members that runs of any profile moved since then (None: ever), in their order.

    A pin that was released counts as a move of ours from then on, and so does what people did as the list wanted it.
    Raises StateUnusable.
    """
    sent = select(_LIST).join(_RUN, _RUN.c.id == _LIST.c.run).order_by(_LIST.c.id)
    sent = sent.where(_RUN.c.portal_id == portal_id, _LIST.c.list_id.is_not(None))
    known = select(_PIN).where(_PIN.c.portal_id == portal_id, _PIN.c.ended_by.in_([RELEASED, AGREED]))
    known = known.order_by(_PIN.c.id)
    if since is not None:
        sent, known = sent.where(_LIST.c.sent_at >= since), known.where(_PIN.c.ended_at >= since)
    with ledger.read_transaction() as connection:
        dated = [(row.sent_at, row.list_id, _sent_move(row)) for row in connection.execute(sent)]
        dated += [(row.ended_at, row.list_id, _ended_pin_move(row)) for row in connection.execute(known)]
    moves: dict[str, list[ListMove]] = {}
    for _, list_id, move in sorted(dated, key=itemgetter(0)):
        moves.setdefault(list_id, []).append(move)
    return {list_id: tuple(of_list) for list_id, of_list in moves.items()}


def _sent_move(row: Row[Any]) -> ListMove:
    return ListMove(tuple(row.added), tuple(row.removed), row.answered_at is not None and row.failed is None)


def _ended_pin_move(row: Row[Any]) -> ListMove:
    """A pin as a move of ours: who was put there by hand and released would else be pinned again by the next look."""
    company = (row.company_id,)
    return ListMove(company, (), arrived=True) if row.side == "in" else ListMove((), company, arrived=True)


def read_company_timeline(ledger: Ledger, portal_id: int, profile: str, company_id: int) -> tuple[TimelineEntry, ...]:
    """A company's changes over all runs of the profile, the newest first. Raises StateUnusable."""
    query = (
        select(_RUN.c.started_at, _RUN.c.run_id, _RUN.c.command, _BATCH.c.body, *_RESULT)
        .join(_RUN, _RUN.c.id == _CHANGE.c.run)
        .outerjoin(_BATCH, (_BATCH.c.run == _CHANGE.c.run) & (_BATCH.c.number == _CHANGE.c.batch))
        .where(_CHANGE.c.company_id == company_id, _RUN.c.portal_id == portal_id, _RUN.c.profile == profile)
        .order_by(_RUN.c.id.desc())
    )
    with ledger.read_transaction() as connection:
        return tuple(
            TimelineEntry(at, run_id, command, CompanyResult(*facts), _company_causes(body, company_id))
            for at, run_id, command, body, *facts in connection.execute(query)
        )


def _company_causes(body: list[dict[str, Any]] | None, company_id: int) -> Mapping[str, Any] | None:
    return next((entry["why"] for entry in body or () if entry["id"] == company_id), None)


def find_unfinished_run(ledger: Ledger, portal_id: int, profile: str) -> UnfinishedRun | None:
    """The newest run of the profile if it never ended: it died, since a run at work holds lock and lease.

    Raises StateUnusable.
    """
    newest = select(_RUN.c.id, _RUN.c.run_id, _RUN.c.ended_at).where(
        _RUN.c.portal_id == portal_id, _RUN.c.profile == profile
    )
    with ledger.read_transaction() as connection:
        run = connection.execute(newest.order_by(_RUN.c.id.desc()).limit(1)).first()
        if run is None or run.ended_at is not None:
            return None
        count = connection.execute(select(func.count()).where(_BATCH.c.run == run.id)).scalar_one()
        unanswered = select(_BATCH.c.number, _BATCH.c.body).where(
            _BATCH.c.run == run.id, _BATCH.c.answered_at.is_(None)
        )
        open_batches = {
            number: parse_changes(body) for number, body in connection.execute(unanswered.order_by(_BATCH.c.number))
        }
    return UnfinishedRun(run.id, run.run_id, count, open_batches)


def last_write_time(ledger: Ledger, run: int) -> dt.datetime | None:
    """When the run of that row id last sent something or heard of it; None where it has sent nothing.

    Raises StateUnusable.
    """
    columns = [column for table in (_BATCH, _LIST) for column in (table.c.sent_at, table.c.answered_at)]
    with ledger.read_transaction() as connection:
        moments = [
            connection.execute(select(func.max(column)).where(column.table.c.run == run)).scalar() for column in columns
        ]
    return max((moment for moment in moments if moment is not None), default=None)


_RESULT: Final = tuple(
    _CHANGE.c[name] for name in ("company_id", "batch", "cause", "result", "tier_before", "tier_after", "reason")
)


def parse_changes(body: list[dict[str, Any]]) -> tuple[Change, ...]:
    """The changes of a batch's body."""
    return tuple(Change(entry["id"], entry["why"]["cause"], entry["before"], entry["after"]) for entry in body)
