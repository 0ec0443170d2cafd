"""Members that people put on a static list, or took off it, and that runs leave as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import insert, select, update

from icp_sync.state.ledger import schema
from icp_sync.state.ledger.ledger import Ledger

Side = Literal["in", "out"]
RELEASED: Final = "released"
"""How a pin ends that `icp-sync release` gives back to the profile."""
AGREED: Final = "agreed"
"""How what a person did to a list ends at once that the list wanted anyway: by it other hosts know who was on it."""
LIST_GONE: Final = "list gone"
"""How a pin ends whose list was deleted, or is given up."""
_PIN: Final = schema.pin


@dataclass(frozen=True, slots=True)
class Pin:
    """A company that stays on a list (`side` in) or off it (out), since a person moved it."""

    list_id: str
    company_id: int
    side: Side
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class PinStore:
    """The pins of one portal. Every method raises StateUnusable when the ledger cannot be used."""

    ledger: Ledger
    portal_id: int

    def save_new(self, pins: Collection[Pin]) -> None:
        """Save new pins; none of their companies may have an open one on that list."""
        self._save([self._row(pin) for pin in pins])

    def save_agreed(self, pins: Collection[Pin]) -> None:
        """Save what people did to a list as it wanted it: no pin, but a move of which the ledger tells."""
        self._save([self._row(pin) | {"ended_at": pin.since, "ended_by": AGREED} for pin in pins])

    def list_open(self) -> tuple[Pin, ...]:
        """The open pins of all lists, by list and company id."""
        query = select(_PIN.c.list_id, _PIN.c.company_id, _PIN.c.side, _PIN.c.since)
        query = query.where(_PIN.c.portal_id == self.portal_id, _PIN.c.ended_at.is_(None))
        with self.ledger.read_transaction() as connection:
            return tuple(Pin(*row) for row in connection.execute(query.order_by(_PIN.c.list_id, _PIN.c.company_id)))

    def end(self, list_id: str, company_ids: Collection[int], at: dt.datetime, ended_by: str) -> int:
        """End the open pins of these companies on a list; returns how many were open."""
        is_open = (_PIN.c.portal_id == self.portal_id, _PIN.c.list_id == list_id, _PIN.c.ended_at.is_(None))
        ended = update(_PIN).values(ended_at=at, ended_by=ended_by).where(*is_open)
        with self.ledger.write_transaction() as connection:
            return sum(
                connection.execute(ended.where(_PIN.c.company_id == company_id)).rowcount for company_id in company_ids
            )

    def end_of_list(self, list_id: str, at: dt.datetime) -> None:
        """End all open pins of a list that is gone, or ours no more."""
        self.end(list_id, [pin.company_id for pin in self.list_open() if pin.list_id == list_id], at, LIST_GONE)

    def _row(self, pin: Pin) -> dict[str, Any]:
        own = {"portal_id": self.portal_id, "list_id": pin.list_id, "company_id": pin.company_id}
        return own | {"side": pin.side, "since": pin.since}

    def _save(self, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            with self.ledger.write_transaction() as connection:
                connection.execute(insert(_PIN), rows)
