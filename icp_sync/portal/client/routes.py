"""Every address we call, once, with the API version put in where that version puts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

LEGACY: Final = "v3"
BATCH: Final = 100
"""Companies a batch call takes."""


@dataclass(frozen=True, slots=True)
class ApiFamily:
    """A branch of the API: where an undated version (`v3`) and where a dated one (`2026-03`) stands in it."""

    name: str
    legacy: str
    dated: str

    def root(self, version: str) -> str:
        return (self.legacy if version.startswith("v") else self.dated).format(version=version)


_OBJECTS: Final = ApiFamily("/crm/objects", "/crm/{version}/objects", "/crm/objects/{version}")
_PROPERTIES: Final = ApiFamily("/crm/properties", "/crm/{version}/properties", "/crm/properties/{version}")
_LISTS: Final = ApiFamily("/crm/lists", "/crm/{version}/lists", "/crm/lists/{version}")
_ACCOUNT: Final = ApiFamily("/account-info", "/account-info/{version}", "/account-info/{version}")
# OAuth is versioned apart from the CRM and has no dated twin.
_OAUTH: Final = ApiFamily("/oauth/v2", "/oauth/v2", "/oauth/v2")


@dataclass(frozen=True, slots=True)
class Route:
    """One call of the API.

    `answers` is the key without which a 2xx is not HubSpot's answer. `batch` marks the calls whose answer
    says something about every input, so that one with neither results nor errors says nothing. `search`
    marks the calls that count against the account's five searches a second, `writes` those that change the portal.
    """

    method: str
    family: ApiFamily
    rest: str
    answers: str | None = None
    batch: bool = False
    search: bool = False
    writes: bool = False

    @property
    def label(self) -> str:
        """`GET /crm/objects/companies`: method and templated path, the version left out."""
        return f"{self.method} {self.family.name}{self.rest}"

    def path(self, version: str, ids: Mapping[str, object]) -> str:
        """The path with `ids` filled in, each encoded as one segment."""
        segments = {name: quote(str(value), safe="") for name, value in ids.items()}
        return self.family.root(version) + self.rest.format(**segments)


COMPANY_PAGE: Final = Route("GET", _OBJECTS, "/companies", answers="results")
COMPANY: Final = Route("GET", _OBJECTS, "/companies/{companyId}", answers="id")
COMPANY_READ: Final = Route("POST", _OBJECTS, "/companies/batch/read", answers="results", batch=True)
COMPANY_UPDATE: Final = Route("POST", _OBJECTS, "/companies/batch/update", answers="results", batch=True, writes=True)
COMPANY_SEARCH: Final = Route("POST", _OBJECTS, "/companies/search", answers="results", search=True)

PROPERTIES: Final = Route("GET", _PROPERTIES, "/companies", answers="results")
PROPERTY: Final = Route("GET", _PROPERTIES, "/companies/{propertyName}", answers="name")
PROPERTY_CREATE: Final = Route("POST", _PROPERTIES, "/companies", answers="name", writes=True)
PROPERTY_UPDATE: Final = Route("PATCH", _PROPERTIES, "/companies/{propertyName}", answers="name", writes=True)
GROUP_CREATE: Final = Route("POST", _PROPERTIES, "/companies/groups", answers="name", writes=True)

LIST: Final = Route("GET", _LISTS, "/{listId}", answers="list")
LIST_CREATE: Final = Route("POST", _LISTS, "", answers="list", writes=True)
LIST_SEARCH: Final = Route("POST", _LISTS, "/search", answers="lists")
LIST_FILTERS: Final = Route("PUT", _LISTS, "/{listId}/update-list-filters", answers="updatedList", writes=True)
LIST_MEMBERS: Final = Route("GET", _LISTS, "/{listId}/memberships", answers="results")
LIST_CHANGE: Final = Route(
    "PUT", _LISTS, "/{listId}/memberships/add-and-remove", answers="recordIdsRemoved", writes=True
)
FOLDERS: Final = Route("GET", _LISTS, "/folders", answers="folder")
FOLDER_CREATE: Final = Route("POST", _LISTS, "/folders", answers="folder", writes=True)

ACCOUNT: Final = Route("GET", _ACCOUNT, "/details", answers="portalId")
DAILY_USAGE: Final = Route("GET", _ACCOUNT, "/api-usage/daily/private-apps", answers="results")
TOKEN: Final = Route("POST", _OAUTH, "/private-apps/get/access-token-info")
