"""Notices, texts of profiles, and what is forgotten in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from icp_sync.plan.change_frame import Change
from icp_sync.plan.notices_to_send import SentNotice
from icp_sync.state.ledger import sent_texts, written_changes
from icp_sync.state.ledger.journal import Journal, WriteResult
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.overrides import OverrideStore
from icp_sync.state.ledger.profile_texts import ProfileText, ProfileTextStore
from icp_sync.state.ledger.runs import RunStore
from icp_sync.state.ledger.sent_notices import SentNoticeStore
from tests.state.ledger.conftest import NIGHT, PORTAL, PROFILE, record
from tests.state.ledger.test_overrides import BY_HAND

CHANGE = Change(17, "data changed", {"icp_tier": "tier_2"}, {"icp_tier": "tier_1"})


def test_the_last_notice_of_a_topic_is_known(ledger: Ledger) -> None:
    notices = SentNoticeStore(ledger, PORTAL, PROFILE)
    assert notices.last_notices() == {}
    notices.save("run", SentNotice("held", "entering_tier_1", NIGHT))
    notices.save("run", SentNotice("ok", "", NIGHT))
    notices.save("review", SentNotice("due", "", NIGHT))
    assert notices.last_notices() == {"run": SentNotice("ok", "", NIGHT), "review": SentNotice("due", "", NIGHT)}
    assert SentNoticeStore(ledger, PORTAL, "other").last_notices() == {}


def test_a_profile_text_is_found_by_its_file_and_by_its_meaning(ledger: Ledger) -> None:
    texts = ProfileTextStore(ledger)
    text = ProfileText("w1", "d1", PROFILE, "name: devops-dach\n# Größe\n")
    texts.save(text)
    texts.save(replace(text, text="never kept: the digest says it is the same"))
    assert (texts.find_by_file_digest("w1"), texts.find_by_digest(PROFILE, "d1")) == (text, text)
    assert (texts.find_by_file_digest("w2"), texts.find_by_digest("other", "d1")) == (None, None)


def test_what_old_runs_wrote_is_forgotten_and_their_rows_stay(ledger: Ledger) -> None:
    runs = RunStore(ledger, PORTAL, PROFILE)
    for run_id, started_at in [("old", NIGHT - dt.timedelta(days=401)), ("new", NIGHT)]:
        saved = runs.save(record(run_id, started_at=started_at))
        journal = Journal(ledger, saved, "icp_tier", lambda: NIGHT)
        journal.announce_batch(1, [CHANGE])
        journal.answer_batch(1, [WriteResult(17, "written")], {17: CHANGE})
        journal.announce_list("Tier 1", "7", [17], [])
    overrides = OverrideStore(ledger, PORTAL, PROFILE)
    overrides.save_new([BY_HAND, replace(BY_HAND, company_id=18)])
    overrides.end({(18, "icp_tier"): NIGHT - dt.timedelta(days=401)}, "released")

    ledger.prune(NIGHT - dt.timedelta(days=400))

    assert [run.run_id for run in runs.newest()] == ["new", "old"]
    assert [entry.run_id for entry in written_changes.read_company_timeline(ledger, PORTAL, PROFILE, 17)] == ["new"]
    new, old = (run.row_id or 0 for run in runs.newest())
    assert [len(list(written_changes.read_batches(ledger, run))) for run in (new, old)] == [1, 0]
    assert [len(written_changes.read_list_changes(ledger, run)) for run in (new, old)] == [1, 0]
    assert (overrides.list_open(), overrides.last_end_times()) == ((BY_HAND,), {})


def test_whose_record_was_changed_from_which_texts_is_known(ledger: Ledger) -> None:
    saved = RunStore(ledger, PORTAL, PROFILE).save(record())
    journal = Journal(ledger, saved, "icp_tier", lambda: NIGHT)
    moves = [({"icp_tier": "tier_1"}, 1), ({"icp_tier": "tier_2"}, 2), ({"icp_fit_reasons": "fits"}, 3)]
    journal.announce_batch(1, [Change(company, "data", before, before) for before, company in moves])
    asked = {
        "first": {"icp_tier": ["tier_1"], "icp_fit_outcome": ["tiered"]},
        "any": {"icp_tier": ["tier_1", "tier_2"]},
    }
    changed = sent_texts.ids_changed_from(ledger, PORTAL, PROFILE, asked)
    assert changed == {"first": {1}, "any": {1, 2}}
    assert sent_texts.ids_changed_from(ledger, PORTAL, "other", asked) == {"first": set(), "any": set()}


def test_its_size_is_told_with_the_oldest_run(ledger: Ledger) -> None:
    assert (ledger.size().runs, ledger.size().oldest) == (0, None)
    RunStore(ledger, PORTAL, PROFILE).save(record())
    size = ledger.size()
    assert (size.runs, size.oldest) == (1, NIGHT)
    assert size.size > 1_000
