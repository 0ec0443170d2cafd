"""Two versions of a profile over one ledger: an edit is no branch, taking turns is."""

from __future__ import annotations

import datetime as dt

import pytest

from icp_sync.plan.competing_profile_versions import find_competing_version
from icp_sync.plan.run_record import RunRecord

NIGHT = dt.datetime(2026, 11, 3, 2, tzinfo=dt.UTC)


def run(text: str) -> RunRecord:
    """A complete run: `a1` is one on host a by the profile of digest 1."""
    host, digest = text[0], text[1]
    return RunRecord(
        run_id=text, portal_id=1, profile="icp", command="run", started_at=NIGHT, host=host, os_user="icp",
        version="1", digest=digest, whole=digest, as_of=NIGHT.date(), complete=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "planned", "branch"),
    [
        ("", "a1", None),
        ("a1 a1", "a1", None),
        pytest.param("a1 a1", "a2", None, id="an edit"),
        pytest.param("a1 a2", "a1", None, id="an edit taken back"),
        pytest.param("a1 a2 a1", "a2", None, id="and made again"),
        pytest.param("a1 b1", "a2", None, id="an edit that reaches this host first"),
        pytest.param("a1 b1 a2", "b2", None, id="and the other one after it"),
        pytest.param("a1 b2", "a1", "2", id="another host by another version"),
        pytest.param("a1 b2 a1", "b2", "1", id="as that host sees it"),
        pytest.param("b1 b2", "a1", None, id="a host that never ran"),
        pytest.param("p1 q2 r1 s2", "t1", "2", id="hosts that live for one run, taking turns"),
        pytest.param("p1 q2 r1", "s2", None, id="which may be an edit taken back and made again"),
        pytest.param("p1 q1 r2 s2 t1 u2", "v1", "2", id="several runs a turn"),
    ],
)
def test_whoever_takes_turns_is_another_branch(earlier: str, planned: str, branch: str | None) -> None:
    runs = [run(text) for text in reversed(earlier.split())]
    assert find_competing_version(runs, planned[1], planned[0]) == branch
