"""In histories of edits, losses, overrides, crashes, undos, two hosts: every plan is that of scoring everybody anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest

from icp_sync.plan import plan_file
from icp_sync.runs import plan as planning
from icp_sync.runs import scored_companies as scored_module
from icp_sync.runs.evaluation_cache import load_evaluations
from icp_sync.runs.extract.portal_sync import Extract
from icp_sync.runs.plan_inputs import build_profile_plan
from icp_sync.runs.plan_prerequisites import PlanSource
from icp_sync.runs.scored_companies import ScoredCompanies, score_companies
from icp_sync.scoring import score as scoring
from icp_sync.scoring.evaluation_cache import CachedEvaluations
from icp_sync.scoring.program import Program
from icp_sync.state import store as state_store
from icp_sync.state import stored_companies
from icp_sync.state.snapshot import NoSnapshot, Snapshot, SnapshotStore
from tests.drills.histories.length import live_through


class Both:
    """Scores companies by what is kept and all of them anew, and counts the nights on which something was kept.

    Anew they are scored with all columns at hand, and without knowing which of them were read.
    """

    def __init__(self) -> None:
        self.taken = 0
        self.left_apart = 0

    def score(self, source: PlanSource, extract: Extract) -> ScoredCompanies:
        def counted(
            store: SnapshotStore, snapshot: Snapshot | NoSnapshot, program: Program
        ) -> CachedEvaluations | None:
            cached = load_evaluations(store, snapshot, program)
            self.taken += cached is not None
            return cached

        self.left_apart += source.stored is not None and {*source.stored.schema} > {*extract.companies.columns}
        with patched(counted):
            again = score_companies(source, extract)
        with patched(lambda *_: None):
            anew = score_companies(*with_all_at_hand(source, extract))
        assert again.scores.frame.equals(anew.scores.frame)
        assert again.scores.unrecognised == anew.scores.unrecognised
        assert plan_bytes(again) == plan_bytes(anew)
        return again


def with_all_at_hand(source: PlanSource, extract: Extract) -> tuple[PlanSource, Extract]:
    if source.stored is None:
        return source, extract
    snapshot = source.profile_run.store.snapshot.load()
    companies = source.stored.whole(extract.companies)
    return replace(source, snapshot=snapshot, stored=None), replace(extract, companies=companies, delta=None)


@contextmanager
def patched(load: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scored_module, "load_evaluations", load)
        yield


def plan_bytes(scored: ScoredCompanies) -> list[bytes]:
    return [*plan_file.plan_file_lines(build_profile_plan(scored).plan)]


@pytest.mark.parametrize(
    ("histories", "steps"), [(1, 8), pytest.param(30, 15, marks=[pytest.mark.long, pytest.mark.slow])]
)
def test_every_plan_of_a_history_is_that_of_scoring_everybody_anew(
    monkeypatch: pytest.MonkeyPatch, histories: int, steps: int
) -> None:
    both = Both()
    # What is done with many companies is done with a handful.
    monkeypatch.setattr(scoring, "_FEW", -1)
    monkeypatch.setattr(stored_companies, "MOST_CHANGED", 1.0)
    monkeypatch.setattr(state_store, "SnapshotStore", partial(SnapshotStore, whole_below=0))
    monkeypatch.setattr(planning, "score_companies", both.score)
    live_through(histories, steps)
    assert both.taken > 0
    assert both.left_apart > 0
