"""Metrics read back by Prometheus' own parser."""

from __future__ import annotations

import datetime as dt

from prometheus_client.parser import text_string_to_metric_families

from icp_sync.notify.metrics import LABELS, RunFigures, metrics_text

ENDED = dt.datetime(2026, 11, 29, 5, 0, tzinfo=dt.UTC)


def samples(*runs: RunFigures) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(metrics_text(runs).decode())
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items(), key=_place))): sample.value
        for family in families
        for sample in family.samples
    }


def _place(label: tuple[str, str]) -> int:
    return (*LABELS, "tier", "outcome", "cause").index(label[0])


def test_a_run_tells_its_end_its_tiers_and_its_causes_by_profile_and_portal() -> None:
    run = RunFigures(
        "icp", 123, ENDED, 4, 12.5, 115, tiers={"tier_1": 7}, outcomes={"tiered": 9}, changes={"data": 3}, overrides=2
    )
    got = samples(run)
    assert got["icp_sync_last_run_timestamp_seconds", "icp", "123"] == ENDED.timestamp()
    assert got["icp_sync_exit_code", "icp", "123"] == 4
    assert got["icp_sync_companies_by_tier", "icp", "123", "tier_1"] == 7
    assert got["icp_sync_companies_by_outcome", "icp", "123", "tiered"] == 9
    assert got["icp_sync_changes_by_cause", "icp", "123", "data"] == 3
    assert got["icp_sync_overrides", "icp", "123"] == 2


def test_without_a_success_there_is_no_time_of_one() -> None:
    run = RunFigures("icp", 123, ENDED, 1, 0, 0)
    assert not [key for key in samples(run) if key[0] == "icp_sync_last_success_timestamp_seconds"]


def test_two_profiles_stand_side_by_side_and_a_quote_in_a_name_breaks_nothing() -> None:
    got = samples(RunFigures('a "b"', 1, ENDED, 0, 1, 1), RunFigures("c", 1, ENDED, 5, 1, 1))
    assert got["icp_sync_exit_code", 'a "b"', "1"] == 0
    assert got["icp_sync_exit_code", "c", "1"] == 5
