"""Translates exceptions of the official client and of urllib3 into our call failures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from hubspot.crm.companies.exceptions import ApiException
from urllib3 import exceptions as transport

from icp_sync.errors import PortalUnavailable
from icp_sync.portal.client import retry
from icp_sync.portal.client.responses import CallInfo, ErrorResponse, error_response_failure, retry_after
from icp_sync.portal.client.retry import Backoff, CallFailure

# The official client itself fails on the body of an error response that is not UTF-8 (UnicodeDecodeError), and after
# a TLS fault because there is no body (AttributeError).
SDK_EXCEPTIONS: Final = (ApiException, transport.HTTPError, AttributeError, UnicodeDecodeError, OSError)

# Message and backoff; without one the call is not retried, as only the user can mend the cause.
_Cause = tuple[str, Backoff | None]
_UNTRUSTED: Final[_Cause] = (
    (
        "the TLS certificate of {host} is not trusted by {certificates}; a proxy that opens TLS has a certificate of "
        "its own: name the file it is in with REQUESTS_CA_BUNDLE, and check HUBSPOT_BASE_URL"
    ),
    None,
)
_NO_TLS: Final[_Cause] = ("no TLS connection to {host} came about; check HUBSPOT_BASE_URL", retry.UNREACHED)
_PROXY_ASKS: Final[_Cause] = (
    "{proxy} asks for a user and a password (407); write it as http://USER:PASSWORD@HOST:PORT",
    None,
)
_DROPPED: Final[_Cause] = (
    "{host} kept breaking off the connection during {label}; try again later",
    retry.DROPPED,
)
# The first matching row counts: NameResolutionError is also a NewConnectionError, and both are HTTPErrors.
_TRANSPORT: Final[tuple[tuple[type[Exception], _Cause], ...]] = (
    (
        transport.NameResolutionError,
        ("the name {host} is not known; check HUBSPOT_BASE_URL and the network", retry.UNREACHED),
    ),
    (transport.LocationValueError, ("{host} is not an address; check HUBSPOT_BASE_URL", None)),
    (transport.ReadTimeoutError, ("{host} did not answer {label} in time; try again later", retry.BROKEN)),
    (
        transport.NewConnectionError,
        ("no connection to {host}; check HUBSPOT_BASE_URL and the network", retry.UNREACHED),
    ),
    (
        transport.ConnectTimeoutError,
        ("no connection to {host} in time; check HUBSPOT_BASE_URL and the network", retry.UNREACHED),
    ),
    (transport.ProxyError, ("{proxy} did not let us through to {host}; check it and NO_PROXY", retry.UNREACHED)),
)


def translate_exception(error: Exception, call: CallInfo) -> CallFailure:
    """Return the call failure for one of SDK_EXCEPTIONS; an AttributeError of our own code is raised as it is."""
    is_sdk_bug = isinstance(error, (AttributeError, UnicodeDecodeError))
    source = error.__context__ if is_sdk_bug else error
    if isinstance(source, ApiException) and source.status:
        return error_response_failure(
            ErrorResponse(source.status, json_object_or_empty(source.body, call), retry_after(source.headers)), call
        )
    if isinstance(source, (ApiException, transport.HTTPError, OSError)):
        return _connection_failure(source, call)
    raise error


def json_object_or_empty(body: str | bytes | None, call: CallInfo) -> Mapping[str, Any]:
    """Parse an error's body as a JSON object, access token removed; empty for HTML and truncated bodies."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body or ""
    try:
        value = orjson.loads(call.redact_token(text))
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _connection_failure(error: Exception, call: CallInfo) -> CallFailure:
    if isinstance(error, transport.MaxRetryError) and error.reason is not None:
        return _connection_failure(error.reason, call)
    if isinstance(error, (ApiException, transport.SSLError)):
        message, backoff = _UNTRUSTED if "certificate verify failed" in str(error).lower() else _NO_TLS
    elif isinstance(error, transport.ProxyError) and " 407" in str(error.original_error):
        message, backoff = _PROXY_ASKS
    else:
        message, backoff = next((cause for kind, cause in _TRANSPORT if isinstance(error, kind)), _DROPPED)
    names = {"host": call.host, "label": call.label, "certificates": call.network_path.certificate_source}
    proxy = str(call.network_path.proxy or "the proxy on the way")
    return CallFailure(PortalUnavailable(message.format(**names, proxy=proxy)), backoff)
