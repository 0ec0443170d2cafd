"""Every route of HubSpot's API we call, once; the API version stands elsewhere in the path of dated versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

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

    `response_key` is the key every 2xx body of HubSpot has; None = the body may be empty. `batch`: the response
    accounts for every input, so one with neither results nor errors is a failure. `search`: counts against the
    account's five searches a second. `writes`: changes the portal.
    """

    method: str
    family: ApiFamily
    template: str
    response_key: str | None = None
    batch: bool = False
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


COMPANY_PAGE: Final = Route("GET", _OBJECTS, "/companies", response_key="results")
COMPANY: Final = Route("GET", _OBJECTS, "/companies/{companyId}", response_key="id")
COMPANY_READ: Final = Route("POST", _OBJECTS, "/companies/batch/read", response_key="results", batch=True)
COMPANY_UPDATE: Final = Route(
    "POST", _OBJECTS, "/companies/batch/update", response_key="results", batch=True, writes=True
)
COMPANY_SEARCH: Final = Route("POST", _OBJECTS, "/companies/search", response_key="results", search=True)

DEAL_PAGE: Final = Route("GET", _OBJECTS, "/deals", response_key="results")
DEAL_SEARCH: Final = Route("POST", _OBJECTS, "/deals/search", response_key="results", search=True)
DEAL_PROPERTIES: Final = Route("GET", _PROPERTIES, "/deals", response_key="results")
DEAL_COMPANIES: Final = Route("POST", _ASSOCIATIONS, "/deals/companies/batch/read", response_key="results")

COMPANY_CONTACTS: Final = Route("POST", _ASSOCIATIONS, "/companies/contacts/batch/read", response_key="results")
CONTACT_READ: Final = Route("POST", _OBJECTS, "/contacts/batch/read", response_key="results", batch=True)
CONTACT_PROPERTIES: Final = Route("GET", _PROPERTIES, "/contacts", response_key="results")

PROPERTIES: Final = Route("GET", _PROPERTIES, "/companies", response_key="results")
PROPERTY: Final = Route("GET", _PROPERTIES, "/companies/{propertyName}", response_key="name")
PROPERTY_CREATE: Final = Route("POST", _PROPERTIES, "/companies", response_key="name", writes=True)
PROPERTY_UPDATE: Final = Route("PATCH", _PROPERTIES, "/companies/{propertyName}", response_key="name", writes=True)
GROUP_CREATE: Final = Route("POST", _PROPERTIES, "/companies/groups", response_key="name", writes=True)

LIST: Final = Route("GET", _LISTS, "/{listId}", response_key="list")
LIST_CREATE: Final = Route("POST", _LISTS, "", response_key="list", writes=True)
LIST_SEARCH: Final = Route("POST", _LISTS, "/search", response_key="lists")
LIST_FILTERS: Final = Route("PUT", _LISTS, "/{listId}/update-list-filters", response_key="updatedList", writes=True)
LIST_MEMBERS: Final = Route("GET", _LISTS, "/{listId}/memberships", response_key="results")
LIST_CHANGE: Final = Route(
    "PUT", _LISTS, "/{listId}/memberships/add-and-remove", response_key="recordIdsRemoved", writes=True
)
FOLDERS: Final = Route("GET", _LISTS, "/folders", response_key="folder")
FOLDER_CREATE: Final = Route("POST", _LISTS, "/folders", response_key="folder", writes=True)

OWNERS: Final = Route("GET", _OWNERS, "", response_key="results")

ACCOUNT: Final = Route("GET", _ACCOUNT, "/details", response_key="portalId")
DAILY_USAGE: Final = Route("GET", _ACCOUNT, "/api-usage/daily/private-apps", response_key="results")
# The token travels in the body; CallInfo.clean keeps it out of messages.
TOKEN: Final = Route("POST", _OAUTH, "/private-apps/get/access-token-info")
