"""What is kept of evaluated companies is true of the texts HubSpot holds, whatever they were scored with."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from icp_sync.companies.snapshot import MODIFIED
from icp_sync.profile.load import parse_profile
from icp_sync.runs.evaluation_cache import load_evaluations, save_evaluations
from icp_sync.scoring import score
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.state.directory import StateDirectory
from icp_sync.state.snapshot import Snapshot, SnapshotStore

NOW = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
LOST = pl.DataFrame(
    {"id": [1, 2], "numberofemployees": ["800", None], MODIFIED: ["2026-11-29T00:00:00Z"] * 2},
    schema_overrides={"numberofemployees": pl.String},
)
HELD = LOST.with_columns(numberofemployees=pl.Series(["800", "800"]))
"""Company 2 scored with the text that HubSpot has lost."""


@pytest.fixture
def program() -> Program:
    written = {
        "schema": 1,
        "profile": {"name": "cached", "kind": "icp"},
        "criteria": [{"id": "size", "property": "numberofemployees", "weight": 100, "match": {"at_least": 500}}],
        "tiers": [{"tier": "tier_1", "enter": 80}],
        "write": {"score": "icp_fit_score"},
    }
    return compile_profile(parse_profile(json.dumps(written), "cached.yaml").profile, NOW.date())


def test_what_a_held_text_came_to_is_not_kept(
    tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score, "_FEW", -1)
    store = SnapshotStore(StateDirectory.open(tmp_path), 1, "cached", whole_below=0)
    scored = score.score_changed(HELD, program, None)
    evaluated = save_evaluations(store, scored.cached, LOST, program)
    store.save(Snapshot(LOST, NOW, NOW, NOW, evaluated=evaluated))

    cached = load_evaluations(store, store.load(), program)
    assert cached is not None
    assert cached.columns["id"].to_list() == [1]
    # The night its hold ends, the texts are those of the snapshot.
    ended = score.score_changed(LOST, program, cached)
    assert ended.frame.equals(score.score(LOST, program).frame)
    assert ended.frame["score"].to_list() == [100.0, 0.0]


def test_whose_texts_a_reading_changed_is_evaluated_anew(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score, "_FEW", -1)
    cached = score.score_changed(HELD, program, None).cached
    assert cached is not None
    read = pl.col("id") == 2
    after = cached.with_newer_texts(HELD.filter(read), LOST.filter(read), LOST, program)
    # The texts beside the columns are tonight's, so that to compare them tells of nobody.
    assert after.changed_ids(LOST, program).to_list() == [2]
    assert score.score_changed(LOST, program, after).frame.equals(score.score(LOST, program).frame)
