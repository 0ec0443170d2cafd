"""The remote control: what another process may do to a portal, and learn about it."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal

from .conftest import Ask, Clock, Open

LIST = "/crm/v3/objects/companies"


def digests(ask: Ask, **query: Any) -> tuple[str, str]:
    """Of everything, and of companies alone."""
    state = ask("GET", "/sandbox/state", **query).body
    return state["digest"], state["companies"]["digest"]


def test_companies_come_and_go_in_bulk(ask: Ask, portal: SandboxPortal) -> None:
    made = ask("POST", "/sandbox/companies/create", {"companies": [{"name": "Dune"}, {"name": "Elm", "city": "Ulm"}]})
    dune, elm = made.body["ids"]
    ask("POST", "/sandbox/companies/archive", {"ids": [101, dune]})
    ask("POST", "/sandbox/companies/restore", {"ids": [101]})
    merged = ask("POST", "/sandbox/companies/merge", {"merges": [{"primary": 102, "merged": elm, "new_id": True}]})
    assert portal.companies_frame("name", "city").rows() == [
        (101, "Acme", None),
        (103, "Cone", None),
        (*merged.body["ids"], "Bolt", "Ulm"),
    ]


def test_members_are_put_on_a_static_list_and_taken_off_by_people(ask: Ask, portal: SandboxPortal) -> None:
    made = ask("POST", "/crm/v3/lists", {"name": "A", "objectTypeId": "0-2", "processingType": "MANUAL"}).body["list"]
    assert ask("POST", "/sandbox/lists/members", {"list": "A", "add": [101, 102]}).status == 204
    assert ask("POST", "/sandbox/lists/members", {"list": made["listId"], "remove": [101]}).status == 204
    assert portal.list_members("A") == [102]
    refused = ask("POST", "/sandbox/lists/members", {"list": "B", "add": [101]})
    assert (refused.status, refused.body["message"]) == (400, "no list 'B'")


def test_bulk_edits_share_a_moment_and_are_done_all_or_none(ask: Ask, portal: SandboxPortal) -> None:
    portal._clock = iter(float(second) for second in range(2_000_000_000, 2_000_000_100)).__next__
    edits = [{"id": one, "properties": {"city": "Ulm"}} for one in (101, 102)]
    assert ask("POST", "/sandbox/companies/edit", {"companies": edits}).status == 204
    assert portal.companies_frame("hs_lastmodifieddate")["hs_lastmodifieddate"].n_unique() == 2
    refused = ask(
        "POST",
        "/sandbox/companies/edit",
        {"companies": [{"id": 101, "properties": {"city": "Bonn"}}, {"id": 7, "properties": {}}]},
    )
    assert (refused.status, refused.body["message"]) == (400, "no live company 7")
    assert portal.company(101)["city"] == "Ulm"
    assert ask("POST", "/sandbox/companies/archive", {"ids": [102, 7]}).status == 400
    assert len(portal.companies_frame()) == 3


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("companies/archive", {}, "'ids' is missing"),
        ("companies/create", {"companies": [{"citty": "x"}]}, 'Property "citty" does not exist'),
        ("companies/edit", {"id": 101, "properties": {"numberofemployees": "x"}}, "x was not a valid long."),
        ("companies/merge", {"primary": 101, "merged": 7}, "resource not found: 7"),
        ("settings", {"bursts": 1}, "unknown setting 'bursts'; known: burst, daily"),
        ("settings", {"burst": "many"}, "burst is a number"),
        ("settings", {"latency": -1}, "latency is a number, not negative"),
        ("settings", {"unchanged_bumps": 1}, "unchanged_bumps is true or false"),
        ("faults", [], "a JSON object is expected"),
    ],
)  # fmt: skip
def test_what_it_cannot_do_it_says(ask: Ask, path: str, body: object, message: str) -> None:
    answer = ask("POST", f"/sandbox/{path}", body)
    assert (answer.status, message in answer.body["message"]) == (400, True)


def test_a_refused_change_of_settings_changes_none(ask: Ask, portal: SandboxPortal) -> None:
    assert ask("POST", "/sandbox/settings", {"daily": 5, "burst": "many"}).status == 400
    assert portal.limits.daily == 1_000_000


def test_limits_change_while_serving(ask: Ask, clock: Clock) -> None:
    assert ask("GET", LIST).status == 200
    changed = ask("POST", "/sandbox/settings", {"burst": 2, "searches": 1}).body
    assert (changed["burst"], changed["searches"], changed["daily"]) == (2, 1, 1_000_000)
    assert [ask("GET", LIST).status for _ in range(2)] == [200, 429]
    assert [ask("POST", f"{LIST}/search", {}).status for _ in range(2)] == [200, 429]
    ask("POST", "/sandbox/settings", {"burst": 100, "daily": 500, "used_today": 499})
    assert ask("GET", LIST).headers["x-hubspot-ratelimit-daily-remaining"] == "0"
    assert ask("GET", LIST).body["policyName"] == "DAILY"
    clock.advance(86_400)
    assert ask("GET", LIST).status == 200


def test_the_usage_of_the_day_counts_every_call_and_names_its_end(ask: Ask) -> None:
    ask("POST", "/sandbox/settings", {"used_today": 41})
    usage = ask("GET", "/account-info/v3/api-usage/daily/private-apps").body["results"][0]
    assert (usage["currentUsage"], usage["resetsAt"]) == (42, "2026-09-21T22:00:00Z")


def test_the_other_settings_take_effect_too(ask: Ask, portal: SandboxPortal) -> None:
    traits = {
        "latency": 0.001,
        "index_lag": 30.5,
        "listing": "shuffled",
        "merge_new_ids": True,
        "search_total_capped": True,
    }
    assert traits.items() <= ask("POST", "/sandbox/settings", traits).body.items()
    assert ask("GET", "/sandbox/settings").body["index_lag"] == 30.5
    assert (portal.latency, portal.searching.lag) == (0.001, 30_500)
    merged = ask("POST", f"{LIST}/merge", {"primaryObjectId": "101", "objectIdToMerge": "102"}).body
    assert (merged["id"], merged["properties"]["name"]) == ("104", "Acme")


def test_a_value_or_a_company_is_refused_from_afar(ask: Ask) -> None:
    ask("POST", "/sandbox/faults/reject", {"value": "city", "code": "INVALID_OPTION"})
    ask("POST", "/sandbox/faults/reject", {"company": 102, "message": "locked"})
    bodies = [
        ask("PATCH", f"{LIST}/{company_id}", {"properties": {name: "x"}}).body
        for company_id, name in ((101, "city"), (102, "zip"))
    ]
    assert [word in body["message"] for word, body in zip(("INVALID_OPTION", "locked"), bodies, strict=True)] == [
        True
    ] * 2
    ask("POST", "/sandbox/reset")
    assert ask("PATCH", f"{LIST}/101", {"properties": {"city": "x"}}).status == 200
    assert ask("GET", "/sandbox/calls").body["total"] == 1


def test_equal_portals_have_equal_digests_whenever_they_were_written(opened: Open, clock: Clock) -> None:
    def made(pause: float) -> Ask:
        portal, ask = opened()
        portal.add_companies(pl.DataFrame({"id": [1, 2], "name": ["Acme", "Bolt"]}))
        clock.advance(pause)
        portal.edit_company(1, {"city": "Ulm", "zip": "1"})
        portal.edit_company(2, {"city": ""})
        return ask

    few, other = made(1), made(100)
    assert digests(few) == digests(other)
    assert digests(few, names="hs_lastmodifieddate")[1] != digests(other, names="hs_lastmodifieddate")[1]


@pytest.mark.parametrize(
    ("call", "companies"),
    [
        (("POST", "/sandbox/companies/edit", {"id": 101, "properties": {"city": "Ulm"}}), True),
        (("POST", "/sandbox/companies/edit", {"id": 101, "properties": {"name": ""}}), True),
        (("POST", "/sandbox/companies/archive", {"ids": [101]}), True),
        (("POST", "/sandbox/companies/create", {"companies": [{}]}), True),
        (("POST", "/crm/v3/lists", {"name": "A", "objectTypeId": "0-2", "processingType": "MANUAL"}), False),
        (("POST", "/crm/v3/properties/companies/groups", {"name": "g", "label": "G"}), None),
    ],
)
def test_a_digest_changes_with_what_a_run_may_change(
    ask: Ask, call: tuple[Any, ...], *, companies: bool | None
) -> None:
    before = digests(ask)
    ask(*call)
    after = digests(ask)
    assert (after[0] != before[0], after[1] != before[1]) == (companies is not None, companies is True)


def test_a_digest_can_be_of_some_properties(ask: Ask, portal: SandboxPortal) -> None:
    before = digests(ask, names="name,zip")
    portal.edit_company(101, {"city": "Ulm"})
    assert digests(ask, names="name,zip") == before
    portal.edit_company(101, {"zip": "1"})
    assert digests(ask, names="name,zip") != before


def test_a_list_counts_by_its_members(ask: Ask) -> None:
    ask("POST", "/crm/v3/lists", {"name": "A", "objectTypeId": "0-2", "processingType": "MANUAL"})
    ask("PUT", "/crm/v3/lists/1/memberships/add", ["101", "102"])
    created = ask("GET", "/sandbox/state").body["lists"]["A"]
    ask("PUT", "/crm/v3/lists/1/memberships/add-and-remove", {"recordIdsToAdd": ["103"], "recordIdsToRemove": ["101"]})
    other = ask("GET", "/sandbox/state").body["lists"]["A"]
    assert (created["kind"], created["size"], other["size"], created["digest"] != other["digest"]) == (
        "MANUAL",
        2,
        2,
        True,
    )


def test_values_come_along_when_asked_for(ask: Ask) -> None:
    assert "values" not in ask("GET", "/sandbox/state").body
    some = ask("GET", "/sandbox/state", ids="102,999", names="name,city").body["values"]
    every = ask("GET", "/sandbox/state", full="true").body["values"]
    assert some == {"102": {"name": "Bolt"}}
    assert set(every) == {"101", "102", "103"}
    assert every["101"]["hs_object_id"] == "101"
