"""Kill -9 at ten calls of a night: the next run finishes it, and nothing was told that was not so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.drills.kills import AFTER, BEFORE, KillDrill, Undisturbed
from tests.drills.opening import first_night, later_night
from tests.drills.process import Nest, nest
from tests.postgres import Server

COMPANIES = 600


@pytest.fixture(scope="module")
def hatching() -> Iterator[Nest]:
    with nest() as hatching:
        yield hatching


@pytest.fixture(scope="module")
def first(hatching: Nest) -> tuple[KillDrill, Undisturbed]:
    drill = KillDrill(hatching, COMPANIES)
    return drill, drill.undisturbed()


@pytest.fixture(scope="module")
def later(hatching: Nest) -> tuple[KillDrill, Undisturbed]:
    drill = KillDrill(hatching, COMPANIES, later_night(40))
    return drill, drill.undisturbed()


@pytest.mark.parametrize(
    ("share", "when"),
    [
        (0.62, AFTER),
        *(pytest.param(*at, marks=pytest.mark.slow) for at in ((0.0, BEFORE), (0.3, AFTER), (0.5, AFTER))),
        *(pytest.param(*at, marks=pytest.mark.slow) for at in ((0.75, BEFORE), (0.9, AFTER))),
    ],
)
def test_a_first_night_killed_at_a_call_is_finished_by_the_next_run(
    first: tuple[KillDrill, Undisturbed], share: float, when: str
) -> None:
    drill, whole = first
    killed = drill.kill(1 + int(share * whole.calls), when, whole)
    assert killed.wrong == ()


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(("share", "when"), [(0.55, AFTER), (0.7, BEFORE), (0.85, AFTER), (0.99, AFTER)])
def test_a_later_night_killed_at_a_call_is_finished_by_the_next_run(
    later: tuple[KillDrill, Undisturbed], share: float, when: str
) -> None:
    drill, whole = later
    killed = drill.kill(1 + int(share * (whole.calls - 1)), when, whole)
    assert killed.wrong == ()


@pytest.mark.long
@pytest.mark.slow
def test_a_night_with_its_ledger_in_postgresql_killed_at_a_call_is_finished_by_the_next_run(
    hatching: Nest, server: Server
) -> None:
    for opening in (first_night, later_night(40)):
        drill = KillDrill(hatching, COMPANIES, opening, server)
        whole = drill.undisturbed()
        assert drill.kill(1 + int(0.7 * whole.calls), AFTER, whole).wrong == ()


def test_an_undisturbed_night_tells_what_the_others_are_held_against(first: tuple[KillDrill, Undisturbed]) -> None:
    _, whole = first
    assert set(whole.counts.values()) == {1}
    assert 0 < whole.writes < whole.calls
