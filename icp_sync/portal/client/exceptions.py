"""The one place that turns what the official client and the network raise into failures of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from hubspot.crm.companies.exceptions import ApiException
from urllib3 import exceptions as transport

from icp_sync.errors import Unavailable
from icp_sync.portal.client import retry as retrying
from icp_sync.portal.client.responses import CallInfo, ErrorResponse, from_error_response, retry_after
from icp_sync.portal.client.retry import Backoff, CallFailure

# On the body of an error answer the client itself stumbles when that is not UTF-8 (UnicodeDecodeError) and,
# after a TLS fault, because there is none (AttributeError).
SDK_EXCEPTIONS: Final = (ApiException, transport.HTTPError, AttributeError, UnicodeDecodeError, OSError)

_Told = tuple[str, Backoff | None]
_UNTRUSTED: Final[_Told] = (
    (
        "the TLS certificate of {host} is not trusted by {certificates}; a proxy that opens TLS has a certificate of "
        "its own: name the file it is in with REQUESTS_CA_BUNDLE, and check HUBSPOT_BASE_URL"
    ),
    None,
)
_NO_TLS: Final[_Told] = ("no TLS connection to {host} came about; check HUBSPOT_BASE_URL", retrying.UNREACHED)
_PROXY_ASKS: Final[_Told] = (
    "{proxy} asks for a user and a password (407); write it as http://USER:PASSWORD@HOST:PORT",
    None,
)
_DROPPED: Final[_Told] = (
    "{host} kept breaking off the connection during {label}; try again later",
    retrying.DROPPED,
)
# The first line that fits: NameResolutionError is also a NewConnectionError, and both are HTTPErrors.
_TRANSPORT: Final[tuple[tuple[type[Exception], _Told], ...]] = (
    (
        transport.NameResolutionError,
        ("the name {host} is not known; check HUBSPOT_BASE_URL and the network", retrying.UNREACHED),
    ),
    (transport.LocationValueError, ("{host} is not an address; check HUBSPOT_BASE_URL", None)),
    (transport.ReadTimeoutError, ("{host} did not answer {label} in time; try again later", retrying.BROKEN)),
    (
        transport.NewConnectionError,
        ("no connection to {host}; check HUBSPOT_BASE_URL and the network", retrying.UNREACHED),
    ),
    (
        transport.ConnectTimeoutError,
        ("no connection to {host} in time; check HUBSPOT_BASE_URL and the network", retrying.UNREACHED),
    ),
    (transport.ProxyError, ("{proxy} did not let us through to {host}; check it and NO_PROXY", retrying.UNREACHED)),
)


def translate(fault: Exception, call: CallInfo) -> CallFailure:
    """Our failure for an exception out of CAUGHT; a stumble of our own code among them is raised as it is."""
    stumbled = isinstance(fault, (AttributeError, UnicodeDecodeError))
    source = fault.__context__ if stumbled else fault
    if isinstance(source, ApiException) and source.status:
        return from_error_response(
            ErrorResponse(source.status, json_object(source.body, call), retry_after(source.headers)), call
        )
    if isinstance(source, (ApiException, transport.HTTPError, OSError)):
        return _unreached(source, call)
    raise fault


def json_object(body: str | bytes | None, call: CallInfo) -> Mapping[str, Any]:
    """The JSON object in an error's body, the access token struck out; empty for HTML and torn bodies."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body or ""
    try:
        value = orjson.loads(call.clean(text))
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _unreached(fault: Exception, call: CallInfo) -> CallFailure:
    if isinstance(fault, transport.MaxRetryError) and fault.reason is not None:
        return _unreached(fault.reason, call)
    if isinstance(fault, (ApiException, transport.SSLError)):
        message, patience = _UNTRUSTED if "certificate verify failed" in str(fault).lower() else _NO_TLS
    elif isinstance(fault, transport.ProxyError) and " 407" in str(fault.original_error):
        message, patience = _PROXY_ASKS
    else:
        message, patience = next((told for kind, told in _TRANSPORT if isinstance(fault, kind)), _DROPPED)
    names = {"host": call.host, "label": call.label, "certificates": call.way.certificates}
    proxy = str(call.way.proxy or "the proxy on the way")
    return CallFailure(Unavailable(message.format(**names, proxy=proxy)), patience)
