"""What HubSpot leaves open in an answer, or describes otherwise than seen: a night ends as with the usual form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from starlette.types import Scope

from icp_sync.portal.client.timestamps import epoch_ms_or_none
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.faults.fault_injection import FaultHit
from icp_sync.sandbox.http.api_types import ApiResponse
from icp_sync.sandbox.http.endpoint import Endpoint
from tests.cli.conftest import DAY, Command, company_ids
from tests.marks import with_slow

Json = dict[str, Any]
Edit = Callable[[Json], Json]
OUTPUTS: Final = ("hs_ideal_customer_profile", "hs_is_target_account", "icp_fit_score", "icp_fit_outcome")
IDS: Final = frozenset({"id", "recordId", "listId", "toObjectId", "parentFolderId"})
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def moments(form: Callable[[str], object]) -> Edit:
    return lambda part: {
        key: form(value) if isinstance(value, str) and MOMENT.fullmatch(value) else value for key, value in part.items()
    }


def typed(part: Json) -> Json:
    """Property values as JSON numbers and Booleans."""
    texts = part.get("properties")
    if not isinstance(texts, dict):
        return part
    words = {"true": True, "false": False}
    return part | {
        "properties": {
            name: float(text) if str(text).isdigit() else words.get(str(text), text) for name, text in texts.items()
        }
    }


def last_page(part: Json) -> Json:
    """A last page that says so with null instead of saying nothing."""
    return {"paging": {"next": None}, **part} if "results" in part else part


FORMS: Final[dict[str, Edit]] = {
    "keys nobody knows": lambda part: part | {"hs_new": {"since": [2027]}},
    "ids as numbers": lambda part: {
        key: int(value) if key in IDS and str(value).isdigit() else value for key, value in part.items()
    },
    "values as numbers and Booleans": typed,
    "nothing where there was null": lambda part: {key: value for key, value in part.items() if value is not None},
    "another order": lambda part: part | ({"results": part["results"][::-1]} if part.get("results") else {}),
    "results twice": lambda part: part | ({"results": part["results"] * 2} if part.get("results") else {}),
    "moments in epoch milliseconds": moments(epoch_ms_or_none),
    "moments without milliseconds": moments(lambda text: f"{text[:19]}Z"),
    "moments with an offset": moments(lambda text: f"{text[:-1]}+00:00"),
    "null for what does not follow": last_page,
    "no branches where a folder has none": lambda part: (
        part
        | (
            {"childNodes": part["childNodes"] or None, "childLists": part["childLists"] or None}
            if "childNodes" in part
            else {}
        )
    ),
    "errors that are none": lambda part: part | ({"errors": None, "numErrors": 0} if "completedAt" in part else {}),
}


def edited(value: Any, edit: Edit) -> Any:
    if isinstance(value, dict):
        return edit({key: edited(inner, edit) for key, inner in value.items()})
    return [edited(entry, edit) for entry in value] if isinstance(value, list) else value


def standing(portal: SandboxPortal) -> tuple[object, ...]:
    lists = {one.name: sorted(one.members) for one in portal.lists.undeleted(portal.now())}
    return portal.companies_frame(*OUTPUTS).rows(), lists


@pytest.mark.parametrize("form", with_slow(list(FORMS)[:2], list(FORMS)[2:]))
def test_two_nights_end_as_with_the_usual_form(
    written: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    usual = Endpoint._handle_request
    calls = {"on": False}

    def reply(endpoint: Endpoint, scope: Scope, content: bytes, hit: FaultHit | None) -> ApiResponse:
        given = usual(endpoint, scope, content, hit)
        body = edited(given.body, FORMS[form]) if calls["on"] and given.status < 300 else given.body
        return ApiResponse(body, given.status, given.headers)

    monkeypatch.setattr(Endpoint, "_handle_request", reply)
    alpha, beta = company_ids(portal)[:2]
    before = standing(portal)
    for changes in ({"numberofemployees": "5"}, {"numberofemployees": "800"}):
        portal.edit_company(alpha, changes)
        portal.edit_company(beta, {"description": str(changes)})
        calls["on"] = True
        assert written("run").code == 0
        calls["on"] = False
        assert written("plan", "--exit-code").code == 0
        portal.ahead += DAY
    assert standing(portal) == before
