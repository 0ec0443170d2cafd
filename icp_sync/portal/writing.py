"""Batch updates by record id: what HubSpot says it wrote counts as written, everything else has a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from icp_sync.errors import Rejected
from icp_sync.portal.connection import Connection
from icp_sync.portal.paths import COMPANY_UPDATE
from icp_sync.portal.refusals import Reason, reasons, records_named
from icp_sync.portal.replies import SilentAnswer

BATCH: Final = 100
NOT_WRITTEN: Final = "NOT_WRITTEN"
NOT_FOUND: Final = "OBJECT_NOT_FOUND"
_ENOUGH_TO_JUDGE: Final = 10
_SILENCE: Final = Reason("HubSpot neither wrote the company nor said why; it may have been merged", code=NOT_WRITTEN)

Changes = Sequence[tuple[int, Mapping[str, str]]]
OnWritten = Callable[[int, str | None], None]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A company HubSpot did not write, and why: HubSpot's code, and the property where it names one."""

    id: int
    property: str | None
    code: str | None
    message: str


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of one batch.

    `written` gives each company's `hs_lastmodifieddate` after the write. `systemic`: nothing was written, and
    the fault is not in the companies: the refusal named no property and no record, or ten or more companies
    were all refused for the same property and code.
    """

    written: dict[int, str | None]
    rejected: tuple[Rejection, ...]
    systemic: bool


def write(connection: Connection, changes: Changes, *, on_written: OnWritten = lambda *_: None) -> BatchResult:
    """Write at most 100 companies: (record id, values by property), `""` clears a property.

    A batch refused as a whole is halved until the culprits stand alone, so that the others still land.
    Failures that concern all calls (token, scope, daily limit, outage, Stopped) are raised; what HubSpot had
    confirmed by then has been told to `on_written(id, hs_lastmodifieddate)`, which hears of each company as
    soon as its reply is in. A company neither told nor rejected is unknown: the last call may have landed.
    """
    inputs = _inputs(changes)
    if len(inputs) > BATCH:
        raise ValueError(f"a batch holds at most {BATCH} companies, not {len(inputs)}")
    batch = _Batch(connection, on_written)
    batch.send(inputs)
    batch.send_again([one for one in inputs if one.id in batch.unmentioned])
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


@dataclass(slots=True)
class _Batch:
    """What is known of one batch while it is being sent."""

    connection: Connection
    on_written: OnWritten
    written: dict[int, str | None] = field(default_factory=dict)
    refused: dict[int, Reason] = field(default_factory=dict)
    unmentioned: set[int] = field(default_factory=set)
    nameless: set[int] = field(default_factory=set)
    silence: Reason = _SILENCE

    def send(self, inputs: Sequence[_Input]) -> None:
        if not inputs:
            return
        refusal = self._send(inputs)
        if refusal is None:
            return
        if len(inputs) == 1:
            self._refuse(inputs[0].id, refusal)
            if all(why.property is None for why in refusal):
                self.nameless.add(inputs[0].id)
            return
        half = len(inputs) // 2
        self.send(inputs[:half])
        self.send(inputs[half:])

    def send_again(self, inputs: Sequence[_Input]) -> None:
        """One more chance for companies that were neither in the results nor in the errors."""
        self.unmentioned.clear()
        self.send(inputs)
        for company_id in self.unmentioned:
            self.refused[company_id] = self.silence

    def result(self) -> BatchResult:
        rejected = (Rejection(one, why.property, why.code, why.message) for one, why in self.refused.items())
        return BatchResult(self.written, tuple(rejected), self._is_systemic())

    def _send(self, inputs: Sequence[_Input]) -> tuple[Reason, ...] | None:
        """None when HubSpot went through the inputs, the reasons when it refused them all at once."""
        try:
            answer = self.connection.call(COMPANY_UPDATE, body={"inputs": [one.shown() for one in inputs]})
        except SilentAnswer:
            answer = {"results": []}
        except Rejected as refusal:
            return tuple(why for why in refusal.details if isinstance(why, Reason))
        self._settle(inputs, answer)
        return None

    def _settle(self, inputs: Sequence[_Input], answer: Mapping[str, Any]) -> None:
        ids = {key: one.id for one in inputs for key in (str(one.id), one.trace)}
        for record in answer["results"]:
            if str(record["id"]) in ids:
                self._land(ids[str(record["id"])], record)
        for error in answer.get("errors") or ():
            named = {ids[name] for name in records_named(error) if name in ids}
            if not named:
                self.silence = _joined(reasons(error))
            for company_id in named.difference(self.written):
                self._refuse(company_id, reasons(error))
        self.unmentioned.update(one.id for one in inputs if one.id not in self.written.keys() | self.refused)

    def _land(self, company_id: int, record: Mapping[str, Any]) -> None:
        modified = (record.get("properties") or {}).get("hs_lastmodifieddate") or record.get("updatedAt")
        self.written[company_id] = modified
        self.on_written(company_id, modified)

    def _refuse(self, company_id: int, whys: Sequence[Reason]) -> None:
        self.refused[company_id] = _joined(whys)

    def _is_systemic(self) -> bool:
        if self.written or not self.refused:
            return False
        kinds = {(why.property, why.code) for why in self.refused.values()}
        alike = len(kinds) == 1 and len(self.refused) >= _ENOUGH_TO_JUDGE
        return self.refused.keys() <= self.nameless or (alike and kinds != {(None, NOT_FOUND)})


def _joined(whys: Sequence[Reason]) -> Reason:
    return Reason("; ".join(why.message for why in whys), whys[0].property, whys[0].code)
