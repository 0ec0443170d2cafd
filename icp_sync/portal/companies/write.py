"""Batch updates by record id: a company counts as written if HubSpot's response says so, else it has a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from icp_sync.errors import PortalError, RequestRejected
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.error_details import ErrorReason, error_reasons, named_record_ids
from icp_sync.portal.client.responses import EmptyBatchResponse
from icp_sync.portal.client.routes import COMPANY_UPDATE, MAX_INPUTS_PER_BATCH
from icp_sync.portal.companies.bisection_limit import BisectionLimit
from icp_sync.portal.companies.write_results import (
    RecheckCompanies,
    Rejection,
    WriteConfirmation,
    confirm_from_recheck,
    confirm_from_response,
    recheck_nothing,
)

NOT_WRITTEN: Final = "NOT_WRITTEN"
NOT_FOUND: Final = "OBJECT_NOT_FOUND"
# HubSpot's categories for a fault of its own in an entry of a 207: no reason why a company could not be written.
PASSING: Final = frozenset({"RATE_LIMITS", "RATE_LIMIT", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "TIMEOUT"})
_SENT_AGAIN: Final = PASSING | {NOT_FOUND}
LOCKED_STATUS: Final = 423
# Fewer companies with one reason in common are likely to be companies with the same bad value.
_MIN_REJECTED_FOR_SYSTEMIC: Final = 10
# The id of a merged-away company is in neither `results` nor `errors` of the response.
_UNANSWERED: Final = ErrorReason(
    "HubSpot neither wrote the company nor said why; it may have been merged", code=NOT_WRITTEN
)

Changes = Sequence[tuple[int, Mapping[str, str]]]
OnWritten = Callable[[int, WriteConfirmation], None]


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The result of one batch: id → confirmation of those written, and the rejected.

    `systemic`: nothing was written and the companies are not the cause: the error named no property and no record,
    or ten or more companies were all rejected for the same property and code. `locked`: an attempt got 423, which
    HubSpot sends for a while after many writes.
    """

    written: dict[int, WriteConfirmation]
    rejected: tuple[Rejection, ...]
    systemic: bool
    locked: bool = False


def write_companies(
    connection: Connection,
    changes: Changes,
    *,
    recheck: RecheckCompanies = recheck_nothing,
    on_written: OnWritten = lambda *_: None,
    bisection_limit: BisectionLimit | None = None,
) -> BatchResult:
    """Write at most 100 companies: (record id, values by property), `""` clears a property.

    A batch rejected as a whole is bisected until the companies at fault are alone, so that all others are written;
    concurrent batches share `bisection_limit`, and after two systemic failures a rejected batch is rejected whole.
    Before anything is sent again, `recheck(ids)` returns which companies still need it: the response to a successful
    write may be lost, and meanwhile others may have edited, merged or archived a company. Companies it leaves out
    are neither written nor rejected.

    Raises PortalError and Stopped for failures of every call (token, scope, daily limit, outage), ValueError for
    more than 100 companies. `on_written(id, confirmation)` is called as soon as a company is confirmed, so also
    before such an error. A company neither confirmed, rejected nor left out is unknown: the last call may have
    written it.
    """
    inputs = _batch_inputs(changes)
    if len(inputs) > MAX_INPUTS_PER_BATCH:
        raise ValueError(f"a batch holds at most {MAX_INPUTS_PER_BATCH} companies, not {len(inputs)}")
    batch = _BatchProgress(connection, recheck, on_written, bisection_limit or BisectionLimit())
    batch.send(inputs)
    batch.retry_unconfirmed(inputs)
    return batch.result()


@dataclass(frozen=True, slots=True)
class _BatchInput:
    """One company of a batch. HubSpot reports errors by company only if every input has a trace id of its own."""

    id: int
    trace: str
    values: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        return {"id": str(self.id), "objectWriteTraceId": self.trace, "properties": dict(self.values)}


def _batch_inputs(changes: Changes) -> list[_BatchInput]:
    """One input for each company, later values win: HubSpot rejects a batch that names a company twice."""
    merged: dict[int, dict[str, str]] = {}
    for company_id, values in changes:
        merged.setdefault(company_id, {}).update(values)
    return [
        _BatchInput(company_id, f"{company_id}-{index}", merged[company_id]) for index, company_id in enumerate(merged)
    ]


class _NothingToSend(Exception):
    """After a recheck no company of the call needs it any more."""


@dataclass(slots=True)
class _BatchProgress:
    """Progress of one batch. `unconfirmed`: not found or without any result; `without_property`: of systemic errors."""

    connection: Connection
    recheck: RecheckCompanies
    on_written: OnWritten
    bisection_limit: BisectionLimit
    written: dict[int, WriteConfirmation] = field(default_factory=dict)
    rejected_reasons: dict[int, ErrorReason] = field(default_factory=dict)
    unconfirmed: dict[int, ErrorReason] = field(default_factory=dict)
    without_property: set[int] = field(default_factory=set)
    unanswered_reason: ErrorReason = _UNANSWERED
    locked: bool = False
    bisecting: bool = False

    def send(self, inputs: Sequence[_BatchInput]) -> None:
        try:
            sent, reasons = self._send_once(inputs)
        except _NothingToSend:
            return
        if reasons is None:
            return
        # HubSpot writes nothing of a batch it answers with 400, and need not name the company at fault.
        if len(sent) == 1:
            self._reject_all(sent, reasons)
        elif self.bisecting:
            self._bisect(sent)
        else:
            self._bisect_limited(sent, reasons)

    def retry_unconfirmed(self, inputs: Sequence[_BatchInput]) -> None:
        """Send companies once more that HubSpot did not find, did not mention or had a fault with: they may exist."""
        unconfirmed = [company for company in inputs if company.id in self.unconfirmed]
        if unconfirmed:
            self.unconfirmed.clear()
            self.send(self._recheck_and_confirm(unconfirmed))
        self.rejected_reasons.update(self.unconfirmed)

    def _bisect(self, sent: Sequence[_BatchInput]) -> None:
        half = len(sent) // 2
        self.send(sent[:half])
        self.send(sent[half:])

    def _bisect_limited(self, sent: Sequence[_BatchInput], reasons: Sequence[ErrorReason]) -> None:
        with self.bisection_limit.slot() as worthwhile:
            if not worthwhile:
                self._reject_all(sent, reasons)
                return
            self.bisecting = True
            self._bisect(sent)
            self.bisecting = False
            self.bisection_limit.count_bisected(systemic=self._is_systemic())

    def _reject_all(self, sent: Sequence[_BatchInput], reasons: Sequence[ErrorReason]) -> None:
        for company in sent:
            self._reject(company.id, _join_reasons(reasons))
            if all(reason.property is None for reason in reasons):
                self.without_property.add(company.id)

    def result(self) -> BatchResult:
        rejected = (
            Rejection(company_id, reason.property, reason.code, reason.message)
            for company_id, reason in self.rejected_reasons.items()
        )
        return BatchResult(self.written, tuple(rejected), self._is_systemic(), self.locked)

    def _send_once(self, inputs: Sequence[_BatchInput]) -> tuple[Sequence[_BatchInput], tuple[ErrorReason, ...] | None]:
        """Send one call; return the inputs of its last attempt, and the reasons if all were rejected, else None."""
        sent = inputs

        def body(previous_error: PortalError | None) -> object:
            nonlocal sent
            if previous_error is not None:
                self.locked |= previous_error.status == LOCKED_STATUS
                sent = self._recheck_and_confirm(sent)
            if not sent:
                raise _NothingToSend
            return {"inputs": [company.as_json() for company in sent]}

        try:
            response = self.connection.call_rebuilding_body(COMPANY_UPDATE, body)
        except EmptyBatchResponse:
            response = {"results": []}
        except RequestRejected as error:
            return sent, tuple(reason for reason in error.details if isinstance(reason, ErrorReason))
        self._record_response(sent, response)
        return sent, None

    def _recheck_and_confirm(self, inputs: Sequence[_BatchInput]) -> list[_BatchInput]:
        """Recheck inputs: confirm those that have the values already, and return those to be sent again."""
        current = self.recheck([company.id for company in inputs])
        for company in inputs:
            if company.id in current.unchanged:
                self._confirm(company.id, confirm_from_recheck(current.unchanged[company.id], company.values))
        return [company for company in inputs if company.id in current.pending]

    def _record_response(self, inputs: Sequence[_BatchInput], response: Mapping[str, Any]) -> None:
        by_key = {key: company for company in inputs for key in (str(company.id), company.trace)}
        for record in response["results"]:
            if str(record["id"]) in by_key:
                company = by_key[str(record["id"])]
                self._confirm(company.id, confirm_from_response(record, company.values))
        # 207: some are in `results`, the others in `errors` by id or trace id; 200 may leave ids out of both.
        for error in response.get("errors") or ():
            reason = _entry_reason(error)
            ids = {by_key[name].id for name in named_record_ids(error) if name in by_key}
            if not ids:
                self.unanswered_reason = reason
            for company_id in ids.difference(self.written):
                self._reject(company_id, reason)
        known = {*self.written, *self.rejected_reasons, *self.unconfirmed}
        self.unconfirmed.update((company.id, self.unanswered_reason) for company in inputs if company.id not in known)

    def _confirm(self, company_id: int, confirmation: WriteConfirmation) -> None:
        self.written[company_id] = confirmation
        self.on_written(company_id, confirmation)

    def _reject(self, company_id: int, reason: ErrorReason) -> None:
        (self.unconfirmed if reason.code in _SENT_AGAIN else self.rejected_reasons)[company_id] = reason

    def _is_systemic(self) -> bool:
        if self.written or not self.rejected_reasons:
            return False
        kinds = {(reason.property, reason.code) for reason in self.rejected_reasons.values()}
        alike = len(kinds) == 1 and len(self.rejected_reasons) >= _MIN_REJECTED_FOR_SYSTEMIC
        return self.rejected_reasons.keys() <= self.without_property or (alike and kinds != {(None, NOT_FOUND)})


def _entry_reason(error: Mapping[str, Any]) -> ErrorReason:
    reason = _join_reasons(error_reasons(error))
    # HubSpot's finer codes beside its category may be any; they must not hide that the company is not at fault.
    words = re.findall(r"[A-Z_]+", f"{error.get('category')} {error.get('subCategory')}")
    return replace(reason, code=next((word for word in words if word in _SENT_AGAIN), reason.code))


def _join_reasons(reasons: Sequence[ErrorReason]) -> ErrorReason:
    return ErrorReason("; ".join(reason.message for reason in reasons), reasons[0].property, reasons[0].code)
