"""Values that people, workflows or an undo have set and that runs leave standing, by company and property."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, select, update

from icp_sync.state.ledger import schema
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.pins import RELEASED

Kind = Literal["person", "automation", "unknown", "undo"]
REPLACED: Final = "replaced"
GONE: Final = "gone"
"""How an override or a pin ends whose company is deleted, or lies in the recycle bin."""
_OVERRIDE: Final = schema.override


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """`value`: what stands instead of `ours`, what the profile said at the last run; "" is empty, None is not known.

    `since`: when it was set, by the portal's clock; `source`, `source_id`, `source_label` (such as a workflow's name)
    and `user_id`: by whom, as HubSpot's history says. `found_by`: the run that found it. `ended_at`: the time of the
    history entry that ended it; None while open.
    """

    company_id: int
    property: str
    value: str
    ours: str | None
    kind: Kind
    since: dt.datetime
    found_by: str
    source: str | None = None
    source_id: str | None = None
    source_label: str | None = None
    user_id: str | None = None
    ended_at: dt.datetime | None = None
    ended_by: str | None = None
    note: str | None = None


_FIELDS: Final = tuple(each.name for each in fields(Override))


@dataclass(frozen=True, slots=True)
class OverrideStore:
    """The overrides of one profile on one portal. Every method raises StateUnusable when the ledger cannot be used."""

    ledger: Ledger
    portal_id: int
    profile: str

    def save_new(self, overrides: Iterable[Override]) -> None:
        """Save new overrides; an open one on the same company and property ends as `replaced`."""
        opened = list(overrides)
        owner = {"portal_id": self.portal_id, "profile": self.profile}
        rows = [owner | {name: getattr(override, name) for name in _FIELDS} for override in opened]
        with self.ledger.write_transaction() as connection:
            self._end_open(connection, {(one.company_id, one.property): one.since for one in opened}, REPLACED, None)
            if rows:
                connection.execute(insert(_OVERRIDE), rows)

    def list_open(self) -> tuple[Override, ...]:
        """The open overrides, by company id and property."""
        query = select(*(_OVERRIDE.c[name] for name in _FIELDS)).where(self._own_rows, _OVERRIDE.c.ended_at.is_(None))
        with self.ledger.read_transaction() as connection:
            rows = connection.execute(query.order_by(_OVERRIDE.c.company_id, _OVERRIDE.c.property)).mappings()
            return tuple(Override(**row) for row in rows)

    def end(self, endings: Mapping[tuple[int, str], dt.datetime], ended_by: str, note: str | None = None) -> int:
        """End the open overrides of (company id, property) at the times given; returns how many were open."""
        with self.ledger.write_transaction() as connection:
            return self._end_open(connection, endings, ended_by, note)

    def save_desired(self, wanted: Mapping[tuple[int, str], str]) -> None:
        """Save what the profile says by now in place of the open overrides of (company id, property)."""
        is_one = and_(_OVERRIDE.c.company_id == bindparam("company"), _OVERRIDE.c.property == bindparam("name"))
        revised: Any = update(_OVERRIDE).where(self._own_rows, _OVERRIDE.c.ended_at.is_(None), is_one)
        rows = [{"company": company_id, "name": name, "text": text} for (company_id, name), text in wanted.items()]
        if rows:
            with self.ledger.write_transaction() as connection:
                connection.execute(revised.values(ours=bindparam("text")), rows)

    def last_end_times(self) -> dict[tuple[int, str], dt.datetime]:
        """(company id, property) → when its last override ended; who set the value before then has been answered.

        One that ended with its company answers nothing: where the company is restored, what somebody set still stands.
        """
        key = (_OVERRIDE.c.company_id, _OVERRIDE.c.property)
        is_answered = _OVERRIDE.c.ended_at.is_not(None), _OVERRIDE.c.ended_by != GONE
        query = select(*key, func.max(_OVERRIDE.c.ended_at)).where(self._own_rows, *is_answered)
        with self.ledger.read_transaction() as connection:
            return {(company_id, name): at for company_id, name, at in connection.execute(query.group_by(*key))}

    def released_undos(self) -> dict[tuple[int, str], str]:
        """(company id, property) → the value that an undo had set there last, of those that were released."""
        columns = (_OVERRIDE.c.company_id, _OVERRIDE.c.property, _OVERRIDE.c.value)
        released = and_(self._own_rows, _OVERRIDE.c.kind == "undo", _OVERRIDE.c.ended_by == RELEASED)
        with self.ledger.read_transaction() as connection:
            rows = connection.execute(select(*columns).where(released).order_by(_OVERRIDE.c.id))
            return {(company_id, name): value for company_id, name, value in rows}

    @property
    def _own_rows(self) -> ColumnElement[bool]:
        return and_(_OVERRIDE.c.portal_id == self.portal_id, _OVERRIDE.c.profile == self.profile)

    def _end_open(
        self, connection: Connection, endings: Mapping[tuple[int, str], dt.datetime], ended_by: str, note: str | None
    ) -> int:
        is_one = and_(_OVERRIDE.c.company_id == bindparam("company"), _OVERRIDE.c.property == bindparam("name"))
        ended: Any = update(_OVERRIDE).where(self._own_rows, _OVERRIDE.c.ended_at.is_(None), is_one)
        ended = ended.values(ended_at=bindparam("at"), ended_by=ended_by, note=func.coalesce(note, _OVERRIDE.c.note))
        return sum(
            connection.execute(ended, {"company": company_id, "name": name, "at": at}).rowcount
            for (company_id, name), at in endings.items()
        )
