"""Pings a dead-man's switch: `URL/start`, then `URL` after exit code 0, else `URL/EXIT` (healthchecks.io's form)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import urllib3

TIMEOUT: Final = 5.0
"""Seconds a ping may take; it is tried once more."""


@dataclass(frozen=True, slots=True)
class Ping:
    """A ping address, which is a secret: whoever knows it can silence the alarm."""

    url: str

    def started(self) -> bool:
        """Tell that a run begins; whether the address took it."""
        return self._get("/start")

    def ended(self, exit_code: int) -> bool:
        """Tell how the run ended; whether the address took it."""
        return self._get(f"/{exit_code}" if exit_code else "")

    def _get(self, path: str) -> bool:
        retries = urllib3.Retry(total=1, redirect=0, status=0, backoff_factor=0)
        try:
            with urllib3.PoolManager(timeout=urllib3.Timeout(total=TIMEOUT), retries=retries) as pool:
                return pool.request("GET", self.url.rstrip("/") + path).status < 400
        except urllib3.exceptions.HTTPError:
            return False
