"""Rows of a table that `make test` leaves to `make test-all`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def with_slow(rows: Sequence[Any], more: Iterable[Any]) -> list[Any]:
    """`rows` for every day, and `more` of their kind at full length."""
    return [*rows, *(pytest.param(row, marks=pytest.mark.slow) for row in more)]
