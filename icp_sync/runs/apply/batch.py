"""One batch of a plan: read again, leave what drifted, say what is about to be sent, send it, say what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from icp_sync.companies.snapshot import MODIFIED
from icp_sync.errors import PortalError, StateUnusable, Stopped
from icp_sync.plan.changes import Change
from icp_sync.plan.drift import check_drift, locked_since
from icp_sync.portal.companies import read as companies
from icp_sync.portal.companies import write as writing
from icp_sync.portal.companies.bisection import BisectionLimit
from icp_sync.portal.companies.write_results import Recheck, Rejection, WriteConfirmation
from icp_sync.runs.context import ProfileRun
from icp_sync.state.journal import Journal, Result

# Of a million companies most say the same: categories hold each text once.
_SCHEMA: Final = pl.Schema([("id", pl.Int64()), ("property", pl.Categorical()), ("value", pl.Categorical())])
_MANY: Final = 50_000
Texts = Mapping[str, str | None]


class WriteLog:
    """Company id → property → its text now (None = empty), as a long frame: `id`, `property`, `value`."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, str | None]] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, landed: Mapping[int, Texts]) -> None:
        """Some more companies."""
        self._rows += [(one, name, value) for one, texts in landed.items() for name, value in texts.items()]
        if len(self._rows) >= _MANY:
            self._settle()

    def frame(self) -> pl.DataFrame:
        """All of them."""
        self._settle()
        texts = pl.col("property", "value").cast(pl.String)
        return pl.concat([_SCHEMA.to_frame(), *self._frames]).with_columns(texts)

    def _settle(self) -> None:
        self._frames.append(pl.DataFrame(self._rows, _SCHEMA, orient="row"))
        self._rows = []


GONE: Final = "no longer in the portal (merged or archived since the plan)"
Fault = PortalError | StateUnusable | Stopped


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What all batches of one apply share.

    The types values are compared by, each company's date at planning, and whose turn it is to halve a refused batch.
    """

    job: ProfileRun
    journal: Journal
    types: Mapping[str, str]
    held: Mapping[int, str]
    made: frozenset[str] = frozenset()
    turns: BisectionLimit = field(default_factory=BisectionLimit)


@dataclass(slots=True)
class Batch:
    """A batch and what has become of it so far.

    `landed`: id → the texts its record holds now, as a snapshot is to hold them; with them, or alone, its date, which
    is None where somebody may have edited it since the plan.
    """

    desk: BatchContext
    number: int
    changes: dict[int, Change]
    written: set[int] = field(default_factory=set)
    standing: set[int] = field(default_factory=set)
    skipped: dict[int, str] = field(default_factory=dict)
    rejected: tuple[Rejection, ...] = ()
    landed: dict[int, Texts] = field(default_factory=dict)
    edited: set[int] = field(default_factory=set)
    sent: set[int] = field(default_factory=set)
    systemic: bool = False
    locked: bool = False
    fault: Fault | None = None

    def write(self) -> None:
        """Do it; what ends it early stands in `fault`, what HubSpot had confirmed by then in `written` all the same."""
        try:
            self._write()
        except (PortalError, StateUnusable, Stopped) as fault:
            self.fault = fault
        unknown = self.sent.difference(self.written, self.skipped, (one.id for one in self.rejected))
        self.landed.update({one: {MODIFIED: None} for one in {*self.skipped, *unknown}})
        self._journal(unknown)

    @property
    def done(self) -> int:
        """The companies whose fate is known."""
        return len(self.written) + len(self.standing) + len(self.skipped) + len(self.rejected)

    def _write(self) -> None:
        looked = self._recheck(self.changes)
        for one, texts in looked.unchanged.items():
            self.standing.add(one)
            self.landed[one] = self._after(one, texts) | {MODIFIED: self._unchanged_date(one, texts.get(MODIFIED))}
        if not looked.pending:
            return
        # Before anything is sent, so that whatever happens then, the next run knows where to look.
        self.desk.journal.batch_intent(self.number, [self.changes[one] for one in sorted(looked.pending)])
        self.sent.update(looked.pending)
        result = writing.write(
            self.desk.job.connection,
            [(one, self.changes[one].after) for one in sorted(looked.pending)],
            recheck=self._recheck,
            on_written=self._record_write,
            bisection_limit=self.desk.turns,
        )
        self.rejected, self.systemic, self.locked = result.rejected, result.systemic, result.locked

    def _recheck(self, ids: Collection[int]) -> Recheck:
        """How the companies stand now: as planned, as the plan saw them, or not to be written any more."""
        live = self._fetch_live(ids)
        standing: dict[int, Mapping[str, str]] = {}
        pending = []
        for one in ids:
            reason = self._skip_reason(one, live)
            if reason is not None:
                self.skipped[one] = reason
            elif check_drift(self.changes[one], live[one], self.desk.types).to_write:
                pending.append(one)
                self.edited |= {one} if self._unchanged_date(one, live[one].get(MODIFIED)) is None else set()
            else:
                standing[one] = live[one]
        return Recheck(standing, pending)

    def _fetch_live(self, ids: Collection[int]) -> dict[int, dict[str, str]]:
        """Id → the texts on the record now: of the properties the batch writes, of the lock, and its date."""
        profile = self.desk.job.profile
        lock = {profile.lock.property_name} if profile.lock else set()
        names = sorted({name for one in ids for name in self.changes[one].after} | lock)
        frame = companies.read(self.desk.job.connection, ids, [*names, MODIFIED]).fill_null("")
        live = {row.pop("id"): row for row in frame.iter_rows(named=True)}
        self._rebase_recreated(live)
        return live

    def _rebase_recreated(self, live: Mapping[int, Mapping[str, str]]) -> None:
        """HubSpot hands a property deleted and made anew its old values back: ours, and no edit of anybody's."""
        for one in live.keys() & self.changes.keys() if self.desk.made else ():
            change = self.changes[one]
            old = {name: live[one][name] for name in change.before.keys() & self.desk.made}
            self.changes[one] = replace(change, before={**change.before, **old})

    def _skip_reason(self, one: int, live: Mapping[int, Mapping[str, str]]) -> str | None:
        if one not in live:
            return GONE
        change = self.changes[one]
        now = check_drift(change, live[one], self.desk.types)
        if now.to_write and locked_since(change, live[one], self.desk.job.profile):
            return "locked by somebody since the plan"
        return f"changed by somebody since the plan: {', '.join(now.drifted)}" if now.drifted else None

    def _record_write(self, one: int, landed: WriteConfirmation) -> None:
        self.written.add(one)
        self.landed[one] = {**landed.texts, MODIFIED: None if one in self.edited else landed.modified}

    def _after(self, one: int, texts: Mapping[str, str]) -> dict[str, str | None]:
        return {name: texts.get(name) or None for name in self.changes[one].after}

    def _unchanged_date(self, one: int, modified: str | None) -> str | None:
        """The company's date where it is still that of the plan, else None."""
        return modified if modified and modified == self.desk.held.get(one) else None

    def _journal(self, unknown: Collection[int]) -> None:
        results = list(self._results(unknown))
        if not results or isinstance(self.fault, StateUnusable):
            return
        try:
            self.desk.journal.batch_result(self.number, results)
        except StateUnusable as full:
            self.fault = self.fault or full

    def _results(self, unknown: Collection[int]) -> Iterator[Result]:
        rejected = {one.id: rejection_text(one) for one in self.rejected}
        for one in self.changes:
            if one in self.written:
                yield Result(one, "written")
            elif one in self.standing:
                yield Result(one, "already")
            elif one in self.skipped:
                yield Result(one, "skipped", self.skipped[one])
            elif one in rejected:
                yield Result(one, "rejected", rejected[one])
            elif one in unknown:
                yield Result(one, "unknown")


def rejection_text(one: Rejection) -> str:
    """A rejection in one line, HubSpot's own names first."""
    facts = ", ".join(fact for fact in (one.property, one.code) if fact)
    return f"{facts}: {one.message}" if facts else one.message
