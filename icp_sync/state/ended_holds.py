"""When held inputs ended, for every host that shares the ledger: each has a snapshot, and so holds, of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import polars as pl
from pydantic import AwareDatetime, TypeAdapter

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import KEY, PROPERTY
from icp_sync.plan.held_inputs import ENDED_AT, HOLD_ENDS
from icp_sync.state.ledger.json_documents import JsonDocument
from icp_sync.state.ledger.ledger import Ledger

_Ends = dict[str, dict[int, AwareDatetime]]
_ADAPTER: Final = TypeAdapter(_Ends)


@dataclass(frozen=True, slots=True)
class EndedHoldStore:
    """The ended holds of one profile on one portal, by property and company id. Every method raises StateUnusable.

    `keep`: how long one is remembered.
    """

    ledger: Ledger
    portal_id: int
    profile: str
    keep: dt.timedelta

    def load(self) -> pl.DataFrame:
        """Return them as a frame of the schema `HOLD_ENDS`."""
        rows = [(company, name, at) for name, ends in self._document.load().items() for company, at in ends.items()]
        return pl.DataFrame(rows, HOLD_ENDS, orient="row")

    def add(self, holds: pl.DataFrame, at: dt.datetime) -> None:
        """Remember that `holds` (`id`, `property`) have ended at that time, and forget what ended long before."""
        if holds.is_empty():
            return
        ended = holds.select(*KEY, pl.lit(at).cast(HOLD_ENDS[ENDED_AT]).alias(ENDED_AT))
        self._document.update(lambda ends: _with_ends(ends, ended, at - self.keep))

    @property
    def _document(self) -> JsonDocument[_Ends]:
        name = f"ended_holds:{self.profile}"
        return JsonDocument(
            self.ledger, self.portal_id, name, _ADAPTER, "a host may then hold once more what ended on another"
        )


def _with_ends(ends: _Ends, ended: pl.DataFrame, forget_before: dt.datetime) -> _Ends:
    kept = {name: {company: at for company, at in of.items() if at >= forget_before} for name, of in ends.items()}
    for row in ended.iter_rows(named=True):
        kept.setdefault(row[PROPERTY], {})[row[ID]] = row[ENDED_AT]
    return {name: of for name, of in kept.items() if of}
