"""The fleet file as a typed, frozen value, and the JSON Schema by which editors complete and check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from icp_sync.errors import UsageError
from icp_sync.fleet.secret_references import Reference
from icp_sync.object_store.address import parse_address
from icp_sync.profile.describe.json_schema import DIALECT, editor_schema
from icp_sync.profile.model.types import ProfileModel
from icp_sync.setting_values import parse_daily_calls, parse_days, require_safe_address

MAX_PORTALS: Final = 1_000


def _check_daily_limit(value: object) -> object:
    """A limit as it is written, once it is seen to be one."""
    parse_daily_calls(value)
    return None if value is None else str(value)


def _check_days(value: str) -> str:
    parse_days(value)
    return value


def _check_base_url(value: str) -> str:
    return require_safe_address(value, "must name a host alone, without a user, a query or a fragment")


def _check_store_address(value: str) -> str:
    try:
        return str(parse_address(value))
    except UsageError as error:
        raise ValueError(error.message) from None


def _check_home(value: str) -> str:
    try:
        Path(value).expanduser()
    except RuntimeError:
        raise ValueError("there is no home directory for its ~; write the whole path") from None
    return value


Place = Annotated[str, Field(min_length=1, max_length=1_000), AfterValidator(_check_home)]
DailyCalls = Annotated[str, BeforeValidator(_check_daily_limit, json_schema_input_type=str | int)]


class Shared(ProfileModel):
    """What portals may share; in an entry it wins over what `defaults` say, and `null` leaves it out there."""

    profiles: Annotated[tuple[Place, ...], Field(strict=False, min_length=1, max_length=100)] | None = Field(
        None, description="Profile files, or folders of them, from the folder of this file."
    )
    ledger: Reference | None = Field(None, description="Address of a ledger in PostgreSQL (ICP_SYNC_STATE_URL).")
    snapshots: Annotated[str, AfterValidator(_check_store_address)] | None = Field(
        None, description="Where in an object store snapshots and reports are kept (ICP_SYNC_SNAPSHOT_URL)."
    )
    daily_calls: DailyCalls | None = Field(
        None, description="The most calls a day to the portal: a number, or a share such as 40% of its account's day."
    )
    keep: Annotated[str, AfterValidator(_check_days)] | None = Field(
        None, description="How long the ledger remembers what runs wrote, such as 400d."
    )
    notify: Reference | None = Field(None, description="Addresses for messages about the portal (ICP_SYNC_NOTIFY).")
    base_url: Annotated[str, AfterValidator(_check_base_url)] | None = Field(
        None, description="Where HubSpot's API is reached: https, or loopback."
    )
    api_version: Literal["v3", "2026-03", "2026-09"] | None = Field(
        None, description="The version of HubSpot's API to speak."
    )


class Portal(Shared):
    """One portal: its name in tables and logs, and a reference to its token."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")] = Field(
        description="Short name: the first column of tables, the prefix of log lines, the folder of the state."
    )
    token: Reference = Field(description="Where the service key stands: secret:FILE or env:NAME.")
    portal_id: Annotated[int, Field(gt=0)] | None = Field(
        None, description="The portal the token must belong to; any other is refused."
    )
    state: Place | None = Field(
        None, description="The portal's state directory, from the folder of this file; by default one of its name."
    )
    ping: Reference | None = Field(None, description="Address of a dead-man's switch for the portal (ICP_SYNC_PING).")
    metrics: Annotated[str, Field(pattern=r"\.prom$", max_length=1_000), AfterValidator(_check_home)] | None = Field(
        None, description="A .prom file for the portal's metrics, from the folder of this file."
    )


class Fleet(ProfileModel):
    """Portals that one command works on, each in a process of its own."""

    defaults: Shared = Field(Shared(), description="What every portal has that does not say otherwise.")
    portals: Annotated[tuple[Portal, ...], Field(strict=False, min_length=1, max_length=MAX_PORTALS)] = Field(
        description="The portals, each once."
    )

    def portals_with_defaults(self) -> tuple[Portal, ...]:
        """The portals with what `defaults` say where they say nothing, not even `null`; in the order of the file."""
        defaults: dict[str, Any] = {name: getattr(self.defaults, name) for name in Shared.model_fields}
        return tuple(
            portal.model_copy(
                update={name: value for name, value in defaults.items() if name not in portal.model_fields_set}
            )
            for portal in self.portals
        )


def fleet_schema() -> dict[str, Any]:
    """The schema, draft 2020-12. It covers the file's shape; `check --fleet` knows what stands behind it."""
    root, parts = editor_schema(Fleet, nullable={"Portal"})
    return {"$schema": DIALECT, "title": "icp_sync fleet", **root, "$defs": dict(sorted(parts.items()))}
