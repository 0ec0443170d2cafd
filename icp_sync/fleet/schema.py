"""The JSON Schema of a fleet file: editors complete and check it."""

from __future__ import annotations

from typing import Any

from icp_sync.fleet.model import Fleet
from icp_sync.profile.describe.json_schema import DIALECT, editor_schema


def fleet_schema() -> dict[str, Any]:
    """The schema, draft 2020-12. It covers the file's shape; `check --fleet` knows what stands behind it."""
    root, parts = editor_schema(Fleet)
    return {"$schema": DIALECT, "title": "icp_sync fleet", **root, "$defs": dict(sorted(parts.items()))}
