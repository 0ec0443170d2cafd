"""Documents in the state directory: whole or not at all, ninety of each portal and profile, refused when damaged."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from icp_sync.errors import ReportUnusable, StateUnusable, UnknownRun
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.state.directory import StateDirectory
from icp_sync.state.reports import MAX_REPORTS, ReportStore
from tests.plan.report_documents import night, night_before

NIGHT = night()


def store(folder: Path, profile: str = "s0-icp") -> ReportStore:
    return ReportStore(StateDirectory.open(folder), NIGHT.portal_id, profile)


def of_run(number: int, profile: str = "s0-icp") -> ReportDocument:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=number)
    named = NIGHT.profile.model_copy(update={"name": profile})
    return NIGHT.model_copy(update={"run_id": f"{at:%Y%m%dT%H%M%SZ}-{number:06d}", "at": at, "profile": named})


def test_what_is_saved_is_found_again_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    reports = store(tmp_path)
    file = reports.save(NIGHT)
    assert (file.name, file.stat().st_mode & 0o777) == (f"{NIGHT.run_id}.json", 0o600)
    assert reports.find("20261129") == reports.find("last") == reports.find_exact(str(NIGHT.run_id)) == NIGHT
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_of_two_runs_in_one_second_the_last_is_the_one_saved_later(tmp_path: Path) -> None:
    reports = store(tmp_path)
    for suffix in ("f00000", "a00000"):
        reports.save(NIGHT.model_copy(update={"run_id": f"20261129T020000Z-{suffix}"}))
    assert reports.find("last").run_id == "20261129T020000Z-a00000"


def test_a_snapshot_scored_without_a_run_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="only the document of a run"):
        store(tmp_path).save(NIGHT.model_copy(update={"run_id": None}))


def test_the_last_ninety_of_a_portal_and_profile_stay(tmp_path: Path) -> None:
    ours, others = store(tmp_path), store(tmp_path, "ecp")
    others.save(of_run(1_000, "ecp"))
    for number in range(MAX_REPORTS + 3):
        page = ours.save(of_run(number)).with_suffix(".html")
        page.write_text("a page")
    kept = ours.list_newest()
    assert [document.run_id for document in kept] == [of_run(number).run_id for number in range(MAX_REPORTS + 2, 2, -1)]
    assert others.list_newest() == (of_run(1_000, "ecp"),)
    assert len(list((tmp_path / "reports").glob("*.html"))) == MAX_REPORTS


def test_those_before_a_run_come_oldest_first(tmp_path: Path) -> None:
    reports = store(tmp_path)
    for number in range(5):
        reports.save(of_run(number))
    assert [document.run_id for document in reports.documents_before(of_run(3), 2)] == [
        of_run(1).run_id,
        of_run(2).run_id,
    ]


def test_a_run_of_which_there_is_none_names_near_ones(tmp_path: Path) -> None:
    reports = store(tmp_path)
    with pytest.raises(UnknownRun, match="no run of profile s0-icp has left a report here; run icp-sync plan first"):
        reports.find("last")
    reports.save(NIGHT)
    reports.save(night_before())
    with pytest.raises(UnknownRun, match="several runs begin with 2026112: 20261128T020000Z-0badc0, 20261129T020000Z"):
        reports.find("2026112")
    with pytest.raises(UnknownRun, match="no report of a run 20261129T030000 is kept; near ones are 20261129T020000Z"):
        reports.find("20261129T030000")


def damage(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def edit(content: bytes) -> bytes:
        document = json.loads(content)
        change(document)
        return json.dumps(document).encode()

    return edit


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda content: content[: len(content) // 2], "is damaged; run icp-sync plan for a new one"),
        (lambda _: b"", "is damaged"),
        (lambda _: b"[]", "is damaged"),
        (
            damage(lambda document: document.update(format=2)),
            "has format 2, this version reads 1; run icp-sync plan for a",
        ),
        (damage(lambda document: document.pop("outcomes")), "is damaged at outcomes"),
        (damage(lambda document: document["companies"].update(read="many")), "is damaged at companies.read"),
        (damage(lambda document: document.update(secret="x")), "is damaged at secret"),
    ],
)
def test_a_document_nobody_can_read_is_refused_alone(
    tmp_path: Path, edit: Callable[[bytes], bytes], sentence: str
) -> None:
    reports = store(tmp_path)
    reports.save(night_before())
    file = reports.save(NIGHT)
    file.write_bytes(edit(file.read_bytes()))
    with pytest.raises(ReportUnusable, match=sentence) as refused:
        reports.find(str(NIGHT.run_id))
    assert str(file) in refused.value.message
    assert (reports.find_exact(str(NIGHT.run_id)), reports.list_newest()) == (None, (night_before(),))


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("no folder")
    with pytest.raises(StateUnusable, match="cannot be used"):
        store(tmp_path).save(NIGHT)


def test_the_first_of_a_day_or_later_under_a_digest_is_the_one_to_compare_with(tmp_path: Path) -> None:
    reports, other = store(tmp_path), NIGHT.profile.model_copy(update={"digest": "0" * 12})
    for document in (of_run(1), of_run(2).model_copy(update={"profile": other}), of_run(3), of_run(4)):
        reports.save(document)
    digest = NIGHT.profile.digest
    assert reports.first_since(dt.date(2026, 1, 2), digest) == of_run(1)
    assert reports.first_since(dt.date(2026, 1, 3), digest) == of_run(3)
    assert reports.first_since(dt.date(2026, 1, 6), digest) is None
    assert reports.first_since(dt.date(2026, 1, 1), "f" * 12) is None
