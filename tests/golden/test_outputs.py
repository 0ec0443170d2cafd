"""What people see does not change unseen: `python -m tests.golden.outputs` writes what a change means to change."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.golden.outputs import FOLDER, outputs


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_every_output_is_as_it_was() -> None:
    now = dict(outputs())
    frozen = {str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.*")}

    assert sorted(now) == sorted(frozen)
    changed = [name for name, text in now.items() if text != frozen[name]]
    assert {name: now[name] for name in changed} == {name: frozen[name] for name in changed}
