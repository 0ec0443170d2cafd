"""Pings a dead-man's switch: `URL/start`, then `URL` after exit code 0, else `URL/EXIT` (healthchecks.io's form)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import urllib3

TIMEOUT: Final = 5.0
"""Seconds a ping may take; it is tried once more."""


@dataclass(frozen=True, slots=True)
class Ping:
    """A ping address, which is a secret: whoever knows it can silence the alarm.

    `proxy`: the address of one to go through, with its `proxy_headers`. `trusted`: a file or folder of certificates.
    """

    url: str = field(repr=False)
    proxy: str | None = None
    proxy_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    trusted: Path | None = None

    def send_start(self) -> bool:
        """Tell that a run begins; whether the address took it."""
        return self._get("/start")

    def send_end(self, exit_code: int) -> bool:
        """Tell how the run ended; whether the address took it."""
        return self._get(f"/{exit_code}" if exit_code else "")

    def _get(self, path: str) -> bool:
        try:
            with self._connection_pool() as pool:
                return pool.request("GET", self.url.rstrip("/") + path).status < 400
        except urllib3.exceptions.HTTPError:
            return False

    def _connection_pool(self) -> urllib3.PoolManager:
        options: dict[str, Any] = {
            "timeout": urllib3.Timeout(total=TIMEOUT),
            "retries": urllib3.Retry(total=1, redirect=0, status=0, backoff_factor=0),
        }
        if self.trusted is not None:
            options["ca_cert_dir" if self.trusted.is_dir() else "ca_certs"] = str(self.trusted)
        if self.proxy is None:
            return urllib3.PoolManager(**options)
        return urllib3.ProxyManager(self.proxy, proxy_headers=dict(self.proxy_headers), **options)
