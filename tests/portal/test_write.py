"""Batch updates: written is what HubSpot's results name, and every other company has its reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson
import polars as pl
import pytest

from icp_sync import errors
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies import write as writing
from icp_sync.portal.companies.write import BatchResult, Changes
from icp_sync.portal.companies.write_results import Recheck, RecheckCompanies, Rejection, WriteConfirmation
from icp_sync.sandbox import SandboxPortal
from tests.portal.conftest import BOTH_VERSIONS, to
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

UPDATE = "POST /crm/objects/companies/batch/update"


@pytest.fixture
def hundred(portal: SandboxPortal) -> SandboxPortal:
    portal.add_companies(pl.DataFrame({"id": range(4, 101)}))
    return portal


def to_city(ids: range | list[int], city: str = "Bonn") -> Changes:
    return [(one, {"city": city}) for one in ids]


def cities(portal: SandboxPortal) -> dict[int, str]:
    return {one: city for one, city in portal.companies_frame("city").rows() if city}


@BOTH_VERSIONS
def test_what_is_written_is_in_the_portal_with_its_new_date(connection: Connection, portal: SandboxPortal) -> None:
    result = writing.write_companies(connection, [(1, {"city": "Bonn"}), (2, {"city": "Ulm", "country": "DE"})])
    dates = [portal.company(one)["hs_lastmodifieddate"] for one in (1, 2)]
    landed = {
        1: WriteConfirmation(dates[0], {"city": "Bonn"}),
        2: WriteConfirmation(dates[1], {"city": "Ulm", "country": "DE"}),
    }
    assert result == BatchResult(landed, (), systemic=False)
    assert cities(portal) == {1: "Bonn", 2: "Ulm"}


def test_an_empty_text_clears_a_value(connection: Connection, portal: SandboxPortal) -> None:
    result = writing.write_companies(connection, [(1, {"country": ""})])
    assert "country" not in portal.company(1)
    assert result.written[1].texts == {"country": None}


@pytest.mark.usefixtures("hundred")
def test_a_hundred_companies_are_one_call(connection: Connection) -> None:
    assert len(writing.write_companies(connection, to_city(range(1, 101))).written) == 100
    assert connection.calls.by_route == {UPDATE: 1}


def test_more_than_a_hundred_companies_are_no_batch(connection: Connection) -> None:
    with pytest.raises(ValueError, match="at most 100"):
        writing.write_companies(connection, to_city(range(1, 102)))


def test_no_changes_cost_no_call(connection: Connection) -> None:
    assert writing.write_companies(connection, []) == BatchResult({}, (), systemic=False)
    assert connection.calls.total == 0


def test_a_company_given_twice_is_sent_once_with_all_its_values(connection: Connection, portal: SandboxPortal) -> None:
    changes: Changes = [(1, {"city": "Bonn", "zip": "1"}), (1, {"zip": "2"})]
    assert len(writing.write_companies(connection, changes).written) == 1
    assert (portal.company(1)["city"], portal.company(1)["zip"]) == ("Bonn", "2")


# Companies that are refused


def test_one_bad_value_is_rejected_with_its_reason_and_the_others_land(
    connection: Connection, portal: SandboxPortal
) -> None:
    result = writing.write_companies(connection, [(1, {"city": "Bonn"}), (2, {"numberofemployees": "many"})])
    assert result.rejected == (Rejection(2, "numberofemployees", "INVALID_LONG", "many was not a valid long."),)
    assert (cities(portal), result.systemic) == ({1: "Bonn"}, False)


def test_a_company_that_is_gone_is_rejected_and_the_others_land(connection: Connection, portal: SandboxPortal) -> None:
    portal.archive(2)
    result = writing.write_companies(connection, to_city([1, 2, 3]))
    assert [(one.id, one.code) for one in result.rejected] == [(2, "OBJECT_NOT_FOUND")]
    assert (set(result.written), connection.calls.total) == ({1, 3}, 2)


def test_a_merged_away_company_of_which_nothing_is_said_is_asked_once_more_and_rejected(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.merge(1, 2)
    result = writing.write_companies(connection, to_city([1, 2, 3]))
    assert [(one.id, one.code) for one in result.rejected] == [(2, "NOT_WRITTEN")]
    assert (set(result.written), result.systemic) == ({1, 3}, False)


def test_a_batch_answered_with_silence_once_is_written(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("empty_2xx", times=2)
    assert set(writing.write_companies(connection, to_city([1, 2])).written) == {1, 2}


@pytest.mark.parametrize(("size", "systemic"), [(9, False), (10, True)])
def test_a_batch_answered_with_silence_for_ever_is_not_written(
    connection: Connection, hundred: SandboxPortal, size: int, systemic: bool
) -> None:
    hundred.faults.add("empty_2xx")
    result = writing.write_companies(connection, to_city(range(1, size + 1)))
    assert {one.code for one in result.rejected} == {"NOT_WRITTEN"}
    assert (len(result.rejected), result.systemic) == (size, systemic)


# Looking again before anything is sent once more


def rechecking(standing: Collection[int] = (), gone: Collection[int] = ()) -> tuple[RecheckCompanies, list[list[int]]]:
    """Who stands as wanted and who is gone, whenever asked; and whom it was asked for."""
    asked: list[list[int]] = []

    def recheck(ids: Collection[int]) -> Recheck:
        asked.append(sorted(ids))
        texts = {one: {"city": "Bonn"} for one in ids if one in standing}
        return Recheck(texts, [one for one in ids if one not in standing and one not in gone])

    return recheck, asked


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "truncated", "429_secondly", "423", "503", "empty_2xx"])
def test_who_is_found_as_wanted_after_a_failed_try_has_landed_and_is_not_sent_again(
    connection: Connection, portal: SandboxPortal, kind: str
) -> None:
    portal.faults.add(kind, times=1)
    recheck, asked = rechecking(standing=[1])
    result = writing.write_companies(connection, to_city([1, 2]), recheck=recheck)
    assert (asked, set(result.written), result.rejected) == ([[1, 2]], {1, 2}, ())
    assert result.written[1] == WriteConfirmation(None, {"city": "Bonn"})
    assert result.written[2].modified == portal.company(2)["hs_lastmodifieddate"]


@pytest.mark.parametrize(("kind", "locked"), [("423", True), ("503", False)])
def test_a_lock_after_too_many_writes_is_told(
    connection: Connection, portal: SandboxPortal, kind: str, locked: bool
) -> None:
    portal.faults.add(kind, times=1)
    assert writing.write_companies(connection, to_city([1])).locked is locked


def test_when_the_whole_write_landed_though_its_answer_was_lost_nothing_is_sent_again(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.faults.add("drop_after", times=1)
    result = writing.write_companies(connection, to_city([1, 2]), recheck=rechecking(standing=[1, 2])[0])
    assert (set(result.written), connection.calls.total) == ({1, 2}, 1)


def test_who_is_not_to_be_written_any_more_after_a_failed_try_is_neither_written_nor_rejected(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.faults.add("503", times=1)
    result = writing.write_companies(connection, to_city([1, 2]), recheck=rechecking(gone=[2])[0])
    assert (set(result.written), result.rejected, cities(portal)) == ({1}, (), {1: "Bonn"})


def test_a_merged_away_company_that_is_seen_to_be_gone_is_not_rejected(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.merge(1, 2)
    recheck, asked = rechecking(gone=[2])
    result = writing.write_companies(connection, to_city([1, 2, 3]), recheck=recheck)
    assert (asked, set(result.written), result.rejected) == ([[2]], {1, 3}, ())


def test_an_archived_company_that_is_seen_to_be_gone_is_not_rejected(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.archive(2)
    result = writing.write_companies(connection, to_city([1, 2]), recheck=rechecking(gone=[2])[0])
    assert (set(result.written), result.rejected) == ({1}, ())


# Batches that are refused whole


def naming_nobody(portal: SandboxPortal, times: int) -> None:
    portal.faults.refuse_batch_naming_no_record(times)


@pytest.mark.parametrize("times", [1, 3, 7])
def test_a_batch_refused_whole_is_halved_until_it_lands(
    connection: Connection, hundred: SandboxPortal, times: int
) -> None:
    naming_nobody(hundred, times)
    result = writing.write_companies(connection, to_city(range(1, 101)))
    assert len(result.written) + len(result.rejected) == 100
    assert len(result.rejected) <= 1
    assert (cities(hundred).keys() == result.written.keys(), result.systemic) == (True, False)


def test_the_culprit_of_a_batch_refused_whole_is_found_in_at_most_sixteen_more_calls(clock: InstantClock) -> None:
    with answering(refusing_37) as (url, asked), to(url, clock) as connection:
        result = writing.write_companies(connection, to_city(range(1, 101)))
    assert [(one.id, one.property, one.code) for one in result.rejected] == [(37, "city", "INVALID_OPTION")]
    assert (len(result.written), result.systemic) == (99, False)
    assert len(asked) <= 17


def refusing_37(body: bytes) -> Scripted:
    """HubSpot where trace ids are of no use: one bad value refuses all."""
    ids = [one["id"] for one in orjson.loads(body)["inputs"]]
    problem = [{"isValid": False, "message": "bad", "error": "INVALID_OPTION", "name": "city"}]
    message = f"Property values were not valid: {orjson.dumps(problem).decode()}"
    return (
        Scripted(400, {"message": message}) if "37" in ids else Scripted(200, {"results": [{"id": one} for one in ids]})
    )


@pytest.mark.parametrize("size", [1, 5, 12])
def test_a_refusal_that_names_neither_record_nor_property_is_systemic(
    connection: Connection, hundred: SandboxPortal, size: int
) -> None:
    naming_nobody(hundred, 1000)
    result = writing.write_companies(connection, to_city(range(1, size + 1)))
    assert (len(result.rejected), result.written, result.systemic) == (size, {}, True)
    assert "validation rule" in result.rejected[0].message


@pytest.mark.parametrize(("size", "systemic"), [(9, False), (10, True), (100, True)])
def test_ten_companies_all_refused_for_one_property_and_code_are_systemic(
    connection: Connection, hundred: SandboxPortal, size: int, systemic: bool
) -> None:
    hundred.faults.reject_property("city", "INVALID_OPTION")
    result = writing.write_companies(connection, to_city(range(1, size + 1)))
    assert {(one.property, one.code) for one in result.rejected} == {("city", "INVALID_OPTION")}
    assert (len(result.rejected), result.systemic) == (size, systemic)


@pytest.mark.parametrize("spared", ["one lands", "one differs"])
def test_a_batch_in_which_one_fares_differently_is_not_systemic(
    connection: Connection, hundred: SandboxPortal, spared: str
) -> None:
    hundred.faults.reject_property("city", "INVALID_OPTION")
    odd = {"zip": "1"} if spared == "one lands" else {"numberofemployees": "many"}
    assert not writing.write_companies(connection, [*to_city(range(1, 20)), (20, odd)]).systemic


def test_companies_deleted_all_at_once_are_no_fault_of_the_portal(connection: Connection) -> None:
    result = writing.write_companies(connection, to_city(range(1001, 1021)))
    assert (len(result.rejected), result.systemic) == (20, False)


# Faults


@pytest.mark.parametrize(
    "kind", ["429_ten_secondly", "423", "503", "502_html", "drop_before", "drop_after", "truncated"]
)
def test_a_fault_on_the_way_loses_no_company(connection: Connection, hundred: SandboxPortal, kind: str) -> None:
    hundred.faults.add(kind, times=2)
    assert len(writing.write_companies(connection, to_city(range(1, 101))).written) == 100


@pytest.mark.parametrize(
    ("kind", "failure"), [("429_daily", errors.DailyLimitReached), ("477", errors.PortalUnavailable)]
)
def test_what_was_written_before_a_failure_of_all_calls_has_been_told(
    connection: Connection, hundred: SandboxPortal, kind: str, failure: type[Exception]
) -> None:
    naming_nobody(hundred, 1)
    hundred.faults.add(kind, after_calls=2)
    confirmations: dict[int, WriteConfirmation] = {}
    with pytest.raises(failure):
        writing.write_companies(connection, to_city(range(1, 101)), on_written=confirmations.__setitem__)
    assert set(confirmations) == set(cities(hundred)) == set(range(1, 51))


# Answers the sandbox does not give


def answered(clock: InstantClock, body: dict[str, Any], status: int = 207) -> BatchResult:
    with answering(Scripted(status, body)) as (url, _), to(url, clock) as connection:
        return writing.write_companies(connection, to_city([1, 2]))


def test_an_error_without_a_record_is_the_reason_of_whoever_was_not_written(clock: InstantClock) -> None:
    error = {"category": "VALIDATION_ERROR", "message": "a rule of this account"}
    result = answered(clock, {"results": [{"id": "1", "updatedAt": "2026-01-01T00:00:00Z"}], "errors": [error]})
    assert result.written == {1: WriteConfirmation("2026-01-01T00:00:00Z", {"city": "Bonn"})}
    assert result.rejected == (Rejection(2, None, "VALIDATION_ERROR", "a rule of this account"),)


def test_a_company_nobody_asked_to_write_is_not_counted(clock: InstantClock) -> None:
    results = [{"id": "1", "properties": {}}, {"id": "99", "properties": {}}]
    result = answered(clock, {"results": results}, 200)
    assert (set(result.written), [one.id for one in result.rejected]) == ({1}, [2])


FINER: list[Any] = [None, "Crm.LATER", {"name": "LATER"}]
"""What HubSpot may say beside a category."""


@pytest.mark.parametrize(
    ("category", "finer"),
    [
        *((category, None) for category in sorted(writing.PASSING)),
        *(("INTERNAL_ERROR", finer) for finer in FINER[1:]),
        ("ERROR", "Crm.TIMEOUT"),
    ],
)
def test_a_company_hubspot_had_a_fault_of_its_own_with_is_sent_once_more(
    clock: InstantClock, category: str, finer: object
) -> None:
    error = {"category": category, "subCategory": finer, "message": "later"}
    half = {"results": [{"id": "1"}], "errors": [error | {"context": {"objectWriteTraceId": ["2-1"]}}]}
    with (
        answering(Scripted(207, half), Scripted(200, {"results": [{"id": "2"}]})) as (url, asked),
        to(url, clock) as connection,
    ):
        result = writing.write_companies(connection, to_city([1, 2]))
    assert (set(result.written), result.rejected, len(asked)) == ({1, 2}, (), 2)


@pytest.mark.parametrize("finer", FINER)
@pytest.mark.parametrize("category", ["RATE_LIMITS", "OBJECT_NOT_FOUND"])
def test_a_fault_of_hubspots_own_that_stays_is_the_reason(clock: InstantClock, category: str, finer: object) -> None:
    error = {"category": category, "subCategory": finer, "message": "later", "context": {"ids": ["2"]}}
    with (
        answering(Scripted(207, {"results": [], "errors": [error]})) as (url, asked),
        to(url, clock) as connection,
    ):
        result = writing.write_companies(connection, to_city([2]))
    assert (result.rejected, len(asked)) == ((Rejection(2, None, category, "later"),), 2)
