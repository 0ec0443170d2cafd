"""Batch updates by record id: what HubSpot says it wrote counts as written, everything else has a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from icp_sync.errors import PortalError, Rejected
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.error_details import ErrorReason, error_reasons, named_records
from icp_sync.portal.client.responses import EmptyBatchResponse
from icp_sync.portal.client.routes import BATCH, COMPANY_UPDATE
from icp_sync.portal.companies.bisection import BisectionLimit
from icp_sync.portal.companies.write_results import (
    LookAgain,
    Rejection,
    WriteConfirmation,
    from_recheck,
    from_response,
    recheck_nothing,
)

NOT_WRITTEN: Final = "NOT_WRITTEN"
NOT_FOUND: Final = "OBJECT_NOT_FOUND"
LOCKED: Final = 423
_ENOUGH_TO_JUDGE: Final = 10
_SILENCE: Final = ErrorReason(
    "HubSpot neither wrote the company nor said why; it may have been merged", code=NOT_WRITTEN
)

Changes = Sequence[tuple[int, Mapping[str, str]]]
OnWritten = Callable[[int, WriteConfirmation], None]


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of one batch.

    `systemic`: nothing was written, and the fault is not in the companies: the refusal named no property and no
    record, or ten or more companies were all refused for the same property and code. `locked`: HubSpot answered
    in between that so many writes have locked it (423).
    """

    written: dict[int, WriteConfirmation]
    rejected: tuple[Rejection, ...]
    systemic: bool
    locked: bool = False


def write(
    connection: Connection,
    changes: Changes,
    *,
    look_again: LookAgain = recheck_nothing,
    on_written: OnWritten = lambda *_: None,
    turns: BisectionLimit | None = None,
) -> BatchResult:
    """Write at most 100 companies: (record id, values by property), `""` clears a property.

    A batch refused as a whole is halved until the culprits stand alone, so that the others still land; batches sent
    side by side share `turns`, and once it is known that everything is refused, all of a batch are. Before
    anything is sent once more, `look_again` says who still needs it: the answer to a write that landed may have got
    lost, and while we waited somebody may have edited, merged or archived the company. Who it leaves out is
    neither written nor rejected.

    Failures that concern all calls (token, scope, daily limit, outage, Stopped) are raised; what had landed by then
    has been told to `on_written(id, landed)`, which hears of each company as soon as its reply is in. A company
    neither told, rejected nor left out is unknown: the last call may have landed.
    """
    inputs = _inputs(changes)
    if len(inputs) > BATCH:
        raise ValueError(f"a batch holds at most {BATCH} companies, not {len(inputs)}")
    batch = _Batch(connection, look_again, on_written, turns or BisectionLimit())
    batch.send(inputs)
    batch.send_doubted(inputs)
    return batch.result()


@dataclass(frozen=True, slots=True)
class _Input:
    """One company of a batch. Without a trace id of its own on every input, one bad value refuses all."""

    id: int
    trace: str
    values: Mapping[str, str]

    def shown(self) -> dict[str, object]:
        return {"id": str(self.id), "objectWriteTraceId": self.trace, "properties": dict(self.values)}


def _inputs(changes: Changes) -> list[_Input]:
    """One input a company, since HubSpot refuses a batch that names one twice; later values win."""
    merged: dict[int, dict[str, str]] = {}
    for company_id, values in changes:
        merged.setdefault(company_id, {}).update(values)
    return [_Input(one, f"{one}-{place}", values) for place, (one, values) in enumerate(merged.items())]


class _NothingLeft(Exception):
    """Looked at again, none of the companies of a call needs it any more."""


@dataclass(slots=True)
class _Batch:
    """What is known of one batch while it is being sent."""

    connection: Connection
    look_again: LookAgain
    on_written: OnWritten
    turns: BisectionLimit
    written: dict[int, WriteConfirmation] = field(default_factory=dict)
    refused: dict[int, ErrorReason] = field(default_factory=dict)
    doubted: dict[int, ErrorReason] = field(default_factory=dict)
    nameless: set[int] = field(default_factory=set)
    silence: ErrorReason = _SILENCE
    locked: bool = False
    halving: bool = False

    def send(self, inputs: Sequence[_Input]) -> None:
        try:
            sent, refusal = self._send(inputs)
        except _NothingLeft:
            return
        if refusal is None:
            return
        if len(sent) == 1:
            self._refuse_all(sent, refusal)
        elif self.halving:
            self._halve(sent)
        else:
            self._halve_in_turn(sent, refusal)

    def send_doubted(self, inputs: Sequence[_Input]) -> None:
        """One more chance for companies HubSpot did not find, or said nothing of: they may be gone, or there."""
        doubted = [one for one in inputs if one.id in self.doubted]
        if doubted:
            self.doubted.clear()
            self.send(self._still_pending(doubted))
        self.refused.update(self.doubted)

    def _halve(self, sent: Sequence[_Input]) -> None:
        half = len(sent) // 2
        self.send(sent[:half])
        self.send(sent[half:])

    def _halve_in_turn(self, sent: Sequence[_Input], refusal: Sequence[ErrorReason]) -> None:
        with self.turns.taken() as worthwhile:
            if not worthwhile:
                self._refuse_all(sent, refusal)
                return
            self.halving = True
            self._halve(sent)
            self.halving = False
            self.turns.told(systemic=self._is_systemic())

    def _refuse_all(self, sent: Sequence[_Input], refusal: Sequence[ErrorReason]) -> None:
        for one in sent:
            self._refuse(one.id, refusal)
            if all(why.property is None for why in refusal):
                self.nameless.add(one.id)

    def result(self) -> BatchResult:
        rejected = (Rejection(one, why.property, why.code, why.message) for one, why in self.refused.items())
        return BatchResult(self.written, tuple(rejected), self._is_systemic(), self.locked)

    def _send(self, inputs: Sequence[_Input]) -> tuple[Sequence[_Input], tuple[ErrorReason, ...] | None]:
        """Whom the last try named; with None HubSpot went through them, with reasons it refused them all at once."""
        sent = inputs

        def body(failed: PortalError | None) -> object:
            nonlocal sent
            if failed is not None:
                self.locked |= failed.status == LOCKED
                sent = self._still_pending(sent)
            if not sent:
                raise _NothingLeft
            return {"inputs": [one.shown() for one in sent]}

        try:
            answer = self.connection.send(COMPANY_UPDATE, body)
        except EmptyBatchResponse:
            answer = {"results": []}
        except Rejected as refusal:
            return sent, tuple(why for why in refusal.details if isinstance(why, ErrorReason))
        self._settle(sent, answer)
        return sent, None

    def _still_pending(self, inputs: Sequence[_Input]) -> list[_Input]:
        """Who has to be sent again; who is found to hold the values has landed."""
        looked = self.look_again([one.id for one in inputs])
        for one in inputs:
            if one.id in looked.standing:
                self._land(one.id, from_recheck(looked.standing[one.id], one.values))
        return [one for one in inputs if one.id in looked.pending]

    def _settle(self, inputs: Sequence[_Input], answer: Mapping[str, Any]) -> None:
        named = {key: one for one in inputs for key in (str(one.id), one.trace)}
        for record in answer["results"]:
            if str(record["id"]) in named:
                one = named[str(record["id"])]
                self._land(one.id, from_response(record, one.values))
        for error in answer.get("errors") or ():
            ids = {named[name].id for name in named_records(error) if name in named}
            if not ids:
                self.silence = _joined(error_reasons(error))
            for company_id in ids.difference(self.written):
                self._refuse(company_id, error_reasons(error))
        known = {*self.written, *self.refused, *self.doubted}
        self.doubted.update((one.id, self.silence) for one in inputs if one.id not in known)

    def _land(self, company_id: int, landed: WriteConfirmation) -> None:
        self.written[company_id] = landed
        self.on_written(company_id, landed)

    def _refuse(self, company_id: int, whys: Sequence[ErrorReason]) -> None:
        why = _joined(whys)
        (self.doubted if why.code == NOT_FOUND else self.refused)[company_id] = why

    def _is_systemic(self) -> bool:
        if self.written or not self.refused:
            return False
        kinds = {(why.property, why.code) for why in self.refused.values()}
        alike = len(kinds) == 1 and len(self.refused) >= _ENOUGH_TO_JUDGE
        return self.refused.keys() <= self.nameless or (alike and kinds != {(None, NOT_FOUND)})


def _joined(whys: Sequence[ErrorReason]) -> ErrorReason:
    return ErrorReason("; ".join(why.message for why in whys), whys[0].property, whys[0].code)
