"""Every route of HubSpot's API we call, once; the API version stands elsewhere in the path of dated versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from icp_sync.portal.client.response_shapes import (
    Shape,
    has,
    has_any,
    has_number,
    holds,
    holds_list,
    is_link_page,
    is_record,
)

# `v3` and its dated twins (such as `2026-03`) have the same request and response shapes.
UNDATED_VERSION: Final = "v3"
MAX_INPUTS_PER_BATCH: Final = 100
"""HubSpot's limit for batch read and batch update of records."""
MAX_ASSOCIATION_INPUTS: Final = 1_000
"""Its limit for a batch read of associations; above it is a 400 since 2025-02-10."""


@dataclass(frozen=True, slots=True)
class ApiFamily:
    """A branch of the API: path templates with an undated version (`v3`) and with a dated one (`2026-03`)."""

    name: str
    undated: str
    dated: str

    def root(self, version: str) -> str:
        """Return the branch's path in that version."""
        return (self.undated if version.startswith("v") else self.dated).format(version=version)


_OBJECTS: Final = ApiFamily("/crm/objects", "/crm/{version}/objects", "/crm/objects/{version}")
_PROPERTIES: Final = ApiFamily("/crm/properties", "/crm/{version}/properties", "/crm/properties/{version}")
_LISTS: Final = ApiFamily("/crm/lists", "/crm/{version}/lists", "/crm/lists/{version}")
# Associations stand under their own number, v4, which no other family has.
_ASSOCIATIONS: Final = ApiFamily("/crm/associations", "/crm/v4/associations", "/crm/associations/{version}")
_OWNERS: Final = ApiFamily("/crm/owners", "/crm/{version}/owners", "/crm/owners/{version}")
_ACCOUNT: Final = ApiFamily("/account-info", "/account-info/{version}", "/account-info/{version}")
# OAuth is versioned apart from the CRM and has no dated twin.
_OAUTH: Final = ApiFamily("/oauth/v2", "/oauth/v2", "/oauth/v2")


@dataclass(frozen=True, slots=True)
class Route:
    """One call of the API.

    `answer` is the shape of every 2xx body of HubSpot; None = the body may be empty. `batch`: the response accounts for
    every input, so one with neither results nor errors is a failure. `absence`: how HubSpot names, in the category of
    a 207's errors, an input that has nothing to show; any other error means that a part is missing, and the call has
    failed. None: the caller looks at the errors. `search`: counts against the account's five searches a second.
    `writes`: changes the portal.
    """

    method: str
    family: ApiFamily
    template: str
    answer: Shape | None = None
    batch: bool = False
    absence: tuple[str, ...] | None = None
    # HubSpot counts searches of all apps of the account together.
    search: bool = False
    writes: bool = False

    @property
    def label(self) -> str:
        """Method and path template without the version, such as `GET /crm/objects/companies`."""
        return f"{self.method} {self.family.name}{self.template}"

    def path(self, version: str, ids: Mapping[str, object]) -> str:
        """Return the path with `ids` filled in, each percent-encoded as one segment."""
        segments = {name: quote(str(value), safe="") for name, value in ids.items()}
        return self.family.root(version) + self.template.format(**segments)


_NO_RECORD: Final = ("NOT_FOUND",)
# Both words were seen for a record that is linked with nothing.
_NO_LINKS: Final = ("NOT_FOUND", "NO_ASSOCIATIONS")
_RECORDS: Final = holds_list("results", is_record)
_DEFINITIONS: Final = holds_list("results", has("name"))
_LINKS: Final = holds_list("results", is_link_page)
_ONE_LIST: Final = holds("list", has("listId"))
_FOLDER: Final = holds("folder", has("id"))

COMPANY_PAGE: Final = Route("GET", _OBJECTS, "/companies", _RECORDS)
COMPANY: Final = Route("GET", _OBJECTS, "/companies/{companyId}", is_record)
COMPANY_READ: Final = Route("POST", _OBJECTS, "/companies/batch/read", _RECORDS, batch=True, absence=_NO_RECORD)
COMPANY_HISTORY: Final = replace(COMPANY_READ, absence=None)
COMPANY_UPDATE: Final = Route(
    "POST", _OBJECTS, "/companies/batch/update", holds_list("results", has("id")), batch=True, writes=True
)
COMPANY_SEARCH: Final = Route("POST", _OBJECTS, "/companies/search", _RECORDS, search=True)

DEAL_PAGE: Final = Route("GET", _OBJECTS, "/deals", _RECORDS)
DEAL_SEARCH: Final = Route("POST", _OBJECTS, "/deals/search", _RECORDS, search=True)
DEAL_PROPERTIES: Final = Route("GET", _PROPERTIES, "/deals", _DEFINITIONS)
DEAL_COMPANIES: Final = Route("POST", _ASSOCIATIONS, "/deals/companies/batch/read", _LINKS, absence=_NO_LINKS)

COMPANY_CONTACTS: Final = Route("POST", _ASSOCIATIONS, "/companies/contacts/batch/read", _LINKS, absence=_NO_LINKS)
CONTACT_READ: Final = Route("POST", _OBJECTS, "/contacts/batch/read", _RECORDS, batch=True, absence=_NO_RECORD)
CONTACT_PROPERTIES: Final = Route("GET", _PROPERTIES, "/contacts", _DEFINITIONS)

PROPERTIES: Final = Route("GET", _PROPERTIES, "/companies", _DEFINITIONS)
PROPERTY: Final = Route("GET", _PROPERTIES, "/companies/{propertyName}", has("name"))
PROPERTY_CREATE: Final = Route("POST", _PROPERTIES, "/companies", has("name"), writes=True)
PROPERTY_UPDATE: Final = Route("PATCH", _PROPERTIES, "/companies/{propertyName}", has("name"), writes=True)
GROUP_CREATE: Final = Route("POST", _PROPERTIES, "/companies/groups", has("name"), writes=True)

LIST: Final = Route("GET", _LISTS, "/{listId}", _ONE_LIST)
LIST_CREATE: Final = Route("POST", _LISTS, "", _ONE_LIST, writes=True)
LIST_SEARCH: Final = Route("POST", _LISTS, "/search", holds_list("lists", has("listId")))
# HubSpot's description leaves open whether the list comes with the answer.
LIST_FILTERS: Final = Route("PUT", _LISTS, "/{listId}/update-list-filters", writes=True)
LIST_MEMBERS: Final = Route("GET", _LISTS, "/{listId}/memberships", holds_list("results", has_number("recordId")))
LIST_CHANGE: Final = Route(
    "PUT",
    _LISTS,
    "/{listId}/memberships/add-and-remove",
    has_any("recordIdsRemoved", "recordIdsMissing", "recordsIdsAdded", "recordIdsAdded"),
    writes=True,
)
FOLDERS: Final = Route("GET", _LISTS, "/folders", _FOLDER)
FOLDER_CREATE: Final = Route("POST", _LISTS, "/folders", _FOLDER, writes=True)

OWNERS: Final = Route("GET", _OWNERS, "", holds_list("results", has()))

ACCOUNT: Final = Route("GET", _ACCOUNT, "/details", has_number("portalId"))
DAILY_USAGE: Final = Route("GET", _ACCOUNT, "/api-usage/daily/private-apps", holds_list("results", has()))
# The token travels in the body; CallInfo.clean keeps it out of messages.
TOKEN: Final = Route("POST", _OAUTH, "/private-apps/get/access-token-info")
