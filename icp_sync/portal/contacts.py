"""Reads the contacts of companies. What comes back lives in memory for one look, and is never logged or kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from icp_sync.portal.associations import read_associations
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import COMPANY_CONTACTS, CONTACT_PROPERTIES, CONTACT_READ
from icp_sync.portal.companies.batch_read import read_records
from icp_sync.portal.companies.frames import Results
from icp_sync.portal.companies.search import OnPage


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts: `frame` (id and texts, as of companies), and the properties that HubSpot left out of every one.

    `unread`: ids of those that HubSpot could not show, though they may be there.
    """

    frame: pl.DataFrame
    absent: frozenset[str]
    unread: frozenset[int] = frozenset()


def read_contact_links(connection: Connection, company_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return (company id, contact id) of every contact of these companies; one call a thousand companies.

    A company with more than HubSpot sends at a time costs a call more. Raises PortalError, Stopped.
    """
    rows = read_associations(connection, COMPANY_CONTACTS, company_ids)
    return [(int(row["from"]["id"]), int(link["toObjectId"])) for row in rows for link in row.get("to") or []]


def read_contacts(connection: Connection, ids: Collection[int], names: Sequence[str], on_page: OnPage) -> Contacts:
    """Return the contacts of `ids` with the properties `names`, a hundred a call.

    One that was archived or merged away since is not there. Raises PortalError, Stopped.
    """
    seen, unread = set[str](), set[int]()

    def note_results(results: Results) -> None:
        on_page(len(results))
        # HubSpot leaves a property it does not know out of a record, and sends null for one that is empty.
        seen.update(*(record["properties"] for record in results))

    frame = read_records(connection, CONTACT_READ, ids, names, note_results, on_unread=unread.update)
    return Contacts(frame, frozenset(names) - seen if frame.height else frozenset(), frozenset(unread))


def read_contact_property_names(connection: Connection) -> frozenset[str]:
    """The names of the contact properties this portal has. Raises ScopeMissing without `crm.objects.contacts.read`."""
    return frozenset(str(one["name"]) for one in connection.call(CONTACT_PROPERTIES)["results"])
