"""The dead-man's switch: one GET at the start, one at the end, in healthchecks.io's form."""

from __future__ import annotations

import pytest

from icp_sync.notify.ping import Ping
from tests.notify.server import inbox


@pytest.mark.parametrize(("exit_code", "path"), [(0, "/ping/uuid"), (4, "/ping/uuid/4"), (130, "/ping/uuid/130")])
def test_a_run_that_ended_pings_with_its_exit_code(exit_code: int, path: str) -> None:
    with inbox() as switch:
        ping = Ping(f"http://{switch.address}/ping/uuid")
        assert ping.send_start()
        assert ping.send_end(exit_code)
    assert [asked[:2] for asked in switch.requests] == [("GET", "/ping/uuid/start"), ("GET", path)]


def test_a_switch_that_refuses_is_told_by_the_result_alone() -> None:
    with inbox(status=404) as switch:
        assert not Ping(f"http://{switch.address}/x").send_start()


def test_a_switch_that_is_not_there_is_tried_twice_and_left() -> None:
    with inbox() as switch:
        gone = Ping(f"http://{switch.address}/x")
    assert not gone.send_end(0)


def test_a_ping_goes_through_the_proxy() -> None:
    with inbox() as proxy:
        ping = Ping("http://switch.example/x", f"http://{proxy.address}", {"Proxy-Authorization": "Basic dTpw"})
        assert ping.send_start()
    assert [path for _, path, _ in proxy.requests] == ["http://switch.example/x/start"]
