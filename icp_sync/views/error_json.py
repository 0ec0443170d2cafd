"""An error as a JSON document, by itself or inside another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from icp_sync.errors import IcpSyncError


def error_document(error: IcpSyncError) -> dict[str, Any]:
    """What went wrong, for machines."""
    return {
        "error": {
            "code": error.code,
            "message": error.message,
            "details": [plain(one) for one in error.details],
        }
    }


def plain(detail: object) -> object:
    """A detail as JSON can carry it: mappings as they are, everything else as its sentence."""
    return dict(detail) if isinstance(detail, Mapping) else str(detail)
