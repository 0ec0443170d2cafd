"""A portal may have only so many lists: doctor warns before, a run says the way out."""

from __future__ import annotations

import pytest

from icp_sync.errors import ObjectNotFound, PortalError, RequestRejected, ScopeMissing
from icp_sync.runs.list_quota import is_list_quota_error
from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import Command


def filled(portal: SandboxPortal, count: int) -> None:
    for number in range(count):
        body = {"name": f"Theirs {number}", "objectTypeId": "0-2", "processingType": "MANUAL"}
        portal.lists.create(body, portal.now())


@pytest.mark.slow
def test_a_run_without_room_for_a_list_writes_all_else_and_says_the_way_out(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    filled(portal, 3)
    portal.change_settings(most_lists=3)
    ended = icp_sync("run", "--json")
    document = ended.document
    assert (ended.code, document["applied"]["companies"], document["applied"]["lists"]) == (5, 5, 1)
    (why,) = document["error"]["details"]
    assert "Small Tier 1" in str(why)
    assert "the portal has 3 static lists, as many as its HubSpot plan allows; delete lists nobody needs" in str(why)
    portal.lists.delete("1", portal.now())
    assert icp_sync("run").code == 0
    assert len(portal.list_members("Small Tier 1")) == 1


@pytest.mark.slow
def test_doctor_counts_the_lists_and_warns_while_one_is_still_to_be_made(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    filled(portal, 24)

    def quota_check() -> tuple[str, str]:
        (quota_row,) = [
            check for check in icp_sync("doctor", "--json").document["checks"] if check["name"] == "list quota"
        ]
        assert quota_row["ok"]
        return quota_row["message"], quota_row["fix"]

    message, fix = quota_check()
    assert message.startswith("24 static and 0 active lists in the portal; HubSpot does not tell how many")
    assert fix.startswith("1 more static to be made, and 1 left if the plan is Starter: delete lists nobody needs")
    icp_sync("run")
    message, fix = quota_check()
    assert (message.startswith("25 static and 1 active"), fix) == (True, "")


def test_doctor_counts_them_without_a_profile_too(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ICP_SYNC_PROFILE")
    (quota_row,) = [check for check in icp_sync("doctor", "--json").document["checks"] if check["name"] == "list quota"]
    assert (quota_row["ok"], quota_row["message"].startswith("0 static and 0 active")) == (True, True)


@pytest.mark.parametrize(
    ("refused", "is_it"),
    [
        (RequestRejected("HubSpot refused POST /crm/lists (400): This portal has reached its limit of 3 lists."), True),
        (RequestRejected("refused", sub_category="ILS.LIST_LIMIT_EXCEEDED"), True),
        (ScopeMissing("the access token may not do this: you have too many lists"), True),
        (ScopeMissing("the access token lacks crm.lists.write", details=["crm.lists.write"]), False),
        (
            RequestRejected("A list with the name 'Quota' already exists", sub_category="ILS.DUPLICATE_LIST_NAMES"),
            False,
        ),
        (ObjectNotFound("no such thing"), False),
    ],
)
def test_a_refusal_for_want_of_room_is_known_by_its_words(refused: PortalError, *, is_it: bool) -> None:
    assert is_list_quota_error(refused, "Quota") is is_it


def test_a_list_whose_name_differs_in_case_only_is_somebody_elses(icp_sync: Command, portal: SandboxPortal) -> None:
    """HubSpot finds lists by their names in any case, so it would refuse to make one."""
    body = {"name": "SMALL tier 1", "objectTypeId": "0-2", "processingType": "MANUAL"}
    portal.lists.create(body, portal.now())
    ended = icp_sync("plan", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "preflight")
    assert "made by somebody else" in ended.document["error"]["details"][0]
    assert icp_sync("run", "--allow", "adopt-list:Small Tier 1").code == 0
    assert portal.list_members("SMALL tier 1") != []
