"""Whatever HubSpot's descriptions say about how a served call behaves is proved by a test, or is a known exception.

The table is `behaviours.toml`; that answers have the described form is seen by the fixture in tests/conftest.py.
"""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from tests import conformance, descriptions

HERE: Final = Path(__file__).parent
TABLE: Final[dict[str, Any]] = tomllib.loads((HERE / "behaviours.toml").read_text(encoding="utf-8"))
BEHAVIOURS: Final[list[dict[str, Any]]] = TABLE["behaviour"]
SERVED: Final = set(descriptions.SERVED.values())


@cache
def functions_in(module: str) -> frozenset[str]:
    tree = ast.parse((HERE / f"{module}.py").read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.fixture(scope="module")
def served() -> dict[str, set[str]]:
    described = conformance.load()
    if described is None:
        pytest.skip(conformance.ABSENT)
    return descriptions.described_by(described)


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda row: row["says"])
def test_a_behaviour_is_proved_by_tests_that_exist_or_is_an_exception_with_a_reason(behaviour: dict[str, Any]) -> None:
    assert behaviour.get("tests") or behaviour.get("exception")
    assert set(behaviour["routes"]) <= SERVED
    for test in behaviour.get("tests", ()):
        module, _, name = test.partition("::")
        assert name in functions_in(module), test


def test_every_served_call_has_a_behaviour_that_is_proved() -> None:
    assert {route for one in BEHAVIOURS if one.get("tests") for route in one["routes"]} == SERVED


def test_no_description_of_a_served_call_is_unread(served: dict[str, set[str]]) -> None:
    read = {text for one in BEHAVIOURS for text in one.get("described", ())} | set(TABLE["labels"])
    assert {text: routes for text, routes in served.items() if text not in read} == {}


def test_no_description_is_listed_that_is_not_there(served: dict[str, set[str]]) -> None:
    """A description that was changed is read again, and the old one leaves the table."""
    for row in BEHAVIOURS:
        assert set(row.get("described", ())) <= served.keys(), row["says"]
    assert set(TABLE["labels"]) <= served.keys()
