"""Who may call what."""

from __future__ import annotations

import pytest

from icp_sync.sandbox.auth import EVERY_SCOPE

from .conftest import Open

READER = "pat-eu1-reader"
READS = frozenset({"crm.objects.companies.read", "crm.lists.read"})
PROPERTY = {
    "name": "a",
    "label": "A",
    "type": "string",
    "fieldType": "text",
    "groupName": "companyinformation",
}


@pytest.mark.parametrize("token", ["", "pat-eu1-unknown"])
def test_an_unknown_token_is_not_authenticated(opened: Open, token: str) -> None:
    _, ask = opened()
    answer = ask("GET", "/crm/v3/objects/companies", token=token)
    assert (answer.status, answer.body["category"]) == (401, "INVALID_AUTHENTICATION")


@pytest.mark.parametrize(
    ("method", "path", "body", "scopes"),
    [
        ("POST", "/crm/v3/objects/companies/batch/update", {}, ["crm.objects.companies.write"]),
        ("POST", "/crm/v3/properties/companies", PROPERTY, ["crm.schemas.companies.write"]),
        ("POST", "/crm/v3/lists", {}, ["crm.lists.write", "cms.membership.access_groups.write"]),
        ("GET", "/crm/v3/owners", None, ["crm.objects.owners.read"]),
    ],
)
def test_a_missing_scope_is_named(opened: Open, method: str, path: str, body: object, scopes: list[str]) -> None:
    _, ask = opened(tokens={READER: READS})
    answer = ask(method, path, body, token=READER)
    assert (answer.status, answer.body["category"]) == (403, "MISSING_SCOPES")
    assert answer.body["errors"][0]["context"]["requiredGranularScopes"] == scopes


@pytest.mark.parametrize(
    "path", ["/crm/v3/objects/companies", "/crm/v3/properties/companies", "/account-info/v3/details"]
)
def test_reading_companies_suffices_for_their_properties_too(opened: Open, path: str) -> None:
    _, ask = opened(tokens={READER: frozenset({"crm.objects.companies.read"})})
    assert ask("GET", path, token=READER).status == 200


def test_a_token_can_ask_for_its_own_scopes(opened: Open) -> None:
    portal, ask = opened(portal_id=7, tokens={READER: READS})
    path = "/oauth/v2/private-apps/get/access-token-info"
    assert ask("POST", path, {"tokenKey": READER}).body["scopes"] == sorted(READS)
    assert ask("POST", path, {"tokenKey": portal.token}).body["scopes"] == sorted(EVERY_SCOPE)
    assert ask("POST", path, {"tokenKey": READER}).body["hubId"] == 7
