"""Proxy and trusted certificates for calls to a portal, read from the usual environment variables."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from urllib3 import make_headers

from icp_sync.errors import PortalUnavailable

# The names other clients read (requests, curl, OpenSSL), so one setting serves them all; the first one set counts.
CERTIFICATES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
_PORTS: Final = {"http": 80, "https": 443}
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy: the variable that names it, its address without user and password, and those as a header."""

    variable: str
    address: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"the proxy {urlsplit(self.address).netloc} ({self.variable})"


@dataclass(frozen=True, slots=True)
class NetworkPath:
    """Proxy and certificates of all calls; `trusted` is a file or folder of PEM certificates, None = the system's.

    `variable` is the environment variable that named `trusted`.
    """

    proxy: Proxy | None = None
    variable: str | None = None
    trusted: Path | None = None

    @property
    def client_options(self) -> dict[str, Any]:
        """Keyword arguments for the official client."""
        options: dict[str, Any] = {}
        if self.proxy is not None:
            options |= {"proxy": self.proxy.address, "proxy_headers": self.proxy.headers or None}
        if self.trusted is not None and not self.trusted.is_dir():
            options["ssl_ca_cert"] = str(self.trusted)
        return options

    @property
    def certificate_source(self) -> str:
        """Names the source of the trusted certificates, for error messages."""
        if self.variable is not None:
            return f"{self.trusted}, which {self.variable} names"
        return f"this machine's own certificates (none of {', '.join(CERTIFICATES)} is set)"


DIRECT: Final = NetworkPath()
_FORCED: Final[ContextVar[NetworkPath | None]] = ContextVar("forced", default=None)


@contextmanager
def ignore_proxy_variables() -> Iterator[None]:
    """Ignore the proxy variables inside the block: no proxy can reach a sandbox served by this process."""
    token = _FORCED.set(DIRECT)
    try:
        yield
    finally:
        _FORCED.reset(token)


def network_path(base_url: str) -> NetworkPath:
    """Return proxy and certificates for `base_url` from the environment. Raises Unavailable for unusable variables."""
    if forced := _FORCED.get():
        return forced
    variable = next((name for name in CERTIFICATES if os.environ.get(name)), None)
    return NetworkPath(_environment_proxy(base_url), variable, _certificates_path(variable) if variable else None)


def _certificates_path(variable: str) -> Path:
    path = Path(os.environ[variable]).expanduser()
    if not os.access(path, os.R_OK):
        raise PortalUnavailable(f"{variable} names {path}, which is not there or cannot be read; mend it or unset it")
    if path.is_file() and not _has_certificates(path):
        raise PortalUnavailable(f"{variable} names {path}, which holds no certificate in PEM; mend it or unset it")
    return path


def _has_certificates(path: Path) -> bool:
    try:
        ssl.create_default_context(cafile=str(path))
    except ssl.SSLError:
        return False
    return True


def _environment_proxy(base_url: str) -> Proxy | None:
    """The proxy of `<SCHEME>_PROXY`, else of `ALL_PROXY`, unless `NO_PROXY` spares the host."""
    target = urlsplit(base_url)
    kind = next((kind for kind in (target.scheme, "all") if getproxies_environment().get(kind)), None)
    if kind is None or proxy_bypass(target.netloc.rpartition("@")[2]):
        return None
    proxy = _parse_proxy(f"{kind.upper()}_PROXY", getproxies_environment()[kind])
    # Without TLS the proxy could read the token, so plain http goes through a proxy on this machine only.
    if target.scheme == "http" and urlsplit(proxy.address).hostname not in _LOOPBACK:
        return None
    return proxy


def _parse_proxy(variable: str, text: str) -> Proxy:
    """Parse a proxy variable; the error message does not repeat its value, which may contain a password."""
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        raise PortalUnavailable(f"{variable} is no address of a proxy; write it as http://HOST:PORT") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise PortalUnavailable(
            f"{variable} names a proxy that is not spoken to by http or https; write http://HOST:PORT"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    headers = {}
    if parts.username is not None:
        headers = make_headers(proxy_basic_auth=f"{unquote(parts.username)}:{unquote(parts.password or '')}")
    return Proxy(variable, f"{parts.scheme}://{host}:{port}", dict(headers))
