"""What tests/conftest.py promises to every test."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import settings


def test_a_host_beyond_the_allowed_ones_is_not_reached() -> None:
    """127.0.0.2 is this machine as well, but none of the two addresses a test may connect to."""
    with pytest.raises((RuntimeError, UserWarning), match=r"127\.0\.0\.2"):
        socket.create_connection(("127.0.0.2", 9))


def test_no_setting_of_the_machine_is_seen() -> None:
    assert [name for name in os.environ if name.startswith(("HUBSPOT_", "ICP_SYNC_"))] == []


@pytest.mark.slow
def test_every_property_is_tried_two_hundred_times() -> None:
    assert settings().max_examples == 200
