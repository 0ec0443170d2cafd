"""One run at a time on a shared ledger; one that slept past its lease writes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from icp_sync.errors import LockHeld, StateUnusable
from icp_sync.state.ledger import schema
from icp_sync.state.ledger.lease import Lease, hold_leases
from icp_sync.state.ledger.ledger import Ledger
from tests.marks import with_slow
from tests.postgres import Server
from tests.state.ledger.conftest import PORTAL, PROFILE
from tests.state.ledger.lease_holder import PLACES
from tests.state.ledger.sleeper import sleep_past_the_lease


def lease_of(ledger: Ledger, profile: str = PROFILE) -> Lease:
    return Lease(ledger, PORTAL, profile)


def expire(ledger: Ledger) -> None:
    with ledger.write_transaction() as connection:
        connection.execute(text("UPDATE lease SET expires_at = now() - interval '1 second'"))


def test_a_second_run_is_refused_by_name_and_a_later_one_gets_the_next_epoch(host: Ledger) -> None:
    first, second = lease_of(host), lease_of(host)
    first.acquire("a")
    with pytest.raises(
        LockHeld, match=r"run a on .* holds profile devops-dach on portal 1234567 until \d\d:\d\d:\d\d UTC"
    ):
        second.acquire("b")
    first.release()
    second.acquire("b")
    assert (first.epoch, second.epoch) == (1, 2)


def test_profiles_and_portals_are_held_apart(host: Ledger) -> None:
    with hold_leases({"a": lease_of(host, "one"), "b": lease_of(host, "two"), "c": Lease(host, 99, "one")}):
        pass


def test_a_run_takes_all_its_profiles_or_none(host: Ledger) -> None:
    lease_of(host, "two").acquire("a")
    with pytest.raises(LockHeld), hold_leases({"b": lease_of(host, "two"), "c": lease_of(host, "one")}):
        pass
    with hold_leases({"d": lease_of(host, "one")}):
        pass


@pytest.mark.parametrize("taken_over", [False, True])
def test_a_lease_that_expired_opens_no_fence(host: Ledger, *, taken_over: bool) -> None:
    lease = lease_of(host)
    lease.acquire("a")
    with host.write_transaction() as connection:
        lease.fence(connection)
    expire(host)
    if taken_over:
        lease_of(host).acquire("b")
    for _ in range(2):
        with pytest.raises(StateUnusable, match="no longer holds the lease"), host.write_transaction() as connection:
            lease.fence(connection)
    with pytest.raises(StateUnusable, match="no longer holds the lease"):
        lease.require_valid()


def test_a_renewed_lease_outlives_its_seconds(host: Ledger) -> None:
    lease = lease_of(host)
    lease.acquire("a")
    with host.read_transaction() as connection:
        before = connection.execute(select(schema.lease.c.expires_at)).scalar_one()
    lease.renew()
    lease.require_valid()
    with host.read_transaction() as connection:
        assert connection.execute(select(schema.lease.c.expires_at)).scalar_one() > before


def test_a_commit_that_fails_renews_nothing_here(host: Ledger) -> None:
    lease = lease_of(host)
    lease.acquire("a")
    deadline = lease._deadline
    with host.write_transaction() as connection:
        lease.fence(connection)
        connection.rollback()
    assert lease._deadline == deadline


@pytest.mark.parametrize("where", with_slow(PLACES[:1], PLACES[1:]))
def test_a_run_stopped_past_its_lease_writes_nothing_when_it_goes_on(server: Server, where: str) -> None:
    assert sleep_past_the_lease(server, where) == []
