"""Addresses: every route in both layouts of the API, and its name in counts and messages."""

from __future__ import annotations

import pytest

from icp_sync.portal.client import routes as paths
from icp_sync.portal.client.routes import Route


@pytest.mark.parametrize(
    ("route", "ids", "legacy", "dated"),
    [
        (paths.COMPANY_PAGE, {}, "/crm/v3/objects/companies", "/crm/objects/2026-03/companies"),
        (
            paths.PROPERTY,
            {"propertyName": "x"},
            "/crm/v3/properties/companies/x",
            "/crm/properties/2026-03/companies/x",
        ),
        (paths.LIST_CREATE, {}, "/crm/v3/lists", "/crm/lists/2026-03"),
        (paths.LIST, {"listId": 7}, "/crm/v3/lists/7", "/crm/lists/2026-03/7"),
        (paths.ACCOUNT, {}, "/account-info/v3/details", "/account-info/2026-03/details"),
        (paths.TOKEN, {}, *["/oauth/v2/private-apps/get/access-token-info"] * 2),
    ],
)
def test_the_version_stands_where_its_layout_puts_it(
    route: Route, ids: dict[str, object], legacy: str, dated: str
) -> None:
    assert (route.path("v3", ids), route.path("2026-03", ids)) == (legacy, dated)


@pytest.mark.parametrize(
    ("route", "label"),
    [
        (paths.COMPANY_PAGE, "GET /crm/objects/companies"),
        (paths.LIST_CHANGE, "PUT /crm/lists/{listId}/memberships/add-and-remove"),
        (paths.ACCOUNT, "GET /account-info/details"),
    ],
)
def test_a_route_is_called_by_its_method_and_template_without_the_version(route: Route, label: str) -> None:
    assert route.label == label


def test_an_id_is_one_segment_whatever_it_holds() -> None:
    assert paths.LIST.path("v3", {"listId": "a/b?c é"}) == "/crm/v3/lists/a%2Fb%3Fc%20%C3%A9"
