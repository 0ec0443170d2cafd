"""An error as a JSON document, by itself or inside another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from icp_sync.errors import IcpSyncError


def error_document(error: IcpSyncError) -> dict[str, Any]:
    """The JSON document of an error: its code, message and details."""
    return {
        "error": {
            "code": error.code,
            "message": error.message,
            "details": [detail_value(one) for one in error.details],
        }
    }


def detail_value(detail: object) -> object:
    """A detail as a JSON value: a mapping as it is, anything else as text."""
    return dict(detail) if isinstance(detail, Mapping) else str(detail)
