"""Answers that are no success: what people are told, and how long HubSpot asks to wait."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from icp_sync import errors
from icp_sync.portal.client import retry
from icp_sync.portal.client.quota_day import PortalDay
from icp_sync.portal.client.responses import CallInfo, ErrorResponse, error_response_failure, retry_after
from icp_sync.portal.client.retry import Backoff

CALL = CallInfo("GET /crm/lists/folders", "api.hubapi.com", "s3cret")
NOON = {"Date": "Sat, 21 Nov 2026 12:00:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "5"}, 5),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "Sat, 21 Nov 2026 12:01:30 GMT", **NOON}, 90),
        ({"Retry-After": "Sat, 21 Nov 2026 11:00:00 GMT", **NOON}, None),
        *[({"Retry-After": odd, **NOON}, None) for odd in ("", "0", "-3", "nan", "inf", "soon")],
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_moment(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (401, {}, "make a service key in HubSpot"),
        (403, {"errors": [{"context": {"requiredGranularScopes": ["a.read", "a.write"]}}]}, "lacks a.read or a.write"),
        (403, {"message": "not for you"}, "may not do this: not for you .* administrator allow it"),
        (404, {"message": "gone"}, "no such thing at GET /crm/lists/folders: gone"),
        (400, {"message": "bad"}, r"refused GET /crm/lists/folders \(400\): bad"),
        (404, {}, "api.hubapi.com answered .* check HUBSPOT_BASE_URL"),
        (423, {}, "locked"),
        (477, {}, "up to 24 hours"),
        (503, {}, "try again later"),
        (530, {}, "token in a wrong form"),
        (429, {"policyName": "DAILY"}, "used up its calls for today"),
        (429, {"message": "You have reached your daily limit."}, "used up its calls for today"),
    ],
)
def test_people_are_told_what_to_do(status: int, body: dict[str, Any], advice: str) -> None:
    error = error_response_failure(ErrorResponse(status, body), CALL).error
    with pytest.raises(errors.PortalError, match=advice):
        raise error
    assert error.status == status


def test_a_portal_on_the_move_says_when_to_come_back() -> None:
    failure = error_response_failure(ErrorResponse(477, {}, retry_after=7200), CALL)
    assert "7200 seconds (Retry-After)" in failure.error.message
    assert failure.backoff is None


@pytest.mark.parametrize(
    ("body", "backoff"),
    [
        ({"policyName": "SECONDLY"}, retry.SECONDLY),
        ({"message": "You have reached your secondly limit."}, retry.SECONDLY),
        ({"policyName": "TEN_SECONDLY_ROLLING"}, retry.TEN_SECONDLY),
        ({"message": "You have reached your ten_secondly_rolling limit."}, retry.TEN_SECONDLY),
        ({"policyName": "SOMETHING_NEW"}, retry.TEN_SECONDLY),
        ({}, retry.TEN_SECONDLY),
    ],
)
def test_the_limits_are_told_apart_by_name_or_by_words(body: dict[str, Any], backoff: Backoff) -> None:
    assert error_response_failure(ErrorResponse(429, body), CALL).backoff is backoff


def test_a_refusal_keeps_what_hubspots_support_asks_for() -> None:
    body = {"message": "no", "correlationId": "c-1", "category": "CONFLICT", "subCategory": "ILS.DUPLICATE_LIST_NAMES"}
    error = error_response_failure(ErrorResponse(400, body), CALL).error
    assert isinstance(error, errors.RequestRejected)
    assert (error.correlation_id, error.category, error.sub_category) == ("c-1", "CONFLICT", "ILS.DUPLICATE_LIST_NAMES")


NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("day", "advice"),
    [
        (
            PortalDay(NEW_YORK, "2026-11-22T05:00:00Z", 625_000),
            r"its 625,000 calls .* 2026-11-22 00:00 \(America/New_York\)",
        ),
        (PortalDay(NEW_YORK), r"its calls .* 00:00 \(America/New_York\)"),
        (PortalDay(NEW_YORK, "soon"), r"00:00 \(America/New_York\)"),
        (PortalDay(None, "2026-11-22T05:00:00Z"), "2026-11-22T05:00:00Z"),
        (PortalDay(), "midnight in the portal's time zone"),
    ],
)
def test_the_accounts_own_limit_says_until_when_where_the_portal_is(day: PortalDay, advice: str) -> None:
    error = error_response_failure(ErrorResponse(429, {"policyName": "DAILY"}), replace(CALL, day=day)).error
    with pytest.raises(
        errors.DailyLimitReached, match=f"HubSpot's own limit is reached.*{advice}; the next run continues"
    ):
        raise error
