"""Storage options: what a store is told beside the environment. Their values may be secrets and are never shown."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from icp_sync.errors import UsageError

_PROVIDERS: Final = ("aws_", "azure_", "google_")
_CLIENT: Final = frozenset(
    {
        "allow_http", "connect_timeout", "default_content_type", "http1_only", "http2_only", "pool_idle_timeout",
        "pool_max_idle_per_host", "proxy_ca_certificate", "proxy_excludes", "proxy_url", "timeout", "user_agent",
    }
)  # fmt: skip
"""Options of the connection rather than of the service; obstore takes them apart, Polars together."""
_UNCHECKED: Final = "allow_invalid_certificates"


@dataclass(frozen=True, slots=True)
class StorageOptions:
    """Pairs of a key, in lower case, and its value, as Polars and obstore call them: `aws_region`, `azure_…`."""

    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def for_polars(self) -> dict[str, str]:
        """All of them, as Polars takes `storage_options`."""
        return dict(self.pairs)

    def service_options(self) -> dict[str, str]:
        """Those of the service: region, endpoint, keys."""
        return {key: value for key, value in self.pairs if _without_provider(key) not in _CLIENT}

    def client_options(self) -> dict[str, str]:
        """Those of the connection, and what the environment says of it, which obstore passes over beside others."""
        named = {_without_provider(key): value for key, value in self.pairs if _without_provider(key) in _CLIENT}
        return _client_environment() | named


def parse_storage_options(options: Iterable[str]) -> StorageOptions:
    """`KEY=VALUE` as options. Raises UsageError, which never repeats a value, and for an unchecked certificate."""
    pairs: list[tuple[str, str]] = []
    for option in options:
        key, equals, value = option.partition("=")
        if not equals or not key.strip().replace("_", "").isalnum():
            raise UsageError(
                "--storage-option takes KEY=VALUE, such as aws_region=eu-central-1; its value is not shown"
            )
        pairs.append((key.strip().lower(), value))
        if _without_provider(pairs[-1][0]) == _UNCHECKED:
            raise _unchecked_error(f"--storage-option {key.strip()}")
    return StorageOptions(tuple(pairs))


def require_checked_certificates() -> None:
    """Raises UsageError where a variable that obstore or Polars reads by itself switches their check off."""
    for variable, value in os.environ.items():
        if value and _without_provider(variable.lower()) == _UNCHECKED:
            raise _unchecked_error(variable)


def _unchecked_error(setting: str) -> UsageError:
    return UsageError(
        f"{setting}: nothing switches the check of certificates off; leave it out, and name the certificates to trust "
        "with SSL_CERT_FILE"
    )


def _client_environment() -> dict[str, str]:
    names = {provider.upper() + name.upper(): name for provider in _PROVIDERS for name in _CLIENT}
    return {name: os.environ[variable] for variable, name in names.items() if os.environ.get(variable)}


def _without_provider(key: str) -> str:
    provider = next((provider for provider in _PROVIDERS if key.startswith(provider)), "")
    return key.removeprefix(provider)
