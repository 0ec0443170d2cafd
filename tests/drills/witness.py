"""A portal that remembers what it was asked to write: every company, what stood there before and what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.api.record_reads import RecordReads
from icp_sync.sandbox.api.record_writes import CompanyWrites, WriteInput
from icp_sync.sandbox.store.history_sources import ChangeSource

MOMENT: Final = "icp_fit_changed_at"
"""The one output that says when; no two runs agree on it."""


@dataclass(frozen=True, slots=True)
class Landing:
    """One company written over HTTP: the texts that stood in the properties sent, and the texts sent."""

    id: int
    before: Mapping[str, str]
    sent: Mapping[str, str]


class Witness:
    """Listens at the batch endpoints of `portal`, between the wire and the records.

    `landed`: every company written, in order. `sought`: ids read by a batch since they were last written, which is
    the moment between a run's look at a company and its write that no client of HubSpot's can close.
    `deaf`: trace ids are not heard, so one bad value refuses its whole batch.
    """

    def __init__(self, portal: SandboxPortal, *, deaf: bool = False) -> None:
        self.portal = portal
        self.deaf = deaf
        self.landed: list[Landing] = []
        self.sought: set[int] = set()
        self.on_landing: Callable[[Landing], None] | None = None
        portal.writing = _Writing(self)
        portal.reading = portal.objects["companies"].reading = _Reading(self)

    def counts(self, earlier: Mapping[int, int] = MappingProxyType({})) -> dict[int, int]:
        """How often each company was written; beyond `earlier` counts."""
        counted = Counter(one.id for one in self.landed)
        counted.subtract(earlier)
        return {one: count for one, count in counted.items() if count}

    def hear(self, landing: Landing) -> None:
        """Take note of one company written."""
        self.landed.append(landing)
        self.sought.discard(landing.id)
        if self.on_landing is not None:
            self.on_landing(landing)

    def standing(self, record: WriteInput) -> dict[str, str]:
        """What stands in the properties about to be written."""
        row = self.portal.records.row(record.id)
        return (
            {} if row is None else {name: self.portal.records.value_at(row, name) or "" for name in record.properties}
        )


class _Writing(CompanyWrites):
    def __init__(self, witness: Witness) -> None:
        portal = witness.portal
        super().__init__(portal.records, portal.schema, portal.reading, portal.faults, portal.now)
        self._witness = witness

    def update(
        self, inputs: list[WriteInput], source: ChangeSource, *, enforce_rules: bool = False
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        given = [replace(one, trace_id=None) for one in inputs] if self._witness.deaf else inputs
        before = {one.id: self._witness.standing(one) for one in given}
        sent = {one.id: {name: str(value) for name, value in one.properties.items()} for one in given}
        written, errors = super().update(given, source, enforce_rules=enforce_rules)
        for record in written:
            company = int(record["id"])
            self._witness.hear(Landing(company, before[company], sent[company]))
        return written, errors


class _Reading(RecordReads):
    def __init__(self, witness: Witness) -> None:
        super().__init__(witness.portal.records, witness.portal.schema)
        self.listing = witness.portal.reading.listing
        self._witness = witness

    def read_batch(
        self, ids: Any, names: Any, *, archived: bool, history: Any = ()
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        self._witness.sought.update(ids)
        return super().read_batch(ids, names, archived=archived, history=history)
