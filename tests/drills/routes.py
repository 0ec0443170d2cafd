"""Which calls change a portal."""

from __future__ import annotations

from typing import Final

_READS: Final = ("/search", "/batch/read", "/access-token-info")


def writes(route: str) -> bool:
    """Whether a call of that route (`METHOD /template`) changes the portal."""
    return not route.startswith("GET ") and not route.endswith(_READS)
