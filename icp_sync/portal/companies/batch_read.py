"""Batch reads of records by id, in which a record that is gone is told apart from one that HubSpot cannot show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.error_details import error_reasons, named_record_ids
from icp_sync.portal.client.responses import EmptyBatchResponse, PartialBatchResponse
from icp_sync.portal.client.routes import MAX_INPUTS_PER_BATCH, Route
from icp_sync.portal.companies.frames import FrameBuilder, Results

# More than so many records that cannot be shown are an outage, and no matter of these records.
_MOST_UNREAD_IN_BATCH: Final = 10
MOST_UNREAD: Final = 100
# Each that HubSpot stays silent about takes four calls.
_MOST_READ_ALONE: Final = 20
OnResults = Callable[[Results], None]
"""Called with records as HubSpot sent them."""
OnUnread = Callable[[Mapping[int, str]], object]
"""Called with the records that HubSpot could not show: record id → its reason."""


def read_records(
    connection: Connection,
    route: Route,
    ids: Collection[int],
    properties: Sequence[str],
    on_results: OnResults,
    on_unread: OnUnread | None = None,
) -> pl.DataFrame:
    """Return the records of `ids` that are in the portal: a company frame sorted by id.

    An id missing from the response is read once more in another call before it counts as absent. One that HubSpot
    cannot show, though it may be there, is left out and told to `on_unread`; without it, as where they are many,
    PartialBatchResponse is raised.
    """
    reader = _BatchReader(connection, route, list(dict.fromkeys(properties)), on_results, may_be_unread=bool(on_unread))
    records, missing = reader.read(sorted(set(ids)))
    if missing:
        try:
            reread, _ = reader.read(missing)
        except EmptyBatchResponse:
            # HubSpot leaves merged-away ids out, so that of those alone nothing comes. All others were shown just now.
            if len(missing) > _MOST_READ_ALONE:
                raise
            reread, _ = reader.read(missing, at_once=1)
        records = pl.concat([records, reread], rechunk=True).sort(ID)
    if on_unread and reader.unread:
        on_unread(reader.unread)
    return records


@dataclass(slots=True)
class _BatchReader:
    """Reads records of one kind; `unread`: those HubSpot could not show so far, where there may be any."""

    connection: Connection
    route: Route
    names: list[str]
    on_results: OnResults
    may_be_unread: bool
    unread: dict[int, str] = field(default_factory=dict)

    def read(self, ids: list[int], at_once: int = MAX_INPUTS_PER_BATCH) -> tuple[pl.DataFrame, list[int]]:
        """What batch reads of `ids` bring, and the ids they do not, but for the unread."""
        groups = [ids[start : start + at_once] for start in range(0, len(ids), at_once)]
        builder = FrameBuilder(self.names)
        for group, (results, failure) in zip(
            groups, self.connection.map_concurrent(self._read_batch, groups), strict=True
        ):
            if failure is not None:
                self._add_unread(group, failure)
            self.on_results(results)
            builder.add(results)
        # HubSpot may respond with the survivor in place of an id that was merged away; its row was not requested.
        requested = pl.DataFrame({ID: ids}, schema={ID: pl.Int64})
        records = builder.build().join(requested, on=ID, how="semi", maintain_order="left")
        missing = requested.join(records, on=ID, how="anti", maintain_order="left")[ID]
        return records, [record_id for record_id in missing if record_id not in self.unread]

    def _read_batch(self, ids: list[int]) -> tuple[Results, PartialBatchResponse | None]:
        inputs = [{"id": str(record_id)} for record_id in ids]
        body = {"inputs": inputs, "properties": self.names, "propertiesWithHistory": []}
        try:
            return self.connection.call(self.route, body=body)["results"], None
        except EmptyBatchResponse:
            # HubSpot may send no results for a single merged-away id; for several ids it is a failure.
            if len(ids) > 1:
                raise
            return [], None
        except PartialBatchResponse as failure:
            if not self.may_be_unread:
                raise
            return failure.part.results, failure

    def _add_unread(self, ids: list[int], failure: PartialBatchResponse) -> None:
        unread = _unread_records(ids, failure)
        self.unread |= unread
        if len(unread) > _MOST_UNREAD_IN_BATCH or len(self.unread) > MOST_UNREAD:
            raise failure


def _unread_records(ids: Collection[int], failure: PartialBatchResponse) -> dict[int, str]:
    """The records of a batch that it could not show, each with HubSpot's reason.

    Raises `failure` where nobody is named and nothing came, which may be an outage.
    """
    part = failure.part
    shown = {str(record["id"]) for record in part.results}
    left = {str(record_id): record_id for record_id in ids if str(record_id) not in shown | part.absent}
    unread: dict[int, str] = {}
    for problem in part.problems:
        named = named_record_ids(problem).intersection(left)
        if not named and not shown and len(ids) > 1:
            raise failure
        unread |= {left[text]: str(error_reasons(problem)[0]) for text in named or left}
    return unread
