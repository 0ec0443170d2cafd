"""A connection for what is worked out without the portal: it holds no token, and sends nothing."""

from __future__ import annotations

from threading import Event

from icp_sync.errors import InternalError
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.proxy_and_certificates import ignore_proxy_variables


class _CallRefuser:
    """Refuses every call before it is sent."""

    def count_call(self) -> None:
        raise InternalError("a call to HubSpot was about to be made by a command that makes none")

    def calls_left(self) -> int:
        return 0

    def close(self) -> None:
        """Nothing was reserved."""


def offline_connection() -> Connection:
    """A connection of which every call raises Internal before anything is sent."""
    # A proxy or certificate that is set wrong is no fault of what needs neither.
    with ignore_proxy_variables():
        connection = Connection("offline", "http://127.0.0.1", stop=Event())
    connection.quota_guard = _CallRefuser()
    return connection
