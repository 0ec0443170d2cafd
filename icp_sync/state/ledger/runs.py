"""Runs of one profile on one portal: a row when a run starts to write or ends, kept for good."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, insert, select, update

from icp_sync.errors import UnknownRun
from icp_sync.plan.run_record import RunRecord
from icp_sync.state.ledger import schema
from icp_sync.state.ledger.ledger import Ledger

LAST: Final = "last"
INTERRUPTED: Final = "interrupted"
_RUN: Final = schema.run
_CHANGE: Final = schema.change


_FIELDS: Final = tuple(each.name for each in fields(RunRecord) if each.name != "row_id")


@dataclass(frozen=True, slots=True)
class RunStore:
    """The runs of one profile on one portal. Every method raises StateUnusable when the ledger cannot be used."""

    ledger: Ledger
    portal_id: int
    profile: str

    def save(self, record: RunRecord) -> int:
        """Save a run that begins or has ended, under its run id; returns its row id."""
        values = {name: getattr(record, name) for name in _FIELDS}
        values |= {"allowed": list(record.allowed), "guardrails": [dict(each) for each in record.guardrails]}
        with self.ledger.write_transaction() as connection:
            row_id = connection.execute(
                select(_RUN.c.id).where(self._own_rows, _RUN.c.run_id == record.run_id)
            ).scalar()
            if row_id is None:
                row_id = connection.execute(insert(_RUN).values(values).returning(_RUN.c.id)).scalar_one()
            else:
                connection.execute(update(_RUN).where(_RUN.c.id == row_id).values(values))
        return int(row_id)

    def newest(self, limit: int | None = None) -> tuple[RunRecord, ...]:
        """The runs in the order in which they were saved, the newest first; `limit` None is all of them."""
        return self._fetch(self._newest_query().limit(limit))

    def find(self, run_id: str) -> RunRecord:
        """The run whose id begins with `run_id`, or the newest one for `last`.

        Raises UnknownRun, also when several begin so, and when it is another portal's or profile's.
        """
        if not run_id.strip():
            raise UnknownRun("name a run by its id, the beginning of one, or last; icp-sync history lists them")
        if run_id == LAST:
            matches = self.newest(limit=1)
        else:
            begins_so = func.substr(_RUN.c.run_id, 1, len(run_id)) == run_id
            matches = self._fetch(self._newest_query().where(begins_so).limit(4))
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UnknownRun(
                f"several runs begin with {run_id}: {', '.join(run.run_id for run in matches)}; write more of it"
            )
        raise UnknownRun(self._describe_missing(run_id))

    def last(self) -> RunRecord | None:
        """The newest run, open and held ones too; None without one."""
        return next(iter(self.newest(limit=1)), None)

    def last_complete(self) -> RunRecord | None:
        """The newest run that read everything and came to its end: its `read`, `as_of`, `digest`; None without one."""
        return next(iter(self.newest_complete_runs(1)), None)

    def newest_complete_runs(self, limit: int) -> tuple[RunRecord, ...]:
        """The runs that read everything and came to their end, the newest first."""
        return self._fetch(self._newest_query().where(_RUN.c.complete).limit(limit))

    def last_success_at(self) -> dt.datetime | None:
        """The end of the newest run with exit code 0; None without one."""
        ended = select(_RUN.c.ended_at).where(self._own_rows, _RUN.c.exit_code == 0).order_by(_RUN.c.id.desc())
        with self.ledger.read_transaction() as connection:
            return connection.execute(ended.limit(1)).scalar()

    def runs_after(self, row_id: int) -> tuple[RunRecord, ...]:
        """The runs saved after the one of that row id, the oldest first."""
        return self._fetch(self._newest_query().where(_RUN.c.id > row_id))[::-1]

    def undo_runs(self) -> tuple[RunRecord, ...]:
        """The runs that took back another one, the oldest first."""
        return self._fetch(self._newest_query().where(_RUN.c.undoes.is_not(None)))[::-1]

    def profile_digests(self) -> frozenset[str]:
        """The digests of the profile that runs of this ledger stood for, and so may stand in stamps."""
        with self.ledger.read_transaction() as connection:
            return frozenset(connection.execute(select(_RUN.c.digest).where(self._own_rows).distinct()).scalars())

    def active_profiles(self) -> frozenset[str]:
        """The profiles that ended a run on this portal since the first one of this profile, itself included."""
        first = select(func.min(_RUN.c.id)).where(self._own_rows, _RUN.c.ended_at.is_not(None)).scalar_subquery()
        since = and_(_RUN.c.portal_id == self.portal_id, _RUN.c.id >= first, _RUN.c.ended_at.is_not(None))
        with self.ledger.read_transaction() as connection:
            return frozenset(
                {self.profile, *connection.execute(select(_RUN.c.profile).where(since).distinct()).scalars()}
            )

    def close_interrupted(self, row_id: int, at: dt.datetime) -> None:
        """Mark a run that died as ended, so that only the next one tells of it, with what came of its companies."""
        results = (
            select(_CHANGE.c.result, func.count().label("companies"))
            .where(_CHANGE.c.run == row_id)
            .group_by(_CHANGE.c.result)
        )
        with self.ledger.write_transaction() as connection:
            counts = {row.result: row.companies for row in connection.execute(results)}
            numbers = {name: counts.get(name, 0) for name in ("written", "already", "skipped", "rejected")}
            ended = update(_RUN).where(_RUN.c.id == row_id).values(ended_at=at, error=INTERRUPTED, **numbers)
            connection.execute(ended)

    @property
    def _own_rows(self) -> ColumnElement[bool]:
        return and_(_RUN.c.portal_id == self.portal_id, _RUN.c.profile == self.profile)

    def _newest_query(self) -> Select[Any]:
        return select(_RUN).where(self._own_rows).order_by(_RUN.c.id.desc())

    def _fetch(self, query: Select[Any]) -> tuple[RunRecord, ...]:
        with self.ledger.read_transaction() as connection:
            return tuple(_run_record(row) for row in connection.execute(query).mappings())

    def _describe_missing(self, run_id: str) -> str:
        """Why there is no such run: none was recorded, or it is another's."""
        if run_id == LAST:
            return f"the ledger knows no run of profile {self.profile} on portal {self.portal_id} yet"
        with self.ledger.read_transaction() as connection:
            other = _portal_and_profile_of_run(connection, run_id)
        if other is not None:
            return (
                f"run {run_id} is one of profile {other[1]} on portal {other[0]}; name that profile and use its token"
            )
        return f"the ledger knows no run {run_id}; icp-sync history lists them"


def portals_with_runs(ledger: Ledger, profile: str) -> tuple[int, ...]:
    """The portals on which the profile has run, in order. Raises StateUnusable."""
    query = select(_RUN.c.portal_id).where(_RUN.c.profile == profile).distinct().order_by(_RUN.c.portal_id)
    with ledger.read_transaction() as connection:
        return tuple(connection.execute(query).scalars())


def latest_portal(ledger: Ledger) -> int | None:
    """The portal of the newest run of any profile; None in a ledger without runs. Raises StateUnusable."""
    with ledger.read_transaction() as connection:
        return connection.execute(select(_RUN.c.portal_id).order_by(_RUN.c.id.desc()).limit(1)).scalar()


def _portal_and_profile_of_run(connection: Connection, run_id: str) -> tuple[int, str] | None:
    begins_so = func.substr(_RUN.c.run_id, 1, len(run_id)) == run_id
    row = connection.execute(select(_RUN.c.portal_id, _RUN.c.profile).where(begins_so).limit(1)).first()
    return None if row is None else (row.portal_id, row.profile)


def _run_record(row: RowMapping) -> RunRecord:
    values = {name: row[name] for name in _FIELDS}
    values |= {"allowed": tuple(row["allowed"]), "guardrails": tuple(row["guardrails"])}
    return RunRecord(**values, row_id=row["id"])
