"""The history of properties: every version with its source, and no rows where HubSpot does not say."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.companies.history_frame import HISTORY, latest_versions
from icp_sync.errors import AuthenticationFailed, PortalError, PortalUnavailable
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import COMPANY_UPDATE
from icp_sync.portal.companies.property_history import read_history, read_history_or_raise
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from icp_sync.sandbox.store.history_sources import FIRST_APP, SOURCES, person_source
from tests.portal.conftest import BOTH_VERSIONS, to
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

READ = "POST /crm/objects/companies/batch/read"


def entry(value: object, timestamp: object = "2026-09-21T14:13:20Z", kind: str = "CRM_UI", **keys: Any) -> object:
    return {"value": value, "timestamp": timestamp, "sourceType": kind, **keys}


def record(company_id: object, **history: object) -> dict[str, Any]:
    return {"id": str(company_id), "properties": {}, "propertiesWithHistory": history}


def batch(*records: object, **keys: object) -> dict[str, object]:
    return {"status": "COMPLETE", "results": list(records), **keys}


def read(clock: InstantClock, body: object, status: int = 200) -> pl.DataFrame:
    with answering(Scripted(status, body)) as (url, _), to(url, clock) as connection:
        return read_history(connection, [1, 2], ["city"])


@BOTH_VERSIONS
def test_every_version_is_a_row_newest_first(
    connection: Connection, portal: SandboxPortal, clock: InstantClock
) -> None:
    portal.edit_company(1, {"city": "Ulm"}, person_source(12))
    clock.wait(10)
    portal.edit_company(1, {"city": ""}, SOURCES["integration"])
    history = read_history(connection, [3, 1], ["city", "name"])
    assert history.schema == HISTORY
    assert history.select("id", "property", "value", "source_type", "source_id", "user_id").rows() == [
        (1, "city", "", "INTEGRATION", "3000033", None),
        (1, "city", "Ulm", "CRM_UI", "userId:12", 12),
        (1, "name", "Acme", "IMPORT", "1", None),
        (3, "name", "Gamma", "IMPORT", "1", None),
    ]
    assert history["at"].diff().to_list()[1] == -10_000


def test_the_name_of_a_workflow_comes_with_its_values(connection: Connection, portal: SandboxPortal) -> None:
    portal.edit_company(1, {"city": "Ulm"}, SOURCES["workflow"])
    assert read_history(connection, [1], ["city"])["source_label"].to_list()[0] == "Workflow 11"


def test_what_we_write_bears_the_app_of_our_token(connection: Connection) -> None:
    inputs = [{"id": "1", "properties": {"city": "Ulm"}}]
    connection.call(COMPANY_UPDATE, body={"inputs": inputs})
    history = read_history(connection, [1], ["city"])
    assert history.select("source_type", "source_id").rows() == [("INTEGRATION", str(FIRST_APP))]


@pytest.mark.parametrize(("companies", "calls"), [(0, 0), (50, 1), (51, 2), (120, 3)])
def test_fifty_companies_take_one_call(
    connection: Connection, portal: SandboxPortal, companies: int, calls: int
) -> None:
    portal.add_companies(pl.DataFrame({"id": range(10, 130), "name": ["x"] * 120}))
    history = read_history(connection, range(10, 10 + companies), ["name"])
    assert (history.height, connection.calls.total) == (companies, calls)


def test_no_properties_take_no_call(connection: Connection) -> None:
    assert (read_history(connection, [1], []).height, connection.calls.total) == (0, 0)


def test_the_latest_is_the_newest_by_its_time_and_not_by_its_place(clock: InstantClock) -> None:
    old, new = entry("Bonn", "2026-09-21T14:13:20Z"), entry("Ulm", "2026-09-21T14:13:20.001Z")
    history = latest_versions(read(clock, batch(record(1, city=[old, new]))))
    assert history["value"].to_list() == ["Ulm"]


def test_of_two_versions_of_one_time_the_first_is_the_latest(clock: InstantClock) -> None:
    history = latest_versions(read(clock, batch(record(1, city=[entry("Ulm"), entry("Bonn")]))))
    assert history["value"].to_list() == ["Ulm"]


@pytest.mark.parametrize(
    ("keys", "user"),
    [
        ({"updatedByUserId": 7, "sourceId": "userId:8"}, 7),
        ({"sourceId": "userId:8"}, 8),
        ({"sourceId": "userId:"}, None),
        ({"sourceId": "8"}, None),
        ({"updatedByUserId": None}, None),
        ({"updatedByUserId": 10**19}, None),
    ],
)
def test_the_user_is_the_one_an_entry_names(clock: InstantClock, keys: dict[str, Any], user: int | None) -> None:
    assert read(clock, batch(record(1, city=[entry("Ulm", **keys)])))["user_id"].to_list() == [user]


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        ("1970-01-01T00:00:01Z", 1_000),
        ("1970-01-01T00:00:01.5Z", 1_500),
        ("1970-01-01T01:00:01+01:00", 1_000),
        ("1970-01-01T00:00:01", 1_000),
        (1_000, 1_000),
    ],
)
def test_a_time_is_read_in_each_form_hubspot_has(clock: InstantClock, timestamp: object, at: int) -> None:
    assert read(clock, batch(record(1, city=[entry("Ulm", timestamp)])))["at"].to_list() == [at]


@pytest.mark.parametrize(
    "body",
    [
        batch(record(1, city=[])),
        batch(record(1)),
        batch({"id": "1", "properties": {}}),
        batch(record(1, city=None)),
        batch(record(1, city=[entry("Ulm", "yesterday"), entry("Ulm", None), entry("Ulm", 10**19), "odd"])),
        batch(record(99, city=[entry("Ulm")])),
    ],
)
def test_a_reply_without_a_version_that_can_be_read_is_no_row(clock: InstantClock, body: object) -> None:
    history = read(clock, body)
    assert (history.height, history.schema) == (0, HISTORY)


def test_a_type_nobody_knows_is_kept_as_it_is(clock: InstantClock) -> None:
    history = read(clock, batch(record(1, city=[entry(None, kind="QUANTUM")])))
    assert history.select("value", "source_type").rows() == [("", "QUANTUM")]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_no_row(clock: InstantClock, status: int) -> None:
    assert read(clock, {"message": "no", "category": "X"}, status).height == 0


def test_silence_is_no_row(clock: InstantClock) -> None:
    assert read(clock, batch()).height == 0


def test_after_a_missing_scope_nothing_more_is_asked(clock: InstantClock, portal: SandboxPortal) -> None:
    portal.tokens["poor"] = frozenset()
    with serve_in_thread(portal) as address, to(address.url, clock, "poor") as connection:
        connection.in_flight = 1
        assert read_history(connection, range(1, 500), ["city"]).height == 0
        assert connection.calls.total == 1


def test_companies_that_are_gone_have_no_rows_and_the_others_have(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.archive(2)
    assert read_history(connection, [1, 2, 99], ["name"])["id"].to_list() == [1]
    assert connection.calls.by_route == {READ: 1}


def test_a_portal_that_cannot_be_reached_or_refuses_the_token_is_a_failure(clock: InstantClock) -> None:
    with pytest.raises(PortalUnavailable):
        read(clock, {"message": "no"}, 500)
    with pytest.raises(AuthenticationFailed):
        read(clock, {"message": "no"}, 401)


def test_faults_on_the_way_lose_nobody(connection: Connection, portal: SandboxPortal) -> None:
    portal.add_companies(pl.DataFrame({"id": range(10, 410), "name": ["x"] * 400}))
    portal.faults.add("mixed", rate=0.4, seed=7)
    assert read_history(connection, range(10, 410), ["name"]).height == 400


@pytest.mark.parametrize("status", [400, 403, 404])
def test_where_the_whole_history_is_wanted_a_refusal_is_raised(clock: InstantClock, status: int) -> None:
    refusal = Scripted(status, {"message": "no", "category": "X"})
    with answering(refusal) as (url, _), to(url, clock) as connection, pytest.raises(PortalError):
        read_history_or_raise(connection, [1, 2], ["city"], lambda _: None)


def test_silence_about_fifty_companies_is_no_history(clock: InstantClock) -> None:
    with answering(Scripted(200, batch())) as (url, _), to(url, clock) as connection:
        assert read_history_or_raise(connection, [1], ["city"], lambda _: None).height == 0
        with pytest.raises(PortalError):
            read_history_or_raise(connection, range(1, 51), ["city"], lambda _: None)
