"""Sends messages to people through apprise: Slack, Teams, e-mail and some hundred other services, by URL."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Final

from icp_sync.errors import ExtraMissing

if TYPE_CHECKING:
    from apprise import Apprise

TIMEOUT: Final = 10.0
"""Seconds a URL may take."""

# Apprise logs what a service answered and the addresses it cannot use, and those are secrets.
logging.getLogger("apprise").disabled = True


@dataclass(frozen=True, slots=True)
class Message:
    """A title of one line and a body of plain text."""

    title: str
    body: str


def unknown_url_positions(urls: Sequence[str]) -> list[int]:
    """Positions (from 1) of the URLs that name no service apprise knows. Sends nothing. Raises ExtraMissing."""
    return [position for position, url in enumerate(urls, 1) if not _new_apprise().add(url)]


def send_message(urls: Sequence[str], message: Message, timeout: float = TIMEOUT) -> list[int]:
    """Send the message to all URLs side by side; returns the positions (from 1) of those that did not take it.

    Returns within `timeout` seconds and a little. Raises ExtraMissing, nothing else.
    """
    _new_apprise()  # before any thread, so that a missing extra is one error
    taken: set[int] = set()

    def deliver(position: int, url: str) -> None:
        # What a service's plugin raises may repeat the address, and a thread would print it.
        with suppress(Exception):
            sender = _new_apprise()
            known = sender.add(url)
            for service in sender:
                service.verify_certificate = True  # some take `?verify=no`, which would send the message to anybody
            if known and sender.notify(title=message.title, body=message.body, body_format="text"):
                taken.add(position)

    # Daemons, because a service that answers one byte a minute must not keep the process from ending.
    threads = [Thread(target=deliver, args=item, name="notify", daemon=True) for item in enumerate(urls, 1)]
    for thread in threads:
        thread.start()
    ends_at = time.monotonic() + timeout
    for thread in threads:
        thread.join(max(0.0, ends_at - time.monotonic()))
    return [position for position in range(1, len(urls) + 1) if position not in taken]


def _new_apprise() -> Apprise:
    try:
        from apprise import Apprise, AppriseAsset  # half a second and 26 MB, for runs that send
    except ImportError as error:
        raise ExtraMissing("messages need apprise, which is not installed; pip install 'icp-sync[notify]'") from error
    # Without a storage path apprise keeps nothing on disk, and a secret address stays in memory.
    return Apprise(asset=AppriseAsset(app_id="icp_sync", service_timeout=TIMEOUT, storage_path=None))
