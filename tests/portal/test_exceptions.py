"""Exceptions of the client and the network: which are faults of the way, and which are bugs of ours."""

from __future__ import annotations

from socket import gaierror

import pytest
from hubspot.crm.companies.exceptions import ApiException
from urllib3 import exceptions as transport
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from icp_sync.errors import AuthenticationFailed, PortalUnavailable
from icp_sync.portal.client import retry
from icp_sync.portal.client.exception_translation import translate_exception
from icp_sync.portal.client.responses import CallInfo
from icp_sync.portal.client.retry import Backoff

CALL = CallInfo("GET /crm/lists/folders", "api.hubapi.com", "s3cret")
UNTRUSTED = "SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"
POOL = HTTPConnectionPool("127.0.0.1")


@pytest.mark.parametrize(
    ("fault", "sentence", "backoff"),
    [
        (transport.ReadTimeoutError(POOL, "/", "late"), "in time", retry.BROKEN),
        (transport.ConnectTimeoutError("late"), "no connection to api.hubapi.com", retry.UNREACHED),
        (transport.NewConnectionError(HTTPConnection("x"), "no"), "no connection to", retry.UNREACHED),
        (
            transport.NameResolutionError("x", HTTPConnection("x"), gaierror()),
            "name api.hubapi.com",
            retry.UNREACHED,
        ),
        (transport.MaxRetryError(POOL, "/", transport.ReadTimeoutError(POOL, "/", "late")), "in time", retry.BROKEN),
        (transport.ProxyError("no", OSError()), "proxy", retry.UNREACHED),
        (transport.ProtocolError("reset"), "breaking off", retry.DROPPED),
        (transport.DecodeError("bad gzip"), "breaking off", retry.DROPPED),
        (ConnectionResetError(), "breaking off", retry.DROPPED),
        (transport.LocationParseError("x"), "is not an address", None),
        (transport.SSLError(UNTRUSTED), "certificate of api.hubapi.com", None),
        (ApiException(status=0, reason=UNTRUSTED), "certificate of api.hubapi.com", None),
        (ApiException(status=0, reason="SSLError\nUNEXPECTED_EOF"), "no TLS connection", retry.UNREACHED),
    ],
)
def test_a_call_without_an_answer_names_host_and_cause(
    fault: Exception, sentence: str, backoff: Backoff | None
) -> None:
    failure = translate_exception(fault, CALL)
    assert isinstance(failure.error, PortalUnavailable)
    assert sentence in failure.error.message
    assert failure.backoff is backoff


def stumbled(over: Exception, fault: Exception) -> Exception:
    """What the client raises when it stumbles over its own exception."""
    fault.__context__ = over
    return fault


def test_the_clients_own_stumble_over_a_tls_fault_is_seen_through() -> None:
    fault = stumbled(ApiException(status=0, reason=UNTRUSTED), AttributeError("'NoneType' has no attribute 'decode'"))
    assert "certificate" in translate_exception(fault, CALL).error.message


def test_the_clients_own_stumble_over_a_body_is_seen_through() -> None:
    refusal = ApiException(status=401, reason="Unauthorized")
    refusal.body, refusal.headers = b"\xff", {}
    fault = stumbled(refusal, UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"))
    assert isinstance(translate_exception(fault, CALL).error, AuthenticationFailed)


def test_a_bug_of_ours_is_not_taken_for_a_fault_of_the_portals() -> None:
    with pytest.raises(AttributeError, match="ours"):
        translate_exception(AttributeError("ours"), CALL)
