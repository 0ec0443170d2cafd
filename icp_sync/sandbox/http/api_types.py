"""One API request, one response, and the operation that turns the first into the second."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import orjson

from icp_sync.sandbox.auth import SENSITIVE, AnyOf, sensitive_reading_scopes
from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.faults.fault_injection import FaultHit
from icp_sync.sandbox.portal import SandboxPortal
from icp_sync.sandbox.record_store import RecordStore
from icp_sync.sandbox.store.history_sources import ChangeSource, app_source
from icp_sync.sandbox.store.object_types import COMPANIES


@dataclass(slots=True)
class ApiRequest:
    """A parsed API request, with the fault that changes its response, if any.

    `address` is the one the client called, without its query; `type_name`: the kind of records it is about.
    """

    portal: SandboxPortal
    path: Mapping[str, str]
    query_string: bytes
    content: bytes
    token: str
    hit: FaultHit | None = None
    address: str = ""
    type_name: str = COMPANIES.name
    _query: list[tuple[str, str]] | None = field(default=None, init=False)

    @property
    def now(self) -> int:
        return self.portal.now()

    @property
    def record_store(self) -> RecordStore:
        """The records the request is about."""
        return self.portal.objects[self.type_name]

    @property
    def source(self) -> ChangeSource:
        """The app that calls, as the history of what it writes names it."""
        return app_source(self.portal.app_id(self.token))

    @property
    def enforces_property_rules(self) -> bool:
        """Whether conditional property rules are enforced on this path (2026-09 and later)."""
        return f"/{RULES_SINCE}/" in self.address

    def next_page_url(self, after: object) -> str:
        """The URL of this request with the cursor `after` and all its other parameters, on the host the client used."""
        kept = [(key, value) for key, value in self._query_pairs() if key not in ("after", "before")]
        return f"{self.address}?{urlencode([*kept, ('after', str(after))])}"

    def query_value(self, name: str) -> str | None:
        return next((value for key, value in self._query_pairs() if key == name), None)

    def query_values(self, name: str) -> list[str]:
        """Every value of a repeated parameter; a comma separates values too."""
        return [part for key, value in self._query_pairs() if key == name for part in value.split(",") if part]

    def readable_names(self, names: Iterable[str]) -> list[str]:
        """The names without the sensitive properties the token has no scope to read; HubSpot omits them silently."""
        granted = self.portal.tokens[self.token]
        hidden = {kind for kind in SENSITIVE if granted.isdisjoint(sensitive_reading_scopes(kind))}
        known = self.record_store.schema.definitions
        return [name for name in names if name not in known or known[name].sensitivity not in hidden]

    def query_flag(self, name: str) -> bool:
        return (self.query_value(name) or "").lower() == "true"

    def page_limit(self, default: int, most: int) -> int:
        """The page size; 400 beyond what the endpoint allows."""
        text = self.query_value("limit") or str(default)
        if not text.isdecimal() or not 0 < int(text) <= most:
            raise bad_request(f"The limit must be between 1 and {most}, got {text}.")
        return self.page_size_after_fault(int(text))

    def page_size_after_fault(self, limit: int) -> int:
        """The page size after a page fault: 0 for `empty_page`, half for `short_page`."""
        kind = self.hit.kind if self.hit else None
        if kind == "empty_page":
            return 0
        return max(1, limit // 2) if kind == "short_page" else limit

    def body(self) -> dict[str, Any]:
        parsed = self.json()
        if not isinstance(parsed, dict):
            raise bad_request("Invalid input JSON: an object is expected")
        return parsed

    def json(self) -> Any:
        try:
            return orjson.loads(self.content)
        except orjson.JSONDecodeError as problem:
            message = f"Invalid input JSON on line {problem.lineno}, column {problem.colno}"
            raise bad_request(message) from None

    def _query_pairs(self) -> list[tuple[str, str]]:
        if self._query is None:
            self._query = parse_qsl(self.query_string.decode(), keep_blank_values=True)
        return self._query


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """A response of the portal; `body` None is an empty body, bytes are sent as they are."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def body_bytes(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else orjson.dumps(self.body)


DATED: Final = ("2026-03", "2026-09")
RULES_SINCE: Final = "2026-09"
"""The version on whose paths the rules of a portal's admin are enforced."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented API call: method, path without version, required scopes, and its implementation."""

    method: str
    path: str
    scopes: tuple[AnyOf, ...]
    answer: Callable[[ApiRequest], ApiResponse]
    search: bool = False
    versioned: bool = True
    type_name: str = COMPANIES.name
    undated: str = "v3"

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"

    def paths(self) -> tuple[str, ...]:
        """The numbered path and its date-based twins, which put the version behind the family."""
        if not self.versioned:
            return (self.path,)
        _, root, *rest = self.path.split("/")
        numbered = "/".join(["", root, self.undated, *rest])
        family = 1 if root == "crm" else 0
        with_date = ("/".join(["", root, *rest[:family], version, *rest[family:]]) for version in DATED)
        return numbered, *with_date
