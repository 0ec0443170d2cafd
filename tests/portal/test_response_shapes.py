"""A 2xx whose body is not what HubSpot answers there is a failure of that call, not a fault of ours further on."""

from __future__ import annotations

from typing import Any, Final

import orjson
import pytest

from icp_sync.portal.client import routes
from icp_sync.portal.client.responses import CallInfo
from icp_sync.portal.client.retry import CallFailure
from icp_sync.portal.client.routes import Route
from icp_sync.portal.client.success_responses import parse_success

CALL: Final = CallInfo("GET /crm", "api.hubapi.com", "s3cret")
RECORD: Final = {"id": "1", "properties": {"name": None}}
NO_RECORDS: Final[tuple[object, ...]] = (
    None,
    "x",
    {},
    {"id": "1"},
    [RECORD],
    *[{**RECORD, "id": odd} for odd in (None, "", "abc", "-1", 1.5)],
    {**RECORD, "properties": None},
    {**RECORD, "properties": []},
)
LINKS: Final = {"from": {"id": "1"}, "to": [{"toObjectId": 2, "associationTypes": []}]}


def outcome(route: Route, body: Any) -> Any:
    return parse_success(route, 200, orjson.dumps(body), CALL)


@pytest.mark.parametrize(
    ("route", "body"),
    [
        (routes.COMPANY_PAGE, {"results": []}),
        (routes.COMPANY_PAGE, {"results": [RECORD, {**RECORD, "id": 7, "warnings": []}], "paging": None}),
        (routes.COMPANY, RECORD),
        (routes.COMPANY_UPDATE, {"results": [{"id": "1"}]}),
        (routes.COMPANY_CONTACTS, {"results": [LINKS, {"from": {"id": 3}, "to": None}]}),
        (routes.PROPERTIES, {"results": [{"name": "industry"}]}),
        (routes.LIST_SEARCH, {"lists": [{"listId": 5}], "hasMore": False}),
        (routes.LIST_MEMBERS, {"results": [{"recordId": 12}]}),
        (routes.LIST_CHANGE, {"recordsIdsAdded": ["1"]}),
        (routes.LIST_CHANGE, {"recordIdsRemoved": None}),
        (routes.LIST_FILTERS, {}),
        (routes.FOLDERS, {"folder": {"id": "0"}}),
        (routes.ACCOUNT, {"portalId": "4711"}),
        (routes.TOKEN, {}),
    ],
)
def test_what_hubspot_answers_is_taken_whatever_else_it_holds(route: Route, body: dict[str, Any]) -> None:
    assert outcome(route, {**body, "new": {"since": "2027"}}) == {**body, "new": {"since": "2027"}}


@pytest.mark.parametrize(
    ("route", "body"),
    [
        (routes.COMPANY_PAGE, {"status": "error", "message": "no"}),
        (routes.COMPANY_PAGE, [RECORD]),
        (routes.COMPANY_PAGE, "ok"),
        (routes.COMPANY_PAGE, {"results": None}),
        (routes.COMPANY_PAGE, {"results": {"1": RECORD}}),
        *[(routes.COMPANY_SEARCH, {"results": [RECORD, odd]}) for odd in NO_RECORDS],
        (routes.COMPANY, {"id": "1"}),
        (routes.COMPANY_UPDATE, {"results": [{"properties": {}}]}),
        (routes.DEAL_COMPANIES, {"results": [{"to": []}]}),
        (routes.DEAL_COMPANIES, {"results": [{**LINKS, "to": [{"toObjectId": None}]}]}),
        (routes.CONTACT_PROPERTIES, {"results": [{"label": "Name"}]}),
        (routes.LIST_SEARCH, {"lists": None}),
        (routes.LIST, {"list": {}}),
        (routes.LIST_MEMBERS, {"results": [{"recordId": "abc"}]}),
        (routes.LIST_CHANGE, {}),
        (routes.FOLDERS, {"folder": None}),
        (routes.OWNERS, {"results": ["somebody"]}),
        (routes.ACCOUNT, {"portalId": None}),
    ],
)
def test_what_is_no_answer_of_hubspots_is_asked_again_and_then_said(route: Route, body: object) -> None:
    failure = outcome(route, body)
    assert isinstance(failure, CallFailure)
    assert "something that is not HubSpot's API" in failure.error.message
    assert failure.backoff is not None


NO_LINKS: Final = {"subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND", "context": {"fromObjectId": ["2"]}}
NOT_FOUND: Final = {"category": "OBJECT_NOT_FOUND", "context": {"ids": ["2"]}}
OTHERS: Final[tuple[object, ...]] = ({"category": "INTERNAL_ERROR"}, {"category": "RATE_LIMITS"}, {}, "boom", None)


@pytest.mark.parametrize(
    ("route", "row", "error"),
    [
        (routes.COMPANY_READ, RECORD, NOT_FOUND),
        (routes.CONTACT_READ, RECORD, NOT_FOUND),
        (routes.COMPANY_CONTACTS, LINKS, NOT_FOUND),
        (routes.DEAL_COMPANIES, LINKS, NO_LINKS),
    ],
)
def test_only_an_error_that_says_so_makes_a_record_absent(route: Route, row: object, error: object) -> None:
    """A part that could not be read tonight must not be taken for companies that are gone, or have no contacts."""
    assert outcome(route, {"results": [row], "numErrors": 1, "errors": [error]})["results"] == [row]
    for other in OTHERS:
        failure = outcome(route, {"results": [row], "numErrors": 2, "errors": [error, other]})
        assert isinstance(failure, CallFailure)
        assert "for a part of the records only (" in failure.error.message


@pytest.mark.parametrize("errors", ["boom", {"message": "boom"}, ["boom"], [{"message": "boom"}]])
def test_the_errors_of_a_write_are_entries_however_they_come(errors: object) -> None:
    answer = outcome(routes.COMPANY_UPDATE, {"results": [], "errors": errors})
    assert answer["errors"] == [{"message": "boom"}]


@pytest.mark.parametrize("errors", [None, [], {}, ""])
def test_a_batch_with_nothing_at_all_is_asked_again(errors: object) -> None:
    failure = outcome(routes.COMPANY_UPDATE, {"results": [], "errors": errors})
    assert isinstance(failure, CallFailure)
    assert "neither results nor errors" in failure.error.message
