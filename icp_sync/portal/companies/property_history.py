"""Reads who wrote the values of companies' properties, and when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from math import ceil
from threading import Event
from typing import Any, Final

import polars as pl

from icp_sync.companies.history_frame import PropertyVersion, history_frame
from icp_sync.errors import ObjectNotFound, RequestRejected, ScopeMissing
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.responses import EmptyBatchResponse
from icp_sync.portal.client.routes import COMPANY_HISTORY, COMPANY_READ, Route
from icp_sync.portal.client.timestamps import epoch_ms_or_none

MAX_INPUTS_WITH_HISTORY: Final = 50
"""HubSpot's limit for a batch read of properties with their history; more is a 400."""
OnBatch = Callable[[int], None]
_USER: Final = "userId:"
_MAX_DIGITS: Final = 19
"""A number of so many digits may be more than 64 bits hold."""


def read_history(connection: Connection, ids: Collection[int], properties: Sequence[str]) -> pl.DataFrame:
    """Return the versions of `properties` of the companies `ids` as a history frame (`HISTORY`).

    One call for 50 companies. Without rows stay: a company HubSpot leaves out or refuses (400, 403, 404, a 207), a
    property that never had a value, an entry without a time that can be read. After a 403 no more calls are sent.
    Raises PortalError where HubSpot cannot be reached or refuses the token, and Stopped.
    """
    names, forbidden = list(dict.fromkeys(properties)), Event()

    def read(group: list[int]) -> list[PropertyVersion]:
        if forbidden.is_set():
            return []
        try:
            return _read_batch(connection, COMPANY_HISTORY, group, names)
        except ScopeMissing:
            forbidden.set()
            return []
        except (RequestRejected, ObjectNotFound, EmptyBatchResponse):
            return []

    batches = connection.map_concurrent(read, _id_batches(ids, names))
    return history_frame(version for batch in batches for version in batch)


def read_history_or_raise(
    connection: Connection, ids: Collection[int], properties: Sequence[str], on_batch: OnBatch
) -> pl.DataFrame:
    """As `read_history`, where a refusal must not pass for a company of which nothing is known: it is raised.

    Without rows stay companies that HubSpot leaves out, such as archived ones, and what has no version.
    `on_batch(companies)` is called for each call. Raises PortalError and Stopped.
    """
    names = list(dict.fromkeys(properties))

    def read(group: list[int]) -> list[PropertyVersion]:
        try:
            return _read_batch(connection, COMPANY_READ, group, names)
        except EmptyBatchResponse:
            # HubSpot may send no results for one id that is gone since; for several it is a failure.
            if len(group) > 1:
                raise
            return []
        finally:
            on_batch(len(group))

    batches = connection.map_concurrent(read, _id_batches(ids, names))
    return history_frame(version for batch in batches for version in batch)


def calls_for_history(companies: int) -> int:
    """The calls it takes to read the history of so many companies."""
    return ceil(companies / MAX_INPUTS_WITH_HISTORY)


def _id_batches(ids: Collection[int], names: Sequence[str]) -> list[list[int]]:
    sorted_ids, size = sorted(set(ids)), MAX_INPUTS_WITH_HISTORY
    return [sorted_ids[start : start + size] for start in range(0, len(sorted_ids), size)] if names else []


def _read_batch(connection: Connection, route: Route, ids: list[int], names: list[str]) -> list[PropertyVersion]:
    body = {"inputs": [{"id": str(one)} for one in ids], "properties": [], "propertiesWithHistory": names}
    results = connection.call(route, body=body)["results"]
    requested = {str(one) for one in ids}
    # HubSpot may answer with the survivor in place of an id that was merged away; its history was not requested.
    records = [record for record in _history_entries(results) if str(record.get("id")) in requested]
    return [version for record in records for version in _versions(record, names)]


def _versions(record: Mapping[str, Any], names: Sequence[str]) -> Iterator[PropertyVersion]:
    history = record.get("propertiesWithHistory")
    if not isinstance(history, dict):
        return
    for name in names:
        for entry in _history_entries(history.get(name)):
            moment = epoch_ms_or_none(entry.get("timestamp"))
            if moment is not None:
                source_id = _text_or_none(entry.get("sourceId"))
                user_id = _user_id(entry.get("updatedByUserId"), source_id)
                value, source_type = (_text_or_none(entry.get(key)) or "" for key in ("value", "sourceType"))
                label = _text_or_none(entry.get("sourceLabel"))
                yield PropertyVersion(int(record["id"]), name, value, moment, source_type, source_id, user_id, label)


def _history_entries(value: object) -> list[dict[str, Any]]:
    """The objects of a JSON array; whatever else came is no entry."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)


def _user_id(updated_by: object, source_id: str | None) -> int | None:
    """The user an entry names: as such, or in `userId:N`, which HubSpot sends as the id of the source CRM_UI."""
    named = source_id.removeprefix(_USER) if source_id and source_id.startswith(_USER) else ""
    user_id = named if updated_by is None else str(updated_by)
    return int(user_id) if user_id.isascii() and user_id.isdigit() and len(user_id) < _MAX_DIGITS else None
