"""What all runs of a profile sent: the last texts, the first moments, and the companies changed from given texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select

from icp_sync.state.ledger import schema
from icp_sync.state.ledger.journal import WriteStatus
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.written_changes import parse_changes

_RUN: Final = schema.run
_BATCH: Final = schema.batch
_CHANGE: Final = schema.change
_WRITTEN: Final[WriteStatus] = "written"


@dataclass(frozen=True, slots=True)
class SentText:
    """The text that was sent last; `before`: what stood there, where nothing confirms that it arrived."""

    text: str
    before: str | None = None


def last_values_sent(
    ledger: Ledger, portal_id: int, profile: str, since: dt.datetime, properties: Collection[str]
) -> dict[tuple[int, str], SentText]:
    """(company id, property) → what runs of the profile last sent since then, arrived or not.

    Raises StateUnusable.
    """
    query = _select_batches(portal_id, profile, _BATCH.c.run, _BATCH.c.body).where(_BATCH.c.sent_at >= since)
    batches = query.order_by(_BATCH.c.run, _BATCH.c.number)
    numbers = select(_BATCH.c.run).where(_BATCH.c.sent_at >= since)
    written = select(_CHANGE.c.run, _CHANGE.c.company_id).where(
        _CHANGE.c.run.in_(numbers), _CHANGE.c.result == _WRITTEN
    )
    with ledger.read_transaction() as connection:
        confirmed = {(run, company_id) for run, company_id in connection.execute(written)}
        return {
            (change.id, name): SentText(text, None if (run, change.id) in confirmed else change.before.get(name, ""))
            for run, body in connection.execute(batches)
            for change in parse_changes(body)
            for name, text in change.after.items()
            if name in properties
        }


def first_sent_at(ledger: Ledger, portal_id: int, profile: str, name: str) -> dict[int, dt.datetime]:
    """Company id → when runs of the profile first sent a text for the property, of all that are remembered.

    To clear it counts for nothing. Raises StateUnusable.
    """
    query = _select_batches(portal_id, profile, _BATCH.c.sent_at, _BATCH.c.body).order_by(_BATCH.c.sent_at.desc())
    with ledger.read_transaction() as connection:
        return {
            change.id: sent_at
            for sent_at, body in connection.execute(query)
            for change in parse_changes(body)
            if change.after.get(name)
        }


def ids_changed_from(
    ledger: Ledger, portal_id: int, profile: str, texts_by_key: Mapping[str, Mapping[str, Collection[str]]]
) -> dict[str, frozenset[int]]:
    """Key → the companies that runs of the profile changed from a record with its texts, of all that are remembered.

    `texts_by_key`: key → property → the texts of which one stood there; one that the run did not write counts as such.
    Raises StateUnusable.
    """
    query = _select_batches(portal_id, profile, _BATCH.c.body)
    ids: dict[str, set[int]] = {key: set() for key in texts_by_key}
    with ledger.read_transaction() as connection:
        for (body,) in connection.execute(query):
            for change in parse_changes(body):
                for key, texts in texts_by_key.items():
                    written = texts.keys() & change.before.keys()
                    if written and all(change.before[name] in texts[name] for name in written):
                        ids[key].add(change.id)
    return {key: frozenset(changed) for key, changed in ids.items()}


def _select_batches(portal_id: int, profile: str, *columns: ColumnElement[Any]) -> Select[Any]:
    """Columns of all batches that runs of the profile sent."""
    of_profile = (_RUN.c.portal_id == portal_id, _RUN.c.profile == profile)
    return select(*columns).join(_RUN, _RUN.c.id == _BATCH.c.run).where(*of_profile)
