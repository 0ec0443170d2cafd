"""Reading a refusal: property, code and words, wherever HubSpot put them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from icp_sync.portal.client.error_details import (
    MAX_MESSAGE_CHARS,
    ErrorReason,
    error_reasons,
    named_record_ids,
    required_scopes,
)


def values_invalid(*problems: dict[str, Any]) -> dict[str, Any]:
    """HubSpot's way of reporting bad values: JSON inside the message."""
    text = orjson.dumps([{"isValid": False, **problem} for problem in problems]).decode()
    return {"category": "VALIDATION_ERROR", "message": f"Property values were not valid: {text}"}


BAD_OPTION = {
    "message": "tier_9 was not one of the allowed options",
    "error": "INVALID_OPTION",
    "name": "icp_tier",
}
BAD_NUMBER = {"message": "x was not a valid long", "error": "INVALID_LONG", "name": "employees"}
DETAIL = {"message": "too long", "code": "TOO_LONG", "context": {"propertyName": ["about"]}}


@pytest.mark.parametrize(
    ("error", "property_and_code"),
    [
        (values_invalid(BAD_OPTION), [("icp_tier", "INVALID_OPTION")]),
        (
            values_invalid(BAD_OPTION, BAD_NUMBER),
            [("icp_tier", "INVALID_OPTION"), ("employees", "INVALID_LONG")],
        ),
        ({"message": "Bad", "category": "VALIDATION_ERROR", "errors": [DETAIL]}, [("about", "TOO_LONG")]),
        ({"message": "gone", "category": "OBJECT_NOT_FOUND"}, [(None, "OBJECT_NOT_FOUND")]),
        ({"message": "no", "category": "X", "subCategory": "X.Y"}, [(None, "X.Y")]),
        ({"message": "no", "category": "X", "subCategory": {"name": "Y"}}, [(None, "X")]),
        ({"message": "Broken [json"}, [(None, None)]),
        ({"message": "Odd [1, null]"}, [(None, None)]),
        ({"errors": "odd", "context": "odd", "message": None}, [(None, None)]),
        ({}, [(None, None)]),
    ],
)
def test_a_refusal_names_property_and_code(
    error: dict[str, Any], property_and_code: list[tuple[str | None, str | None]]
) -> None:
    assert [(reason.property, reason.code) for reason in error_reasons(error)] == property_and_code


def test_a_message_with_an_endless_option_list_is_parsed_whole_and_told_short() -> None:
    message = "x was not one of the allowed options: " + ", ".join(f"OPTION_{n}" for n in range(5000))
    [reason] = error_reasons(values_invalid({**BAD_OPTION, "message": message}))
    assert (reason.property, reason.code) == ("icp_tier", "INVALID_OPTION")
    assert reason.message.startswith("x was not one of")
    assert len(reason.message) == MAX_MESSAGE_CHARS


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (ErrorReason("bad", "icp_tier", "INVALID_OPTION"), "icp_tier, INVALID_OPTION: bad"),
        (ErrorReason("bad", code="X"), "X: bad"),
        (ErrorReason("bad"), "bad"),
    ],
)
def test_a_reason_reads_as_one_line(reason: ErrorReason, text: str) -> None:
    assert str(reason) == text


@pytest.mark.parametrize(
    ("error", "named"),
    [
        ({"context": {"ids": ["1", "2"]}}, {"1", "2"}),
        ({"context": {"objectWriteTraceId": ["1-0"]}}, {"1-0"}),
        ({"errors": [{"context": {"id": ["7"]}}]}, {"7"}),
        ({"id": 5}, {"5"}),
        ({"context": {"propertyName": ["x"]}}, set()),
        ({}, set()),
    ],
)
def test_the_records_an_error_speaks_of(error: dict[str, Any], named: set[str]) -> None:
    assert named_record_ids(error) == named


@pytest.mark.parametrize("key", ["requiredGranularScopes", "requiredScopes"])
def test_the_scopes_a_403_asks_for(key: str) -> None:
    assert required_scopes({"errors": [{"context": {key: ["a.read", "b.read", "a.read"]}}]}) == (
        "a.read",
        "b.read",
    )
