"""Whether Ray is here at all: skipped with the reason on a user's machine, a failure where its tests have to run."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def test_ray_is_installed() -> None:
    if find_spec("ray"):
        return
    if os.environ.get("RAY_TESTS") == "required":
        pytest.fail("Ray is not installed, and here its tests have to run")
    pytest.skip("Ray is not installed; make ray installs it")
