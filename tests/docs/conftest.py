"""The portal in a box and the command line pointed at it, as in `tests/cli`."""

from __future__ import annotations

from tests.cli.conftest import address, icp_sync, portal

__all__ = ["address", "icp_sync", "portal"]
