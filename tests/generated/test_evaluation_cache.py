"""A night that takes again what predicates made of companies plans what scoring everybody anew plans, byte by byte.

Histories at random, of any profile: texts edited, lost and returned, companies new and gone, days that pass, and the
profile exchanged for another and back. What is kept goes through the files of the state, the rows that changed too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from icp_sync.companies.frame import company_frame, with_missing_columns
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.plan import plan_file
from icp_sync.plan.builder import build_plan
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan_inputs import PlanInputs
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.evaluation_cache import load_evaluations, save_evaluations
from icp_sync.runs.extract.preflight import Preflight
from icp_sync.scoring import score as scoring
from icp_sync.scoring.evaluation_cache import properties_read
from icp_sync.scoring.list_filter import match_list_clauses
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import ScoreResult, score, score_changed
from icp_sync.state import stored_companies
from icp_sync.state.directory import StateDirectory
from icp_sync.state.snapshot import Snapshot, SnapshotStore
from tests.generated.companies import Company, companies
from tests.generated.matches import Written
from tests.generated.profiles import profiles
from tests.generated.whole import DAY, fitting, loaded
from tests.plan.drawings import origin_of, unchanged_list

MOMENT: Final = dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC)
GENERATED: Final = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
)


@dataclass(frozen=True, slots=True)
class Night:
    """`companies`: id → what its record says. `days`: since the night before. `other`: by the second profile."""

    companies: dict[int, Company]
    days: int
    other: bool


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Written], list[Night]]:
    """Two profiles, and some nights of the same few companies."""
    some = draw(companies(most=6))
    ids = st.sets(st.integers(1, 8), max_size=6)
    records = dict(enumerate(some, 1))
    nights = [Night(records, 0, other=False)]
    for _ in range(draw(st.integers(1, 4))):
        gone, edited = draw(ids), draw(st.dictionaries(st.integers(1, 8), st.sampled_from([{}, *some]), max_size=2))
        records = {company: texts for company, texts in {**records, **edited}.items() if company not in gone}
        nights.append(Night(records, draw(st.sampled_from([0, 1, 40, 400])), other=draw(st.booleans())))
    return [draw(profiles()), draw(profiles())], nights


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done with many companies is done with a handful."""
    monkeypatch.setattr(scoring, "_FEW", -1)
    monkeypatch.setattr(stored_companies, "MOST_CHANGED", 1.0)


@settings(GENERATED, max_examples=3)
@given(histories())
def test_a_night_plans_what_scoring_everybody_anew_plans(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[list[Written], list[Night]]
) -> None:
    lives_through(tmp_path_factory.mktemp("state"), *history)


@pytest.mark.long
@pytest.mark.slow
@settings(GENERATED, max_examples=500)
@given(histories())
def test_500_histories_plan_what_scoring_everybody_anew_plans(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[list[Written], list[Night]]
) -> None:
    lives_through(tmp_path_factory.mktemp("state"), *history)


def lives_through(state: Path, written: list[Written], nights: list[Night]) -> None:
    """Every night scored both ways, from one snapshot."""
    store = SnapshotStore(StateDirectory.open(state), 1, "icp", whole_below=0)
    own, other = (loaded(profile).profile for profile in written)
    day = DAY
    for night in nights:
        day += dt.timedelta(days=night.days)
        one_night(store, other if night.other else own, night, day)


def one_night(store: SnapshotStore, profile: Profile, night: Night, day: dt.date) -> None:
    checked, program = fitting(profile, ()), compile_profile(profile, day)
    pulled = pulled_companies(night, checked)
    frame = with_ownership(pulled, profile, adopt=False)
    looked_at = frozenset[str]().union(*(batch.requirements.source_properties(profile) for batch in program.batches))
    assert looked_at <= {*properties_read(program)}, "a batch looks at what is not compared"
    snapshot = store.load()
    again = score_changed(frame, program, load_evaluations(store, snapshot, program))
    anew = score(frame, program)
    assert again.frame.equals(anew.frame)
    assert again.understood.equals(anew.understood)
    assert again.unrecognised == anew.unrecognised
    assert again.evaluated.select(anew.evaluated.columns).equals(anew.evaluated)
    assert [*plan_lines(frame, again, program, checked)] == [*plan_lines(frame, anew, program, checked)]
    stored = snapshot.stored if isinstance(snapshot, Snapshot) else None
    evaluated = save_evaluations(store, again.cached, pulled, program)
    store.save(Snapshot(pulled, MOMENT, MOMENT, MOMENT, evaluated=evaluated, stored=stored))
    saved = store.load()
    assert isinstance(saved, Snapshot)
    assert saved.companies.equals(pulled)


def pulled_companies(night: Night, checked: Preflight) -> pl.DataFrame:
    ids = sorted(night.companies)
    names = dict.fromkeys([*checked.pulled, MODIFIED])
    texts = {name: [night.companies[company].get(name) for company in ids] for name in names}
    return with_missing_columns(company_frame(ids, texts), checked.absent)


def plan_lines(frame: pl.DataFrame, scored: ScoreResult, program: Program, checked: Preflight) -> Iterator[bytes]:
    profile = program.profile
    asking = [target for target in profile.lists if any(target.where.company_clauses())]
    inputs = PlanInputs(
        origin_of(profile),
        to_make=checked.to_make,
        lists={target.name: unchanged_list("7", pl.Series([1, 99])) for target in profile.lists},
        last_read=3,
        meeting={target.name: match_list_clauses(frame, target.where, program) for target in asking},
    )
    yield from plan_file.plan_file_lines(build_plan(frame, scored, profile, inputs).plan)
