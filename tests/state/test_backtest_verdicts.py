"""The last verdict of a backtest: found by profile, in a named directory or below it, and never in the way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from icp_sync.state.backtest_verdicts import BacktestVerdict, VerdictStore, read_verdicts
from icp_sync.state.directory import StateDirectory

LESS = BacktestVerdict(dt.date(2026, 11, 1), "wins_less", "Tier 1 wins less.", "c0ffee123456")


def test_it_is_found_where_it_lies_or_below_by_portal_and_profile(tmp_path: Path) -> None:
    own = StateDirectory.open(tmp_path / "26112026" / "small")
    for directory in (StateDirectory.open(tmp_path), own):
        store = VerdictStore(directory, 26112026, "small")
        store.save(LESS)
        assert store.load() == LESS
    assert read_verdicts(tmp_path, "small") == (LESS, LESS)
    assert read_verdicts(own.path, "small") == (LESS,)
    assert read_verdicts(tmp_path, "other") == ()


def test_none_and_a_damaged_one_say_nothing(tmp_path: Path) -> None:
    store = VerdictStore(StateDirectory.open(tmp_path), 1, "small")
    assert store.load() is None
    (tmp_path / "verdict.1.small.json").write_text("{", encoding="utf-8")
    assert (store.load(), read_verdicts(tmp_path, "small"), read_verdicts(tmp_path / "nowhere", "small")) == (
        None,
        (),
        (),
    )
